"""At which level a matter was solved: that of the desk that had it, and the grid where a grid worker signed for it."""

from datetime import date

from haitang.cases.models import Case
from haitang.cases.values import Level
from haitang.organizations.queries import organizations
from haitang.organizations.values import Kind, PostKind
from haitang.people.queries import list_responsible
from haitang.territory.queries import territory
from haitang.territory.values import Kind as AreaKind

_BY_KIND = {Kind.COMMUNITY.value: Level.COMMUNITY, Kind.STREET_OFFICE.value: Level.STREET}


def level_of(case: Case, on: date) -> Level:
    """Return the level of the desk that has the case on that day; the community where no desk ever had it.

    A community's case that one of its grid workers signed for was solved in the grid. A department stands at the level
    of the narrowest area that it serves among those of the case.
    """
    desk = organizations().by_id(case.organization_id)
    if desk is None:
        return Level.COMMUNITY
    level = _BY_KIND.get(desk.kind)
    if level is Level.COMMUNITY and case.handler_id in list_responsible(desk.id, PostKind.GRID_WORKER):
        return Level.GRID
    return level or _served(case, desk.id, desk.kind, on)


def _served(case: Case, desk_id: int, kind: str, on: date) -> Level:
    areas, registry = territory(), organizations()
    chain = [area for area_id in case.area_ids if (area := areas.get(area_id)) is not None]
    for depth in range(len(chain), 0, -1):
        area = chain[depth - 1]
        ids = tuple(each.id for each in chain[:depth])
        if any(each.id == desk_id for each in registry.all_serving(ids, kind, on)):
            # The registry names the nearest of the chain that is served: go up to the area that is this desk's own.
            above = registry.all_serving(ids[:-1], kind, on)
            if any(each.id == desk_id for each in above):
                continue
            return _level(area.kind)
    return Level.CITY


def _level(kind: str) -> Level:
    level = AreaKind(kind).level
    if level >= AreaKind.GRID.level:
        return Level.GRID
    if level >= AreaKind.COMMUNITY.level:
        return Level.COMMUNITY
    if level >= AreaKind.STREET.level:
        return Level.STREET
    return Level.DISTRICT if level >= AreaKind.DISTRICT.level else Level.CITY
