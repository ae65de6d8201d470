"""What anybody reads, and how residents take part: one statement at a time."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from haitang.core.access import ANYONE, SIGNED_IN, allow, allows
from haitang.core.http import Request
from haitang.core.tables import Column, write_csv
from haitang.core.tables import Kind as Cell
from haitang.core.ui.entering import attempt, said
from haitang.core.ui.pages import respond
from haitang.opinions import actions, forms, policies, queries
from haitang.opinions.lifecycle import Status
from haitang.opinions.values import Answer, NotOpenNow, ResultsNotShown
from haitang.opinions.views.picture import picture_of
from haitang.opinions.views.shared import COLOURS, STATEMENT_COLOURS, phase_of


@require_safe
@allow(ANYONE)
def conversations(request: Request) -> HttpResponse:
    """Show the conversations that anybody may read."""
    page = queries.list_public_conversations(cursor=request.GET.get("cursor", ""))
    now = said(request)["now"]
    lines = [
        (view, COLOURS[view.conversation.status], phase_of(view.conversation, now))
        for view in queries.describe_conversations(page.rows)
    ]
    return respond(
        request, "opinions/conversations.html", "opinions/_conversations.html", {"page": page, "lines": lines}
    )


def _show(request: Request, conversation_id: int, form: Any = None, status: int = 200) -> HttpResponse:
    row = queries.get_public_conversation(conversation_id=conversation_id)
    if row.status == Status.CLOSED:
        return redirect("opinions:results", conversation_id)
    now = said(request)["now"]
    is_open = allows(policies.check_open_now, row, now)
    known = request.actor.is_known and request.actor.id is not None
    may = known and policies.may_take_part(request.actor, row)
    part = queries.get_own_part(viewer=request.actor, conversation=row) if may else None
    context = {
        "row": row, "view": queries.describe_conversations([row])[0], "is_open": is_open, "is_known": known,
        "part": part, "answers": Answer, "form": form or forms.StatementForm(), "phase": phase_of(row, now),
        "said": [(each, STATEMENT_COLOURS[each.status]) for each in part.said] if part else [],
        "phase_colour": COLOURS[row.status],
    }  # fmt: skip
    return respond(request, "opinions/conversation.html", "opinions/_part.html", context, status)


@require_safe
@never_cache
@allow(ANYONE)
def conversation(request: Request, conversation_id: int) -> HttpResponse:
    """Show a conversation, with the next statement for who takes part; a closed one shows its results."""
    return _show(request, conversation_id)


@require_POST
@never_cache
@allow(SIGNED_IN)
def answer(request: Request, conversation_id: int) -> HttpResponse:
    """Take an answer and show the next statement. The address tells nothing of what was answered."""
    form = forms.AnswerForm(request.POST)
    if form.is_valid():
        given = form.cleaned_data
        actions.answer_statement(
            conversation_id=conversation_id, statement_id=given["statement"], answer=given["answer"], **said(request)
        )
    else:
        messages.error(request, _("请选择同意、不同意或跳过"))
    if request.POST.get("back") == "mine":
        messages.success(request, _("已改"))
        return redirect("opinions:mine", conversation_id)
    if request.htmx:
        return _show(request, conversation_id)
    return redirect("opinions:conversation", conversation_id)


@require_POST
@never_cache
@allow(SIGNED_IN)
def say(request: Request, conversation_id: int) -> HttpResponse:
    """Take a statement; what is refused keeps what was typed."""
    form = forms.StatementForm(request.POST)
    status = attempt(
        form, lambda: actions.say_statement(conversation_id=conversation_id, **form.cleaned_data, **said(request))
    )
    if status:
        return _show(request, conversation_id, form, status)
    messages.success(request, _("已收到，审核以后大家就能表态；没有公开的，会告诉您原因"))
    return redirect("opinions:conversation", conversation_id)


@require_safe
@never_cache
@allow(SIGNED_IN)
def mine(request: Request, conversation_id: int) -> HttpResponse:
    """Show what the viewer has answered, to be changed until the close."""
    row = queries.get_public_conversation(conversation_id=conversation_id)
    policies.check_may_take_part(request.actor, row)
    if row.status == Status.CLOSED:
        raise NotOpenNow(_("征集已经结束，表态和您的账号不再有任何联系，谁也查不到了"))
    part = queries.get_own_part(viewer=request.actor, conversation=row)
    context = {
        "row": row, "part": part, "answers": Answer,
        "is_open": allows(policies.check_open_now, row, said(request)["now"]),
    }  # fmt: skip
    return respond(request, "opinions/mine.html", None, context)


@require_safe
@never_cache
@allow(ANYONE)
def results(request: Request, conversation_id: int) -> HttpResponse:
    """Show what came out: of a closed conversation to anybody, of an open one to who has answered enough."""
    row = queries.get_public_conversation(conversation_id=conversation_id)
    own = None
    if row.status == Status.OPEN and request.actor.id is not None:
        own = queries.get_own_part(viewer=request.actor, conversation=row).group
    try:
        found = queries.get_results(viewer=request.actor, conversation=row)
    except ResultsNotShown as refusal:
        messages.info(request, refusal.message)
        return redirect("opinions:conversation", conversation_id)
    context = {
        "row": row, "view": queries.describe_conversations([row])[0], "results": found, "own": own,
        "picture": picture_of(found.groups, own), "own_number": None if own is None else own + 1,
        "phase": phase_of(row, said(request)["now"]), "phase_colour": COLOURS[row.status],
    }  # fmt: skip
    return respond(request, "opinions/results.html", None, context)


@require_safe
@allow(ANYONE)
def votes(request: Request, conversation_id: int) -> StreamingHttpResponse:
    """Give the anonymous votes of a closed conversation out, from which anybody can work the groups out again."""
    row = queries.get_public_conversation(conversation_id=conversation_id)
    columns = (
        Column("participant", _("编号")), Column("statement", _("观点编号"), kind=Cell.INTEGER),
        Column("words", _("观点")), Column("answer", _("表态（1 同意，0 跳过，-1 不同意）"), kind=Cell.INTEGER),
        Column("group", _("组（0 未分组）"), kind=Cell.INTEGER),
    )  # fmt: skip
    content = write_csv(queries.list_anonymous_votes(row), columns)
    response = StreamingHttpResponse(content, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="conversation-{conversation_id}-votes.csv"'
    return response
