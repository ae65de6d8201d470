"""What residents do: answer, change their mind, write a statement. None of it leaves a fact, a time or a name."""

import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import uuid4

from django.db import connection, transaction
from django.utils.translation import gettext as _

from haitang.core import copying, crypto, history
from haitang.core.access import Actor
from haitang.core.constraints import refusing
from haitang.opinions import policies, queries
from haitang.opinions.actions.shared import audience_of, statement_of
from haitang.opinions.facts import SheetsEntered
from haitang.opinions.lifecycle import StatementStatus
from haitang.opinions.models import AUTHOR, Conversation, Statement
from haitang.opinions.values import Answer, BadConversation, SaidAlready, SaidEnough, StatementNotFound

_NUMBER_BYTES = 16
_SHEETS_MAX = 2_000
_UPSERT = """
INSERT INTO opinions_vote (id, statement_id, participant, answer) VALUES (%s, %s, %s, %s)
ON CONFLICT ON CONSTRAINT opinions_one_vote DO UPDATE SET answer = excluded.answer
"""


@transaction.atomic
def answer_statement(*, actor: Actor, conversation_id: int, statement_id: int, answer: int, now: datetime) -> None:
    """
    Say agree, disagree or pass of a statement, or say otherwise than before; sent twice, it is said once.

    answer: of values.Answer. No answer lands after the close: the close waits for those on their way.
    Raises ConversationNotFound, NotSignedIn, NotTakingPart, NotOpenNow, StatementNotFound, BadConversation.
    """
    conversation = queries.hold_conversation(conversation_id)
    account_id = policies.check_may_take_part(actor, conversation)
    policies.check_open_now(conversation, now)
    if answer not in Answer.values:
        raise BadConversation(_("请选择同意、不同意或跳过"), {"answer": _("请选择同意、不同意或跳过")})
    accepted = Statement.objects.filter(conversation_id=conversation_id, status=StatementStatus.ACCEPTED)
    if not accepted.filter(pk=statement_id).exists():
        raise StatementNotFound(_("这条观点现在不能表态"))
    with connection.cursor() as cursor:
        cursor.execute(_UPSERT, [uuid4(), statement_id, queries.participant_of(account_id, conversation), answer])


@transaction.atomic
def say_statement(*, actor: Actor, conversation_id: int, words: str, now: datetime) -> Statement:
    """
    Write a statement, which a moderator reads before others see it.

    Its row bears the number of who wrote it, and their account, sealed, until they are told what became of it.
    Raises as `answer_statement`, and SaidEnough, SaidAlready, BadConversation.
    """
    conversation = queries.hold_conversation(conversation_id)
    account_id = policies.check_may_take_part(actor, conversation)
    policies.check_open_now(conversation, now)
    given = statement_of(words)
    participant = queries.participant_of(account_id, conversation)
    with connection.cursor() as cursor:  # one at a time, or two at once would both be the last that is allowed
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"opinions:{participant}"])
    if conversation.statements.filter(participant=participant).count() >= queries.rules()["statements_each"]:
        raise SaidEnough(_("每人最多写 %(n)d 条观点") % {"n": queries.rules()["statements_each"]})
    with refusing({"opinions_said_once": SaidAlready(_("已经有一样的观点了，请直接表态"))}):
        return Statement.objects.create(
            conversation=conversation, words=given, status=StatementStatus.WAITING, participant=participant,
            author_sealed=crypto.seal(str(account_id), AUTHOR),
        )  # fmt: skip


@transaction.atomic
def enter_sheets(*, actor: Actor, conversation_id: int, sheets: Sequence[Mapping[int, int]], now: datetime) -> int:
    """
    Put in answers given on paper, each sheet under a number drawn at random; a few statements for any number.

    sheets: answers by statement. Nobody can tell whose a sheet is, and so nobody can tell either whether the same
    person has answered on a phone as well. Returns how many sheets.
    Raises ConversationNotFound, NotAllowed, NotOpenNow, StatementNotFound, BadConversation.
    """
    conversation = queries.hold_conversation(conversation_id)
    policies.check_can_manage(actor, conversation)
    policies.check_open_now(conversation, now)
    _check_sheets(conversation, sheets)
    lines = []
    for sheet in sheets:
        participant = secrets.token_hex(_NUMBER_BYTES)
        lines += [copying.line((uuid4(), statement, participant, int(sheet[statement]))) for statement in sheet]
    copying.write("opinions_vote", "id, statement_id, participant, answer", lines)
    fact = SheetsEntered(conversation.pk, len(sheets))
    history.record(actor=actor, fact=fact, at=now, audience=audience_of(conversation))
    return len(sheets)


def _check_sheets(conversation: Conversation, sheets: Sequence[Mapping[int, int]]) -> None:
    if not 0 < len(sheets) <= _SHEETS_MAX or not all(sheets):
        raise BadConversation(_("请至少填一条"), {"sheets": _("请至少填一条")})
    if {answer for sheet in sheets for answer in sheet.values()} - set(Answer.values):
        raise BadConversation(_("请选择同意、不同意或跳过"), {"answer": _("请选择同意、不同意或跳过")})
    accepted = conversation.statements.filter(status=StatementStatus.ACCEPTED).values_list("pk", flat=True)
    if {statement for sheet in sheets for statement in sheet} - set(accepted):
        raise StatementNotFound(_("这条观点现在不能表态"))
