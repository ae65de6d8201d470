"""On the spot and after: who reports, who stayed away, and the hours of those who came."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from haitang.core import history
from haitang.core.access import Actor
from haitang.core.places import has_room, take
from haitang.servicedays import policies, queries
from haitang.servicedays.actions.shared import audience_of, check_goes_on
from haitang.servicedays.facts import ShiftClosed, ShiftReported
from haitang.servicedays.models import Shift, SignUp
from haitang.servicedays.values import (
    HOLDS,
    DayInvalid,
    NotSignedUp,
    NotYetThere,
    ShiftFull,
    State,
    WrongShiftCode,
)
from haitang.volunteers.actions import record_services
from haitang.volunteers.queries import get_volunteer_of
from haitang.volunteers.values import Service, ServiceInvalid

SOURCE = "servicedays"


@transaction.atomic
def report_at_shift(*, actor: Actor, shift_id: int, code: str, now: datetime) -> SignUp:
    """
    Report on the spot with the code of the shift, once; nothing is kept of where, only when.

    Who comes without having signed up gets a place if there is one. Reported before, nothing changes.
    Raises DayNotFound, WrongShiftCode, NotSignedUp (in no register), ShiftOver, NotYetThere, ShiftFull.
    """
    shift = queries.lock_shift(shift_id)
    if not queries.fits_shift_code(shift, code):
        raise WrongShiftCode(_("这个报到码无效，请扫现场的二维码"))
    volunteer = get_volunteer_of(actor.id)
    if volunteer is None:
        raise NotSignedUp(_("您还没有志愿登记，请先登记再报到"))
    row = queries.lock_signup(shift, volunteer_id=volunteer.pk)
    return _report(actor, shift, row or SignUp(shift=shift, volunteer=volunteer, signed_at=now), now, by_staff=False)


@transaction.atomic
def take_down_at_shift(*, actor: Actor, shift_id: int, signup_id: int, now: datetime) -> SignUp:
    """Take down that somebody is there who has no telephone at hand; see `report_at_shift`. Raises NotAllowed too."""
    shift = queries.lock_shift(shift_id)
    policies.check_can_lead(actor, shift.day)
    row = queries.lock_signup(shift, signup_id=signup_id)
    if row is None:
        raise NotSignedUp(_("这个人没有报名"))
    return _report(actor, shift, row, now, by_staff=True)


def _report(actor: Actor, shift: Shift, row: SignUp, now: datetime, *, by_staff: bool) -> SignUp:
    check_goes_on(shift)
    if row.here_at is not None:
        return row
    before = queries.serviceday_rules()["report_before_minutes"]
    if now < shift.begins_at - timedelta(minutes=before):
        raise NotYetThere(_("开始前 %(n)d 分钟起可以报到") % {"n": before})
    uncalled = row.pk is None
    if uncalled or not row.has_place:
        if not has_room(shift):
            raise ShiftFull(_("这个班次的人已经够了，谢谢您赶来；如需补充，请联系现场负责人"))
        take(shift)
        row.state, row.turn, row.left_at, row.reason, row.is_late = State.SIGNED, None, None, "", False
    row.here_at = now
    row.save()
    fact = ShiftReported(shift.day_id, shift.pk, row.pk, by_staff, uncalled)
    history.record(actor=actor, fact=fact, at=now, audience=audience_of(shift.day))
    return row


@transaction.atomic
def close_shift(*, actor: Actor, shift_id: int, missed: Sequence[int], now: datetime) -> Shift:
    """
    Settle a shift that is over: who had a place and is not named as missed has come, whether they scanned or not.

    missed: ids of sign-ups that had a place and did not come. Those who came have the hours of the shift recorded.
    Raises DayNotFound, NotAllowed, ShiftOver, NotYetThere (it has not ended), DayInvalid (who is named missed had no
    place, or has reported).
    """
    shift = queries.lock_shift(shift_id)
    policies.check_can_lead(actor, shift.day)
    check_goes_on(shift)
    if now < shift.ends_at:
        raise NotYetThere(_("班次还没有结束，结束后再登记"))
    rows = SignUp.objects.select_for_update(no_key=True).filter(shift=shift, state__in=HOLDS, turn=None)
    placed = {row.pk: row for row in rows.order_by("id")}
    away = [placed[pk] for pk in dict.fromkeys(missed) if pk in placed and placed[pk].here_at is None]
    if len(away) != len(set(missed)):
        wrong = _("没有来的人应是已报名、未报到的人")
        raise DayInvalid(wrong, {"missed": wrong})
    gone = {row.pk for row in away}
    SignUp.objects.filter(pk__in=gone).update(state=State.MISSED)
    came = [row for row in placed.values() if row.pk not in gone]
    SignUp.objects.filter(pk__in=[row.pk for row in came], here_at=None).update(here_at=shift.begins_at)
    services = [
        Service(SOURCE, str(shift.pk), row.volunteer_id, shift.task, shift.begins_at, shift.ends_at) for row in came
    ]
    try:
        recorded = record_services(actor=actor, services=services, now=now)
    except ServiceInvalid as refusal:
        raise DayInvalid(refusal.message) from refusal
    shift.closed_at = now
    shift.save(update_fields=["closed_at"])
    fact = ShiftClosed(shift.day_id, shift.pk, len(came), len(away), recorded)
    history.record(actor=actor, fact=fact, at=now, audience=audience_of(shift.day))
    return shift
