"""Groups found while answers come, and the close: who answered is forgotten, what was answered is published."""

import secrets
from datetime import datetime
from uuid import uuid4

from django.db import transaction
from django.utils.translation import gettext as _

from haitang.core import copying, history
from haitang.core.access import Actor
from haitang.opinions import policies, queries
from haitang.opinions.actions.shared import audience_of
from haitang.opinions.facts import ConversationClosed, StatementDenied
from haitang.opinions.lifecycle import Deed, StatementStatus, Status, check_move, leads
from haitang.opinions.models import Conversation, Landscape, Standing, Vote


def find_opinion_groups(*, actor: Actor, conversation_id: int, now: datetime) -> bool:
    """
    Work out the groups of an open conversation anew; return whether votes had come since.

    Votes are read and groups found without holding anybody up; what is closed meanwhile is left alone.
    """
    print_ = queries.print_of(conversation_id)
    known = Landscape.objects.filter(conversation_id=conversation_id).values_list("print", flat=True).first()
    if print_ == known:
        return False
    found = queries.find(conversation_id)
    with transaction.atomic():
        conversation = queries.lock_conversation(conversation_id)
        if conversation.status != Status.OPEN:
            return False
        _write(conversation, found, print_, now)
    return True


@transaction.atomic
def close_conversation(*, actor: Actor, conversation_id: int, now: datetime) -> Conversation:
    """
    Take no more answers, forget whose they are, and publish what came out.

    Numbers are drawn anew, rows written anew in random order, and the key is destroyed: from then on nobody can tell
    who answered what, whatever they hold, but for copies of the database that were made before. Statements that
    nobody has read are not shown. Raises ConversationNotFound, NotAllowed (no MANAGE there), WrongConversationState.
    """
    conversation = queries.lock_conversation(conversation_id)
    policies.check_can_manage(actor, conversation)
    _close(conversation, actor, now)
    return conversation


def close_due_conversation(*, actor: Actor, conversation_id: int, now: datetime) -> bool:
    """Close a conversation whose time is over, as `close_conversation`; return whether it was still open."""
    with transaction.atomic():
        conversation = queries.lock_conversation(conversation_id)
        if not leads(conversation.status, Deed.CLOSE) or conversation.closes_at > now:
            return False
        _close(conversation, actor, now)
    return True


def _close(conversation: Conversation, actor: Actor, now: datetime) -> None:
    conversation.status = check_move(conversation.status, Deed.CLOSE)
    _deny_waiting(conversation, actor, now)
    _forget(conversation)
    found = queries.find(conversation.pk)
    _write(conversation, found, queries.print_of(conversation.pk), now)
    conversation.key_sealed, conversation.closed_at = b"", now
    conversation.people, conversation.votes = found.people, found.votes
    conversation.save(update_fields=["status", "key_sealed", "closed_at", "people", "votes"])
    shown = len(found.found["groups"]) if found.people >= queries.rules()["people_min"] else 0
    fact = ConversationClosed(conversation.pk, found.people, found.votes, shown if shown > 1 else 0)
    history.record(actor=actor, fact=fact, at=now, audience=audience_of(conversation))


def _deny_waiting(conversation: Conversation, actor: Actor, now: datetime) -> None:
    reason = _("征集结束时还没有审核")
    waiting = list(conversation.statements.select_for_update().filter(status=StatementStatus.WAITING).order_by("pk"))
    conversation.statements.filter(pk__in=[row.pk for row in waiting]).update(
        status=StatementStatus.DENIED, reason=reason
    )
    facts = [StatementDenied(conversation.pk, row.pk, reason) for row in waiting]
    history.record_many(actor=actor, facts=facts, at=now, audience=audience_of(conversation))


def _forget(conversation: Conversation) -> None:
    """Draw a number for each participant and write all votes anew under these, in random order."""
    order = secrets.SystemRandom()
    votes = Vote.objects.filter(statement__conversation=conversation)
    rows = list(
        votes.filter(statement__status=StatementStatus.ACCEPTED).values_list("participant", "statement_id", "answer")
    )
    people = sorted({participant for participant, _statement, _answer in rows})
    order.shuffle(people)
    width = len(str(len(people)))
    number = {participant: str(at).zfill(width) for at, participant in enumerate(people, 1)}
    order.shuffle(rows)
    votes.delete()
    copying.write(
        "opinions_vote", "id, statement_id, participant, answer",
        [copying.line((uuid4(), statement, number[participant], answer)) for participant, statement, answer in rows],
    )  # fmt: skip
    conversation.statements.update(participant="")


def _write(conversation: Conversation, found: queries.Found, print_: str, now: datetime) -> None:
    """Write what came out, in place of what came out before."""
    Landscape.objects.update_or_create(
        conversation=conversation,
        defaults={
            "computed_at": now, "print": print_, "people": found.people, "votes": found.votes, "found": found.found,
        },
    )  # fmt: skip
    Standing.objects.filter(conversation=conversation).delete()
    lines = [copying.line((conversation.pk, who, group)) for who, group in found.group.items()]
    copying.write("opinions_standing", 'conversation_id, participant, "group"', lines)
