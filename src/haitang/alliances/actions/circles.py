"""Alliances and action branches: formed, joined, left, ended. The alliance or branch is locked before its parts."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime

from django.db import transaction
from django.db.models import Q
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
    ActionBranchEnded,
    ActionBranchFormed,
    ActionBranchJoined,
    ActionBranchLeft,
    AllianceEnded,
    AllianceFounded,
    AlliancePartnerLeft,
    AlliancePartnersJoined,
)
from haitang.alliances.models import ActionBranch, Alliance, BranchMember, Partner
from haitang.alliances.values import (
    LINE_LENGTH_MAX,
    MEMBERS_MAX,
    NAME_LENGTH_MAX,
    PARTNERS_MAX,
    TITLE_LENGTH_MAX,
    WORDS_LENGTH_MAX,
    AlreadyPart,
    BadWords,
    Base,
    Level,
    NewAlliance,
    NewBranch,
    NewPartner,
)
from haitang.core import history
from haitang.core.access import Actor, require
from haitang.core.clock import local_date
from haitang.core.constraints import refusing
from haitang.core.scoping import path_of
from haitang.volunteers.queries import lock_volunteers
from haitang.volunteers.values import Permission as VolunteerPermission
from haitang.volunteers.values import VolunteerNotFound


@transaction.atomic
def found_alliances(*, actor: Actor, news: Sequence[NewAlliance], now: datetime) -> list[Alliance]:
    """
    Found alliances with their first partners, with two statements for all.

    Takes KEEP over each area. Raises NotAllowed, BadWords, AlreadyPart (a partner twice): then none is founded.
    """
    bounded(news)
    today = local_date(now)
    rows: list[Alliance] = []
    partners: list[Partner] = []
    for new in news:
        area = area_of(new.area_id)
        policies.check_can_keep(actor, area.path)
        if new.level not in Level.values:
            raise BadWords(_("请选择层级"), {"level": _("请选择层级")})
        row = Alliance(
            name=text_of(new.name, "name", TITLE_LENGTH_MAX, missing=_("请填写名称")),
            purpose=text_of(new.purpose, "purpose", WORDS_LENGTH_MAX, missing=_("请填写宗旨")), level=new.level,
            lead_id=office_of(new.lead_id, "lead", today).id, area_id=area.id, area_ids=list(area.ids),
            from_date=day_of(new.from_date, "from_date", today), entered_at=now,
        )  # fmt: skip
        rows.append(row)
        partners += _partners(row, new.partners, row.from_date, today)
    Alliance.objects.bulk_create(rows)
    _write_partners(partners)
    facts = [
        (AllianceFounded(row.pk, row.name, sum(each.alliance is row for each in partners)), area_audience(row))
        for row in rows
    ]
    history.record_each(actor=actor, facts=facts, at=now)
    return rows


@transaction.atomic
def join_alliance(
    *, actor: Actor, alliance_id: int, partners: Sequence[NewPartner], from_date: date, now: datetime
) -> list[Partner]:
    """
    Let organizations join an alliance, those outside the city by name.

    Takes KEEP. Raises AllianceNotFound, NotAllowed, HasEnded, AlreadyPart, BadWords.
    """
    row, today = queries.lock_alliance(alliance_id), local_date(now)
    policies.check_can_keep_row(actor, row)
    check_stands(row.to_date, today)
    made = _write_partners(_partners(row, partners, day_of(from_date, "from_date", today), today))
    facts = [(AlliancePartnersJoined(row.pk, queries.partner_name(each)), area_audience(row)) for each in made]
    history.record_each(actor=actor, facts=facts, at=now)
    return made


@transaction.atomic
def leave_alliance(*, actor: Actor, partner_id: int, to_date: date, now: datetime) -> Partner:
    """Let an organization leave an alliance on a day. Takes KEEP. Raises PartNotFound, NotAllowed, BadWords."""
    row = queries.lock_partner(partner_id)
    policies.check_can_keep_row(actor, row.alliance)
    row.to_date = last_day(row.from_date, to_date, local_date(now))
    row.save(update_fields=["to_date"])
    fact = AlliancePartnerLeft(row.alliance_id, queries.partner_name(row), to_date.isoformat())
    history.record(actor=actor, fact=fact, at=now, audience=area_audience(row.alliance))
    return row


@transaction.atomic
def end_alliance(*, actor: Actor, alliance_id: int, to_date: date, reason: str, now: datetime) -> Alliance:
    """End an alliance, and with it every partner's part. Takes KEEP. Raises AllianceNotFound, NotAllowed, HasEnded."""
    row, today = queries.lock_alliance(alliance_id), local_date(now)
    policies.check_can_keep_row(actor, row)
    check_stands(row.to_date, today)
    row.reason = text_of(reason, "reason", LINE_LENGTH_MAX, missing=_("请写明理由"))
    row.to_date = last_day(row.from_date, to_date, today)
    row.save(update_fields=["to_date", "reason"])
    Partner.objects.filter(alliance=row, to_date=None, from_date__lte=to_date).update(to_date=to_date)
    fact = AllianceEnded(row.pk, to_date.isoformat(), row.reason)
    history.record(actor=actor, fact=fact, at=now, audience=area_audience(row))
    return row


def _partners(row: Alliance, given: Sequence[NewPartner], from_date: date, today: date) -> list[Partner]:
    if len(given) > PARTNERS_MAX:
        raise BadWords(_("成员单位最多 %(n)d 个") % {"n": PARTNERS_MAX}, {"partners": _("成员单位过多")})
    found = []
    for each in given:
        name = text_of(each.outside_name, "partners", NAME_LENGTH_MAX)
        if (each.organization_id is None) == (not name):
            raise BadWords(
                _("成员填写本市单位，或外地单位的名称"), {"partners": _("成员填写本市单位，或外地单位的名称")}
            )
        found.append(
            Partner(
                alliance=row, outside_name=name, outside_place=text_of(each.outside_place, "partners", NAME_LENGTH_MAX),
                organization_id=office_of(each.organization_id, "partners", today).id if each.organization_id else None,
                role=text_of(each.role, "partners", LINE_LENGTH_MAX), from_date=from_date,
            )
        )  # fmt: skip
    return found


def _write_partners(rows: list[Partner]) -> list[Partner]:
    with refusing({"alliances_partner_once": AlreadyPart(_("这个单位已经是成员"))}):
        return Partner.objects.bulk_create(rows)


@transaction.atomic
def form_branches(*, actor: Actor, news: Sequence[NewBranch], now: datetime) -> list[ActionBranch]:
    """
    Form action branches with their first members, with a few statements for all. Members keep their home branches.

    Takes KEEP over each area and, for members, the sight of the register of helpers where they live.
    Raises NotAllowed, BadWords, VolunteerNotFound, AlreadyPart: then none is formed.
    """
    bounded(news)
    today = local_date(now)
    _check_people(actor, (pk for new in news for pk in new.volunteer_ids))
    rows: list[ActionBranch] = []
    members: list[BranchMember] = []
    for new in news:
        area = area_of(new.area_id)
        policies.check_can_keep(actor, area.path)
        if new.base not in Base.values:
            raise BadWords(_("请选择建在哪里"), {"base": _("请选择建在哪里")})
        from_date = day_of(new.from_date, "from_date", today)
        if day_of(new.until, "until", today) <= from_date:
            raise BadWords(_("计划结束应晚于成立日期"), {"until": _("计划结束应晚于成立日期")})
        row = ActionBranch(
            name=text_of(new.name, "name", TITLE_LENGTH_MAX, missing=_("请填写名称")), base=new.base,
            purpose=text_of(new.purpose, "purpose", WORDS_LENGTH_MAX, missing=_("请写明为什么任务成立")),
            parent_id=office_of(new.parent_id, "parent", today).id, area_id=area.id, area_ids=list(area.ids),
            from_date=from_date, until=new.until, entered_at=now,
        )  # fmt: skip
        rows.append(row)
        members += _members(row, new.volunteer_ids, from_date)
    ActionBranch.objects.bulk_create(rows)
    _write_members(members)
    counts = {id(row): len(new.volunteer_ids) for row, new in zip(rows, news, strict=True)}
    facts = [(ActionBranchFormed(row.pk, row.name, counts[id(row)]), area_audience(row)) for row in rows]
    history.record_each(actor=actor, facts=facts, at=now)
    return rows


@transaction.atomic
def join_branch(
    *, actor: Actor, branch_id: int, volunteer_ids: Sequence[int], from_date: date, now: datetime
) -> list[BranchMember]:
    """
    Let people of the register of helpers join an action branch; their home branches stay as they are.

    Takes KEEP, and the sight of the register where they live.
    Raises BranchNotFound, NotAllowed, HasEnded, VolunteerNotFound (withdrawn, too), AlreadyPart, BadWords.
    """
    row, today = queries.lock_branch(branch_id), local_date(now)
    policies.check_can_keep_row(actor, row)
    check_stands(row.to_date, today)
    _check_people(actor, volunteer_ids)
    made = _write_members(_members(row, volunteer_ids, day_of(from_date, "from_date", today)))
    fact = ActionBranchJoined(row.pk, len(made))
    history.record(actor=actor, fact=fact, at=now, audience=area_audience(row))
    return made


@transaction.atomic
def leave_branch(*, actor: Actor, member_id: int, to_date: date, now: datetime) -> BranchMember:
    """Let somebody leave an action branch on a day. Takes KEEP. Raises PartNotFound, NotAllowed, BadWords."""
    row = queries.lock_member(member_id)
    policies.check_can_keep_row(actor, row.branch)
    row.to_date = last_day(row.from_date, to_date, local_date(now))
    row.save(update_fields=["to_date"])
    fact = ActionBranchLeft(row.branch_id, row.pk, to_date.isoformat())
    history.record(actor=actor, fact=fact, at=now, audience=area_audience(row.branch))
    return row


@transaction.atomic
def end_branch(*, actor: Actor, branch_id: int, to_date: date, outcome: str, now: datetime) -> ActionBranch:
    """
    End an action branch, and with it everybody's part in it; what it had done is written down.

    Takes KEEP. Raises BranchNotFound, NotAllowed, HasEnded, BadWords (nothing said of the outcome).
    """
    row, today = queries.lock_branch(branch_id), local_date(now)
    policies.check_can_keep_row(actor, row)
    check_stands(row.to_date, today)
    row.outcome = text_of(outcome, "outcome", WORDS_LENGTH_MAX, missing=_("请写明成效"))
    row.to_date = last_day(row.from_date, to_date, today)
    row.save(update_fields=["to_date", "outcome"])
    running = BranchMember.objects.filter(branch=row).filter(Q(to_date=None) | Q(to_date__gt=to_date))
    running.filter(from_date__gt=to_date).delete()
    running.update(to_date=to_date)
    fact = ActionBranchEnded(row.pk, to_date.isoformat(), row.outcome)
    history.record(actor=actor, fact=fact, at=now, audience=area_audience(row))
    return row


@transaction.atomic
def forget_member(*, actor: Actor, volunteer_id: int, now: datetime) -> int:
    """Erase in which action branches somebody was who has withdrawn from the register; for the clock."""
    return BranchMember.objects.filter(volunteer_id=volunteer_id).delete()[0]


def _check_people(actor: Actor, volunteer_ids: Iterable[int]) -> None:
    """Lock these people of the register. Raises VolunteerNotFound, NotAllowed where the actor does not see them."""
    wanted = sorted(set(volunteer_ids))
    found = lock_volunteers(wanted)
    for pk in wanted:
        row = found.get(pk)
        if row is None or row.withdrawn_at is not None:
            raise VolunteerNotFound(_("没有找到这条志愿登记"))
        require(actor, VolunteerPermission.VIEW, area_path=path_of(row.area_ids), organization_id=row.unit_id)


def _members(row: ActionBranch, volunteer_ids: Sequence[int], from_date: date) -> list[BranchMember]:
    if len(volunteer_ids) > MEMBERS_MAX:
        raise BadWords(_("成员最多 %(n)d 名") % {"n": MEMBERS_MAX})
    return [BranchMember(branch=row, volunteer_id=pk, from_date=from_date) for pk in volunteer_ids]


def _write_members(rows: list[BranchMember]) -> list[BranchMember]:
    with refusing({"alliances_member_once": AlreadyPart(_("已经在这个行动支部"))}):
        return BranchMember.objects.bulk_create(rows)
