"""Councils and who sits in them: set up, seated, left, ended. A council is locked before its members."""

from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from haitang.core import access, history
from haitang.core.access import Actor
from haitang.core.clock import local_date
from haitang.core.constraints import refusing
from haitang.councils import policies, queries
from haitang.councils.actions.shared import (
    area_of,
    audience_of,
    bounded,
    day_of,
    kept,
    last_day,
    office_of,
    public_text_of,
    tell,
    text_of,
)
from haitang.councils.facts import CouncilEnded, CouncilSetUp, CouncilsMoved, MemberLeft, MemberSeated
from haitang.councils.models import Council, Member, Question, Topic
from haitang.councils.values import (
    LINE_LENGTH_MAX,
    NAME_LENGTH_MAX,
    TITLE_LENGTH_MAX,
    BadEntry,
    CouncilExists,
    MemberAlready,
    NewCouncil,
    NewMember,
    Permission,
    Post,
)
from haitang.people.queries import get_account_id
from haitang.people.values import AccountUnknown
from haitang.territory.queries import territory


@transaction.atomic
def set_up_councils(*, actor: Actor, news: Sequence[NewCouncil], now: datetime) -> list[Council]:
    """
    Set up councils, with one statement for all.

    Takes CONVENE over each area. Raises NotAllowed, NoSuchKind, BadEntry, CouncilExists: then none is set up.
    """
    bounded(news)
    today, rows = local_date(now), []
    for new in news:
        area, kind = area_of(new.area_id), queries.rules().kind(new.kind)
        access.require(actor, Permission.CONVENE, area_path=area.path)
        if not kind.is_active:
            raise BadEntry(_("这一类已停用"), {"kind": _("这一类已停用")})
        rows.append(
            Council(
                kind_id=kind.id, area_id=area.id, area_ids=list(area.ids), entered_at=now,
                name=public_text_of(new.name, "name", TITLE_LENGTH_MAX, missing=_("请填写名称")),
                habit=public_text_of(new.habit, "habit", TITLE_LENGTH_MAX),
                organization_id=office_of(new.organization_id, "organization", today).id,
                from_date=day_of(new.from_date, "from_date", today),
            )
        )  # fmt: skip
    with refusing({"councils_named_once": CouncilExists(_("这个区域已有同名的议事组织"))}):
        Council.objects.bulk_create(rows)
    tell(actor, [(row, CouncilSetUp(row.pk, row.name)) for row in rows], now)
    return rows


@transaction.atomic
def end_council(*, actor: Actor, council_id: int, on: date, reason: str, now: datetime) -> Council:
    """
    End a council on a day, and with it every membership; its meetings and resolutions stay.

    Raises CouncilNotFound, NotAllowed, CouncilHasEnded, BadEntry (no reason, before it began).
    """
    today = local_date(now)
    row = kept(actor, queries.lock_council(council_id), today)
    reason = text_of(reason, "reason", LINE_LENGTH_MAX, missing=_("请写明理由"))
    row.to_date = last_day(row.from_date, on, today)
    row.save(update_fields=["to_date"])
    Member.objects.filter(council=row, to_date=None, from_date__lte=on).update(to_date=on, reason=reason)
    fact = CouncilEnded(row.pk, on.isoformat(), reason)
    history.record(actor=actor, fact=fact, at=now, audience=audience_of(row))
    return row


@transaction.atomic
def seat_council_members(*, actor: Actor, news: Sequence[NewMember], now: datetime) -> list[Member]:
    """
    Seat members in councils, with a few statements for all.

    Takes CONVENE. Raises CouncilNotFound, NotAllowed, CouncilHasEnded, MemberAlready, BadEntry (no account of that
    name, a term that ends before it begins): then none is seated.
    """
    bounded(news)
    today, rows = local_date(now), []
    councils = queries.lock_councils(new.council_id for new in news)
    for row in councils.values():
        kept(actor, row, today)
    for new in news:
        if new.post not in Post.values:
            raise BadEntry(_("请选择职务"), {"post": _("请选择职务")})
        from_date = day_of(new.from_date, "from_date", today)
        if new.until is not None and day_of(new.until, "until", today) <= from_date:
            raise BadEntry(_("任期应晚于任职日期"), {"until": _("任期应晚于任职日期")})
        rows.append(
            Member(
                council=councils[new.council_id], post=new.post, from_date=from_date, until=new.until,
                name=text_of(new.name, "name", NAME_LENGTH_MAX, missing=_("请填写姓名")),
                account_id=_account(new.username),
            )
        )  # fmt: skip
    with refusing({"councils_member_once": MemberAlready(_("该成员已在任"))}):
        Member.objects.bulk_create(rows)
    tell(actor, [(row.council, MemberSeated(row.council_id, row.pk, row.name, row.post)) for row in rows], now)
    return rows


def _account(username: str) -> int | None:
    if not username.strip():
        return None
    try:
        return get_account_id(username.strip())
    except AccountUnknown as refusal:
        wrong = _("没有这个账号")
        raise BadEntry(wrong, {"username": wrong}) from refusal


@transaction.atomic
def let_member_leave(*, actor: Actor, member_id: int, on: date, reason: str, now: datetime) -> Member:
    """Let a member leave on a day. Raises MemberNotFound, NotAllowed, BadEntry."""
    row = queries.lock_member(member_id)
    policies.check_can_convene(actor, row.council)
    row.reason = text_of(reason, "reason", LINE_LENGTH_MAX, missing=_("请写明理由"))
    row.to_date = last_day(row.from_date, on, local_date(now))
    row.save(update_fields=["to_date", "reason"])
    tell(actor, [(row.council, MemberLeft(row.council_id, row.pk, on.isoformat(), row.reason))], now)
    return row


@transaction.atomic
def move_councils(*, actor: Actor, area_id: int, new_area_id: int, now: datetime) -> int:
    """Tie to an area's new version what lay in the old one, and return how many rows. For the clock; again: nothing."""
    ids, moved = list(territory().area(new_area_id).ids), 0
    for model in (Council, Topic, Question):
        moved += model.objects.filter(area_id=area_id).update(area_id=new_area_id, area_ids=ids)
    if moved:
        history.record(actor=actor, fact=CouncilsMoved(area_id, new_area_id, moved), at=now)
    return moved
