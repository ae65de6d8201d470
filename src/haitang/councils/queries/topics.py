"""Reads over what residents raise and ask."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _

from haitang.core import history, paging
from haitang.core.access import Actor, require
from haitang.core.keyset import page_by_instant
from haitang.core.models import Entry
from haitang.core.schemas import ID_MAX
from haitang.councils import policies
from haitang.councils.lifecycle import PUBLIC, QuestionStatus, TopicStatus
from haitang.councils.models import Question, Resolution, SessionItem, Topic, TopicPhoto
from haitang.councils.queries.councils import ResolutionView, describe_resolutions
from haitang.councils.queries.rules import after
from haitang.councils.values import Permission, QuestionNotFound, TopicNotFound
from haitang.territory.queries import territory

PAGE_ROWS, OWN_MAX, BADGE_MAX = 30, 100, 99


@dataclass(frozen=True, slots=True)
class TopicView:
    """A topic as lists show it. is_late: nobody has read it in time."""

    row: Topic
    area_name: str
    is_late: bool


@dataclass(frozen=True, slots=True)
class TopicPage:
    """What the page of a topic shows. photos: sent by who raised it. mine: whether the viewer raised it.

    sessions: whose agenda it was on, with what was said of it in public; resolutions: that answer it, once the
    meeting's summary is public or for staff.
    """

    view: TopicView
    photos: list[TopicPhoto]
    mine: bool
    may_moderate: bool
    items: list[SessionItem]
    resolutions: list[ResolutionView]
    entries: list[Entry]


@dataclass(frozen=True, slots=True)
class QuestionView:
    """A question as lists show it. is_late: it is not answered and should be. may_answer: by this viewer."""

    row: Question
    area_name: str
    is_late: bool
    mine: bool
    may_answer: bool


@dataclass(frozen=True, slots=True)
class InboxFilter:
    """Which topics or questions are wanted. status: "" for all."""

    status: str = ""
    area_path: str = ""


def lock_topics(topic_ids: Any) -> dict[int, Topic]:
    """Return these topics, locked by id. For actions; raises TopicNotFound."""
    wanted = set(topic_ids)
    rows = Topic.objects.select_for_update(no_key=True).filter(pk__in=wanted).order_by("pk")
    found = {row.pk: row for row in rows}
    if wanted - found.keys():
        raise TopicNotFound(_("没有这条提议"))
    return found


def lock_question(question_id: int) -> Question:
    """Return a question, locked. For actions; raises QuestionNotFound."""
    found = Question.objects.select_for_update(no_key=True).filter(pk=question_id).first()
    if found is None:
        raise QuestionNotFound(_("没有这个提问"))
    return found


def count_between(account_id: int, since: datetime, until: datetime) -> int:
    """Return how much an account has raised and asked in that time. For actions, under its lock."""
    topics = Topic.objects.filter(author_id=account_id, raised_at__gte=since, raised_at__lt=until)
    asked = Question.objects.filter(asker_id=account_id, asked_at__gte=since, asked_at__lt=until)
    return topics.count() + asked.count()


def describe_topics(rows: Any, now: datetime) -> list[TopicView]:
    """Return topics with the names of their areas."""
    areas = territory()
    return [
        TopicView(
            row, areas.full_name(row.area_id),
            row.status == TopicStatus.WAITING and now >= after("topic_within", row.raised_at),
        )
        for row in rows
    ]  # fmt: skip


def get_topic(*, viewer: Actor, topic_id: int) -> Topic:
    """Return a topic that this viewer may see. Raises TopicNotFound."""
    row = Topic.objects.filter(pk=topic_id).first() if 0 < topic_id <= ID_MAX else None
    if row is None:
        raise TopicNotFound(_("没有这条提议"))
    policies.check_may_see_topic(viewer, row)
    return row


def get_topic_photo(*, viewer: Actor, topic_id: int, photo_id: int) -> TopicPhoto:
    """Return a photo of a topic that this viewer may see. Raises TopicNotFound, also where it is none of it."""
    row = get_topic(viewer=viewer, topic_id=topic_id)
    found = TopicPhoto.objects.filter(topic=row, pk=photo_id).first() if 0 < photo_id <= ID_MAX else None
    if found is None:
        raise TopicNotFound(_("没有这张照片"))
    return found


def get_topic_page(*, viewer: Actor, topic_id: int, now: datetime, today: date) -> TopicPage:
    """Return a topic with what has become of it, as this viewer may see it. Raises TopicNotFound."""
    row = get_topic(viewer=viewer, topic_id=topic_id)
    is_staff = viewer.holds(Permission.VIEW, area_path=row.area_path)
    resolutions = Resolution.objects.filter(topic=row).select_related("session__council").order_by("id")
    if not is_staff:
        resolutions = resolutions.filter(session__published_at__isnull=False)
    items = SessionItem.objects.filter(topic=row).select_related("session__council").order_by("session__at", "id")
    mine = policies.is_author(viewer, row)
    return TopicPage(
        describe_topics([row], now)[0], list(row.photos.order_by("pk")), mine,
        viewer.holds(Permission.MODERATE, area_path=row.area_path), list(items),
        describe_resolutions(resolutions, viewer=viewer, today=today),
        history.timeline("council_topic", row.pk) if is_staff or mine else [],
    )  # fmt: skip


def list_public_topics(*, cursor: str = "", area_path: str = "") -> paging.Page[Topic]:
    """Return topics that anybody may read, the latest first."""
    rows = Topic.objects.below(area_path) if area_path else Topic.objects.all()
    return page_by_instant(rows.filter(status__in=PUBLIC), instant="raised_at", cursor=cursor, limit=PAGE_ROWS)


def list_topics(*, viewer: Actor, wanted: InboxFilter, cursor: str = "") -> paging.Page[Topic]:
    """Return topics that the viewer sees as staff, the latest first. Raises NotAllowed."""
    return _inbox(Topic, "raised_at", viewer, wanted, cursor)


def list_questions(*, viewer: Actor, wanted: InboxFilter, cursor: str = "") -> paging.Page[Question]:
    """Return questions that the viewer sees as staff, the latest first. Raises NotAllowed."""
    return _inbox(Question, "asked_at", viewer, wanted, cursor)


def _inbox(model: Any, instant: str, viewer: Actor, wanted: InboxFilter, cursor: str) -> paging.Page[Any]:
    require(viewer, Permission.VIEW)
    rows = model.objects.visible_to(viewer)
    if wanted.area_path:
        rows = rows.below(wanted.area_path)
    if wanted.status:
        rows = rows.filter(status=wanted.status)
    return page_by_instant(rows, instant=instant, cursor=cursor, limit=PAGE_ROWS)


def list_open_topics(area_path: str) -> list[Topic]:
    """Return the accepted topics of an area that wait for an agenda, the earliest first. For who calls a meeting."""
    rows = Topic.objects.below(area_path).filter(status=TopicStatus.ACCEPTED)
    return list(rows.order_by("raised_at", "id")[:OWN_MAX])


def list_own(*, viewer: Actor, now: datetime) -> tuple[list[TopicView], list[QuestionView]]:
    """Return what the viewer has raised and asked, the latest first. Raises NotSignedIn."""
    account_id = policies.check_signed_in(viewer)
    topics = Topic.objects.filter(author_id=account_id).order_by("-raised_at", "-id")[:OWN_MAX]
    questions = Question.objects.filter(asker_id=account_id).order_by("-asked_at", "-id")[:OWN_MAX]
    return describe_topics(topics, now), describe_questions(questions, viewer=viewer, now=now)


def describe_questions(rows: Any, *, viewer: Actor, now: datetime) -> list[QuestionView]:
    """Return questions with the names of their areas."""
    areas = territory()
    return [
        QuestionView(
            row, areas.full_name(row.area_id), row.status == QuestionStatus.WAITING and row.due_at <= now,
            policies.is_asker(viewer, row), viewer.holds(Permission.ANSWER, area_path=row.area_path),
        )
        for row in rows
    ]  # fmt: skip


def get_question(*, viewer: Actor, question_id: int, now: datetime) -> QuestionView:
    """Return a question as this viewer may see it. Raises QuestionNotFound."""
    row = Question.objects.filter(pk=question_id).first()
    if row is None:
        raise QuestionNotFound(_("没有这个提问"))
    policies.check_may_see_question(viewer, row)
    return describe_questions([row], viewer=viewer, now=now)[0]


def list_public_questions(limit: int = PAGE_ROWS) -> list[Question]:
    """Return the latest questions whose answers anybody may read."""
    return list(Question.objects.filter(is_public=True).order_by("-answered_at", "-id")[:limit])


def count_inbox(*, viewer: Actor, permission: str) -> int:
    """Return how many topics (MODERATE) or questions (ANSWER) wait for the viewer, up to BADGE_MAX."""
    if not viewer.areas(permission):
        return 0
    if permission == Permission.MODERATE:
        return Topic.objects.visible_to(viewer).filter(status=TopicStatus.WAITING)[:BADGE_MAX].count()
    return Question.objects.visible_to(viewer).filter(status=QuestionStatus.WAITING)[:BADGE_MAX].count()


def list_overdue_questions(now: datetime) -> list[int]:
    """Return the ids of questions that should be answered and of which the street was not told. For the clock."""
    rows = Question.objects.filter(status=QuestionStatus.WAITING, due_at__lte=now, escalated_at=None)
    return list(rows.order_by("due_at", "id").values_list("pk", flat=True))


def list_waiting_topics() -> list[Topic]:
    """Return the topics that nobody has read yet. For the clock."""
    return list(Topic.objects.filter(status=TopicStatus.WAITING).order_by("raised_at", "id"))


def lock_forgettable(now: datetime, days: int) -> tuple[list[Topic], list[Question]]:
    """Return what was settled so many days ago and still names who raised or asked it, locked. For actions."""
    before = now - timedelta(days=days)
    topics = Topic.objects.select_for_update().filter(author__isnull=False, closed_at__lt=before).order_by("pk")
    asked = Question.objects.select_for_update().filter(asker__isnull=False, answered_at__lt=before).order_by("pk")
    return list(topics), list(asked)
