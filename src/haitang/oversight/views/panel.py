"""The panel on the page of a case: what was asked for, what is demanded, and the deeds."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from haitang.cases import queries as cases
from haitang.cases.queries import CasePage
from haitang.cases.values import Permission as CasePermission
from haitang.core import clock
from haitang.core.access import SIGNED_IN, allow
from haitang.core.errors import NotFound, Refusal
from haitang.core.http import Request
from haitang.core.ui.pages import respond
from haitang.core.ui.panels import Panel
from haitang.oversight import actions, forms, queries
from haitang.oversight.values import State, Wish
from haitang.worktime.values import remaining_text

_COLOURS = {
    State.PENDING: "orange", State.APPROVED: "green", State.DECLINED: "red", State.WITHDRAWN: "grey",
    State.LAPSED: "grey",
}  # fmt: skip


def case_panel(request: HttpRequest, page: CasePage) -> Panel | None:
    """Return what the viewer may know and do of oversight; None for whoever merely reported the case."""
    viewer, case, now = request.actor, page.view.case, clock.now()  # type: ignore[attr-defined]  # see core.http.Request
    path, desk = case.area_path, case.organization_id
    if not viewer.holds(CasePermission.VIEW, area_path=path, organization_id=desk):
        return None
    found = queries.get_oversight(viewer=viewer, case=case, now=now)
    shown = [form for name, form in forms.DEEDS.items() if name in found.may]
    has_news = found.requests or found.supervisions or found.urgings or found.step or found.whole or found.parts
    if not (shown or has_news):
        return None
    standing = next((each for each in found.supervisions if each.closed_at is None), None)
    context: dict[str, Any] = {
        "case": case,
        "paused": case.paused_until,
        "asked": [_line(each, found.may) for each in found.requests[:5]],
        "supervision": standing,
        "supervision_left": remaining_text(standing.answer_by, now) if standing and not standing.answered_at else "",
        "closed": [each for each in found.supervisions if each.closed_at is not None][:3],
        "urgings": found.urgings,
        "step": found.step,
        "whole": found.whole,
        "parts": found.parts,
        "deeds": [(form(), reverse("oversight:deed", args=[case.pk, form.name])) for form in shown],
    }
    return Panel("oversight/_panel.html", context)


def _line(each: Any, may: frozenset[str]) -> dict[str, Any]:
    return {
        "request": each,
        "wish": Wish(each.wish).label,
        "state": State(each.state).label,
        "colour": _COLOURS[State(each.state)],
        "decide": f"decide-{each.pk}" in may,
        "withdraw": f"withdraw-{each.pk}" in may,
        "form": forms.Decision(auto_id=f"decide_{each.pk}_%s"),
    }


@require_POST
@allow(SIGNED_IN)
def deed(request: Request, case_id: int, name: str) -> HttpResponse:
    """Do one of the panel's deeds; refused, the form stands on a page of its own as it was typed."""
    if name not in forms.DEEDS:
        raise NotFound(_("没有这项操作"))
    form = forms.DEEDS[name](request.POST)
    status = 422
    if form.is_valid():
        try:
            _do(request, case_id, name, form)
        except NotFound:
            raise
        except Refusal as refusal:
            put_on(form, refusal)
            status = refusal.status
        else:
            messages.success(request, _("已提交：%(deed)s") % {"deed": form.title})
            return redirect("cases:case", case_id)
    case = cases.get_case(viewer=request.actor, case_id=case_id)
    context = {"form": form, "case": case, "back": reverse("cases:case", args=[case_id])}
    return respond(request, "oversight/deed.html", None, context, status)


def _do(request: Request, case_id: int, name: str, form: Any) -> None:
    said: dict[str, Any] = {"actor": request.actor, "now": clock.now()}
    given = dict(form.cleaned_data)
    if name in Wish.values:
        actions.ask_for(case_id=case_id, wish=name, **given, **said)
    elif name in ("answer", "close"):
        standing = next(
            (
                each
                for each in queries.list_supervisions(viewer=request.actor, case_id=case_id)
                if each.closed_at is None
            ),
            None,
        )
        if standing is None:
            raise NotFound(_("此案件不在督办中"))
        act = actions.answer_supervision if name == "answer" else actions.close_supervision
        act(supervision_id=standing.pk, **given, **said)
    elif name == "split":
        actions.split_case(case_id=case_id, **form.given(), **said)
    elif name == "tie":
        actions.tie_case(case_id=case_id, **form.bind(request.actor), **said)
    else:
        simple: dict[str, Callable[..., Any]] = {
            "resume": actions.resume_case, "urge": actions.urge_case, "supervise": actions.supervise_case,
            "untie": actions.untie_case,
        }  # fmt: skip
        simple[name](case_id=case_id, **given, **said)


def put_on(form: Any, refusal: Refusal) -> None:
    """Show a refusal where it belongs: at its fields, else above the form."""
    fields = {name: text for name, text in refusal.fields.items() if name in form.fields}
    for field, text in fields.items():
        form.add_error(field, text)
    if not fields:
        form.add_error(None, refusal.message)
