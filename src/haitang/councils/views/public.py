"""What anybody reads, and how residents raise a matter, ask, and follow both."""

from functools import partial
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from haitang.core.access import ANYONE, SIGNED_IN, allow
from haitang.core.http import Request
from haitang.core.ui.entering import attempt, form_page, keep_photos, photo_response, said
from haitang.core.ui.pages import respond
from haitang.councils import actions, forms, queries
from haitang.councils.lifecycle import TopicStatus
from haitang.councils.views.shared import (
    SESSION_COLOURS,
    question_line,
    resolution_line,
    steps_of,
    today,
    topic_line,
)

_STEPS = {1: forms.WhereForm, 2: forms.WhatForm}


@require_safe
@allow(ANYONE)
def councils(request: Request) -> HttpResponse:
    """Show what is coming, what is being talked about, and the councils there are."""
    now = said(request)["now"]
    page = queries.list_councils(today=today(), cursor=request.GET.get("cursor", ""))
    topics = queries.list_public_topics().rows[:10]
    context = {
        "page": page, "lines": queries.describe_councils(page.rows, today()),
        "coming": queries.list_coming_sessions(now=now),
        "topics": [topic_line(view) for view in queries.describe_topics(topics, now)],
        "questions": queries.list_public_questions(5), "draws": queries.list_public_draws(),
    }  # fmt: skip
    return respond(request, "councils/councils.html", "councils/_councils.html", context)


@require_safe
@allow(ANYONE)
def council(request: Request, council_id: int) -> HttpResponse:
    """Show one council: what it is, when it meets, what it has resolved."""
    page = queries.get_council_page(viewer=request.actor, council_id=council_id, today=today())
    sessions = [(each, SESSION_COLOURS[each.status]) for each in page.sessions]
    draws = queries.list_draws(council_id)
    return respond(request, "councils/council.html", None, {"view": page.view, "sessions": sessions, "draws": draws})


@require_safe
@allow(ANYONE)
def session(request: Request, session_id: int) -> HttpResponse:
    """Show one meeting as anybody reads it."""
    page = queries.get_public_session(session_id=session_id, viewer=request.actor, today=today())
    context = {
        "page": page, "row": page.row, "colour": SESSION_COLOURS[page.row.status],
        "lines": [resolution_line(view) for view in page.resolutions],
    }  # fmt: skip
    return respond(request, "councils/session.html", None, context)


@never_cache
@form_page
@allow(SIGNED_IN)
def topic_new(request: Request) -> HttpResponse:
    """Let a resident raise a matter in three steps: where, what, and all of it once more. Nothing is kept before."""
    step, status, held = 1, 200, {}
    form: Any = forms.WhereForm()
    if request.method == "POST":
        done = {"1": 1, "2": 2, "3": 3}.get(request.POST.get("step", ""), 1)
        form = forms.TopicForm(request.POST, request.FILES) if done == 3 else _STEPS[done](request.POST)
        held = {name: request.POST.get(name, "")[:2000] for name in ("area", "title", "words")}
        if "back" in request.POST:
            step = max(done - 1, 1)
            form = _STEPS[step](initial=held)
        elif done < 3:
            step = done + 1 if form.is_valid() else done
            status = 200 if step > done else 422
            if step > done:
                form = forms.WhatForm(initial=held) if step == 2 else forms.TopicForm(held)
        else:
            made: list[int] = []
            status = attempt(form, lambda: made.append(actions.raise_topic(new=form.new(), **said(request)).pk))
            if not status:
                _keep_photos(request, made[0], form)
                messages.success(request, _("已提交。审核以后会告诉您结果"))
                return redirect("councils:topic", made[0])
            step = 2 if form.errors.keys() & {"title", "words"} else 3
            if step == 2:
                again = forms.WhatForm(request.POST)
                again.is_valid()
                for name in ("title", "words"):
                    for text in form.errors.get(name, []):
                        if text not in again.errors.get(name, []):
                            again.add_error(name, text)
                form = again
    shown = {"place": dict(_flat()).get(held.get("area", ""), ""), **held}
    hidden = [(name, held.get(name, "")) for name in ("area", "title", "words") if name not in form.fields or step == 3]
    context = {"form": form, "step": step, "shown": shown, "hidden": hidden}
    return respond(request, "councils/topic_new.html", None, context, status)


def _keep_photos(request: Request, topic_id: int, form: Any) -> None:
    add = partial(actions.add_topic_photo, topic_id=topic_id, **said(request))
    keep_photos(request, form.cleaned_data["photos"], lambda data: add(data=data))


@require_POST
@never_cache
@allow(SIGNED_IN)
def topic_photos(request: Request, topic_id: int) -> HttpResponse:
    """Let the author add photos to a topic that nobody has read yet."""
    form = forms.PhotosForm(request.POST, request.FILES)
    if form.is_valid():
        _keep_photos(request, topic_id, form)
        messages.success(request, _("照片已处理"))
    return redirect("councils:topic", topic_id)


@require_safe
@allow(ANYONE)
def topic_photo(request: Request, topic_id: int, photo_id: int) -> HttpResponse:
    """Give a photo of a topic that the viewer may read."""
    found = queries.get_topic_photo(viewer=request.actor, topic_id=topic_id, photo_id=photo_id)
    return photo_response(request, found.digest)


def _flat() -> list[tuple[str, str]]:
    return [(code, f"{street} {name}") for street, rows in forms.communities() for code, name in rows]


@never_cache
@require_safe
@allow(ANYONE)
def topic(request: Request, topic_id: int) -> HttpResponse:
    """Show a topic and what has become of it; to its author also why not."""
    now = said(request)["now"]
    page = queries.get_topic_page(viewer=request.actor, topic_id=topic_id, now=now, today=today())
    row = page.view.row
    context = {
        "page": page, "row": row, "line": topic_line(page.view), "due": queries.after("topic_within", row.raised_at),
        "lines": [resolution_line(view) for view in page.resolutions],
        "photos": forms.PhotosForm() if page.mine and row.status == TopicStatus.WAITING else None,
        "may_withdraw": page.mine and row.status in (TopicStatus.WAITING, TopicStatus.ACCEPTED),
        "steps": steps_of(page.entries) if page.mine else [],
    }  # fmt: skip
    return respond(request, "councils/topic.html", None, context)


@require_POST
@never_cache
@allow(SIGNED_IN)
def topic_withdraw(request: Request, topic_id: int) -> HttpResponse:
    """Let the author take a topic back."""
    actions.withdraw_topic(topic_id=topic_id, **said(request))
    messages.success(request, _("已撤回"))
    return redirect("councils:topic", topic_id)


@never_cache
@require_safe
@allow(SIGNED_IN)
def mine(request: Request) -> HttpResponse:
    """Show what the viewer has raised and asked."""
    topics, questions = queries.list_own(viewer=request.actor, now=said(request)["now"])
    context = {
        "topics": [topic_line(view) for view in topics], "questions": [question_line(view) for view in questions],
    }  # fmt: skip
    return respond(request, "councils/mine.html", None, context)


@never_cache
@form_page
@allow(SIGNED_IN)
def question_new(request: Request) -> HttpResponse:
    """Let a resident ask the grid secretary."""
    form, status = forms.QuestionForm(request.POST if request.method == "POST" else None), 200
    if request.method == "POST":
        made: list[int] = []

        def write() -> None:
            given = {name: form.cleaned_data[name] for name in ("words", "may_publish")}
            made.append(actions.ask_question(area_id=form.area_id(), **given, **said(request)).pk)

        status = attempt(form, write)
        if not status:
            messages.success(request, _("已提交。这一页写着什么时候以前答复"))
            return redirect("councils:question", made[0])
    context = {"form": form, "within": queries.rules().settings["answer_within"]}
    return respond(request, "councils/question_new.html", None, context, status)


@never_cache
@form_page
@allow(ANYONE)
def question(request: Request, question_id: int) -> HttpResponse:
    """Show a question, its answer or when it is due; let who answers there answer it."""
    view = queries.get_question(viewer=request.actor, question_id=question_id, now=said(request)["now"])
    form: Any = None
    status = 200
    if view.may_answer and not view.row.answer:
        post = request.POST if request.method == "POST" else None
        form = forms.AnswerForm(post, may_publish=view.row.may_publish)
    if request.method == "POST":
        form = form or forms.AnswerForm(request.POST, may_publish=False)
        status = attempt(
            form, lambda: actions.answer_question(question_id=question_id, **form.cleaned_data, **said(request))
        )
        if not status:
            messages.success(request, _("已答复，提问人会收到通知"))
            return redirect("councils:question", question_id)
    context = {
        "line": question_line(view), "row": view.row, "view": view, "form": form,
        "base": "ui/staff.html" if view.may_answer else "ui/public.html",
    }  # fmt: skip
    return respond(request, "councils/question.html", None, context, status)
