"""Which overdue cases have a rung to climb, and who is told there."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from haitang.cases.values import Permission as CasePermission
from haitang.core.clock import local_date
from haitang.organizations.queries import organizations
from haitang.oversight.queries.rules import EVERYWHERE, RungRef, area_at, rules
from haitang.people.queries import list_accounts_holding, list_responsible
from haitang.territory.queries import territory
from haitang.territory.values import AreaRef


@dataclass(frozen=True, slots=True)
class Climber:
    """An overdue case and the rung that it has come to."""

    case_id: int
    number: str
    area_ids: tuple[int, ...]
    organization_id: int | None
    is_confidential: bool
    due_at: datetime
    rung: RungRef


_CLIMBERS = """
WITH rung AS (
    SELECT * FROM unnest(%(areas)s::bigint[], %(steps)s::int[], %(before)s::timestamptz[]) AS r(area_id, step, before)
)
SELECT c.id, c.number, c.area_ids, c.organization_id, c.is_confidential, c.due_at, ladder.area_id, up.step
FROM cases_case c
LEFT JOIN oversight_climb e ON e.case_id = c.id AND e.due_at = c.due_at
CROSS JOIN LATERAL (
    SELECT coalesce((SELECT u.id FROM unnest(c.area_ids) WITH ORDINALITY AS u(id, n)
                     WHERE u.id = ANY(%(own)s) ORDER BY u.n DESC LIMIT 1), 0) AS area_id
) AS ladder
CROSS JOIN LATERAL (
    SELECT max(rung.step) AS step FROM rung WHERE rung.area_id = ladder.area_id AND c.due_at <= rung.before
) AS up
WHERE c.due_at <= %(latest)s AND up.step > coalesce(e.step, 0)
ORDER BY c.id LIMIT %(limit)s
"""


def list_climbers(*, now: datetime, limit: int) -> list[Climber]:
    """Return cases that are overdue long enough for a rung that they have not come to, by id. For the action."""
    known = rules()
    if not known.rungs:
        return []
    ladders = known.ladders
    with connection.cursor() as cursor:
        cursor.execute(
            _CLIMBERS,
            {
                "areas": [rung.area_id for rung in known.rungs],
                "steps": [rung.step for rung in known.rungs],
                "before": [now - rung.after for rung in known.rungs],
                "own": [area_id for area_id in ladders if area_id != EVERYWHERE],
                "latest": now - min(rung.after for rung in known.rungs),
                "limit": limit,
            },
        )
        return [
            Climber(pk, number, tuple(areas), desk, hidden, due_at, ladders[ladder][step])
            for pk, number, areas, desk, hidden, due_at, ladder, step in cursor.fetchall()
        ]


def area_of(rung: RungRef, area_ids: Sequence[int]) -> AreaRef:
    """Return the area of the case for which the rung's people answer."""
    areas = territory()
    return area_at(rung.level, [area for area_id in area_ids if (area := areas.get(area_id)) is not None])


def told_at(rung: RungRef, area: AreaRef, *, is_confidential: bool, now: datetime) -> set[int]:
    """Return the accounts that are told at a rung for an area: its own people, or those above where it has none.

    Of denunciations only those who may see them.
    """
    told: set[int] = set()
    if rung.permission:
        told = set(list_accounts_holding(rung.permission, area_path=area.path, now=now))
        parent = territory().get(area.parent_id)
        if parent is not None:
            wider = set(list_accounts_holding(rung.permission, area_path=parent.path, now=now))
            told = told - wider or told
    else:
        desk = organizations().serving(tuple(area.ids), rung.serving, local_date(now))
        told = set(list_responsible(desk.id, rung.post_kind, now=now)) if desk is not None else set()
    for permission in (CasePermission.VIEW, *((CasePermission.VIEW_CONFIDENTIAL,) if is_confidential else ())):
        told &= set(list_accounts_holding(permission, area_path=area.path, now=now))
    return told
