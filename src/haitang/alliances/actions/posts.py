"""Leaders' contact points, workstations and instructors."""

from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from haitang.alliances import policies, queries
from haitang.alliances.actions.shared import (
    area_audience,
    area_of,
    bounded,
    check_stands,
    day_of,
    last_day,
    office_of,
    text_of,
)
from haitang.alliances.facts import (
    ContactPointEnded,
    ContactPointSet,
    ContactPointVisited,
    InstructorReturned,
    InstructorSent,
    WorkstationClosed,
    WorkstationOpened,
)
from haitang.alliances.models import ContactPoint, Instructor, PointVisit, Workstation
from haitang.alliances.values import (
    LINE_LENGTH_MAX,
    NAME_LENGTH_MAX,
    TITLE_LENGTH_MAX,
    WORDS_LENGTH_MAX,
    AlreadyPart,
    BadWords,
    NewInstructor,
    NewPoint,
    NewStation,
    NewVisit,
)
from haitang.core import history
from haitang.core.access import Actor
from haitang.core.clock import local_date
from haitang.core.constraints import refusing


@transaction.atomic
def set_contact_points(*, actor: Actor, news: Sequence[NewPoint], now: datetime) -> list[ContactPoint]:
    """
    Let leaders keep in contact with communities, with one statement for all.

    Takes KEEP over each area. Raises NotAllowed, BadWords, AlreadyPart (the leader has this community): then none.
    """
    bounded(news)
    today, rows = local_date(now), []
    for new in news:
        area = area_of(new.area_id)
        policies.check_can_keep(actor, area.path)
        rows.append(
            ContactPoint(
                leader=text_of(new.leader, "leader", NAME_LENGTH_MAX, missing=_("请填写领导姓名")),
                post=text_of(new.post, "post", NAME_LENGTH_MAX, missing=_("请填写职务")), area_id=area.id,
                area_ids=list(area.ids), from_date=day_of(new.from_date, "from_date", today), entered_at=now,
                home_id=office_of(new.home_id, "home", today).id if new.home_id else None,
            )
        )  # fmt: skip
    with refusing({"alliances_point_once": AlreadyPart(_("这位领导已经联系这个社区"))}):
        ContactPoint.objects.bulk_create(rows)
    facts = [(ContactPointSet(row.pk, row.leader, row.area_id), area_audience(row)) for row in rows]
    history.record_each(actor=actor, facts=facts, at=now)
    return rows


@transaction.atomic
def visit_points(*, actor: Actor, news: Sequence[NewVisit], now: datetime) -> list[PointVisit]:
    """
    Take down what leaders heard on visits and what came of it, with a few statements for all.

    Takes KEEP. Raises PointNotFound, NotAllowed, HasEnded, BadWords (a day to come, nothing said): then none is.
    """
    bounded(news)
    points, today = queries.lock_points(new.point_id for new in news), local_date(now)
    rows = []
    for new in news:
        point = points[new.point_id]
        policies.check_can_keep_row(actor, point)
        check_stands(point.to_date, today)
        rows.append(
            PointVisit(
                point=point, on=day_of(new.on, "on", today, past=True), entered_at=now,
                what=text_of(new.what, "what", WORDS_LENGTH_MAX, missing=_("请写明了解到什么")),
                outcome=text_of(new.outcome, "outcome", WORDS_LENGTH_MAX),
            )
        )  # fmt: skip
    PointVisit.objects.bulk_create(rows)
    facts = [
        (ContactPointVisited(row.point_id, row.on.isoformat(), row.what), area_audience(row.point)) for row in rows
    ]
    history.record_each(actor=actor, facts=facts, at=now)
    return rows


@transaction.atomic
def end_contact_point(*, actor: Actor, point_id: int, to_date: date, reason: str, now: datetime) -> ContactPoint:
    """End a contact point on a day. Takes KEEP. Raises PointNotFound, NotAllowed, HasEnded, BadWords (no reason)."""
    row = queries.lock_points([point_id])[point_id]
    _end(actor, row, to_date, reason, now)
    fact = ContactPointEnded(row.pk, to_date.isoformat(), row.reason)
    history.record(actor=actor, fact=fact, at=now, audience=area_audience(row))
    return row


def _end(actor: Actor, row: ContactPoint | Workstation, to_date: date, reason: str, now: datetime) -> None:
    today = local_date(now)
    policies.check_can_keep_row(actor, row)
    check_stands(row.to_date, today)
    row.reason = text_of(reason, "reason", LINE_LENGTH_MAX, missing=_("请写明理由"))
    row.to_date = last_day(row.from_date, to_date, today)
    row.save(update_fields=["to_date", "reason"])


@transaction.atomic
def open_stations(*, actor: Actor, news: Sequence[NewStation], now: datetime) -> list[Workstation]:
    """Open workstations, with one statement for all. Takes KEEP over each area. Raises NotAllowed, BadWords."""
    bounded(news)
    today, rows = local_date(now), []
    for new in news:
        area = area_of(new.area_id)
        policies.check_can_keep(actor, area.path)
        rows.append(
            Workstation(
                name=text_of(new.name, "name", TITLE_LENGTH_MAX, missing=_("请填写名称")), area_id=area.id,
                place=text_of(new.place, "place", LINE_LENGTH_MAX, missing=_("请填写地址")), area_ids=list(area.ids),
                host_id=office_of(new.host_id, "host", today).id, words=text_of(new.words, "words", WORDS_LENGTH_MAX),
                from_date=day_of(new.from_date, "from_date", today), entered_at=now,
            )
        )  # fmt: skip
    Workstation.objects.bulk_create(rows)
    facts = [(WorkstationOpened(row.pk, row.name), area_audience(row)) for row in rows]
    history.record_each(actor=actor, facts=facts, at=now)
    return rows


@transaction.atomic
def close_station(*, actor: Actor, station_id: int, to_date: date, reason: str, now: datetime) -> Workstation:
    """Close a workstation, and with it its instructors' tasks. Takes KEEP. Raises StationNotFound, HasEnded."""
    row = queries.lock_stations([station_id])[station_id]
    _end(actor, row, to_date, reason, now)
    Instructor.objects.filter(station=row, to_date=None, from_date__lte=to_date).update(to_date=to_date)
    fact = WorkstationClosed(row.pk, to_date.isoformat(), row.reason)
    history.record(actor=actor, fact=fact, at=now, audience=area_audience(row))
    return row


@transaction.atomic
def send_instructors(*, actor: Actor, news: Sequence[NewInstructor], now: datetime) -> list[Instructor]:
    """
    Send instructors from workstations to organizations, with a few statements for all.

    Takes KEEP over the station's area. Raises StationNotFound, NotAllowed, HasEnded, AlreadyPart, BadWords: then none.
    """
    bounded(news)
    stations, today = queries.lock_stations(new.station_id for new in news), local_date(now)
    rows = []
    for new in news:
        station = stations[new.station_id]
        policies.check_can_keep_row(actor, station)
        check_stands(station.to_date, today)
        from_date = day_of(new.from_date, "from_date", today)
        if new.until is not None and day_of(new.until, "until", today) <= from_date:
            raise BadWords(_("任期应晚于任职日期"), {"until": _("任期应晚于任职日期")})
        rows.append(
            Instructor(
                station=station, name=text_of(new.name, "name", NAME_LENGTH_MAX, missing=_("请填写姓名")),
                organization_id=office_of(new.organization_id, "organization", today).id, from_date=from_date,
                home_id=office_of(new.home_id, "home", today).id if new.home_id else None, until=new.until,
            )
        )  # fmt: skip
    with refusing({"alliances_instructor_once": AlreadyPart(_("已经在指导这个单位"))}):
        Instructor.objects.bulk_create(rows)
    facts = [
        (InstructorSent(row.station_id, row.name, row.organization_id), area_audience(row.station)) for row in rows
    ]
    history.record_each(actor=actor, facts=facts, at=now)
    return rows


@transaction.atomic
def end_instructor(*, actor: Actor, instructor_id: int, to_date: date, now: datetime) -> Instructor:
    """End an instructor's task on a day. Takes KEEP. Raises PartNotFound, NotAllowed, BadWords."""
    row = queries.lock_instructor(instructor_id)
    policies.check_can_keep_row(actor, row.station)
    row.to_date = last_day(row.from_date, to_date, local_date(now))
    row.save(update_fields=["to_date"])
    fact = InstructorReturned(row.station_id, row.name, to_date.isoformat())
    history.record(actor=actor, fact=fact, at=now, audience=area_audience(row.station))
    return row
