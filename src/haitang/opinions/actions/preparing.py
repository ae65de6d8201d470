"""Conversations begun, changed while nobody has seen them, given their first statements, and opened."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from haitang.core import access, history
from haitang.core.access import Actor
from haitang.core.constraints import refusing
from haitang.opinions import policies, queries
from haitang.opinions.actions.shared import audience_of, seeds_of, text_of
from haitang.opinions.facts import ConversationChanged, ConversationOpened, ConversationStarted, SeedsAdded
from haitang.opinions.lifecycle import Deed, StatementStatus, Status, check_move
from haitang.opinions.models import Conversation, Statement
from haitang.opinions.values import (
    TITLE_LENGTH_MAX,
    WORDS_LENGTH_MAX,
    BadConversation,
    NewConversation,
    Permission,
    SaidAlready,
    TooFewSeeds,
    Who,
)
from haitang.territory.queries import territory
from haitang.territory.values import Kind


@transaction.atomic
def start_conversation(*, actor: Actor, new: NewConversation, now: datetime) -> Conversation:
    """
    Begin a conversation with its first statements, for staff alone to see until it is opened.

    Raises NotAllowed (no MANAGE over the area), BadConversation (its `fields` say where).
    """
    row = Conversation(started_at=now, status=Status.DRAFT)
    _put_on(row, new, now)
    access.require(actor, Permission.MANAGE, area_path=row.area_path)
    row.save()
    fact = ConversationStarted(row.pk, row.title, row.who)
    history.record(actor=actor, fact=fact, at=now, audience=audience_of(row))
    if new.seeds:
        _seed(row, new.seeds, actor, now)
    return row


@transaction.atomic
def change_conversation(*, actor: Actor, conversation_id: int, new: NewConversation, now: datetime) -> Conversation:
    """
    Change a conversation that is not open yet; `new.seeds` are added to those it has.

    Raises ConversationNotFound, NotAllowed, WrongConversationState, BadConversation.
    """
    row = queries.lock_conversation(conversation_id)
    policies.check_can_manage(actor, row)
    check_move(row.status, Deed.CHANGE)
    _put_on(row, new, now)
    access.require(actor, Permission.MANAGE, area_path=row.area_path)
    row.save()
    fact = ConversationChanged(row.pk, row.title, row.who)
    history.record(actor=actor, fact=fact, at=now, audience=audience_of(row))
    if new.seeds:
        _seed(row, new.seeds, actor, now)
    return row


@transaction.atomic
def add_seeds(*, actor: Actor, conversation_id: int, seeds: Sequence[str], now: datetime) -> int:
    """
    Put statements of staff in, which are shown at once where the conversation is open; return how many.

    Raises ConversationNotFound, NotAllowed, WrongConversationState, BadConversation, SaidAlready.
    """
    row = queries.lock_conversation(conversation_id)
    policies.check_can_manage(actor, row)
    check_move(row.status, Deed.SEED)
    return _seed(row, seeds, actor, now)


@transaction.atomic
def open_conversation(*, actor: Actor, conversation_id: int, now: datetime) -> Conversation:
    """
    Open a conversation: anybody may read it, and whom it is for may answer from its time on.

    Raises ConversationNotFound, NotAllowed, WrongConversationState, BadConversation (its time is over), TooFewSeeds.
    """
    row = queries.lock_conversation(conversation_id)
    policies.check_can_manage(actor, row)
    row.status = check_move(row.status, Deed.OPEN)
    if row.closes_at <= now:
        raise BadConversation(_("截止时间已过，请先修改"), {"closes_at": _("截止时间已过")})
    seeds = row.statements.filter(status=StatementStatus.ACCEPTED).count()
    if seeds < queries.rules()["seeds_min"]:
        raise TooFewSeeds(_("请先写至少 %(n)d 条观点") % {"n": queries.rules()["seeds_min"]})
    row.key_sealed = queries.new_key()
    row.save(update_fields=["status", "key_sealed"])
    history.record(actor=actor, fact=ConversationOpened(row.pk, seeds), at=now, audience=audience_of(row))
    return row


def _put_on(row: Conversation, new: NewConversation, now: datetime) -> None:
    """Write on the row what was handed in. Raises BadConversation."""
    row.title = text_of(new.title, "title", TITLE_LENGTH_MAX, missing=_("请写议题"))
    row.words = text_of(new.words, "words", WORDS_LENGTH_MAX)
    row.who = new.who or queries.rules()["who"]
    if row.who not in Who.values:
        raise BadConversation(_("请选择谁可以参加"), {"who": _("请选择谁可以参加")})
    area = territory().get(new.area_id)
    if area is None or area.level > Kind.COMMUNITY.level:
        raise BadConversation(_("请选择社区、街道或全市"), {"area": _("请选择社区、街道或全市")})
    row.area_id, row.area_ids = area.id, list(area.ids)
    if new.closes_at <= new.opens_at:
        raise BadConversation(_("截止时间应晚于开始时间"), {"closes_at": _("截止时间应晚于开始时间")})
    if new.closes_at <= now:
        raise BadConversation(_("截止时间已过"), {"closes_at": _("截止时间已过")})
    row.opens_at, row.closes_at = new.opens_at, new.closes_at


def _seed(row: Conversation, seeds: Sequence[str], actor: Actor, now: datetime) -> int:
    words = seeds_of(seeds)
    if not words:
        wrong = _("请至少写一条观点，每行一条")
        raise BadConversation(wrong, {"seeds": wrong})
    with refusing({"opinions_said_once": SaidAlready(_("其中有的观点已经有了"))}):
        Statement.objects.bulk_create(
            Statement(conversation=row, words=each, is_seed=True, status=StatementStatus.ACCEPTED) for each in words
        )
    history.record(actor=actor, fact=SeedsAdded(row.pk, len(words)), at=now, audience=audience_of(row))
    return len(words)
