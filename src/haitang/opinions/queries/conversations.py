"""Reads over conversations and their statements: public ones for anybody, all of them for staff by area."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q
from django.utils.translation import gettext as _

from haitang.core import access
from haitang.core.access import Actor
from haitang.core.keyset import page_by_instant
from haitang.core.paging import Page
from haitang.core.rows import Statement as Select
from haitang.opinions import policies
from haitang.opinions.lifecycle import PUBLIC, StatementStatus, Status
from haitang.opinions.models import Conversation, Statement
from haitang.opinions.values import ConversationNotFound, Permission, StatementNotFound
from haitang.territory.queries import territory

PAGE_ROWS, BADGE_MAX = 30, 99
_SHARED: Select[Conversation] = Select(Conversation, "WHERE id = %s FOR SHARE")


@dataclass(frozen=True, slots=True)
class ConversationView:
    """A conversation as lists show it. statements: that may be answered; waiting: that nobody has read yet."""

    conversation: Conversation
    area_name: str
    statements: int
    waiting: int


@dataclass(frozen=True, slots=True)
class ConversationFilter:
    """Which conversations are wanted; "" for all. status: a state."""

    status: str = ""
    area_path: str = ""


def get_conversation(*, viewer: Actor, conversation_id: int) -> Conversation:
    """Return a conversation that staff may see. Raises ConversationNotFound."""
    found = Conversation.objects.filter(pk=conversation_id).first()
    if found is None:
        raise ConversationNotFound(_("没有这个讨论"))
    policies.check_is_staff_of(viewer, found)
    return found


def get_public_conversation(*, conversation_id: int) -> Conversation:
    """Return a conversation that anybody may read. Raises ConversationNotFound."""
    found = Conversation.objects.filter(pk=conversation_id, status__in=PUBLIC).first()
    if found is None:
        raise ConversationNotFound(_("没有这个讨论"))
    return found


def get_conversation_for_job(conversation_id: int) -> Conversation | None:
    """Return a conversation, for jobs."""
    return Conversation.objects.filter(pk=conversation_id).first()


def lock_conversation(conversation_id: int) -> Conversation:
    """Return a conversation for an action to change. Raises ConversationNotFound."""
    found = Conversation.objects.select_for_update().filter(pk=conversation_id).first()
    if found is None:
        raise ConversationNotFound(_("没有这个讨论"))
    return found


def hold_conversation(conversation_id: int) -> Conversation:
    """Return a conversation that cannot close before the transaction ends; any number may hold it at once."""
    found = _SHARED.first(conversation_id)
    if found is None:
        raise ConversationNotFound(_("没有这个讨论"))
    return found


def list_public_conversations(*, cursor: str = "") -> Page[Conversation]:
    """Return conversations that anybody may read, the latest first."""
    rows = Conversation.objects.filter(status__in=PUBLIC)
    return page_by_instant(rows, instant="started_at", cursor=cursor, limit=PAGE_ROWS)


def list_conversations(*, viewer: Actor, wanted: ConversationFilter, cursor: str = "") -> Page[Conversation]:
    """Return conversations that the viewer sees as staff, the latest first."""
    access.require(viewer, Permission.VIEW)
    rows = Conversation.objects.visible_to(viewer)
    if wanted.status:
        rows = rows.filter(status=wanted.status)
    if wanted.area_path:
        rows = rows.below(wanted.area_path)
    return page_by_instant(rows, instant="started_at", cursor=cursor, limit=PAGE_ROWS)


def describe_conversations(rows: Iterable[Conversation]) -> list[ConversationView]:
    """Return conversations with the names of their areas and counts of statements: one statement for any number."""
    found = list(rows)
    counted = {
        each["conversation_id"]: each
        for each in Statement.objects.filter(conversation__in=found)
        .values("conversation_id")
        .annotate(
            accepted=Count("pk", filter=Q(status=StatementStatus.ACCEPTED)),
            waiting=Count("pk", filter=Q(status=StatementStatus.WAITING)),
        )
    }
    none = {"accepted": 0, "waiting": 0}
    return [
        ConversationView(
            row, territory().area(row.area_id).name, counted.get(row.pk, none)["accepted"],
            counted.get(row.pk, none)["waiting"],
        )
        for row in found
    ]  # fmt: skip


def due_conversations(now: datetime) -> list[int]:
    """Return the ids of those whose time is over, for the clock."""
    due = Conversation.objects.filter(status=Status.OPEN, closes_at__lte=now)
    return list(due.order_by("closes_at", "id").values_list("pk", flat=True))


def list_open_for_job() -> list[Conversation]:
    """Return those that are open, for the clock."""
    return list(Conversation.objects.filter(status=Status.OPEN).order_by("pk"))


def count_waiting(*, viewer: Actor) -> int:
    """Return how many statements the viewer is to read, up to BADGE_MAX."""
    areas = viewer.areas(Permission.MODERATE)
    if not areas:
        return 0
    within = Conversation.objects.filter(status=Status.OPEN).visible_to(viewer)
    waiting = Statement.objects.filter(conversation__in=within, status=StatementStatus.WAITING)
    return waiting[:BADGE_MAX].count()


def list_statements(conversation_id: int, *statuses: StatementStatus) -> list[Statement]:
    """Return the statements of a conversation in the order in which they came; the caller has checked who looks."""
    found = Statement.objects.filter(conversation_id=conversation_id)
    return list((found.filter(status__in=statuses) if statuses else found).order_by("pk"))


def lock_statements(statement_ids: Collection[int]) -> list[Statement]:
    """
    Return statements for an action to change, each with its conversation, which cannot close meanwhile.

    The conversation is held first and the statements after it, as the close takes them. Raises StatementNotFound.
    """
    wanted = sorted(set(statement_ids))
    found = Statement.objects.filter(pk__in=wanted).values_list("conversation_id", flat=True)
    for conversation_id in sorted(set(found)):
        hold_conversation(conversation_id)
    rows = list(
        Statement.objects.select_for_update(of=("self",))
        .select_related("conversation")
        .filter(pk__in=wanted)
        .order_by("pk")
    )
    if len(rows) != len(wanted):
        raise StatementNotFound(_("没有这条观点"))
    return rows
