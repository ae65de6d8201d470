"""Who can be asked for something: the question that orders and call-ups put to the register."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection

from haitang.core import clock
from haitang.territory.queries import list_centres, territory
from haitang.territory.values import AreaRef
from haitang.volunteers.queries.catalogue import rules
from haitang.volunteers.values import slots_between


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody who can be asked. Says where they live by their grid alone.

    account_id: None for who has no account (to be told by telephone). lon, lat: the middle of their grid, WGS84,
    None where no boundary is known; never a home. reach_m: how far from there they help, metres. skills, languages:
    codes. times: slots of the week, empty for any; see `values.fits_times`. load: minutes served within the last days.
    """

    id: int
    account_id: int | None
    name: str
    area_id: int
    area_path: str
    lon: float | None
    lat: float | None
    reach_m: int
    skills: tuple[str, ...]
    times: tuple[int, ...]
    load: int
    languages: tuple[str, ...] = ()


_FIND = """
SELECT v.id, v.account_id, v.name, v.area_id, v.reach_m, v.skills, v.times, coalesce(l.minutes, 0)::int,
       v.languages
FROM volunteers_volunteer v
LEFT JOIN (
    SELECT volunteer_id, sum(extract(epoch FROM ended_at - began_at)) / 60 AS minutes
    FROM volunteers_servicerecord WHERE began_at > %(recent)s AND began_at <= %(at)s GROUP BY volunteer_id
) AS l ON l.volunteer_id = v.id
WHERE v.withdrawn_at IS NULL {more}
ORDER BY v.id
"""
_SKILLS = "AND v.skills @> %(skills)s::text[]"
_LANGUAGES = "AND v.languages && %(languages)s::text[]"
_AREA = "AND v.area_ids[%(depth)s] = %(area)s"
_CALLS = "AND v.wants_calls"
_ONLY = "AND v.id = ANY(%(only)s)"
_CLASSES = """AND EXISTS (
    SELECT 1 FROM volunteers_membership m WHERE m.volunteer_id = v.id AND m.member_class = ANY(%(classes)s)
    AND m.from_date <= %(today)s AND (m.to_date IS NULL OR m.to_date > %(today)s))"""
_TIMES = "AND (cardinality(v.times) = 0 OR v.times @> %(slots)s::smallint[])"


def who_fits(
    *,
    skills: Collection[str] = (),
    languages: Collection[str] = (),
    area: AreaRef | None = None,
    classes: Collection[str] = (),
    at: datetime | None = None,
    until: datetime | None = None,
    wants_calls: bool = False,
    only: Iterable[int] | None = None,
) -> list[Candidate]:
    """Return who can be asked, by id; nobody who has withdrawn. For actions of other apps: it asks no permission.

    skills: they have every one of these. languages: they speak one of these. area: they live there.
    classes: of `values.MemberClass`, on the day of `at`.
    at, until: they have time from one aware instant until the other (at that instant, without until).
    wants_calls: only those who agreed to be called in an emergency. only: of these ids.
    Costs two statements for any number of people.
    """
    moment = at or clock.now()
    asked: dict[str, Any] = {
        "at": moment, "recent": moment - timedelta(days=rules().setting("load_days")), "skills": list(skills),
        "languages": list(languages),
        "depth": area.depth if area else 0, "area": area.id if area else 0, "classes": list(classes),
        "today": clock.local_date(moment), "slots": sorted(slots_between(moment, until or moment)),
        "only": list(only or ()),
    }  # fmt: skip
    more = " ".join(
        part
        for part, is_asked in (
            (_SKILLS, skills), (_LANGUAGES, languages), (_AREA, area), (_CLASSES, classes), (_TIMES, at),
            (_CALLS, wants_calls), (_ONLY, only is not None),
        )
        if is_asked
    )  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(_FIND.format(more=more), asked)
        rows = cursor.fetchall()
    tree = territory()
    homes = {row[3]: tree.area(row[3]) for row in rows}
    centres = list_centres({area_id for home in homes.values() for area_id in home.ids})
    places: dict[int, tuple[float | None, float | None]] = {
        area_id: next((centres[each] for each in reversed(home.ids) if each in centres), (None, None))
        for area_id, home in homes.items()
    }
    found = []
    for pk, account_id, name, area_id, reach_m, has, times, load, speaks in rows:
        lon, lat = places[area_id]
        home = homes[area_id].path
        found.append(
            Candidate(
                pk, account_id, name, area_id, home, lon, lat, reach_m, tuple(has), tuple(times), load, tuple(speaks)
            )
        )  # fmt: skip
    return found
