"""Who is told of the cases that have come to a rung of the ladder."""

from datetime import datetime
from typing import NamedTuple

from haitang.cases.values import Permission as CasePermission
from haitang.core.clock import local_date
from haitang.organizations.queries import organizations
from haitang.oversight.queries.rules import RungRef, area_at
from haitang.people.queries import list_accounts_holding, list_responsible
from haitang.territory.queries import territory
from haitang.territory.values import AreaRef


class Climber(NamedTuple):
    """An overdue case and the rung that it has come to."""

    case_id: int
    number: str
    area_path: str
    organization_id: int | None
    is_confidential: bool
    due_at: datetime
    rung: RungRef


def area_of(rung: RungRef, area_path: str) -> AreaRef:
    """Return the area of a case at that path for which the rung's people answer."""
    areas = territory()
    chain = [areas.get(int(area_id)) for area_id in area_path[1:-1].split("/")]
    return area_at(rung.level, [area for area in chain if area is not None])


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
