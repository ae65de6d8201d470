"""What people of the register have promised, in whatever app: asked by those who show it, and by those who promise."""

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta

from django.db import connection
from django.utils.translation import gettext as _

from haitang.core.prepared import Prepared
from haitang.volunteers import policies
from haitang.volunteers.models import CalendarKey, Volunteer
from haitang.volunteers.queries.catalogue import rules
from haitang.volunteers.values import CALENDAR, DUE, CalendarEntry, CalendarNotFound, Teller, VolunteerNotFound

_BEFORE = timedelta(days=31)
_LOCK = Prepared(
    "volunteers_lock", "SELECT id FROM volunteers_volunteer WHERE id = ANY(%s) ORDER BY id FOR NO KEY UPDATE"
)


def list_calendar(volunteer_id: int, since: datetime, until: datetime) -> list[CalendarEntry]:
    """Return what somebody has promised between two instants, by when it begins, as other apps tell of it.

    What was called off and what is only due then are among it. For who has been let see the person.
    """
    return _sorted(entry for tell in (*CALENDAR, *DUE) for entry in tell([volunteer_id], since, until))


def promised_between(volunteer_ids: Iterable[int], since: datetime, until: datetime) -> dict[int, list[CalendarEntry]]:
    """Return by volunteer where they have promised to be between two instants, in whatever app; the free are left out.

    What was called off keeps nobody. For actions of other apps.
    """
    found: dict[int, list[CalendarEntry]] = {}
    for entry in _promised(list(volunteer_ids), since, until, None):
        found.setdefault(entry.volunteer_id, []).append(entry)
    return found


def lock_calendar(
    volunteer_id: int, since: datetime, until: datetime, *, but: Teller | None = None
) -> list[CalendarEntry]:
    """Return what somebody has promised between two instants, with nobody else promising for them until this
    transaction ends: whoever asks here before writing a promise down is told of every other. For actions.

    What was called off is left out. but: the asker's own part of the calendar, which it keeps free of overlap itself.
    The volunteer is the last row to be locked, after what they are to promise. Raises VolunteerNotFound.
    """
    with connection.cursor() as cursor:
        _LOCK.execute(cursor, [[volunteer_id]])
        if cursor.fetchone() is None:
            raise VolunteerNotFound(_("没有找到这条志愿登记"))
    return _promised([volunteer_id], since, until, but)


def lock_calendars(volunteer_ids: Collection[int], since: datetime, until: datetime) -> dict[int, list[CalendarEntry]]:
    """Return what each of these has promised between two instants, as `promised_between` does, all of them locked.

    See `lock_calendar`; they are locked in the order of their ids, so that two who lock several never wait for each
    other. For actions that give places to several at once.
    """
    with connection.cursor() as cursor:
        _LOCK.execute(cursor, [list(volunteer_ids)])
    return promised_between(volunteer_ids, since, until)


def _promised(
    volunteer_ids: Collection[int], since: datetime, until: datetime, but: Teller | None
) -> list[CalendarEntry]:
    told = (entry for tell in CALENDAR if tell is not but for entry in tell(volunteer_ids, since, until))
    return _sorted(entry for entry in told if not entry.cancelled)


def _sorted(found: Iterable[CalendarEntry]) -> list[CalendarEntry]:
    return sorted(found, key=lambda entry: (entry.began_at, entry.uid))


def coming_days() -> timedelta:
    """Return how far ahead people see what they have promised."""
    return timedelta(days=rules().setting("calendar_days"))


def get_feed(*, key: str, now: datetime) -> tuple[Volunteer, list[CalendarEntry]]:
    """Return whose calendar a secret address belongs to and what it holds, from a month ago on.

    Raises CalendarNotFound, also for an address that was revoked.
    """
    held = CalendarKey.objects.select_related("volunteer").filter(key_hash=policies.hash_of(key), revoked_at=None)
    found = held.first()
    if found is None:
        raise CalendarNotFound(_("这个日历地址已经失效"))
    return found.volunteer, list_calendar(found.volunteer_id, now - _BEFORE, now + coming_days())
