"""What residents see: open surveys, questions by code, published results. Three steps: code, questions, thanks."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from haitang.core.access import ANYONE, allow
from haitang.core.http import Request
from haitang.core.ui.entering import attempt, form_page, said, sent
from haitang.core.ui.pages import respond
from haitang.surveys import actions, forms, queries
from haitang.surveys.lifecycle import Status
from haitang.surveys.values import Entry, WrongCode
from haitang.surveys.views.shared import COLOURS, party_of


@require_safe
@allow(ANYONE)
def surveys(request: Request) -> HttpResponse:
    """Show what is asked now, and what has come out of earlier surveys."""
    rows = queries.list_public_surveys()
    lines = [(view, COLOURS[view.survey.status]) for view in queries.describe_surveys(rows)]
    return respond(request, "surveys/surveys.html", None, {"lines": lines})


@require_safe
@allow(ANYONE)
def public_survey(request: Request, survey_id: int) -> HttpResponse:
    """Show who is asked, by which rules, and, once it is published, the result."""
    survey = queries.get_public_survey(survey_id=survey_id)
    (view,) = queries.describe_surveys([survey])
    result = queries.result_of(survey) if survey.published_at else None
    areas = [(line, queries.drawn_of(survey, line)) for line in queries.areas_of(survey) if line.invited]
    context = {
        "survey": survey, "view": view, "result": result, "areas": areas if survey.sample else [],
        "is_open": survey.status == Status.OPEN, "by_code": survey.entry == Entry.CODE,
    }  # fmt: skip
    return respond(request, "surveys/public_survey.html", None, context)


@form_page
@never_cache
@allow(ANYONE)
def answer(request: Request) -> HttpResponse:
    """Ask for the code, then the questions; without a script, and without keeping anything in between."""
    start = forms.CodeForm(sent(request), initial={"code": request.GET.get("code", "")[:20]})
    if request.method != "POST":
        return respond(request, "surveys/answer.html", None, {"form": start})
    found: list[Any] = []
    by: dict[str, Any] = {"party": party_of(request), **said(request)}

    def look() -> None:
        try:
            found.append(actions.find_survey_by_code(code=start.cleaned_data["code"], **by))
        except WrongCode as refusal:
            if "filled" not in request.POST:
                raise
            gone = _("您填写的时候，这一户已经有人用这个问卷码交了答卷（每户一份），或者调查刚刚结束；这一份没有收下")
            raise WrongCode(gone, {"code": gone}) from refusal

    status = attempt(start, look)
    if status:
        return respond(request, "surveys/answer.html", None, {"form": start}, status)
    survey, code, status = found[0], start.cleaned_data["code"], 200
    form = forms.AnswerForm(request.POST if "filled" in request.POST else None, asked=survey.asked)
    if "filled" in request.POST:
        status = attempt(form, lambda: actions.answer_by_code(code=code, given=form.given(), **by))
        if not status:
            return redirect("surveys:thanks")
    return respond(request, "surveys/fill.html", None, {"form": form, "survey": survey, "code": code}, status)


@form_page
@never_cache
@allow(ANYONE)
def fill(request: Request, survey_id: int) -> HttpResponse:
    """Ask whoever came by the link, or an account where the survey asks for names."""
    survey = queries.get_public_survey(survey_id=survey_id)
    if survey.entry == Entry.CODE or survey.status != Status.OPEN:
        return redirect("surveys:public_survey", survey_id)
    if survey.entry == Entry.NAMED and not request.actor.is_known:
        return redirect(f"/accounts/login/?next={request.path}")
    kind = forms.NamedAnswerForm if survey.entry == Entry.NAMED else forms.AnswerForm
    form, status = kind(sent(request), asked=survey.asked), 200
    if request.method == "POST":
        status = attempt(
            form,
            lambda: actions.answer_openly(
                survey_id=survey_id, party=party_of(request), given=form.given(), **said(request)
            ),
        )
        if not status:
            return redirect("surveys:thanks")
    return respond(request, "surveys/fill.html", None, {"form": form, "survey": survey, "code": ""}, status)


@require_safe
@allow(ANYONE)
def thanks(request: Request) -> HttpResponse:
    """Say thank you."""
    return respond(request, "surveys/thanks.html", None, {})
