"""Rows that actions change, locked, and what decides whether somebody can sign up."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db.models import Q
from django.utils.translation import gettext as _

from haitang.core.schemas import ID_MAX
from haitang.servicedays.models import ServiceDay, ServiceRule, Shift, SignUp
from haitang.servicedays.queries.rules import serviceday_rules
from haitang.servicedays.values import DayNotFound, State
from haitang.volunteers.queries import promised_between
from haitang.volunteers.values import CalendarEntry


def lock_shift(shift_id: int) -> Shift:
    """Return the shift with its day, both locked until the end of the transaction, the day first.

    The day is shared: shifts of a day are signed up for side by side, and none while the day is called off.
    Raises DayNotFound.
    """
    found = Shift.objects.filter(pk=shift_id).values_list("day_id", flat=True)
    day_id = found.first() if 0 < shift_id <= ID_MAX else None
    if day_id is None:
        raise DayNotFound(_("没有这个班次"))
    day = ServiceDay.objects.raw("SELECT * FROM servicedays_serviceday WHERE id = %s FOR SHARE", [day_id])[0]
    shift = Shift.objects.select_for_update(no_key=True).get(pk=shift_id)
    shift.day = day
    return shift


def lock_day(day_id: int) -> ServiceDay:
    """Return the day, locked alone. Raises DayNotFound."""
    rows = ServiceDay.objects.select_for_update(no_key=True)
    row = rows.filter(pk=day_id).first() if 0 < day_id <= ID_MAX else None
    if row is None:
        raise DayNotFound(_("没有这个服务日"))
    return row


def lock_rule(rule_id: int) -> ServiceRule:
    """Return the rule, locked. Raises DayNotFound."""
    rows = ServiceRule.objects.select_for_update(no_key=True)
    row = rows.filter(pk=rule_id).first() if 0 < rule_id <= ID_MAX else None
    if row is None:
        raise DayNotFound(_("没有这条重复规则"))
    return row


def lock_signup(shift: Shift, *, volunteer_id: int | None = None, signup_id: int | None = None) -> SignUp | None:
    """Return what somebody has signed up, locked, by who they are or by its id; the shift is locked before."""
    rows = SignUp.objects.select_for_update(no_key=True).filter(shift=shift)
    if signup_id is not None:
        return rows.filter(pk=signup_id).first()
    return rows.filter(volunteer_id=volunteer_id).first() if volunteer_id is not None else None


def waiting_for(shift: Shift) -> list[SignUp]:
    """Return who waits for a place of the shift, by turn, locked. The shift is locked."""
    rows = SignUp.objects.select_for_update(no_key=True).filter(shift=shift, turn__isnull=False)
    return list(rows.order_by("turn"))


def uid_of(shift_id: int, volunteer_id: int) -> str:
    """Return under what name signing up stands in calendars."""
    return f"shift-{shift_id}-{volunteer_id}"


def promised_then(volunteer_id: int, shift: Shift) -> CalendarEntry | None:
    """Return what else the person has promised at the time of the shift, in whatever app, or None."""
    return promised_by([volunteer_id], shift).get(volunteer_id)


def promised_by(volunteer_ids: Iterable[int], shift: Shift) -> dict[int, CalendarEntry]:
    """Return by person what else they have promised at the time of the shift; who is free is not in it."""
    found = {}
    for volunteer_id, entries in promised_between(volunteer_ids, shift.begins_at, shift.ends_at).items():
        others = [each for each in entries if each.uid != uid_of(shift.pk, volunteer_id)]
        if others:
            found[volunteer_id] = others[0]
    return found


def is_paused(volunteer_id: int, now: datetime) -> bool:
    """Tell whether somebody has left late or stayed away too often of late to sign up by themselves."""
    held = serviceday_rules()
    since = now - timedelta(days=held["misses_days"])
    away = SignUp.objects.filter(Q(state=State.MISSED) | Q(is_late=True), volunteer_id=volunteer_id)
    return away.filter(shift__begins_at__gte=since).count() >= held["misses_max"]


def signed_up_ahead(volunteer_id: int) -> list[int]:
    """Return the shifts not yet settled for which somebody has signed up, in the order of their ids; for jobs."""
    rows = SignUp.objects.filter(volunteer_id=volunteer_id, state=State.SIGNED, shift__closed_at__isnull=True)
    return list(rows.order_by("shift_id").values_list("shift_id", flat=True))
