"""Statements read before they are shown, and their authors told."""

from collections import defaultdict
from collections.abc import Collection
from datetime import datetime
from uuid import uuid4

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from haitang.core import crypto, history
from haitang.core.access import Actor
from haitang.core.clock import LOCAL
from haitang.opinions import policies, queries
from haitang.opinions.actions.shared import audience_of, text_of
from haitang.opinions.facts import StatementAccepted, StatementDenied
from haitang.opinions.lifecycle import StatementStatus, Status
from haitang.opinions.models import AUTHOR, Conversation, Statement
from haitang.opinions.values import REASON_LENGTH_MAX, NotOpenNow, WrongConversationState
from haitang.people.actions import send_notices

TOLD = gettext_noop("您在“{title}”中写的观点已经审核，请查看结果")
"""The same whatever became of it, and of however many: a notice stays, and is to tell nothing of what was written."""
_ROWS = 500


@transaction.atomic
def accept_statements(*, actor: Actor, statement_ids: Collection[int], now: datetime) -> list[Statement]:
    """
    Show statements to everybody who takes part, all of them or none.

    Raises StatementNotFound, ConversationNotFound, NotAllowed (no MODERATE there), WrongConversationState.
    """
    rows = queries.lock_statements(statement_ids)
    for row in rows:
        _check(actor, row, StatementStatus.WAITING)
        row.status = StatementStatus.ACCEPTED
    Statement.objects.bulk_update(rows, ["status"])
    told = [(StatementAccepted(row.conversation_id, row.pk), audience_of(row.conversation)) for row in rows]
    history.record_each(actor=actor, facts=told, at=now)
    return rows


@transaction.atomic
def deny_statement(*, actor: Actor, statement_id: int, reason: str, now: datetime) -> Statement:
    """
    Not show a statement, or show it no more; its author reads why. Answers to it count nowhere then.

    Raises StatementNotFound, ConversationNotFound, NotAllowed, WrongConversationState, BadConversation (no reason).
    """
    (row,) = queries.lock_statements([statement_id])
    _check(actor, row, StatementStatus.WAITING, StatementStatus.ACCEPTED)
    row.reason = text_of(reason, "reason", REASON_LENGTH_MAX, missing=_("请写明原因，作者会看到"))
    row.status = StatementStatus.DENIED
    row.save(update_fields=["status", "reason"])
    fact = StatementDenied(row.conversation_id, row.pk, row.reason)
    history.record(actor=actor, fact=fact, at=now, audience=audience_of(row.conversation))
    return row


@transaction.atomic
def tell_authors(*, actor: Actor, now: datetime) -> int:
    """
    Tell authors that their statements were read, each once for a conversation, and forget whose those were.

    The notice bears the day and no hour, and a key of its own, so that it does not lead to the statement. Returns how
    many statements; at most 500 a call.
    """
    decided = Statement.objects.select_for_update(skip_locked=True).exclude(status=StatementStatus.WAITING)
    rows = list(decided.exclude(author_sealed=b"").order_by("pk")[:_ROWS])
    authors: dict[int, set[int]] = defaultdict(set)
    for row in rows:
        authors[row.conversation_id].add(int(crypto.open_(row.author_sealed, AUTHOR)))
        row.author_sealed = b""
    Statement.objects.bulk_update(rows, ["author_sealed"])
    day = now.astimezone(LOCAL).replace(hour=0, minute=0, second=0, microsecond=0)
    for conversation in Conversation.objects.filter(pk__in=authors):
        send_notices(
            actor=actor, account_ids=authors[conversation.pk], key=f"opinions:{uuid4()}", text=TOLD,
            parts={"title": conversation.title}, url=reverse("opinions:conversation", args=[conversation.pk]),
            subject_type="conversation", subject_id=conversation.pk, now=day,
        )  # fmt: skip
    return len(rows)


def _check(actor: Actor, row: Statement, *sources: StatementStatus) -> None:
    policies.check_can_moderate(actor, row.conversation)
    if row.conversation.status == Status.CLOSED:
        raise NotOpenNow(_("征集已经结束，结果已经公布"))
    if row.status not in sources:
        raise WrongConversationState(_("这条观点已经审核过了"))
