"""Pages of hazards."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from haitang.core import clock
from haitang.core.access import allow
from haitang.core.clock import local_date
from haitang.core.errors import NotFound
from haitang.core.facts import label_of
from haitang.core.http import Request
from haitang.core.ui.entering import attempt, form_page, photo_response, said, sent
from haitang.core.ui.pages import respond
from haitang.patrols import actions, forms, queries
from haitang.patrols.lifecycle import HazardDeed, HazardStatus
from haitang.patrols.values import Permission, Purpose

RUN: dict[HazardDeed, Callable[..., Any]] = {
    HazardDeed.RECTIFY: actions.rectify_hazard,
    HazardDeed.RECHECK: actions.recheck_hazard,
    HazardDeed.CLOSE: actions.close_hazard,
}
COLOURS = {"open": "orange", "rectified": "blue", "rechecked": "blue", "closed": "green"}


def line_of(view: queries.HazardView) -> dict[str, Any]:
    """Return a hazard as lists and panels print it."""
    hazard = view.hazard
    late = view.is_overdue(local_date(clock.now()))
    return {
        "view": view, "hazard": hazard, "is_late": late, "status": HazardStatus(hazard.status).label,
        "colour": "red" if late else COLOURS[hazard.status],
    }  # fmt: skip


@require_safe
@allow(Permission.VIEW_HAZARD)
def hazards(request: Request) -> HttpResponse:
    """Show the hazards within the viewer's reach, newest first."""
    form = forms.HazardFilterForm(request.GET, viewer=request.actor)
    page = queries.list_hazards(
        viewer=request.actor, wanted=form.wanted(), today=local_date(clock.now()),
        cursor=request.GET.get("cursor", ""),
    )  # fmt: skip
    lines = [line_of(view) for view in queries.describe_hazards(page.rows)]
    context = {
        "form": form, "page": page, "lines": lines,
        "may_report": bool(request.actor.areas(Permission.HANDLE_HAZARD)),
    }  # fmt: skip
    return respond(request, "patrols/hazards.html", "patrols/_hazards.html", context)


@form_page
@allow(Permission.HANDLE_HAZARD)
def hazard_new(request: Request) -> HttpResponse:
    """Take down a hazard found on the way."""
    form = forms.NewHazardForm(sent(request), request.FILES or None, viewer=request.actor)
    status = 200
    if request.method == "POST":
        made: list[int] = []
        status = attempt(form, lambda: made.append(_write_new(request, form)), {"words": "hazard_words"})
        if not status:
            messages.success(request, _("隐患已登记"))
            return redirect("patrols:hazard", made[0])
    return respond(request, "patrols/hazard_new.html", None, {"form": form}, status)


@transaction.atomic
def _write_new(request: Request, form: forms.NewHazardForm) -> int:
    row = actions.report_hazard(area_code=form.cleaned_data["area"], new=form.new(), **said(request))
    for photo in form.cleaned_data["photos"] or ():
        actions.add_hazard_photo(hazard_id=row.pk, data=photo.read(), **said(request))
    return row.pk


def _step(entry: Any) -> dict[str, Any]:
    data = entry.data
    text, colour = data.get("words", ""), "blue"
    if entry.fact == "HazardAssigned":
        text = _("%(who)s，%(day)s 前") % {"who": data["responsible"], "day": data["until_on"]}
    elif entry.fact == "HazardRechecked":
        text = f"{_('通过') if data['passed'] else _('未通过')}：{text}"
        colour = "green" if data["passed"] else "orange"
    elif entry.fact in ("HazardClosed", "HazardOverdue"):
        colour = "green" if entry.fact == "HazardClosed" else "red"
    return {
        "title": label_of(entry.fact), "at": entry.at, "who": entry.actor_name,
        "organization": entry.organization_name, "text": text, "colour": colour,
    }  # fmt: skip


def _hazard(
    request: Request, hazard_id: int, *, form: Any = None, assign: Any = None, status: int = 200
) -> HttpResponse:
    page = queries.get_hazard_page(viewer=request.actor, hazard_id=hazard_id)
    row = page.view.hazard
    if page.may_assign and assign is None:
        initial = {"responsible": row.responsible, "until_on": row.until_on, "organization": row.organization_id or ""}
        assign = forms.AssignForm(area_ids=row.area_ids, initial=initial)
    context = {
        "page": page, **line_of(page.view), "deed": page.deed, "assign": assign if page.may_assign else None,
        "deed_form": form or (forms.HazardDeedForm(page.deed) if page.deed else None),
        "steps": [_step(entry) for entry in page.entries if entry.fact != "HazardPhotoAdded"],
    }  # fmt: skip
    return respond(request, "patrols/hazard.html", None, context, status)


@require_safe
@allow(Permission.VIEW_HAZARD)
def hazard(request: Request, hazard_id: int) -> HttpResponse:
    """Show one hazard with what became of it."""
    return _hazard(request, hazard_id)


@require_POST
@allow(Permission.VIEW_HAZARD)
def hazard_deed(request: Request, hazard_id: int, name: str) -> HttpResponse:
    """Put right, look again, or close; refused, the form stands there as it was filled in."""
    if name not in HazardDeed.values:
        raise NotFound(_("没有这项操作"))
    deed = HazardDeed(name)
    form = forms.HazardDeedForm(deed, request.POST, request.FILES)
    status = attempt(form, lambda: _do(request, hazard_id, deed, form))
    if status:
        return _hazard(request, hazard_id, form=form, status=status)
    messages.success(request, _("已%(deed)s") % {"deed": deed.label})
    return redirect("patrols:hazard", hazard_id)


@transaction.atomic
def _do(request: Request, hazard_id: int, deed: HazardDeed, form: forms.HazardDeedForm) -> None:
    for photo in form.cleaned_data.get("photos") or ():
        actions.add_hazard_photo(hazard_id=hazard_id, data=photo.read(), purpose=Purpose.AFTER, **said(request))
    RUN[deed](hazard_id=hazard_id, **form.given(), **said(request))


@require_POST
@allow(Permission.CHECK_HAZARD)
def hazard_assign(request: Request, hazard_id: int) -> HttpResponse:
    """Set who must put it right and by when."""
    row = queries.get_hazard(viewer=request.actor, hazard_id=hazard_id)
    form = forms.AssignForm(request.POST, area_ids=row.area_ids)
    status = attempt(form, lambda: actions.assign_hazard(hazard_id=hazard_id, **form.given(), **said(request)))
    if status:
        return _hazard(request, hazard_id, assign=form, status=status)
    messages.success(request, _("整改责任和期限已明确"))
    return redirect("patrols:hazard", hazard_id)


@require_POST
@allow(Permission.HANDLE_HAZARD)
def hazard_case(request: Request, hazard_id: int) -> HttpResponse:
    """Make it a case, in one press."""
    case_id = actions.make_hazard_case(hazard_id=hazard_id, **said(request))
    messages.success(request, _("已转为案件，隐患与案件相互关联"))
    return redirect("cases:case", case_id)


@require_safe
@allow(Permission.VIEW_HAZARD)
def hazard_photo(request: Request, hazard_id: int, photo_id: int) -> HttpResponse:
    """Return a photo of a hazard."""
    kept = queries.get_hazard_photo(viewer=request.actor, hazard_id=hazard_id, photo_id=photo_id)
    return photo_response(request, kept.digest)
