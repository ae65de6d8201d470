"""The page of one whistle, and the deeds of departments that are done there."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from haitang.core import clock
from haitang.core.access import SIGNED_IN, allow
from haitang.core.errors import NotFound, Refusal
from haitang.core.http import Request
from haitang.core.ui.pages import respond
from haitang.organizations.queries import organizations
from haitang.whistles import actions, forms, queries
from haitang.whistles.lifecycle import NEXT_DEED, Deed, Standing, Status
from haitang.whistles.queries import CallView, WhistlePage
from haitang.whistles.views import telling

RUN: dict[Deed, Callable[..., Any]] = {
    Deed.SIGN: actions.sign_call,
    Deed.CONTACT: actions.contact_street,
    Deed.ARRIVE: actions.report_arrival,
    Deed.HANDLE: actions.handle_call,
    Deed.SIGN_OFF: actions.sign_off_call,
    Deed.REFUSE: actions.refuse_call,
    Deed.RELEASE: actions.release_call,
    Deed.INSIST: actions.insist_on_call,
    Deed.WAIVE: actions.waive_call,
    Deed.EVALUATE: actions.evaluate_call,
    Deed.REWORK: actions.rework_call,
}
CONFIRMED = frozenset({Deed.REFUSE, Deed.RELEASE, Deed.WAIVE, Deed.REWORK})
"""Deeds that ask first: there is no way back from them."""


@require_safe
@allow(SIGNED_IN)
def whistle(request: Request, whistle_id: int) -> HttpResponse:
    """Show one whistle with its departments as a board and what the viewer may do."""
    return show(request, whistle_id)


@require_POST
@allow(SIGNED_IN)
def call_deed(request: Request, whistle_id: int, call_id: int, name: str) -> HttpResponse:
    """Do the deed about one department, photos first, both or neither; refused, it stands there as it was typed."""
    if name not in Deed.values:
        raise NotFound(_("没有这项操作"))
    deed = Deed(name)
    held = queries.get_whistle(viewer=request.actor, whistle_id=whistle_id)
    form = forms.CallForm(deed, call_id, queries.rules_of(held.rules_id), request.POST, request.FILES)
    status = 422
    if form.is_valid():
        try:
            _do(request, whistle_id, call_id, deed, form)
        except NotFound:
            raise
        except Refusal as refusal:
            put_on(form, refusal)
            status = refusal.status
        else:
            messages.success(request, _("已%(deed)s") % {"deed": deed.label})
            return redirect("whistles:whistle", whistle_id)
    return show(request, whistle_id, sent=form, status=status)


@transaction.atomic
def _do(request: Request, whistle_id: int, call_id: int, deed: Deed, form: forms.CallForm) -> None:
    said: dict[str, Any] = {"actor": request.actor, "whistle_id": whistle_id, "call_id": call_id, "now": clock.now()}
    for photo in form.cleaned_data.get("photos") or ():
        actions.add_whistle_photo(data=photo.read(), **said)
    RUN[deed](**said, **form.given())


def put_on(form: Any, refusal: Refusal) -> None:
    """Show a refusal where it belongs: at its fields, else above the form."""
    fields = {name: text for name, text in refusal.fields.items() if name in form.fields}
    for field, text in fields.items():
        form.add_error(field, text)
    if not fields:
        form.add_error(None, refusal.message)


def show(request: Request, whistle_id: int, *, sent: Any = None, status: int = 200) -> HttpResponse:
    """Show the page. sent: a form that was refused, to stand where its own stands."""
    now = clock.now()
    page = queries.get_whistle_page(viewer=request.actor, whistle_id=whistle_id)
    view, whistle = page.view, page.view.whistle
    rules = queries.rules_of(whistle.rules_id)
    board = [telling.card(whistle, each, now) | _panel(each, rules, sent) for each in view.calls]
    decisions = _decisions(page, rules, sent)
    adding = _adding(page, rules, sent)
    offered = [*decisions, *(form for each in board for form in each["panel"])]
    lost = isinstance(sent, forms.OpinionForm) and not any(form is sent for form in (*offered, adding))
    context = {
        "page": page, "view": view, "whistle": whistle, "case": whistle.case,
        "status": Status(whistle.status).label, "status_colour": telling.STATUS_COLOURS[Status(whistle.status)],
        "board": board, "decisions": decisions, "meeting": _meeting(page, sent), "sent": sent,
        "adding": adding, **telling.approval(whistle, now),
        "meetings": _meetings(page, sent, now), "missed": sent if lost else None,
        "steps": telling.steps(page.entries, whistle_id),
        "point": (whistle.case.lon, whistle.case.lat) if whistle.case.lon is not None else None,
    }  # fmt: skip
    return respond(request, "whistles/whistle.html", "whistles/_whistle.html", context, status)


def _panel(view: CallView, rules: Any, sent: Any) -> dict[str, Any]:
    call = view.call
    own = isinstance(sent, forms.CallForm) and sent.call_id == call.pk
    panel = [sent if own and sent.deed is deed else forms.CallForm(deed, call.pk, rules) for deed in view.deeds]
    expected = NEXT_DEED.get(Standing(call.status))
    return {"panel": panel, "open": sent.deed if own else expected, "confirmed": CONFIRMED}


def _decisions(page: WhistlePage, rules: Any, sent: Any) -> list[Any]:
    names = ["approve", "decline"] if page.may_decide else []
    names += ["withdraw"] if page.may_withdraw else []
    given = sent.what if type(sent) is forms.OpinionForm else ""
    return [sent if name == given else forms.OpinionForm(name, rules) for name in names]


def _adding(page: WhistlePage, rules: Any, sent: Any) -> forms.AddForm | None:
    if isinstance(sent, forms.AddForm):
        return sent
    return forms.AddForm(rules, called_codes(page)) if page.may_add else None


def called_codes(page: WhistlePage) -> set[str]:
    """Return the codes of the departments of a whistle."""
    return {each.organization.code for each in page.view.calls if each.organization is not None}


def _meeting(page: WhistlePage, sent: Any) -> forms.MeetingForm | None:
    if isinstance(sent, forms.MeetingForm):
        return sent
    return forms.MeetingForm(called=called_choices(page)) if page.may_convene else None


def called_choices(page: WhistlePage) -> list[tuple[str, str]]:
    """Return the departments of a whistle, and the street that blew it, for a choice."""
    desks = [each.organization for each in page.view.calls] + [page.view.organization]
    return [(desk.code, desk.label) for desk in desks if desk is not None]


def _more(page: WhistlePage, meeting_id: int, sent: Any) -> forms.NewTaskForm | None:
    if isinstance(sent, forms.NewTaskForm) and sent.meeting_id == meeting_id:
        return sent
    return forms.NewTaskForm(meeting_id, called=called_choices(page)) if page.may_convene else None


def _meetings(page: WhistlePage, sent: Any, now: Any) -> list[dict[str, Any]]:
    today, registry = clock.local_date(now), organizations()
    told = []
    for each in page.meetings:
        tasks = []
        for task in sorted(each.tasks.all(), key=lambda task: task.pk):
            desk = registry.by_id(task.organization_id)
            late = task.is_done is None and task.due_on < today
            form = sent if isinstance(sent, forms.TaskForm) and sent.task_id == task.pk else forms.TaskForm(task.pk)
            tasks.append({
                "task": task, "desk": desk.label if desk else "", "is_late": late,
                "form": form if task.pk in page.settles else None,
            })  # fmt: skip
        told.append({"meeting": each, "tasks": tasks, "more": _more(page, each.pk, sent)})
    return told
