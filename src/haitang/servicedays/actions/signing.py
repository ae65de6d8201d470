"""What helpers do: sign up, leave, confirm to come; or staff sign up who telephones."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from haitang.core import history
from haitang.core.access import Actor
from haitang.core.places import has_room, next_turn, take
from haitang.servicedays import policies, queries
from haitang.servicedays.actions.shared import assured_from, audience_of, check_goes_on, clean, promote
from haitang.servicedays.facts import ShiftAssured, ShiftLeft, ShiftSignedUp
from haitang.servicedays.models import Shift, SignUp
from haitang.servicedays.values import (
    REASON_LENGTH_MAX,
    DayInvalid,
    LacksSkill,
    NotSignedUp,
    ShiftFull,
    ShiftOver,
    SignUpPaused,
    State,
    TimePromised,
)
from haitang.volunteers.queries import find_by_phone, get_volunteer_of, lock_volunteer, names_of
from haitang.volunteers.values import ItemKind


@transaction.atomic
def sign_up(*, actor: Actor, shift_id: int, now: datetime) -> SignUp:
    """
    Sign up for a shift; where every place is taken, on the wait list. Signed up before, nothing changes.

    Raises DayNotFound, NotSignedUp (in no register), ShiftOver (begun, settled, called off), LacksSkill,
    TimePromised (something else at that time), ShiftFull (the wait list too), SignUpPaused (too often away).
    """
    shift = queries.lock_shift(shift_id)
    volunteer = get_volunteer_of(actor.id)
    if volunteer is None:
        raise NotSignedUp(_("您还没有志愿登记，请先登记再报名"))
    if queries.is_paused(volunteer.pk, now):
        raise SignUpPaused(_("近期多次临时退出或没有来，暂不能自助报名；请致电社区，由社区为您报名"))
    return _sign_up(actor, shift, volunteer.pk, now, by_staff=False)


@transaction.atomic
def sign_up_for(*, actor: Actor, shift_id: int, phone: str, now: datetime) -> SignUp:
    """
    Sign somebody up who has telephoned, found in the register by their number (digits).

    Raises DayNotFound, NotAllowed, DayInvalid (nobody under that number), and what `sign_up` raises but SignUpPaused.
    """
    shift = queries.lock_shift(shift_id)
    policies.check_can_lead(actor, shift.day)
    found = find_by_phone("".join(each for each in phone if each.isdigit()))
    if found is None:
        wrong = _("志愿登记里没有这个电话")
        raise DayInvalid(wrong, {"phone": wrong})
    return _sign_up(actor, shift, found.pk, now, by_staff=True)


def _sign_up(actor: Actor, shift: Shift, volunteer_id: int, now: datetime, *, by_staff: bool) -> SignUp:
    check_goes_on(shift)
    if shift.begins_at <= now:
        raise ShiftOver(_("这个班次已经开始，能来的请直接到现场报到"))
    row = queries.lock_signup(shift, volunteer_id=volunteer_id)
    if row is not None and row.state == State.SIGNED:
        return row
    person = lock_volunteer(volunteer_id)
    lacks = [code for code in shift.skills if code not in person.skills]
    if lacks:
        named = "、".join(names_of(ItemKind.SKILL, lacks))
        raise LacksSkill(_("这个班次需要会：%(skills)s") % {"skills": named})
    busy = queries.promised_then(volunteer_id, shift)
    if busy is not None:
        raise TimePromised(_("这个时间已经答应了“%(what)s”，不能同时参加") % {"what": busy.title})
    waits = not has_room(shift)
    if waits and len(queries.waiting_for(shift)) >= queries.serviceday_rules()["waiting_max"]:
        raise ShiftFull(_("这个班次已报满，候补也已满，请另选班次"))
    row = row or SignUp(shift=shift, volunteer_id=volunteer_id)
    row.state, row.signed_at, row.by_staff_id = State.SIGNED, now, actor.id if by_staff else None
    row.left_at, row.reason, row.is_late, row.reminded = None, "", False, []
    row.turn = next_turn(shift) if waits else None
    row.assured_at = None if waits else assured_from(shift, now)
    row.save()
    if not waits:
        take(shift)
    fact = ShiftSignedUp(shift.day_id, shift.pk, row.pk, waits, by_staff)
    history.record(actor=actor, fact=fact, at=now, audience=audience_of(shift.day))
    return row


def _own(actor: Actor, shift: Shift) -> SignUp:
    volunteer = get_volunteer_of(actor.id)
    row = queries.lock_signup(shift, volunteer_id=volunteer.pk) if volunteer else None
    if row is None or row.state != State.SIGNED:
        raise NotSignedUp(_("您没有报名这个班次"))
    return row


@transaction.atomic
def leave_shift(*, actor: Actor, shift_id: int, reason: str, now: datetime) -> SignUp:
    """
    Give one's place or turn back before the shift begins; the place goes to the first who waits.

    Within the hours of the setting before it begins a place given back counts as late; a turn never does.
    Raises DayNotFound, NotSignedUp, ShiftOver, DayInvalid (no reason).
    """
    shift = queries.lock_shift(shift_id)
    row = _own(actor, shift)
    return _leave(actor, shift, row, reason, now)


@transaction.atomic
def take_off(*, actor: Actor, shift_id: int, signup_id: int, reason: str, now: datetime) -> SignUp:
    """Take somebody off a shift who has telephoned; see `leave_shift`. Raises NotAllowed too."""
    shift = queries.lock_shift(shift_id)
    policies.check_can_lead(actor, shift.day)
    row = queries.lock_signup(shift, signup_id=signup_id)
    if row is None or row.state != State.SIGNED:
        raise NotSignedUp(_("这个人没有报名"))
    return _leave(actor, shift, row, reason, now)


def _leave(actor: Actor, shift: Shift, row: SignUp, reason: str, now: datetime) -> SignUp:
    check_goes_on(shift)
    if shift.begins_at <= now or row.here_at is not None:
        raise ShiftOver(_("班次已经开始，不能退出；如没有来，由社区据实登记"))
    row.reason = clean(reason, "reason", REASON_LENGTH_MAX, _("请说明原因，方便安排候补"))
    had_place = row.has_place
    free = timedelta(hours=queries.serviceday_rules()["leave_free_hours"])
    row.is_late = had_place and now > shift.begins_at - free
    _set_off(shift, row, State.LEFT, now)
    fact = ShiftLeft(shift.day_id, shift.pk, row.pk, row.is_late)
    history.record(actor=actor, fact=fact, at=now, audience=audience_of(shift.day))
    if had_place:
        promote(actor, shift, now)
    return row


def _set_off(shift: Shift, row: SignUp, state: str, now: datetime) -> None:
    if row.has_place:
        take(shift, -1)
    row.state, row.turn, row.left_at, row.assured_at = state, None, now, None
    row.save()


@transaction.atomic
def assure_shift(*, actor: Actor, shift_id: int, now: datetime) -> SignUp:
    """Confirm to come. Confirmed before, nothing changes. Raises DayNotFound, NotSignedUp (or waiting), ShiftOver."""
    shift = queries.lock_shift(shift_id)
    row = _own(actor, shift)
    check_goes_on(shift)
    if row.turn is not None:
        raise NotSignedUp(_("您还在候补，有名额时会告诉您"))
    if row.assured_at is None:
        row.assured_at = now
        row.save(update_fields=["assured_at"])
        fact = ShiftAssured(shift.day_id, shift.pk, row.pk)
        history.record(actor=actor, fact=fact, at=now, audience=audience_of(shift.day))
    return row


@transaction.atomic
def forget_signed(*, actor: Actor, shift_id: int, volunteer_id: int, now: datetime) -> bool:
    """
    Let somebody who has left the register leave a shift to come: what they said is erased, their place is free.

    For the job that follows a withdrawal; tells whether anything changed.
    """
    shift = queries.lock_shift(shift_id)
    row = queries.lock_signup(shift, volunteer_id=volunteer_id)
    if row is None or row.state != State.SIGNED or row.here_at is not None or shift.closed_at is not None:
        return False
    had_place, row.reason = row.has_place, ""
    _set_off(shift, row, State.LEFT, now)
    fact = ShiftLeft(shift.day_id, shift.pk, row.pk, False)
    history.record(actor=actor, fact=fact, at=now, audience=audience_of(shift.day))
    if had_place:
        promote(actor, shift, now)
    return True
