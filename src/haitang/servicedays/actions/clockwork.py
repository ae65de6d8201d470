"""What time does: helpers are reminded, and who has not confirmed to come gives the place to who waits."""

from collections.abc import Callable, Iterable
from datetime import datetime, time, timedelta

from django.db import transaction

from haitang.core import history
from haitang.core.access import Actor
from haitang.core.clock import LOCAL, local_date
from haitang.core.places import take
from haitang.servicedays import queries
from haitang.servicedays.actions.shared import audience_of, promote
from haitang.servicedays.facts import ShiftReleased, ShiftReminded
from haitang.servicedays.models import Shift, SignUp
from haitang.servicedays.values import State

_ROWS = 500
"""So many at one call; the clock's jobs call until there is nothing left."""


def _each(due: Iterable[tuple[int, int]], deed: Callable[[Shift, SignUp], bool]) -> int:
    """Do a deed for one after the other, each in a transaction of its own: one that fails keeps none of the others."""
    done = 0
    for shift_id, signup_id in due:
        with transaction.atomic():
            shift = queries.lock_shift(shift_id)
            row = queries.lock_signup(shift, signup_id=signup_id)
            goes_on = shift.day.cancelled_at is None and shift.closed_at is None
            if row is not None and goes_on and row.state == State.SIGNED and row.turn is None:
                done += deed(shift, row)
    return done


def remind_signed(*, actor: Actor, now: datetime) -> int:
    """
    Record who is to be reminded, on the days of the setting before their shift, each once a day.

    Returns how many; at most 500 for each of the days at one call.
    """
    today, reminded = local_date(now), 0
    for days in queries.serviceday_rules()["remind_days"]:
        begin = datetime.combine(today + timedelta(days=days), time(0), LOCAL)
        due = SignUp.objects.filter(
            state=State.SIGNED, turn=None, shift__begins_at__gte=max(begin, now), shift__closed_at=None,
            shift__begins_at__lt=begin + timedelta(days=1), shift__day__cancelled_at=None,
        ).exclude(reminded__contains=[days])  # fmt: skip

        def remind(shift: Shift, row: SignUp, days: int = days) -> bool:
            if days in row.reminded:
                return False
            row.reminded = [*row.reminded, days]
            row.save(update_fields=["reminded"])
            history.record(actor=actor, fact=ShiftReminded(shift.day_id, shift.pk, row.pk, days), at=now)
            return True

        reminded += _each(list(due.order_by("shift_id", "id").values_list("shift_id", "pk")[:_ROWS]), remind)
    return reminded


def release_unassured(*, actor: Actor, now: datetime) -> int:
    """
    Release the places of those who have not confirmed to come by the hours of the setting; the first who wait get them.

    Returns how many; at most 500 a call.
    """
    last = now + timedelta(hours=queries.serviceday_rules()["assure_hours"])
    due = SignUp.objects.filter(
        state=State.SIGNED, turn=None, assured_at=None, here_at=None, shift__begins_at__lte=last,
        shift__begins_at__gt=now, shift__closed_at=None, shift__day__cancelled_at=None,
    )  # fmt: skip

    def release(shift: Shift, row: SignUp) -> bool:
        if row.assured_at is not None or row.here_at is not None:
            return False
        take(shift, -1)
        row.state, row.left_at = State.RELEASED, now
        row.save(update_fields=["state", "left_at"])
        fact = ShiftReleased(shift.day_id, shift.pk, row.pk)
        history.record(actor=actor, fact=fact, at=now, audience=audience_of(shift.day))
        promote(actor, shift, now)
        return True

    return _each(list(due.order_by("shift_id", "id").values_list("shift_id", "pk")[:_ROWS]), release)
