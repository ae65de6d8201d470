"""Sheets of service days: a plan for weeks taken in as a whole, and the list of who has signed up given out."""

from dataclasses import dataclass, field
from datetime import date, datetime

from django.db import connection, transaction
from django.utils.translation import gettext as _

from haitang.core import history
from haitang.core.access import Actor, require
from haitang.core.brought import sift, why
from haitang.core.errors import Refusal
from haitang.core.tables import Row
from haitang.servicedays import policies, queries
from haitang.servicedays.actions.planning import check_day, write_day
from haitang.servicedays.actions.shared import audience_of
from haitang.servicedays.facts import RosterTaken
from haitang.servicedays.models import ServiceDay
from haitang.servicedays.values import ROWS_MAX, DayInvalid, NewDay, NewShift, Permission
from haitang.territory.queries import territory

_SHEETS = 7_312_001
_Key = tuple[str, date, str]


@dataclass(slots=True)
class SheetRead:
    """What became of a sheet. there: days that had been planned before. reasons: line and reason, then none is made."""

    days: list[ServiceDay] = field(default_factory=list)
    there: int = 0
    reasons: list[tuple[int, str]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Line:
    key: _Key
    words: str
    shift: NewShift


@transaction.atomic
def bring_days(*, actor: Actor, data: bytes, now: datetime) -> SheetRead:
    """
    Plan the service days of a sheet: one row a shift; rows of the same day, theme and area are one service day.

    All of it or nothing: where one row cannot stand, each such row says why and no day is made. A day that is there
    already is left alone, so that the same sheet brought again makes nothing twice. The file is not kept.
    Raises NotAllowed (no MANAGE anywhere), Invalid (too large, no table).
    """
    require(actor, Permission.MANAGE)
    found = sift(data, queries.day_columns(), _line, rows_max=ROWS_MAX)
    read = SheetRead(reasons=[(line, reason) for line, reason in found.reasons])
    days: dict[_Key, list[tuple[int, _Line]]] = {}
    for number, line in found.sound:
        days.setdefault(line.key, []).append((number, line))
    _lock()
    to_make = []
    for (code, on, theme), lines in days.items():
        words = "\n".join(dict.fromkeys(line.words for _number, line in lines if line.words))
        new = NewDay(theme, code, on, tuple(line.shift for _number, line in lines), words)
        try:
            area = check_day(actor, new, now)
        except Refusal as refusal:
            read.reasons += [(number, why(refusal)) for number, _each in lines]
            continue
        if ServiceDay.objects.filter(area_id=area.id, on=on, theme=theme, cancelled_at=None).exists():
            read.there += 1
        else:
            to_make.append((new, area))
    read.reasons.sort()
    if not read.reasons:
        read.days = [write_day(actor, new, area, now) for new, area in to_make]
    return read


def _lock() -> None:
    """Let one sheet in after the other: the same one brought twice at once is looked at twice, and made once."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_SHEETS])


def _line(row: Row) -> _Line:
    cells = row.cells
    named = territory().named(cells["area"].strip())
    if len(named) != 1:
        raise DayInvalid(_("“区域”：%(name)s不存在或不止一个，请填编码") % {"name": cells["area"][:30]})
    begin, end = queries.cell_hours(cells["hours"])
    shift = NewShift(
        cells["task"].strip(), cells["place"].strip(), begin, end, cells["places"], queries.cell_skills(cells["skills"])
    )
    return _Line((named[0].code, cells["on"], cells["theme"].strip()), (cells["words"] or "").strip(), shift)


@transaction.atomic
def take_roster(*, actor: Actor, shift_id: int, now: datetime) -> queries.ShiftPage:
    """
    Return a shift with who has signed up, for a file of names; that it was taken is recorded.

    Raises DayNotFound, NotAllowed (no MANAGE there).
    """
    page = queries.get_shift_page(viewer=actor, shift_id=shift_id)
    policies.check_can_lead(actor, page.day.day)
    fact = RosterTaken(page.day.day.pk, shift_id, len(page.lines))
    history.record(actor=actor, fact=fact, at=now, audience=audience_of(page.day.day))
    return page
