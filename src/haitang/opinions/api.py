"""The API of conversations: parse, one call, print."""

from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Path, Query, Router, Status

from haitang.core.access import ANYONE, SIGNED_IN, allow
from haitang.core.http import actor_of, said
from haitang.core.schemas import NO_NUL, REFUSALS, Id
from haitang.opinions import actions, policies, queries
from haitang.opinions.schemas import (
    AnswerIn,
    ConversationIn,
    ConversationOut,
    ConversationPageOut,
    OwnPartOut,
    ReasonIn,
    ResultsOut,
    SeedsIn,
    StatementIn,
    StatementOut,
    VoteOut,
    conversation_out,
    own_part_out,
    results_out,
    statement_out,
)
from haitang.opinions.values import Permission

router = Router(tags=["意见征集"])
Cursor = Query("", max_length=500, pattern=NO_NUL)
ConversationId = Annotated[Id, Path()]
StatementId = Annotated[Id, Path()]
_SHOWN = {200: ConversationOut, **REFUSALS}


def _described(row: Any) -> dict[str, Any]:
    return conversation_out(queries.describe_conversations([row])[0])


@router.get(
    "/conversations", operation_id="list_conversations", summary="意见征集",
    response={200: ConversationPageOut, **REFUSALS},
)  # fmt: skip
@allow(ANYONE)
def list_conversations(request: HttpRequest, cursor: str = Cursor) -> Any:
    """List conversations that anybody may read, the latest first."""
    page = queries.list_public_conversations(cursor=cursor)
    items = [conversation_out(view) for view in queries.describe_conversations(page.rows)]
    return {"items": items, "next_cursor": page.next or None}


@router.get(
    "/conversations/{conversation_id}", operation_id="get_conversation", summary="一次意见征集", response=_SHOWN
)
@allow(ANYONE)
def get_conversation(request: HttpRequest, conversation_id: ConversationId) -> Any:
    """Show one conversation that anybody may read."""
    return _described(queries.get_public_conversation(conversation_id=conversation_id))


@router.get(
    "/conversations/{conversation_id}/mine", operation_id="get_own_part", summary="我的表态",
    response={200: OwnPartOut, **REFUSALS},
)  # fmt: skip
@allow(SIGNED_IN)
def get_own_part(request: HttpRequest, conversation_id: ConversationId) -> Any:
    """Show the next statement to the caller, what they have answered and written; nobody else can ask for it."""
    row = queries.get_public_conversation(conversation_id=conversation_id)
    policies.check_may_take_part(actor_of(request), row)
    return own_part_out(queries.get_own_part(viewer=actor_of(request), conversation=row))


@router.post(
    "/conversations/{conversation_id}/answers", operation_id="answer_statement", summary="表态",
    response={200: OwnPartOut, **REFUSALS},
)  # fmt: skip
@allow(SIGNED_IN)
def answer_statement(request: HttpRequest, conversation_id: ConversationId, given: AnswerIn) -> Any:
    """Agree, disagree or pass, or say otherwise than before; sent twice, it is said once. Shows the next statement."""
    actions.answer_statement(
        conversation_id=conversation_id, statement_id=given.statement_id, answer=given.answer, **said(request)
    )
    row = queries.get_public_conversation(conversation_id=conversation_id)
    return own_part_out(queries.get_own_part(viewer=actor_of(request), conversation=row))


@router.post(
    "/conversations/{conversation_id}/statements", operation_id="say_statement", summary="提出观点",
    response={201: StatementOut, **REFUSALS},
)  # fmt: skip
@allow(SIGNED_IN)
def say_statement(request: HttpRequest, conversation_id: ConversationId, given: StatementIn) -> Any:
    """Write a statement, which a moderator reads before others see it."""
    row = actions.say_statement(conversation_id=conversation_id, words=given.words, **said(request))
    return Status(201, statement_out(row))


@router.get(
    "/conversations/{conversation_id}/results", operation_id="get_opinion_groups", summary="分组与共识",
    response={200: ResultsOut, **REFUSALS},
)  # fmt: skip
@allow(ANYONE)
def get_opinion_groups(request: HttpRequest, conversation_id: ConversationId) -> Any:
    """Show what came out: of a closed conversation to anybody, of an open one to who has answered enough."""
    row = queries.get_public_conversation(conversation_id=conversation_id)
    return results_out(queries.get_results(viewer=actor_of(request), conversation=row))


@router.get(
    "/conversations/{conversation_id}/votes", operation_id="list_anonymous_votes", summary="不记名表态",
    response={200: list[VoteOut], **REFUSALS},
)  # fmt: skip
@allow(ANYONE)
def list_anonymous_votes(request: HttpRequest, conversation_id: ConversationId) -> Any:
    """List the anonymous votes of a closed conversation, from which anybody can work the groups out again."""
    row = queries.get_public_conversation(conversation_id=conversation_id)
    return [
        {"participant": who, "statement_id": statement, "answer": answer, "group": group}
        for who, statement, _words, answer, group in queries.list_anonymous_votes(row)
    ]


@router.post(
    "/conversations", operation_id="start_conversation", summary="新建意见征集",
    response={201: ConversationOut, **REFUSALS},
)  # fmt: skip
@allow(Permission.MANAGE)
def start_conversation(request: HttpRequest, given: ConversationIn) -> Any:
    """Begin a conversation with its first statements, for staff alone to see until it is opened."""
    return Status(201, _described(actions.start_conversation(new=given.new(), **said(request))))


@router.post(
    "/conversations/{conversation_id}/seeds", operation_id="add_seeds", summary="添加观点",
    response={200: ConversationOut, **REFUSALS},
)  # fmt: skip
@allow(Permission.MANAGE)
def add_seeds(request: HttpRequest, conversation_id: ConversationId, given: SeedsIn) -> Any:
    """Put statements of staff in."""
    actions.add_seeds(conversation_id=conversation_id, seeds=given.seeds, **said(request))
    return _described(queries.get_conversation(viewer=actor_of(request), conversation_id=conversation_id))


@router.post(
    "/conversations/{conversation_id}/open", operation_id="open_conversation", summary="开始征集", response=_SHOWN
)
@allow(Permission.MANAGE)
def open_conversation(request: HttpRequest, conversation_id: ConversationId) -> Any:
    """Open a conversation."""
    return _described(actions.open_conversation(conversation_id=conversation_id, **said(request)))


@router.post(
    "/conversations/{conversation_id}/close", operation_id="close_conversation", summary="结束征集", response=_SHOWN
)
@allow(Permission.MANAGE)
def close_conversation(request: HttpRequest, conversation_id: ConversationId) -> Any:
    """Close a conversation before its time: who answered is forgotten, what was answered is published."""
    return _described(actions.close_conversation(conversation_id=conversation_id, **said(request)))


@router.get(
    "/conversations/{conversation_id}/statements", operation_id="list_statements", summary="观点（含待审核）",
    response={200: list[StatementOut], **REFUSALS},
)  # fmt: skip
@allow(Permission.VIEW)
def list_statements(request: HttpRequest, conversation_id: ConversationId) -> Any:
    """List all statements for staff, without who wrote them."""
    row = queries.get_conversation(viewer=actor_of(request), conversation_id=conversation_id)
    return [statement_out(each) for each in queries.list_statements(row.pk)]


@router.post(
    "/statements/{statement_id}/accept", operation_id="accept_statement", summary="公开观点",
    response={200: StatementOut, **REFUSALS},
)  # fmt: skip
@allow(Permission.MODERATE)
def accept_statement(request: HttpRequest, statement_id: StatementId) -> Any:
    """Show a statement to everybody who takes part."""
    return statement_out(actions.accept_statements(statement_ids=[statement_id], **said(request))[0])


@router.post(
    "/statements/{statement_id}/deny", operation_id="deny_statement", summary="不公开观点",
    response={200: StatementOut, **REFUSALS},
)  # fmt: skip
@allow(Permission.MODERATE)
def deny_statement(request: HttpRequest, statement_id: StatementId, given: ReasonIn) -> Any:
    """Not show a statement, or no more; its author reads why."""
    return statement_out(actions.deny_statement(statement_id=statement_id, reason=given.reason, **said(request)))
