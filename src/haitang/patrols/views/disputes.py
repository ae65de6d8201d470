"""Pages of disputes."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from haitang.core import clock
from haitang.core.access import allow
from haitang.core.clock import local_date
from haitang.core.errors import NotFound
from haitang.core.facts import label_of
from haitang.core.http import Request
from haitang.core.ui.entering import attempt, form_page, said, sent
from haitang.core.ui.pages import respond
from haitang.patrols import actions, forms, queries
from haitang.patrols.lifecycle import DisputeStatus
from haitang.patrols.values import Permission
from haitang.territory.queries import territory

COLOURS = {"open": "blue", "agreed": "green", "failed": "orange", "withdrawn": "grey"}


@require_safe
@allow(Permission.MEDIATE)
def disputes(request: Request) -> HttpResponse:
    """Show the disputes that the viewer may see, newest first, and how many stand at each state."""
    form = forms.DisputeFilterForm(request.GET, viewer=request.actor)
    wanted, today = form.wanted(), local_date(clock.now())
    page = queries.list_disputes(viewer=request.actor, wanted=wanted, today=today, cursor=request.GET.get("cursor", ""))
    counted = queries.count_disputes(viewer=request.actor, area_path=wanted.area_path)
    tree = territory()
    context = {
        "form": form, "page": page,
        "lines": [(row, tree.full_name(row.area_id), COLOURS[row.status]) for row in page.rows],
        "counted": [(DisputeStatus(status).label, n) for status, n in counted.items()],
    }  # fmt: skip
    return respond(request, "patrols/disputes.html", "patrols/_disputes.html", context)


@form_page
@allow(Permission.MEDIATE)
def dispute_new(request: Request) -> HttpResponse:
    """Take up a quarrel."""
    form, status = forms.NewDisputeForm(sent(request), viewer=request.actor), 200
    if request.method == "POST":
        made: list[int] = []
        status = attempt(form, lambda: made.append(actions.open_dispute(**form.given(), **said(request)).pk))
        if not status:
            messages.success(request, _("纠纷已登记"))
            return redirect("patrols:dispute", made[0])
    return respond(request, "patrols/dispute_new.html", None, {"form": form}, status)


def _dispute(
    request: Request, dispute_id: int, *, sent_form: tuple[str, Any] = ("", None), full: Any = None, status: int = 200
) -> HttpResponse:
    page = queries.get_dispute_page(viewer=request.actor, dispute_id=dispute_id)
    named, form = sent_form
    today = local_date(clock.now())
    waiting = next((each for each in page.follow_ups if each.done_on is None), None)
    all_forms: dict[str, Any] = {"unmask": forms.ReasonForm(auto_id="unmask_%s")}
    if page.dispute.status == DisputeStatus.OPEN:
        all_forms |= {
            "session": forms.SessionForm(initial={"on": today}, auto_id="session_%s"),
            "conclude": forms.ConcludeForm(auto_id="conclude_%s"),
            "mediator": forms.MediatorForm(possible=page.possible, auto_id="mediator_%s") if page.possible else None,
        }
    if waiting is not None:
        all_forms["follow"] = forms.FollowUpForm(auto_id="follow_%s")
    if named:
        all_forms[named] = form
    context = {
        "page": page, "dispute": page.dispute, "colour": COLOURS[page.dispute.status], "forms": all_forms,
        "waiting": waiting, "today": today, "full": full, "is_sent": named,
        "steps": [
            {"title": label_of(entry.fact), "at": entry.at, "who": entry.actor_name, "text": "", "colour": "blue",
             "organization": entry.organization_name}
            for entry in page.entries
        ],
    }  # fmt: skip
    return respond(request, "patrols/dispute.html", None, context, status)


@require_safe
@never_cache
@allow(Permission.MEDIATE)
def dispute(request: Request, dispute_id: int) -> HttpResponse:
    """Show one dispute."""
    return _dispute(request, dispute_id)


@require_POST
@never_cache
@allow(Permission.MEDIATE)
def dispute_deed(request: Request, dispute_id: int, name: str) -> HttpResponse:
    """Take down a meeting, name a mediator, conclude, or ask whether the agreement is kept."""
    page = queries.get_dispute_page(viewer=request.actor, dispute_id=dispute_id)
    what: dict[str, Any] = {"dispute_id": dispute_id, **said(request)}
    form: Any
    if name == "session":
        form = forms.SessionForm(request.POST, auto_id="session_%s")
        status = attempt(form, lambda: actions.hold_session(**form.cleaned_data, **what))
    elif name == "mediator":
        form = forms.MediatorForm(request.POST, possible=page.possible, auto_id="mediator_%s")
        status = attempt(form, lambda: actions.name_mediator(account_id=form.cleaned_data["account"], **what))
    elif name == "conclude":
        form = forms.ConcludeForm(request.POST, auto_id="conclude_%s")
        status = attempt(form, lambda: actions.conclude_dispute(**form.cleaned_data, **what))
    elif name == "follow":
        form = forms.FollowUpForm(request.POST, auto_id="follow_%s")
        waiting = next((each.pk for each in page.follow_ups if each.done_on is None), 0)

        def follow() -> None:
            given = form.cleaned_data
            actions.follow_up_dispute(
                follow_up_id=waiting, is_kept=given["is_kept"] == "1", words=given["words"], **what
            )

        status = attempt(form, follow)
    else:
        raise NotFound(_("没有这项操作"))
    if status:
        return _dispute(request, dispute_id, sent_form=(name, form), status=status)
    messages.success(request, _("已登记"))
    return redirect("patrols:dispute", dispute_id)


@require_POST
@never_cache
@allow(Permission.UNMASK)
def dispute_unmask(request: Request, dispute_id: int) -> HttpResponse:
    """Show the parties in full, this once, for the reason given."""
    form, full = forms.ReasonForm(request.POST, auto_id="unmask_%s"), None
    if form.is_valid():
        full = actions.unmask_parties(dispute_id=dispute_id, **form.cleaned_data, **said(request))
    return _dispute(request, dispute_id, sent_form=("unmask", form), full=full, status=200 if full else 422)
