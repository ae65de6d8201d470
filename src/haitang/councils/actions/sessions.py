"""Meetings of councils: called with an agenda, held with a quorum, summed up for everybody, or called off.

Locks are taken in one order everywhere: councils, then meetings, then topics, then resolutions, each by id.
"""

from collections.abc import Sequence
from datetime import datetime
from fractions import Fraction

from django.db import transaction
from django.utils.translation import gettext as _

from haitang.core.access import Actor
from haitang.core.clock import LOCAL, local_date
from haitang.core.facts import Fact
from haitang.councils import policies, queries
from haitang.councils.actions.shared import bounded, day_of, kept, office_of, public_text_of, tell, text_of
from haitang.councils.actions.topics import PUBLISHED, TABLED, UNTABLED, tell_author
from haitang.councils.facts import ResolutionsAdded, SessionCalled, SessionCalledOff, SessionMet, SummaryPublished
from haitang.councils.lifecycle import SessionStatus, TopicStatus
from haitang.councils.models import Council, Resolution, Session, SessionItem, Topic
from haitang.councils.values import (
    AGENDA_MAX,
    LINE_LENGTH_MAX,
    MINUTES_LENGTH_MAX,
    TITLE_LENGTH_MAX,
    WORDS_LENGTH_MAX,
    BadEntry,
    NewResolution,
    NewSession,
    NotQuorate,
    SessionHeld,
    SessionIsOver,
    WrongTopicState,
    share_of,
)


@transaction.atomic
def call_sessions(*, actor: Actor, news: Sequence[NewSession], now: datetime) -> list[Session]:
    """
    Call councils to meetings, with a few statements for all; members and who raised a topic are told.

    Takes CONVENE. Raises CouncilNotFound, NotAllowed, CouncilHasEnded, TopicNotFound, WrongTopicState (on an agenda
    already, or not taken up), BadEntry: then none is called.
    """
    bounded(news)
    councils = queries.lock_councils(new.council_id for new in news)
    for council in councils.values():
        kept(actor, council, local_date(now))
    rows = []
    for new in news:
        row = Session(council=councils[new.council_id])
        _write_call(row, new, now)
        rows.append(row)
    Session.objects.bulk_create(rows)
    _table(actor, list(zip(rows, news, strict=True)), now)
    tell(actor, [(row.council, _called(row)) for row in rows], now)
    return rows


@transaction.atomic
def change_session(*, actor: Actor, session_id: int, new: NewSession, now: datetime) -> Session:
    """
    Write the call to a meeting anew, agenda and all, before it is held.

    Raises SessionNotFound, NotAllowed, SessionIsOver, TopicNotFound, WrongTopicState, BadEntry.
    """
    row = _lock_called(actor, session_id)
    _write_call(row, new, now)
    row.save(update_fields=["title", "at", "place"])
    dropped = _free(row)
    SessionItem.objects.filter(session=row).delete()
    _table(actor, [(row, new)], now)
    for topic in dropped:
        if topic.pk not in new.topics:
            tell_author(actor, topic, f"untabled:{row.pk}:{now.isoformat()}", UNTABLED, now)
    tell(actor, [(row.council, _called(row))], now)
    return row


@transaction.atomic
def call_off_session(*, actor: Actor, session_id: int, reason: str, now: datetime) -> Session:
    """
    Call a meeting off; its topics wait for another. Anybody reads the reason.

    Raises SessionNotFound, NotAllowed, SessionIsOver, BadEntry.
    """
    row = _lock_called(actor, session_id)
    row.reason = public_text_of(reason, "reason", LINE_LENGTH_MAX, missing=_("请写明理由"))
    row.status = SessionStatus.CANCELLED
    row.save(update_fields=["status", "reason"])
    for topic in _free(row):
        tell_author(actor, topic, f"untabled:{row.pk}", UNTABLED, now)
    tell(actor, [(row.council, SessionCalledOff(row.pk, row.reason))], now)
    return row


@transaction.atomic
def hold_sessions(*, actor: Actor, held: Sequence[SessionHeld], now: datetime) -> list[Session]:
    """
    Take down minutes, who was there and what was resolved at meetings that were held.

    Where the kind of council has a quorum, nothing is resolved below it; where it counts who agreed, more than its
    share of those present must have.
    Raises SessionNotFound, NotAllowed, SessionIsOver, NotQuorate, BadEntry (not begun yet, no minutes): then none is.
    """
    bounded(held)
    rows = queries.lock_sessions(each.meeting_id for each in held)
    resolutions: list[Resolution] = []
    facts: list[tuple[Council, Fact]] = []
    topics: list[Topic] = []
    for each in held:
        row = rows[each.meeting_id]
        kept(actor, row.council, local_date(row.at))
        _check_called(row)
        if row.at > now:
            raise BadEntry(_("会议还没有开始"))
        members = {member.pk for member in queries.members_on(row.council_id, local_date(row.at))}
        if set(each.present) - members:
            raise BadEntry(_("到会的应是本议事组织的成员"), {"present": _("到会的应是本议事组织的成员")})
        row.members, row.present_ids = len(members), sorted(set(each.present))
        row.quorum = queries.rules().kind_by_id(row.council.kind_id).quorum
        row.minutes = text_of(each.minutes, "minutes", MINUTES_LENGTH_MAX, missing=_("请填写会议纪要"))
        row.status = SessionStatus.HELD
        _publish(row, each.summary, now)
        made = _resolutions(row, each.resolutions, now)
        resolutions += made
        fact = SessionMet(row.pk, row.council_id, row.members, len(row.present_ids), len(made))
        facts.append((row.council, fact))
        topics += _discussed(row, now)
    names = ["status", "minutes", "summary", "published_at", "members", "present_ids", "quorum"]
    Session.objects.bulk_update(rows.values(), names)
    Resolution.objects.bulk_create(resolutions)
    tell(actor, facts, now)
    _tell_published(actor, [row for row in rows.values() if row.published_at], topics, now)
    return [rows[each.meeting_id] for each in held]


@transaction.atomic
def publish_session_summary(*, actor: Actor, session_id: int, summary: str, now: datetime) -> Session:
    """
    Publish what was talked about at a meeting, or write what was published anew; who raised its topics is told.

    Raises SessionNotFound, NotAllowed, SessionIsOver (not held), BadEntry.
    """
    row = _lock_held(actor, session_id)
    _publish(row, text_of(summary, "summary", WORDS_LENGTH_MAX, missing=_("请填写公开摘要")), now)
    row.save(update_fields=["summary", "published_at"])
    tell(actor, [(row.council, SummaryPublished(row.pk))], now)
    _tell_published(actor, [row], list(Topic.objects.filter(items__session=row)), now)
    return row


@transaction.atomic
def add_resolutions(
    *, actor: Actor, session_id: int, resolutions: Sequence[NewResolution], now: datetime
) -> list[Resolution]:
    """
    Add what a meeting that was held resolved and nobody took down then.

    Raises SessionNotFound, NotAllowed, SessionIsOver (not held), NotQuorate, BadEntry.
    """
    row = _lock_held(actor, session_id)
    made = Resolution.objects.bulk_create(_resolutions(row, resolutions, now))
    tell(actor, [(row.council, ResolutionsAdded(row.pk, len(made)))], now)
    return made


def _lock_called(actor: Actor, session_id: int) -> Session:
    (row,) = queries.lock_sessions([session_id]).values()
    policies.check_can_convene(actor, row.council)
    _check_called(row)
    return row


def _lock_held(actor: Actor, session_id: int) -> Session:
    (row,) = queries.lock_sessions([session_id]).values()
    policies.check_can_convene(actor, row.council)
    if row.status != SessionStatus.HELD:
        raise SessionIsOver(_("会议还没有召开，或已经取消"))
    return row


def _check_called(row: Session) -> None:
    if row.status != SessionStatus.CALLED:
        raise SessionIsOver(_("会议当前为“%(status)s”") % {"status": SessionStatus(row.status).label})


def _called(row: Session) -> Fact:
    return SessionCalled(row.pk, row.council_id, row.title, row.at.isoformat())


def _write_call(row: Session, new: NewSession, now: datetime) -> None:
    row.title = public_text_of(new.title, "title", TITLE_LENGTH_MAX, missing=_("请填写会议名称"))
    row.place = public_text_of(new.place, "place", LINE_LENGTH_MAX)
    day_of(local_date(new.at), "at", local_date(now))
    row.at = new.at
    if not 1 <= len(new.topics) + len(new.items) <= AGENDA_MAX:
        wrong = _("议程应有 1 至 %(n)d 项") % {"n": AGENDA_MAX}
        raise BadEntry(wrong, {"items": wrong})


def _table(actor: Actor, called: Sequence[tuple[Session, NewSession]], now: datetime) -> None:
    """Put accepted topics and the councils' own matters on the agendas."""
    wanted = [topic_id for _row, new in called for topic_id in new.topics]
    if len(wanted) != len(set(wanted)):
        raise BadEntry(_("同一提议只能列一次"), {"topics": _("同一提议只能列一次")})
    topics = queries.lock_topics(wanted)
    items: list[SessionItem] = []
    for row, new in called:
        for topic_id in new.topics:
            topic = topics[topic_id]
            if topic.status != TopicStatus.ACCEPTED:
                raise WrongTopicState(_("提议当前为“%(status)s”") % {"status": TopicStatus(topic.status).label})
            if not topic.area_path.startswith(row.council.area_path):
                raise BadEntry(_("这条提议不属于本议事组织的范围"), {"topics": _("这条提议不属于本议事组织的范围")})
            topic.status = TopicStatus.TABLED
        own = (public_text_of(text, "items", LINE_LENGTH_MAX, missing=_("请填写议程")) for text in new.items)
        lines = [*((topics[each].title, topics[each]) for each in new.topics), *((text, None) for text in own)]
        items += [
            SessionItem(session=row, order=order, title=title, topic=topic)
            for order, (title, topic) in enumerate(lines, start=1)
        ]
    SessionItem.objects.bulk_create(items)
    Topic.objects.bulk_update(topics.values(), ["status"])
    for item in items:
        if item.topic is not None:
            at = item.session.at.astimezone(LOCAL).strftime("%Y-%m-%d %H:%M")
            tell_author(actor, item.topic, f"tabled:{item.session_id}:{at}", TABLED, now, at=at)


def _topics_of(row: Session) -> list[Topic]:
    ids = SessionItem.objects.filter(session=row, topic__isnull=False).values_list("topic_id", flat=True)
    return list(queries.lock_topics(ids).values())


def _free(row: Session) -> list[Topic]:
    """Let the topics of an agenda wait for another."""
    topics = _topics_of(row)
    for topic in topics:
        topic.status = TopicStatus.ACCEPTED
    Topic.objects.bulk_update(topics, ["status"])
    return topics


def _discussed(row: Session, now: datetime) -> list[Topic]:
    topics = _topics_of(row)
    for topic in topics:
        topic.status, topic.closed_at = TopicStatus.DISCUSSED, now
    Topic.objects.bulk_update(topics, ["status", "closed_at"])
    return topics


def _publish(row: Session, summary: str, now: datetime) -> None:
    row.summary = public_text_of(summary, "summary", WORDS_LENGTH_MAX)
    row.published_at = (row.published_at or now) if row.summary else None


def _tell_published(actor: Actor, rows: Sequence[Session], topics: Sequence[Topic], now: datetime) -> None:
    if not rows:
        return
    public = {item.topic_id: item.session_id for item in SessionItem.objects.filter(session__in=rows)}
    for topic in topics:
        if topic.pk in public:
            tell_author(actor, topic, f"published:{public[topic.pk]}", PUBLISHED, now)


def _resolutions(row: Session, given: Sequence[NewResolution], now: datetime) -> list[Resolution]:
    """Return what was resolved, as rows. Raises NotQuorate, BadEntry."""
    if len(given) > AGENDA_MAX:
        raise BadEntry(_("议定事项最多 %(n)d 项") % {"n": AGENDA_MAX})
    present, today = len(row.present_ids), local_date(now)
    quorum = share_of(row.quorum)
    if given and quorum is not None and Fraction(present, row.members or 1) < quorum:
        told = {"members": row.members, "present": present, "quorum": row.quorum}
        raise NotQuorate(
            _("应到 %(members)d 人，到会 %(present)d 人，不足 %(quorum)s，不能议定事项") % told
        )  # fmt: skip
    passes = share_of(queries.rules().kind_by_id(row.council.kind_id).passes)
    tabled = set(SessionItem.objects.filter(session=row, topic__isnull=False).values_list("topic_id", flat=True))
    made = []
    for each in given:
        if passes is not None:
            if each.agreed is None:
                raise BadEntry(_("请填写同意人数"), {"resolutions": _("请填写同意人数")})
            if not Fraction(each.agreed, present or 1) > passes:
                told = {"agreed": each.agreed, "present": present, "passes": str(passes)}
                raise NotQuorate(_("到会 %(present)d 人，同意 %(agreed)d 人，未超过 %(passes)s") % told)
        if each.agreed is not None and not 0 <= each.agreed <= present:
            raise BadEntry(_("同意人数不能超过到会人数"), {"resolutions": _("同意人数不能超过到会人数")})
        if each.topic_id is not None and each.topic_id not in tabled:
            raise BadEntry(_("这条提议不在议程上"), {"resolutions": _("这条提议不在议程上")})
        made.append(
            Resolution(
                session=row, topic_id=each.topic_id, agreed=each.agreed, decided_at=row.at,
                text=public_text_of(each.text, "resolutions", WORDS_LENGTH_MAX, missing=_("请填写议定事项")),
                office_id=office_of(each.office_id or row.council.organization_id, "resolutions", today).id,
                due_on=day_of(each.due_on, "resolutions", today) if each.due_on else None,
            )
        )  # fmt: skip
    return made
