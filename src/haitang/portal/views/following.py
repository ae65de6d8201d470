"""Following a case with its number and query code, or as the account that reported it; judging the result."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from haitang.cases import actions, queries
from haitang.cases.queries.telling import OFFICE_ANSWERS
from haitang.core import clock, files
from haitang.core.access import ANYONE, SIGNED_IN, allow
from haitang.core.errors import Conflict, Invalid, NotFound, Refusal, TooMany
from haitang.core.http import Request
from haitang.core.photos import thumbnail
from haitang.merging.queries import find_voice, list_voices_of
from haitang.portal.forms import RateForm, TrackForm, category_name
from haitang.portal.values import (
    PLANNED_WORDS,
    PROGRESS,
    SCORE_WORDS,
    STATUS_COLOURS,
    STATUS_WORDS,
    STEP_COLOURS,
    STEP_WORDS,
)
from haitang.portal.views.session import address_of, code_for, remember

THUMBNAIL_EDGE = 320


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@allow(ANYONE)
def track(request: Request) -> HttpResponse:
    """Ask for number and query code, and open the case they belong to."""
    if request.method != "POST":
        return render(request, "portal/track.html", {"form": TrackForm(initial={"number": request.GET.get("number")})})
    form = TrackForm(request.POST)
    status = 422
    if form.is_valid():
        try:
            case = actions.find_case_by_code(
                actor=request.actor, number=form.cleaned_data["number"],
                query_code=form.cleaned_data["query_code"], party=address_of(request), now=clock.now(),
            )  # fmt: skip
        except Refusal as refusal:
            given = {name: form.cleaned_data[name] for name in ("number", "query_code")}
            if not isinstance(refusal, TooMany) and (voice := find_voice(**given)) is not None:
                remember(request, given["number"].strip(), voice.query_code)
                return redirect("portal:voiced", given["number"].strip())
            form.add_error(None, refusal.message)
            status = 429 if isinstance(refusal, TooMany) else 422
        else:
            remember(request, case.number, case.query_code)
            return redirect("portal:followed", case.number)
    return render(request, "portal/track.html", {"form": form}, status=status)


@never_cache
@require_safe
@allow(ANYONE)
def followed(request: Request, number: str) -> HttpResponse:
    """Show how a case stands, to whoever reported it."""
    case = _case_of(request, number)
    if case is None:
        return redirect(f"{reverse('portal:track')}?{urlencode({'number': number[:40]})}")
    return _show(request, case, RateForm())


@never_cache
@require_POST
@allow(ANYONE)
def rate(request: Request, number: str) -> HttpResponse:
    """Take the reporter's judgement."""
    case = _case_of(request, number)
    if case is None:
        return redirect(f"{reverse('portal:track')}?{urlencode({'number': number[:40]})}")
    form = RateForm(request.POST)
    if not form.is_valid():
        return _show(request, case, form, status=422)
    try:
        rated = _rate(request, case, form)
    except (Conflict, Invalid, TooMany) as refusal:
        form.add_error(None, refusal.message)
        return _show(request, case, form, status=refusal.status)
    if rated.status != "rated":
        messages.success(request, _("感谢您的评价。问题没有解决，我们已退回原承办单位重新办理一次。"))
    else:
        messages.success(request, _("感谢您的评价。"))
    return redirect("portal:followed", case.number)


@never_cache
@require_safe
@allow(ANYONE)
def photo(request: Request, number: str, attachment_id: int) -> HttpResponse:
    """Give a photo taken after handling, to whoever reported the case; `size=small` a small one."""
    case = _case_of(request, number)
    found = queries.get_result_photo(case=case, attachment_id=attachment_id) if case else None
    if found is None:
        raise NotFound(_("照片不存在"))
    data = files.read(found.digest)
    if request.GET.get("size") == "small":
        data = thumbnail(data, THUMBNAIL_EDGE)
    return HttpResponse(data, content_type=found.mime)


@never_cache
@require_safe
@allow(SIGNED_IN)
def mine(request: Request) -> HttpResponse:
    """List what the signed-in account has reported, and, above the first page, what it said "me too" on."""
    page = queries.list_mine(viewer=request.actor, cursor=request.GET.get("cursor", ""))
    rows = [
        {
            "number": view.case.number,
            "status": STATUS_WORDS[view.case.status],
            "colour": STATUS_COLOURS.get(view.case.status, "blue"),
            "category": category_name(view.category),
            "area": view.area_name,
            "description": view.case.description,
            "at": view.case.reported_at,
            "asks_rating": view.case.status == "closed",
        }
        for view in queries.describe(list(page.rows))
    ]
    voices = [] if request.GET.get("cursor") else list_voices_of(account_id=request.actor.id)
    voiced = [
        {
            "number": told.number,
            "status": STATUS_WORDS[told.status],
            "colour": STATUS_COLOURS.get(told.status, "blue"),
            "category": category_name(told.category),
            "area": told.area_name,
            "at": told.said_at,
        }
        for told in voices
    ]
    return render(request, "portal/mine.html", {"page": page, "rows": rows, "voiced": voiced})


def _case_of(request: Request, number: str) -> Any:
    """Return the case if this session has opened it with its code or this account has reported it, or None."""
    own = queries.get_own_case(viewer=request.actor, number=number)
    if own is not None:
        return own
    query_code = code_for(request, number)
    return queries.get_case_by_number(number=number, query_code=query_code) if query_code else None


def _rate(request: Request, case: Any, form: RateForm) -> Any:
    actor = request.actor
    judgement = {
        "is_solved": form.cleaned_data["is_solved"] == "yes",
        "score": form.cleaned_data["score"],
        "text": form.cleaned_data["text"],
        "now": clock.now(),
    }
    if actor.id is not None and case.reported_by_id == actor.id:
        return actions.rate_case(actor=actor, case_id=case.pk, **judgement)
    return actions.rate_case_by_code(
        actor=actor, number=case.number, query_code=code_for(request, case.number), party=address_of(request),
        **judgement,
    )  # fmt: skip


def _show(request: Request, case: Any, form: RateForm, status: int = 200) -> HttpResponse:
    told = queries.follow_case(case=case)
    reached = next((at for at, (_words, states) in enumerate(PROGRESS) if told.status in states), -1)
    context = {
        "case": told,
        "status": STATUS_WORDS[told.status],
        "colour": STATUS_COLOURS.get(told.status, "blue"),
        "category": category_name(told.category),
        "progress": [
            {"words": words, "current": at == reached, "done": at < reached}
            for at, (words, _states) in enumerate(PROGRESS)
            if reached >= 0
        ],
        "planned": [(words, told.planned[stage]) for stage, words in PLANNED_WORDS.items() if stage in told.planned],
        "answers": [step for step in told.steps if step.text and step.fact in OFFICE_ANSWERS],
        "steps": [_step(step) for step in reversed(told.steps)],
        "form": form,
    }  # fmt: skip
    return render(request, "portal/followed.html", context, status=status)


def _step(step: Any) -> dict[str, Any]:
    title = step.told or str(STEP_WORDS.get(step.fact, ""))
    if step.fact == "CaseDispatched" and step.desk:
        title = _("已交由%(desk)s办理") % {"desk": step.desk}
    text = step.text
    if step.fact == "CaseRated":
        words = dict(SCORE_WORDS).get(step.score, "")
        solved = _("解决了") if step.solved else _("没解决")
        text = f"{solved} · {words}\n{step.text}"
    return {
        "title": title,
        "at": step.at,
        "organization": step.organization,
        "text": text,
        "colour": STEP_COLOURS.get(step.fact, "blue"),
    }
