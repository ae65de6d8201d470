"""What waits to be decided, and what is supervised."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from haitang.cases import queries as cases
from haitang.cases.values import Permission as CasePermission
from haitang.core import clock
from haitang.core.access import SIGNED_IN, allow
from haitang.core.errors import NotFound, Refusal
from haitang.core.http import Request
from haitang.core.ui.pages import respond
from haitang.organizations.queries import organizations
from haitang.oversight import actions, forms, queries
from haitang.oversight.values import Cause, Permission, Wish
from haitang.oversight.views.panel import put_on
from haitang.worktime.values import remaining_text


@require_safe
@allow(Permission.DECIDE)
def to_decide(request: Request) -> HttpResponse:
    """Show the requests that wait for the viewer's decision, the one asked first on top."""
    return _to_decide(request)


def _to_decide(request: Request, sent: Any = None, request_id: int = 0, status: int = 200) -> HttpResponse:
    page = queries.list_to_decide(viewer=request.actor, cursor=request.GET.get("cursor", ""))
    now, registry = clock.now(), organizations()
    views = {view.case.pk: view for view in cases.describe([each.case for each in page.rows])}
    rows = []
    for each in page.rows:
        desk = registry.by_id(each.organization_id)
        form = sent if sent is not None and each.pk == request_id else forms.Decision(auto_id=f"decide_{each.pk}_%s")
        rows.append({
            "request": each, "case": each.case, "view": views[each.case_id], "wish": Wish(each.wish).label,
            "desk": desk.label if desk else "", "left": remaining_text(each.due_at, now), "form": form,
            "own": request.actor.id is not None and each.asked_by_id == request.actor.id,
        })  # fmt: skip
    return respond(request, "oversight/to_decide.html", None, {"page": page, "rows": rows}, status)


@require_POST
@allow(SIGNED_IN)
def decide(request: Request, request_id: int, name: str) -> HttpResponse:
    """Grant, decline or withdraw a request; refused, it stands in the box as it was typed."""
    if name not in ("approve", "decline", "withdraw"):
        raise NotFound(_("没有这项操作"))
    said: dict[str, Any] = {"actor": request.actor, "request_id": request_id, "now": clock.now()}
    if name == "withdraw":
        actions.withdraw_request(**said)
        messages.success(request, _("已撤回申请"))
        return redirect(_back(request))
    form = forms.Decision(request.POST, auto_id=f"decide_{request_id}_%s")
    status = 422
    if form.is_valid():
        try:
            actions.decide_request(approved=name == "approve", **form.cleaned_data, **said)
        except NotFound:
            raise
        except Refusal as refusal:
            put_on(form, refusal)
            status = refusal.status
            if not request.actor.holds(Permission.DECIDE):
                raise
        else:
            messages.success(request, _("已批准") if name == "approve" else _("已不予批准"))
            return redirect(_back(request))
    return _to_decide(request, form, request_id, status)


def _back(request: Request) -> str:
    """Return the page of this site that the form stood on, as it says; else the case list."""
    wanted = request.POST.get("back", "")
    if wanted.startswith("/") and url_has_allowed_host_and_scheme(wanted, allowed_hosts=None):
        return wanted  # an address, never the name of a view
    return reverse("oversight:to_decide" if request.actor.holds(Permission.DECIDE) else "cases:list")


@require_safe
@allow(CasePermission.VIEW)
def supervised(request: Request) -> HttpResponse:
    """Show the open supervisions of cases that the viewer may see, the answer due first on top."""
    wanted = request.GET.get("wanted", "")
    wanted = wanted if wanted in ("unanswered", "answered") else ""
    page = queries.list_supervised(viewer=request.actor, wanted=wanted, cursor=request.GET.get("cursor", ""))
    now, registry = clock.now(), organizations()
    views = {view.case.pk: view for view in cases.describe([each.case for each in page.rows])}
    rows = []
    for each in page.rows:
        desk = registry.by_id(each.case.organization_id)
        rows.append({
            "supervision": each, "case": each.case, "view": views[each.case_id], "cause": Cause(each.cause).label,
            "desk": desk.label if desk else "", "left": "" if each.answered_at else remaining_text(each.answer_by, now),
            "late": each.answered_at is None and now > each.answer_by,
        })  # fmt: skip
    tabs = [
        {"label": label, "url": f"{reverse('oversight:supervised')}{query}", "current": wanted == name}
        for label, query, name in (
            (_("全部"), "", ""), (_("待答复"), "?wanted=unanswered", "unanswered"),
            (_("已答复"), "?wanted=answered", "answered"),
        )
    ]  # fmt: skip
    return respond(request, "oversight/supervised.html", None, {"page": page, "rows": rows, "tabs": tabs})
