"""Reviews of low figures, and the rules."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from haitang.core import clock, history
from haitang.core.access import allow
from haitang.core.http import Request
from haitang.core.scoping import path_of
from haitang.core.ui.entering import attempt, form_page, said, sent
from haitang.core.ui.pages import respond
from haitang.core.ui.settings import settings_page
from haitang.surveys import actions, forms, queries
from haitang.surveys.lifecycle import ReviewStatus
from haitang.surveys.values import Change, Permission
from haitang.surveys.views.shared import COLOURS, steps_of


@require_safe
@allow(Permission.REVIEW)
def reviews(request: Request) -> HttpResponse:
    """Show the reviews within reach, the nearest deadline first."""
    only_open = request.GET.get("show") != "all"
    rows = queries.list_reviews(viewer=request.actor, is_open=only_open)
    today = clock.local_date(clock.now())
    tabs = [
        {"label": _("进行中"), "url": "?", "current": only_open},
        {"label": _("全部"), "url": "?show=all", "current": not only_open},
    ]
    lines = [(view, COLOURS[view.review.status]) for view in queries.describe_reviews(rows, today)]
    return respond(request, "surveys/reviews.html", None, {"lines": lines, "tabs": tabs})


def _show(request: Request, review_id: int, refused: dict[str, Any] | None = None, status: int = 200) -> HttpResponse:
    row = queries.get_review(viewer=request.actor, review_id=review_id)
    today = clock.local_date(clock.now())
    (view,) = queries.describe_reviews([row], today)
    shown: dict[str, Any] = {}
    if request.actor.holds(Permission.REVIEW, area_path=path_of(row.area_ids)):
        if row.status in (ReviewStatus.OPENED, ReviewStatus.MEASURES):
            initial = {"responsible": row.responsible, "measures": row.measures}
            shown["measures"] = forms.MeasuresForm(initial=initial, due_on=row.due_on, auto_id="measures_%s")
        if row.status == ReviewStatus.MEASURES:
            shown["report"] = forms.ReportForm(auto_id="report_%s")
    context = {
        "review": row, "view": view, "colour": COLOURS[row.status], "forms": {**shown, **(refused or {})},
        "change": _words(row.change) if row.again_id else "",
        "steps": steps_of(history.timeline("survey_review", row.pk)),
    }  # fmt: skip
    return respond(request, "surveys/review.html", None, context, status)


def _words(change: str) -> str:
    return {
        Change.UP.value: _("明显上升"), Change.DOWN.value: _("明显下降"), Change.UNCLEAR.value: _("没有明显变化"),
    }.get(change, _("问卷或分值不同，不作比较"))  # fmt: skip


@never_cache
@require_safe
@allow(Permission.REVIEW)
def review(request: Request, review_id: int) -> HttpResponse:
    """Show one review."""
    return _show(request, review_id)


@require_POST
@never_cache
@allow(Permission.REVIEW)
def measures(request: Request, review_id: int) -> HttpResponse:
    """Write down who sees to what until when."""
    form = forms.MeasuresForm(request.POST, auto_id="measures_%s")
    status = attempt(form, lambda: actions.set_measures(review_id=review_id, **form.cleaned_data, **said(request)))
    if status:
        return _show(request, review_id, {"measures": form}, status)
    messages.success(request, _("整改措施已确定"))
    return redirect("surveys:review", review_id)


@require_POST
@never_cache
@allow(Permission.REVIEW)
def report(request: Request, review_id: int) -> HttpResponse:
    """Report what was done."""
    form = forms.ReportForm(request.POST, auto_id="report_%s")
    status = attempt(form, lambda: actions.finish_measures(review_id=review_id, **form.cleaned_data, **said(request)))
    if status:
        return _show(request, review_id, {"report": form}, status)
    messages.success(request, _("已报告完成，等待复测"))
    return redirect("surveys:review", review_id)


@form_page
@allow(Permission.SETTINGS)
def settings(request: Request) -> HttpResponse:
    """Show and change the rules for surveys opened from now on."""
    form = forms.SettingsForm(sent(request), lines=queries.list_survey_settings(viewer=request.actor))
    return settings_page(request, form, actions.change_survey_setting, "surveys/settings.html", "surveys:settings")
