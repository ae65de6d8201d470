"""The office's pages: surveys, one survey with what is to be done about it, answers written down for others."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from haitang.core import clock, history, qr
from haitang.core.access import allow
from haitang.core.errors import Conflict, Invalid, NotFound
from haitang.core.http import Request
from haitang.core.ui.entering import attempt, form_page, said, sent
from haitang.core.ui.pages import respond
from haitang.core.ui.sheets import workbook
from haitang.surveys import actions, forms, queries
from haitang.surveys.lifecycle import Status
from haitang.surveys.values import Channel, Entry, Permission
from haitang.surveys.views.shared import COLOURS, steps_of


@require_safe
@allow(Permission.VIEW)
def desk(request: Request) -> HttpResponse:
    """Show the surveys within reach, the latest first."""
    status = request.GET.get("status", "")
    status = status if status in Status.values else ""
    page = queries.list_surveys(viewer=request.actor, status=status, cursor=request.GET.get("cursor", ""))
    tabs = [
        {"label": label, "url": f"?status={value}" if value else "?", "current": value == status}
        for value, label in (("", _("全部")), *Status.choices)
    ]
    context = {
        "page": page, "tabs": tabs, "may_manage": request.actor.holds(Permission.MANAGE),
        "lines": [(view, COLOURS[view.survey.status]) for view in queries.describe_surveys(page.rows)],
    }  # fmt: skip
    return respond(request, "surveys/desk.html", None, context)


@never_cache
@form_page
@allow(Permission.MANAGE)
def new(request: Request) -> HttpResponse:
    """Draft a survey."""
    form, status = forms.PlanForm(sent(request), viewer=request.actor), 200
    if request.method == "POST":
        made: list[Any] = []
        status = attempt(form, lambda: made.append(actions.draft_survey(plan=form.plan(), **said(request))))
        if not status:
            messages.success(request, _("已起草，请试填一遍"))
            return redirect("surveys:survey", made[0].pk)
    return respond(request, "surveys/plan.html", None, {"form": form}, status)


@never_cache
@form_page
@allow(Permission.MANAGE)
def change(request: Request, survey_id: int) -> HttpResponse:
    """Change a draft."""
    known = queries.get_survey(viewer=request.actor, survey_id=survey_id)
    form, status = forms.PlanForm(sent(request), viewer=request.actor, known=known), 200
    if request.method == "POST":
        status = attempt(
            form, lambda: actions.change_survey(survey_id=survey_id, plan=form.plan(), **said(request))
        )  # fmt: skip
        if not status:
            messages.success(request, _("已修改，请再试填一遍"))
            return redirect("surveys:survey", survey_id)
    return respond(request, "surveys/plan.html", None, {"form": form, "survey": known}, status)


def _show(request: Request, survey_id: int, repeat_form: Any = None, status: int = 200) -> HttpResponse:
    found = queries.get_survey(viewer=request.actor, survey_id=survey_id)
    (view,) = queries.describe_surveys([found])
    is_closed = found.status == Status.CLOSED
    may_manage = request.actor.holds(Permission.MANAGE, area_path=found.area_path)
    is_held = request.actor.holds(Permission.VIEW, area_path=found.area_path)
    context = {
        "survey": found, "view": view, "colour": COLOURS[found.status], "areas": queries.areas_of(found),
        "is_draft": found.status == Status.DRAFT, "is_open": found.status == Status.OPEN, "is_closed": is_closed,
        "by_code": found.entry == Entry.CODE, "may_manage": may_manage,
        "may_enter": _takes_sheets(found) and request.actor.holds(Permission.ENTER),
        "result": queries.result_of(found) if is_closed and (is_held or may_manage or found.published_at) else None,
        "texts": queries.texts_of(found) if is_closed and is_held else [],
        "reviews": queries.describe_reviews(
            queries.list_reviews(viewer=request.actor, survey_id=survey_id), clock.local_date(clock.now())
        ) if is_closed else [],
        "repeats": queries.repeats_of(found), "repeat_form": repeat_form or forms.RepeatForm(),
        "steps": steps_of(history.timeline("survey", found.pk)), "address": _address(request, found),
    }  # fmt: skip
    return respond(request, "surveys/survey.html", None, context, status)


def _takes_sheets(found: Any) -> bool:
    return bool(found.status == Status.OPEN and found.entry == Entry.CODE)


def _address(request: Request, found: Any) -> str:
    if found.entry == Entry.CODE:
        return request.build_absolute_uri(reverse("surveys:answer"))
    return request.build_absolute_uri(reverse("surveys:fill", args=[found.pk]))


@never_cache
@require_safe
@allow(Permission.VIEW)
def survey(request: Request, survey_id: int) -> HttpResponse:
    """Show one survey: its life, its areas, and its figures once it is closed."""
    return _show(request, survey_id)


@never_cache
@form_page
@allow(Permission.MANAGE)
def try_out(request: Request, survey_id: int) -> HttpResponse:
    """Let the office fill the draft in; nothing of it is kept."""
    found = queries.get_survey(viewer=request.actor, survey_id=survey_id)
    form, status = forms.AnswerForm(sent(request), asked=found.asked), 200
    if request.method == "POST":
        status = attempt(
            form, lambda: actions.try_survey(survey_id=survey_id, given=form.given(), **said(request))
        )  # fmt: skip
        if not status:
            messages.success(request, _("试填通过，没有保存任何答案；现在可以开始调查"))
            return redirect("surveys:survey", survey_id)
    return respond(request, "surveys/try.html", None, {"form": form, "survey": found}, status)


@require_POST
@never_cache
@allow(Permission.MANAGE)
def deed(request: Request, survey_id: int, name: str) -> HttpResponse:
    """Open, close or publish a survey."""
    known: dict[str, tuple[Any, str]] = {
        "open": (actions.open_survey, _("调查已开始，规则和抽样种子已公布")),
        "close": (actions.close_survey, _("调查已结束")),
        "publish": (actions.publish_survey, _("结果已公布，人数少的格子不显示")),
    }
    if name not in known:
        raise NotFound(_("没有这个页面"))
    action, done = known[name]
    try:
        action(survey_id=survey_id, **said(request))
    except (Invalid, Conflict) as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, done)
    return redirect("surveys:survey", survey_id)


@require_POST
@never_cache
@allow(Permission.MANAGE)
def codes(request: Request, survey_id: int) -> HttpResponse:
    """Draw the households and give their codes as a workbook, this once."""
    try:
        found = queries.get_survey(viewer=request.actor, survey_id=survey_id)
        made = actions.issue_survey_codes(survey_id=survey_id, **said(request))
    except (Invalid, Conflict) as refusal:
        messages.error(request, refusal.message)
        return redirect("surveys:survey", survey_id)
    address = request.build_absolute_uri(reverse("surveys:answer"))
    return workbook(_("问卷码"), queries.code_columns(found), queries.code_rows(made, address))


@require_safe
@allow(Permission.VIEW)
def qr_code(request: Request, survey_id: int) -> HttpResponse:
    """Give the address of the questions as a QR code for a poster; it bears no code of a household."""
    found = queries.get_survey(viewer=request.actor, survey_id=survey_id)
    return HttpResponse(qr.as_svg(_address(request, found)), content_type="image/svg+xml")


@require_POST
@never_cache
@allow(Permission.MANAGE)
def repeat(request: Request, survey_id: int) -> HttpResponse:
    """Draft a survey that asks the very same again."""
    form, made = forms.RepeatForm(request.POST), []
    status = attempt(
        form, lambda: made.append(actions.repeat_survey(survey_id=survey_id, **form.cleaned_data, **said(request)))
    )
    if status:
        return _show(request, survey_id, form, status)
    messages.success(request, _("已起草复测，问卷相同，结果可以比较"))
    return redirect("surveys:survey", made[0].pk)


@never_cache
@form_page
@allow(Permission.ENTER)
def enter(request: Request, survey_id: int) -> HttpResponse:
    """Write down what a household answered at its door, on the telephone or on paper."""
    found = queries.get_survey(viewer=request.actor, survey_id=survey_id)
    if not _takes_sheets(found):
        raise NotFound(_("这项调查现在不录入答卷"))
    initial = {"channel": request.GET.get("channel", Channel.VISIT)}
    form, status = forms.EnterForm(sent(request), asked=found.asked, initial=initial), 200

    def write() -> None:
        actions.answer_by_code(
            code=form.cleaned_data["code"], channel=form.cleaned_data["channel"], given=form.given(),
            party=f"account:{request.actor.id}", **said(request),
        )  # fmt: skip

    if request.method == "POST":
        status = attempt(form, write)
        if not status:
            messages.success(request, _("已录入一份答卷"))
            return redirect(f"{request.path}?channel={form.cleaned_data['channel']}")
    return respond(request, "surveys/enter.html", None, {"form": form, "survey": found}, status)


@require_safe
@allow(Permission.VIEW)
def export(request: Request, survey_id: int) -> HttpResponse:
    """Give the figures as a workbook, small cells hidden."""
    result = actions.take_out_result(survey_id=survey_id, **said(request))
    return workbook(_("调查结果"), queries.result_columns(), queries.result_rows(result), scope=result.survey.title)
