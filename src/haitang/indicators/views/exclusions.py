"""Leaving cases out of the figures: asking for it, deciding on it, undoing it."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from haitang.cases import queries as cases
from haitang.cases.queries import CasePage
from haitang.core import clock, files
from haitang.core.access import SIGNED_IN, allow
from haitang.core.errors import Conflict, Invalid, NotAllowed, NotFound, Refusal
from haitang.core.http import Request
from haitang.core.photos import thumbnail
from haitang.core.ui.pages import respond
from haitang.core.ui.panels import Panel
from haitang.indicators import actions, queries
from haitang.indicators.forms import ExclusionForm, ReviewForm
from haitang.indicators.values import ExclusionState, Permission

_COLOURS = {
    ExclusionState.REQUESTED: "blue", ExclusionState.APPROVED: "orange", ExclusionState.REFUSED: "grey",
    ExclusionState.UNDONE: "green",
}  # fmt: skip
THUMBNAIL_EDGE = 320
form_page = require_http_methods(["GET", "HEAD", "POST"])


@require_safe
@allow(SIGNED_IN)
def exclusions(request: Request) -> HttpResponse:
    """Show the requests that the viewer may know of, those that wait first."""
    _require_either(request)
    state = request.GET.get("state", ExclusionState.REQUESTED.value)
    state = state if state in ExclusionState.values else ""
    page = queries.list_exclusions(
        viewer=request.actor, state=state, now=clock.now(), cursor=request.GET.get("cursor", "")
    )  # fmt: skip
    url = reverse("indicators:exclusions")
    tabs = [
        {"label": each.label, "url": f"{url}?state={each.value}", "current": each.value == state,
         "count": page.total if each.value == state else None}
        for each in ExclusionState
    ]  # fmt: skip
    context = {"tabs": tabs, "page": page, "lines": [_line(each) for each in page.rows]}
    return respond(request, "indicators/exclusions.html", "indicators/_exclusions.html", context)


@form_page
@allow(Permission.REQUEST)
def exclusion_new(request: Request, case_id: int) -> HttpResponse:
    """Ask that a case be left out."""
    case = cases.get_case(viewer=request.actor, case_id=case_id)
    sent = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    form, status = ExclusionForm(*sent), 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            photos = [photo.read() for photo in form.cleaned_data.pop("photos") or ()]
            try:
                made = actions.request_exclusion(
                    actor=request.actor, case_id=case_id, now=clock.now(), photos=photos, **form.cleaned_data
                )
            except (Invalid, Conflict) as refusal:
                _put_on(form, refusal)
                status = refusal.status
            else:
                messages.success(request, _("剔除申请已提交，由他人审核"))
                return redirect("indicators:exclusion", made.pk)
    return respond(request, "indicators/exclusion_new.html", None, {"form": form, "case": case}, status)


@form_page
@allow(SIGNED_IN)
def exclusion(request: Request, exclusion_id: int) -> HttpResponse:
    """Show one request; decide on it (`approve`, `refuse`), or undo what was approved (`undo`)."""
    _require_either(request)
    form, status = ReviewForm(request.POST if request.method == "POST" else None), 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            said: dict[str, Any] = {
                "actor": request.actor, "exclusion_id": exclusion_id, "opinion": form.cleaned_data["opinion"],
                "now": clock.now(),
            }  # fmt: skip
            try:
                if "undo" in request.POST:
                    actions.undo_exclusion(**said)
                else:
                    actions.review_exclusion(approved="approve" in request.POST, **said)
            except (Invalid, Conflict) as refusal:
                _put_on(form, refusal)
                status = refusal.status
            else:
                messages.success(request, _("已保存"))
                return redirect("indicators:exclusion", exclusion_id)
    found = queries.get_exclusion(viewer=request.actor, exclusion_id=exclusion_id)
    photos = [
        {"url": (url := reverse("indicators:evidence", args=[exclusion_id, number])),
         "thumb": f"{url}?size={THUMBNAIL_EDGE}", "alt": _("证据照片 %(n)d") % {"n": place}}
        for place, number in enumerate(found.photos, 1)
    ]  # fmt: skip
    context = {"it": found, "line": _line(found), "form": form, "photos": photos}
    return respond(request, "indicators/exclusion.html", None, context, status)


@require_safe
@allow(SIGNED_IN)
def evidence(request: Request, exclusion_id: int, photo_id: int) -> HttpResponse:
    """Return a photo of a request as it is kept, or with `?size=320` its thumbnail; never to a shared cache."""
    size = request.GET.get("size", "")
    if size not in ("", str(THUMBNAIL_EDGE)):
        raise NotFound(_("没有这种大小的照片"))
    kept = queries.get_evidence(viewer=request.actor, exclusion_id=exclusion_id, photo_id=photo_id)
    data = files.read(kept.digest)
    response = HttpResponse(thumbnail(data, THUMBNAIL_EDGE) if size else data, content_type="image/jpeg")
    response["Content-Disposition"] = "inline"
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, max-age=3600"
    return response


def case_panel(request: Any, page: CasePage) -> Panel | None:
    """Return what was asked about leaving the case out, and where to ask; None for whoever may not."""
    case = page.view.case
    found = queries.list_exclusions_of(viewer=request.actor, case=case)
    live = {ExclusionState.REQUESTED.value, ExclusionState.APPROVED.value}
    may_ask = queries.may_ask(viewer=request.actor, case=case) and not any(each.state in live for each in found)
    if not found and not may_ask:
        return None
    lines = [
        {
            "url": reverse("indicators:exclusion", args=[each.pk]), "state": ExclusionState(each.state).label,
            "colour": _COLOURS[ExclusionState(each.state)], "reason": queries.exclusion_reasons().get(each.reason, ""),
            "at": each.requested_at,
        }
        for each in found
    ]  # fmt: skip
    return Panel("indicators/_panel.html", {"exclusions": lines, "may_ask": may_ask, "case": case})


def _require_either(request: Request) -> None:
    if not (request.actor.holds(Permission.REQUEST) or request.actor.holds(Permission.REVIEW)):
        raise NotAllowed(_("您没有查看剔除申请的权限"))


def _put_on(form: Any, refusal: Refusal) -> None:
    fields = {name: text for name, text in refusal.fields.items() if name in form.fields}
    for field, text in fields.items():
        form.add_error(field, text)
    if not fields:
        form.add_error(None, refusal.message)


def _line(each: Any) -> dict[str, Any]:
    row, case = each.exclusion, each.view.case
    names = {one.code: one.name for one in queries.sets()}
    state = ExclusionState(row.state)
    return {
        "url": reverse("indicators:exclusion", args=[row.pk]), "number": case.number,
        "case_url": reverse("cases:case", args=[case.pk]), "description": case.description, "state": state.label,
        "colour": _COLOURS[state], "reason": queries.exclusion_reasons().get(row.reason, row.reason),
        "sets": "、".join(names.get(code, code) for code in row.sets), "evidence": row.evidence,
        "area": each.view.area_name, "desk": each.view.organization.name if each.view.organization else "",
        "requested_at": row.requested_at, "requested_by": row.requested_by_name, "reviewed_at": row.reviewed_at,
        "reviewed_by": row.reviewed_by_name, "opinion": row.opinion, "is_confidential": case.is_confidential,
    }  # fmt: skip
