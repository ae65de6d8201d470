"""Reads of residents and helpers: shifts near somebody, one shift, what I have signed up for, my calendar."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import cos, hypot, radians
from secrets import compare_digest
from typing import Any

from django.db import connection
from django.urls import reverse
from django.utils.translation import gettext as _

from haitang.core.access import Actor
from haitang.core.schemas import ID_MAX
from haitang.organizations.queries import organizations
from haitang.servicedays.models import Shift, SignUp
from haitang.servicedays.queries.days import ShiftView, describe_shifts
from haitang.servicedays.queries.rules import serviceday_rules
from haitang.servicedays.queries.shifts import promised_then, uid_of
from haitang.servicedays.values import HOLDS, DayNotFound, State, WrongShiftCode
from haitang.territory.queries import list_centres, territory
from haitang.territory.values import AreaRef
from haitang.volunteers.queries import get_volunteer_of
from haitang.volunteers.values import CalendarEntry

SHOWN_MAX = 100
_PROMISED = """
SELECT s.volunteer_id, s.shift_id, d.theme, h.task, h.begins_at, h.ends_at, h.place, d.cancelled_at IS NOT NULL
FROM servicedays_signup s JOIN servicedays_shift h ON h.id = s.shift_id JOIN servicedays_serviceday d ON d.id = h.day_id
WHERE s.volunteer_id = ANY(%s) AND s.state = ANY(%s) AND s.turn IS NULL AND h.begins_at < %s AND h.ends_at > %s
ORDER BY h.begins_at, s.id
"""
DEGREE_M = 111_195
"""Metres of a degree of latitude."""


@dataclass(frozen=True, slots=True)
class NearView:
    """A shift to sign up for. metres: from the middle of one's area to that of the day's, None where not known.

    mine: what the viewer has signed up there, None for nothing. is_near: within how far they help, or their own area.
    """

    view: ShiftView
    area_name: str
    organization_name: str
    metres: int | None
    is_near: bool
    mine: SignUp | None


@dataclass(frozen=True, slots=True)
class MyShift:
    """One shift as a helper sees it. ahead: how many wait before them. busy: what else they have promised then."""

    near: NearView
    ahead: int
    is_registered: bool
    lacks: list[str]
    busy: CalendarEntry | None


def _home(viewer: Actor, area_code: str) -> tuple[AreaRef | None, Any]:
    """Return where to look from, by the area asked for or where the viewer lives, and the viewer's entry."""
    volunteer = get_volunteer_of(viewer.id)
    asked = territory().by_code(area_code) if area_code else None
    if asked is None and volunteer is not None:
        asked = territory().get(volunteer.area_id)
    return asked, volunteer


def _near(shifts: list[Shift], home: AreaRef | None, volunteer: Any) -> list[NearView]:
    tree, offices = territory(), organizations()
    mine = {}
    if volunteer is not None:
        rows = SignUp.objects.filter(volunteer=volunteer, shift__in=[shift.pk for shift in shifts])
        mine = {row.shift_id: row for row in rows}
    areas = {shift.day.area_id for shift in shifts}
    centres = list_centres(areas | set(home.ids if home else ()))
    here = next((centres[each] for each in reversed(home.ids) if each in centres), None) if home else None
    views = []
    for shift, view in zip(shifts, describe_shifts(shifts), strict=True):
        day, there = shift.day, centres.get(shift.day.area_id)
        own = home is not None and (day.area_id in home.ids or home.id in day.area_ids)
        metres = 0 if own else _metres(here, there)
        reach = volunteer.reach_m if volunteer is not None else 0
        office = offices.by_id(day.organization_id)
        views.append(
            NearView(
                view, tree.full_name(day.area_id), office.name if office else "", metres,
                own or (metres is not None and metres <= reach), mine.get(shift.pk),
            )
        )  # fmt: skip
    return views


def _metres(here: tuple[float, float] | None, there: tuple[float, float] | None) -> int | None:
    if here is None or there is None:
        return None
    east, north = (there[0] - here[0]) * cos(radians(here[1])), there[1] - here[1]
    return round(hypot(east, north) * DEGREE_M)  # flat within a city


def is_registered(viewer: Actor) -> bool:
    """Tell whether the viewer stands in the register of helpers, so that it is known where they live."""
    return get_volunteer_of(viewer.id) is not None


def list_shifts_near(*, viewer: Actor, now: datetime, area_code: str = "") -> list[NearView]:
    """Return the shifts to come that can be signed up for, the nearest first, then by when they begin.

    area_code: from where to look; "" from where the viewer lives, as far as that is known.
    """
    home, volunteer = _home(viewer, area_code)
    until = now + timedelta(days=serviceday_rules()["show_days"])
    rows = Shift.objects.filter(begins_at__gt=now, begins_at__lt=until, closed_at=None, day__cancelled_at=None)
    shifts = list(rows.select_related("day").order_by("begins_at", "id")[: SHOWN_MAX * 3])
    far = 10**9
    found = sorted(
        _near(shifts, home, volunteer),
        key=lambda near: (
            not near.is_near, far if near.metres is None else near.metres // 1000, near.view.shift.begins_at,
            near.view.shift.pk,
        ),
    )  # fmt: skip
    return found[:SHOWN_MAX]


def list_my_shifts(*, viewer: Actor, now: datetime) -> tuple[list[NearView], list[NearView]]:
    """Return what the viewer has signed up for: what is to come by time, and what is over, the latest first."""
    home, volunteer = _home(viewer, "")
    if volunteer is None:
        return [], []
    rows = Shift.objects.filter(signups__volunteer=volunteer, signups__state__in=HOLDS).select_related("day")
    coming = rows.filter(ends_at__gt=now).order_by("begins_at", "id")[:SHOWN_MAX]
    over = rows.filter(ends_at__lte=now).order_by("-begins_at", "-id")[:SHOWN_MAX]
    return _near(list(coming), home, volunteer), _near(list(over), home, volunteer)


def get_my_shift(*, viewer: Actor, shift_id: int) -> MyShift:
    """Return one shift to anybody, with what the viewer has signed up there. Raises DayNotFound."""
    row = Shift.objects.select_related("day").filter(pk=shift_id).first() if 0 < shift_id <= ID_MAX else None
    if row is None:
        raise DayNotFound(_("没有这个班次"))
    home, volunteer = _home(viewer, "")
    near = _near([row], home, volunteer)[0]
    mine = near.mine
    ahead = SignUp.objects.filter(shift=row, turn__lt=mine.turn).count() if mine and mine.turn is not None else 0
    if volunteer is None:
        return MyShift(near, ahead, False, [], None)
    lacks = [name for code, name in zip(row.skills, near.view.skills, strict=True) if code not in volunteer.skills]
    return MyShift(near, ahead, True, lacks, promised_then(volunteer.pk, row))


def count_to_assure(*, viewer: Actor, now: datetime) -> int:
    """Return for how many shifts the viewer is asked to confirm to come."""
    if viewer.id is None:
        return 0
    within = now + timedelta(hours=serviceday_rules()["assure_window_hours"])
    rows = SignUp.objects.filter(
        volunteer__account_id=viewer.id, state=State.SIGNED, turn=None, assured_at=None, shift__begins_at__gt=now,
        shift__begins_at__lte=within, shift__day__cancelled_at=None,
    )  # fmt: skip
    return rows.count()


def fits_shift_code(row: Shift, code: str) -> bool:
    """Tell whether this is the code of the shift."""
    return compare_digest(row.code.encode(), code.encode())


def get_shift_to_report(*, shift_id: int, code: str) -> Shift:
    """Return the shift whose code was scanned, for whoever holds it in their hand. Raises WrongShiftCode."""
    row = Shift.objects.select_related("day").filter(pk=shift_id).first() if 0 < shift_id <= ID_MAX else None
    if row is None or not fits_shift_code(row, code):
        raise WrongShiftCode(_("这个报到码无效，请扫现场的二维码"))
    return row


def calendar_of(volunteer_ids: Collection[int], began_at: datetime, ended_at: datetime) -> Iterable[CalendarEntry]:
    """Return the shifts that people have signed up for between two instants, cancelled ones marked."""
    with connection.cursor() as cursor:
        cursor.execute(_PROMISED, [list(volunteer_ids), [state.value for state in HOLDS], ended_at, began_at])
        rows = cursor.fetchall()
    return [
        CalendarEntry(
            who, uid_of(shift_id, who), f"{theme}：{task}", begins_at, ends_at, place,
            reverse("servicedays:shift", args=[shift_id]), is_off,
        )
        for who, shift_id, theme, task, begins_at, ends_at, place, is_off in rows
    ]  # fmt: skip
