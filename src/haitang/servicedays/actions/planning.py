"""Days planned, once or by a rule, changed and called off."""

import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from haitang.core import crypto, history
from haitang.core.access import Actor
from haitang.core.clock import LOCAL, local_date
from haitang.organizations.queries import organizations
from haitang.servicedays import policies, queries
from haitang.servicedays.actions.shared import audience_of, check_goes_on, clean, promote
from haitang.servicedays.facts import (
    ServiceDayCancelled,
    ServiceDayPlanned,
    ServiceRuleEnded,
    ServiceRulePlanned,
    ShiftChanged,
)
from haitang.servicedays.models import CODE, ServiceDay, ServiceRule, Shift
from haitang.servicedays.values import (
    CODE_BYTES,
    PLACE_LENGTH_MAX,
    PLACES_MAX,
    SHIFTS_MAX,
    TASK_LENGTH_MAX,
    THEME_LENGTH_MAX,
    WORDS_LENGTH_MAX,
    DayInvalid,
    NewDay,
    NewRule,
    NewShift,
    Repeat,
    ShiftOver,
    days_of,
)
from haitang.territory.queries import territory
from haitang.territory.values import AreaRef
from haitang.volunteers.queries import rules as register
from haitang.volunteers.values import ItemKind

_RULES = 500


def _area(actor: Actor, code: str) -> AreaRef:
    area = territory().by_code(code)
    if area is None:
        raise DayInvalid(_("请选择区域"), {"area": _("请选择区域")})
    policies.check_can_plan(actor, area.path)
    return area


def _check_shifts(shifts: Sequence[NewShift]) -> None:
    def refuse(wrong: str) -> DayInvalid:
        return DayInvalid(wrong, {"shifts": wrong})

    if not 1 <= len(shifts) <= SHIFTS_MAX:
        raise refuse(_("请填写 1 至 %(n)d 个班次") % {"n": SHIFTS_MAX})
    offered = {item.code for item in register().of(ItemKind.SKILL)}
    for each in shifts:
        clean(each.task, "shifts", TASK_LENGTH_MAX, _("每个班次都要写明任务"))
        clean(each.place, "shifts", PLACE_LENGTH_MAX, _("每个班次都要写明地点"))
        if each.start >= each.end:
            raise refuse(_("班次的结束时间应晚于开始时间"))
        if not 1 <= each.places <= PLACES_MAX:
            raise refuse(_("名额应为 1 至 %(n)d") % {"n": PLACES_MAX})
        if not set(each.skills) <= offered:
            raise refuse(_("目录中没有所选的技能"))


def _make_shifts(day: ServiceDay, shifts: Sequence[NewShift]) -> None:
    Shift.objects.bulk_create(
        Shift(
            day=day, task=each.task.strip(), place=each.place.strip(), places=each.places, skills=list(each.skills),
            begins_at=datetime.combine(day.on, each.start, LOCAL), ends_at=datetime.combine(day.on, each.end, LOCAL),
            code_sealed=crypto.seal(secrets.token_urlsafe(CODE_BYTES), CODE),
        )
        for each in shifts
    )  # fmt: skip


@transaction.atomic
def plan_day(*, actor: Actor, new: NewDay, now: datetime) -> ServiceDay:
    """Plan one service day with its shifts, today or later. Raises NotAllowed, DayInvalid."""
    return write_day(actor, new, check_day(actor, new, now), now)


def check_day(actor: Actor, new: NewDay, now: datetime) -> AreaRef:
    """Return the area of a day to be planned. Raises NotAllowed, DayInvalid where it cannot stand."""
    area = _area(actor, new.area_code)
    clean(new.theme, "theme", THEME_LENGTH_MAX, _("请填写主题"))
    clean(new.words, "words", WORDS_LENGTH_MAX)
    _check_shifts(new.shifts)
    today = local_date(now)
    if not today <= new.on <= today + timedelta(days=366):
        wrong = _("日期应在今天以后、一年以内")
        raise DayInvalid(wrong, {"on": wrong})
    return area


def write_day(actor: Actor, new: NewDay, area: AreaRef, now: datetime) -> ServiceDay:
    """Write a day down that `check_day` has let through."""
    office = organizations().by_id(actor.organization_id)
    row = ServiceDay.objects.create(
        area_id=area.id, area_ids=list(area.ids), organization_id=office.id if office else None,
        theme=new.theme.strip(), words=new.words.strip(), on=new.on, made_at=now,
    )  # fmt: skip
    _make_shifts(row, new.shifts)
    fact = ServiceDayPlanned(row.pk, None, row.theme, new.on.isoformat(), len(new.shifts))
    history.record(actor=actor, fact=fact, at=now, audience=audience_of(row))
    return row


@transaction.atomic
def plan_rule(*, actor: Actor, new: NewRule, now: datetime) -> ServiceRule:
    """
    Plan a service day that comes again, and make its next days at once; the clock makes those after.

    Raises NotAllowed, DayInvalid.
    """
    area = _area(actor, new.area_code)
    theme = clean(new.theme, "theme", THEME_LENGTH_MAX, _("请填写主题"))
    words = clean(new.words, "words", WORDS_LENGTH_MAX)
    _check_shifts(new.shifts)
    if new.repeat not in Repeat.values or not 0 <= new.weekday <= 6 or not 1 <= new.nth <= 5:
        raise DayInvalid(_("请选择怎么重复"), {"repeat": _("请选择怎么重复")})
    if not local_date(now) <= new.from_date <= local_date(now) + timedelta(days=366):
        wrong = _("日期应在今天以后、一年以内")
        raise DayInvalid(wrong, {"on": wrong})
    if new.until_date is not None and new.until_date < new.from_date:
        wrong = _("截止日期不能早于起始日期")
        raise DayInvalid(wrong, {"until": wrong})
    office = organizations().by_id(actor.organization_id)
    row = ServiceRule.objects.create(
        area_id=area.id, area_ids=list(area.ids), organization_id=office.id if office else None, theme=theme,
        words=words, repeat=new.repeat, weekday=new.weekday, nth=new.nth, from_date=new.from_date,
        until_date=new.until_date, shifts=[each.stored() for each in new.shifts], made_at=now,
    )  # fmt: skip
    fact = ServiceRulePlanned(row.pk, theme, row.repeat, row.weekday, row.nth)
    history.record(actor=actor, fact=fact, at=now)
    _make_days(actor, row, now)
    return row


def _make_days(actor: Actor, rule: ServiceRule, now: datetime) -> int:
    """Make the days of a rule that is locked, as far ahead as the setting says; those there are left alone."""
    today = local_date(now)
    until = today + timedelta(days=queries.serviceday_rules()["ahead_days"])
    end = min(until, rule.until_date) if rule.until_date else until
    begin = max(today, rule.from_date)
    known = set(ServiceDay.objects.filter(rule=rule, on__gte=begin).values_list("on", flat=True))
    days = [day for day in days_of(rule.repeat, rule.weekday, rule.nth, begin, end) if day not in known]
    shifts = [NewShift.of(each) for each in rule.shifts]
    for on in days:
        row = ServiceDay.objects.create(
            rule=rule, area_id=rule.area_id, area_ids=rule.area_ids, organization_id=rule.organization_id,
            theme=rule.theme, words=rule.words, on=on, made_at=now,
        )  # fmt: skip
        _make_shifts(row, shifts)
        fact = ServiceDayPlanned(row.pk, rule.pk, row.theme, on.isoformat(), len(shifts))
        history.record(actor=actor, fact=fact, at=now, audience=audience_of(row))
    return len(days)


def make_days(*, actor: Actor, now: datetime) -> int:
    """Make the days to come of every rule that goes on, and return how many; run again, it makes none twice."""
    made = 0
    for rule_id in ServiceRule.objects.filter(ended_at=None).order_by("id").values_list("pk", flat=True)[:_RULES]:
        with transaction.atomic():
            rule = queries.lock_rule(rule_id)
            if rule.ended_at is None:
                made += _make_days(actor, rule, now)
    return made


@transaction.atomic
def end_rule(*, actor: Actor, rule_id: int, now: datetime) -> ServiceRule:
    """Let no more days come of a rule; those planned stay. Raises DayNotFound, NotAllowed."""
    row = queries.lock_rule(rule_id)
    policies.check_can_lead(actor, row)
    if row.ended_at is None:
        row.ended_at = now
        row.save(update_fields=["ended_at"])
        history.record(actor=actor, fact=ServiceRuleEnded(row.pk), at=now)
    return row


@transaction.atomic
def cancel_day(*, actor: Actor, day_id: int, reason: str, now: datetime) -> ServiceDay:
    """
    Call a service day off; everybody who has signed up is told, with the reason.

    Raises DayNotFound, NotAllowed, ShiftOver (it was called off, or a shift of it is settled), DayInvalid (no reason).
    """
    row = queries.lock_day(day_id)
    policies.check_can_lead(actor, row)
    if row.cancelled_at is not None or Shift.objects.filter(day=row, closed_at__isnull=False).exists():
        raise ShiftOver(_("这个服务日已取消或已有班次结束，不能取消"))
    row.reason = clean(reason, "reason", WORDS_LENGTH_MAX, _("请说明为什么取消，大家会看到"))
    row.cancelled_at = now
    row.save(update_fields=["cancelled_at", "reason"])
    history.record(actor=actor, fact=ServiceDayCancelled(row.pk, row.reason), at=now, audience=audience_of(row))
    return row


@transaction.atomic
def change_shift(*, actor: Actor, shift_id: int, places: int, now: datetime) -> Shift:
    """
    Let a shift take more people, or fewer than have not signed up yet; more places go to the wait list at once.

    Raises DayNotFound, NotAllowed, ShiftOver, DayInvalid.
    """
    shift = queries.lock_shift(shift_id)
    policies.check_can_lead(actor, shift.day)
    check_goes_on(shift)
    if not max(shift.taken, 1) <= places <= PLACES_MAX:
        wrong = _("名额应为 %(least)d 至 %(most)d") % {"least": max(shift.taken, 1), "most": PLACES_MAX}
        raise DayInvalid(wrong, {"places": wrong})
    if places != shift.places:
        shift.places = places
        shift.save(update_fields=["places"])
        fact = ShiftChanged(shift.day_id, shift.pk, places)
        history.record(actor=actor, fact=fact, at=now, audience=audience_of(shift.day))
        promote(actor, shift, now)
    return shift
