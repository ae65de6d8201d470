"""Committees and who sits in them: set up, seated, replaced, ended. A committee is locked before its seats."""

from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from haitang.alliances import policies, queries
from haitang.alliances.actions.shared import (
    area_of,
    bounded,
    check_stands,
    committee_audience,
    day_of,
    last_day,
    office_of,
    text_of,
)
from haitang.alliances.facts import CommitteeEnded, CommitteeSetUp, SeatLeft, SeatTaken
from haitang.alliances.models import Committee, Seat
from haitang.alliances.values import (
    LINE_LENGTH_MAX,
    NAME_LENGTH_MAX,
    TITLE_LENGTH_MAX,
    AlreadySeated,
    BadWords,
    CommitteeExists,
    CommitteeKind,
    NewCommittee,
    NewSeat,
    SeatKind,
)
from haitang.core import history
from haitang.core.access import Actor
from haitang.core.clock import local_date
from haitang.core.constraints import refusing

_ONE_EACH = {f"alliances_committee_{kind}" for kind in CommitteeKind}
_SEATS = ("alliances_seat_once", "alliances_seat_replaced_once")


@transaction.atomic
def set_up_committees(*, actor: Actor, news: Sequence[NewCommittee], now: datetime) -> list[Committee]:
    """
    Set up committees, with one statement for all: one of a kind for an area at a time.

    Takes CONVENE over each area. Raises NotAllowed, BadWords, CommitteeExists: then none is set up.
    """
    today, rows = local_date(now), []
    for new in news:
        area = area_of(new.area_id)
        policies.check_can_convene(actor, area.path)
        if new.kind not in CommitteeKind.values:
            raise BadWords(_("请选择类型"), {"kind": _("请选择类型")})
        rows.append(
            Committee(
                kind=new.kind, name=text_of(new.name, "name", TITLE_LENGTH_MAX, missing=_("请填写名称")),
                organization_id=office_of(new.organization_id, "organization", today).id, area_id=area.id,
                area_ids=list(area.ids), from_date=day_of(new.from_date, "from_date", today), entered_at=now,
            )
        )  # fmt: skip
    with refusing(dict.fromkeys(_ONE_EACH, CommitteeExists(_("这个区域已有这一级的委员会")))):
        Committee.objects.bulk_create(rows)
    history.record_each(
        actor=actor, facts=[(CommitteeSetUp(row.pk, row.name), committee_audience(row)) for row in rows], at=now
    )
    return rows


@transaction.atomic
def end_committee(*, actor: Actor, committee_id: int, to_date: date, reason: str, now: datetime) -> Committee:
    """
    End a committee on a day, and with it every seat; its meetings and decisions stay.

    Raises CommitteeNotFound, NotAllowed, BadWords (no reason, before it began).
    """
    row = queries.lock_committee(committee_id)
    _check(actor, row)
    reason = text_of(reason, "reason", LINE_LENGTH_MAX, missing=_("请写明理由"))
    check_stands(row.to_date, local_date(now))
    row.to_date = last_day(row.from_date, to_date, local_date(now))
    row.save(update_fields=["to_date"])
    Seat.objects.filter(committee=row, to_date=None, from_date__lte=to_date).update(to_date=to_date, reason=reason)
    fact = CommitteeEnded(row.pk, to_date.isoformat(), reason)
    history.record(actor=actor, fact=fact, at=now, audience=committee_audience(row))
    return row


@transaction.atomic
def seat_members(*, actor: Actor, news: Sequence[NewSeat], now: datetime) -> list[Seat]:
    """
    Seat members in committees, with a few statements for all.

    Takes CONVENE. Raises CommitteeNotFound, NotAllowed, AlreadySeated, BadWords (a part-time member without a unit, a
    term that ends before it begins): then none is seated.
    """
    bounded(news)
    committees = queries.lock_committees(new.committee_id for new in news)
    for row in committees.values():
        _check(actor, row)
        check_stands(row.to_date, local_date(now))
    return _seat(actor, [(committees[new.committee_id], new, None) for new in news], now)


@transaction.atomic
def replace_member(
    *, actor: Actor, seat_id: int, on: date, reason: str, now: datetime, new: NewSeat | None = None
) -> Seat | None:
    """
    Let a member leave on a day, and another take the seat from that day on; with no other, the seat stays empty.

    Returns the new seat. Raises SeatNotFound, NotAllowed, AlreadySeated (somebody else was faster), BadWords.
    """
    seat = queries.lock_seat(seat_id)
    committee = seat.committee
    _check(actor, committee)
    seat.reason = text_of(reason, "reason", LINE_LENGTH_MAX, missing=_("请写明理由"))
    seat.to_date = last_day(seat.from_date, on, local_date(now), "on")
    seat.save(update_fields=["to_date", "reason"])
    fact = SeatLeft(committee.pk, seat.pk, on.isoformat(), seat.reason)
    history.record(actor=actor, fact=fact, at=now, audience=committee_audience(committee))
    return _seat(actor, [(committee, new, seat)], now)[0] if new is not None else None


def _seat(actor: Actor, news: Sequence[tuple[Committee, NewSeat, Seat | None]], now: datetime) -> list[Seat]:
    today, rows = local_date(now), []
    for committee, new, before in news:
        if new.kind not in SeatKind.values:
            raise BadWords(_("请选择类型"), {"kind": _("请选择类型")})
        if new.kind == SeatKind.PART_TIME and new.home_id is None:
            raise BadWords(_("兼职委员请填写所在单位"), {"home": _("兼职委员请填写所在单位")})
        from_date = day_of(before.to_date if before and before.to_date else new.from_date, "from_date", today)
        if new.until is not None and day_of(new.until, "until", today) <= from_date:
            raise BadWords(_("任期应晚于任职日期"), {"until": _("任期应晚于任职日期")})
        rows.append(
            Seat(
                committee=committee, kind=new.kind, from_date=from_date, until=new.until, replaces=before,
                name=text_of(new.name, "name", NAME_LENGTH_MAX, missing=_("请填写姓名")),
                post=text_of(new.post, "post", NAME_LENGTH_MAX, missing=_("请填写职务")),
                home_id=office_of(new.home_id, "home", today).id if new.home_id is not None else None,
            )
        )  # fmt: skip
    with refusing(dict.fromkeys(_SEATS, AlreadySeated(_("该成员已在任，或席位刚被接替")))):
        Seat.objects.bulk_create(rows)
    history.record_each(
        actor=actor, at=now,
        facts=[
            (SeatTaken(row.committee_id, row.pk, row.kind, row.name, row.post, row.home_id),
             committee_audience(row.committee))
            for row in rows
        ],
    )  # fmt: skip
    return rows


def _check(actor: Actor, row: Committee) -> None:
    policies.check_may_see_committee(actor, row, ())
    policies.check_can_convene_in(actor, row)
