"""What the deeds of service days share: places given to who waits, texts bounded, who hears of it."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from haitang.core import history
from haitang.core.access import Actor
from haitang.core.places import has_room, take
from haitang.core.scoping import path_of
from haitang.servicedays import queries
from haitang.servicedays.facts import ShiftPromoted
from haitang.servicedays.models import ServiceDay, Shift, SignUp
from haitang.servicedays.values import DayInvalid, Permission, ShiftOver
from haitang.volunteers.queries import lock_volunteers


def audience_of(day: ServiceDay, accounts: Iterable[int | None] = ()) -> history.Audience:
    """Return who hears of news of the day on an open page: who works with service days there, and these accounts."""
    return history.Audience(path_of(day.area_ids), (), Permission.VIEW, tuple(filter(None, accounts)))


def clean(text: str, field: str, length: int, missing: str = "") -> str:
    """Return a text without blanks around it. missing: the sentence for an empty one, "" where it may be."""
    text = text.strip()
    if not text and missing:
        raise DayInvalid(missing, {field: missing})
    if len(text) > length or "\x00" in text:
        wrong = _("最多 %(n)d 字") % {"n": length}
        raise DayInvalid(wrong, {field: wrong})
    return text


def check_goes_on(shift: Shift) -> None:
    """Raise ShiftOver for a shift that is settled or whose day was called off."""
    if shift.day.cancelled_at is not None:
        raise ShiftOver(_("这个服务日已取消，谢谢您"))
    if shift.closed_at is not None:
        raise ShiftOver(_("这个班次已经结束，谢谢您"))


def assured_from(shift: Shift, now: datetime) -> datetime | None:
    """Return when somebody who gets a place now counts as having confirmed: now, shortly before it begins."""
    window = timedelta(hours=queries.serviceday_rules()["assure_window_hours"])
    return now if shift.begins_at - now <= window else None


def promote(actor: Actor, shift: Shift, now: datetime) -> list[SignUp]:
    """Give the places that are free to the first who wait and have promised nothing else then. The shift is locked.

    Not within the hours of the setting before it begins: who is told too late cannot come.
    """
    last = shift.begins_at - timedelta(hours=queries.serviceday_rules()["promote_before_hours"])
    if not has_room(shift) or now >= last:
        return []
    waiting, promoted = queries.waiting_for(shift), []
    people = lock_volunteers([row.volunteer_id for row in waiting])
    busy = queries.promised_by(people, shift)
    for row in waiting:
        if not has_room(shift):
            break
        if row.volunteer_id in busy:
            continue
        row.turn, row.assured_at = None, assured_from(shift, now)
        row.save(update_fields=["turn", "assured_at"])
        take(shift)
        promoted.append(row)
    if promoted:
        facts = [ShiftPromoted(shift.day_id, shift.pk, row.pk) for row in promoted]
        accounts = [people[row.volunteer_id].account_id for row in promoted]
        history.record_many(actor=actor, facts=facts, at=now, audience=audience_of(shift.day, accounts))
    return promoted
