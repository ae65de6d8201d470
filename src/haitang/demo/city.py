"""The plan of the demo city: every area with its code, name, boundary and people, from the city to the buildings."""

from dataclasses import dataclass
from random import Random

import numpy as np
import shapely

from haitang.demo import geometry, names

SEED = 20260

# 3299 is no prefecture: Jiangsu's codes end at 3213, so no real place has any of these codes. Source: GB/T 2260.
CITY_CODE = "329981"
_FIRST_STREET, _FIRST_TOWN, _FIRST_VILLAGE = 1, 100, 200


@dataclass(frozen=True, slots=True)
class Place:
    """An area to be: kind as territory says it, parent by code ("" for the city), WGS84 shape, residents."""

    code: str
    name: str
    kind: str
    parent: str
    shape: shapely.Polygon
    residents: int = 0

    @property
    def boundary(self) -> dict:
        """Return the shape as GeoJSON."""
        return shapely.geometry.mapping(self.shape)


@dataclass(frozen=True, slots=True)
class City:
    """The whole city, each list in the order of its codes."""

    root: Place
    streets: tuple[Place, ...]
    communities: tuple[Place, ...]
    grids: tuple[Place, ...]
    buildings: tuple[Place, ...]

    def places(self) -> list[Place]:
        """Return all areas, every one after its parent."""
        return [self.root, *self.streets, *self.communities, *self.grids, *self.buildings]


def plan_city(seed: int = SEED) -> City:
    """Return the city of that seed: 11 streets and towns, 65 communities, 504 grids and about 5,000 buildings."""
    land = geometry.divide(seed)
    rng = Random(seed)
    streets = _streets(land)
    communities = _communities(rng, land, streets)
    grids = _grids(rng, land, communities)
    buildings = _buildings(rng, seed, grids, communities)
    people = _sum_residents(grids)
    communities = [_with_residents(place, people) for place in communities]
    people |= _sum_residents(communities)
    streets = [_with_residents(place, people) for place in streets]
    root = Place(CITY_CODE + "000000", names.CITY, "city", "", land.city(), sum(place.residents for place in streets))
    return City(root, tuple(streets), tuple(communities), tuple(grids), tuple(buildings))


def _streets(land: geometry.Division) -> list[Place]:
    """Return the streets near the centre, then the towns around them."""
    found = []
    for number, shape in enumerate(land.streets()):
        town = number - len(names.STREET_NAMES)
        if town < 0:
            code, name, kind = _FIRST_STREET + number, names.STREET_NAMES[number], "street"
        else:
            code, name, kind = _FIRST_TOWN + town, names.TOWN_NAMES[town], "town"
        found.append(Place(f"{CITY_CODE}{code:03d}000", name, kind, CITY_CODE + "000000", shape))
    return found


def _communities(rng: Random, land: geometry.Division, streets: list[Place]) -> list[Place]:
    """Return the communities; every second one in a town is a village."""
    urban = rng.sample(names.COMMUNITY_NAMES, len(names.COMMUNITY_NAMES))
    rural = rng.sample(names.VILLAGE_NAMES, len(names.VILLAGE_NAMES))
    within: dict[str, int] = {}
    found = []
    for street_number, shape in zip(land.street_of, land.communities(), strict=True):
        street = streets[street_number]
        place = within[street.code] = within.get(street.code, 0) + 1
        village = street.kind == "town" and place % 2 == 0
        code = street.code[:9] + f"{_FIRST_VILLAGE + place // 2 - 1 if village else place:03d}"
        name = rural.pop() + "村" if village else urban.pop() + "社区"
        found.append(Place(code, name, "village" if village else "community", street.code, shape))
    return found


def _grids(rng: Random, land: geometry.Division, communities: list[Place]) -> list[Place]:
    """Return the grids, numbered from west to east and north to south inside each community.

    Source: the order that DB11 local rules on grids ask for; 15 digits are 6 district + 3 street + 3 community + 3.
    """
    found: list[Place] = []
    for number, community in enumerate(communities):
        shapes = land.grids[land.community_of == number]
        centers = shapely.get_coordinates(shapely.centroid(shapes))
        for place, index in enumerate(np.lexsort((-centers[:, 1], np.round(centers[:, 0], 2))), start=1):
            people = rng.randint(420, 1150) if community.kind == "community" else rng.randint(240, 620)
            name = f"{community.name}第{names.numeral(place)}网格"
            found.append(Place(f"{community.code}{place:03d}", name, "grid", community.code, shapes[index], people))
    return found


def _buildings(rng: Random, seed: int, grids: list[Place], communities: list[Place]) -> list[Place]:
    """Return the buildings, in towns' villages by hamlet and elsewhere by estate: 春和花园3幢, 沈家湾5号."""
    villages = {place.code for place in communities if place.kind == "village"}
    estates = names.pairs(rng, names.ESTATE_FIRST, names.ESTATE_LAST, len(names.ESTATE_FIRST) * len(names.ESTATE_LAST))
    hamlets = names.pairs(rng, names.HAMLET_FIRST, names.HAMLET_LAST, len(names.HAMLET_FIRST) * len(names.HAMLET_LAST))
    chance = np.random.default_rng([seed, 1])
    found: list[Place] = []
    for grid in grids:
        pool, unit = (hamlets, "号") if grid.parent in villages else (estates, "幢")
        estate = pool.pop()
        shapes = geometry.buildings(chance, grid.shape, rng.randint(*geometry.BUILDINGS_PER_GRID))
        for number, shape in enumerate(shapes, start=1):
            found.append(Place(f"{grid.code}{number:03d}", f"{estate}{number}{unit}", "building", grid.code, shape))
    return found


def _sum_residents(places: list[Place]) -> dict[str, int]:
    people: dict[str, int] = {}
    for place in places:
        people[place.parent] = people.get(place.parent, 0) + place.residents
    return people


def _with_residents(place: Place, people: dict[str, int]) -> Place:
    return Place(place.code, place.name, place.kind, place.parent, place.shape, people[place.code])
