"""The shape of a city that does not exist: an outline with a lake bay, divided down to grids and buildings.

Everything follows from one seed. Seeds of grids are laid inside communities inside streets; the grids are the
Voronoi cells of these, cut out of one noded linework, so neighbours share their edges to the last digit, and
communities, streets and the city are unions of grids: nothing overlaps and nothing is left over.
"""

import math
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.random import Generator

CENTER_LON, CENTER_LAT = 121.15, 31.50
DEGREE_KM = math.pi * 6371.0088 / 180.0
# Six decimals of a degree are about 10 cm.
DECIMALS = 6
STREETS, COMMUNITIES, GRIDS = 11, 65, 504
GRIDS_PER_COMMUNITY = (4, 14)
BUILDINGS_PER_GRID = (6, 14)

_COS = math.cos(math.radians(CENTER_LAT))
_HALF_WIDTH_KM, _HALF_HEIGHT_KM = 12.5, 9.6
_ATTEMPTS = 60
# Houses keep this far from the edge of their grid.
_EDGE_KM = 0.008


@dataclass(frozen=True, slots=True)
class Division:
    """The land as numbers: for each grid its polygon and the community it is in, for each community its street.

    grids: array of WGS84 polygons. community_of: of each grid. street_of: of each community.
    Streets are numbered from the centre of the city outwards.
    """

    grids: np.ndarray
    community_of: np.ndarray
    street_of: np.ndarray

    def communities(self) -> np.ndarray:
        """Return each community's polygon, the union of its grids."""
        return _unions(self.grids, self.community_of, len(self.street_of))

    def streets(self) -> np.ndarray:
        """Return each street's polygon, the union of its grids."""
        return _unions(self.grids, self.street_of[self.community_of], STREETS)

    def city(self) -> shapely.Polygon:
        """Return the city's polygon, the union of all grids."""
        return shapely.coverage_union_all(self.grids)


def divide(seed: int) -> Division:
    """Lay out a city of 11 streets, 65 communities and 504 grids. The same seed gives the same city.

    A lay-out in which some community or street falls apart in two is thrown away and the next one tried.
    """
    for attempt in range(_ATTEMPTS):
        rng = np.random.default_rng([seed, attempt])
        outline = _outline(rng)
        sites, community_of, street_of = _sites(rng, outline)
        cells = _cells(rng, outline, sites)
        if len(cells) != GRIDS:
            continue
        owner = shapely.STRtree(cells).query(shapely.points(_to_degrees(sites)), predicate="within")
        if len(set(owner[1])) != GRIDS or len(owner[0]) != GRIDS:
            continue
        grids = cells[owner[1][np.argsort(owner[0])]]
        division = Division(grids, community_of, street_of)
        whole = np.concatenate([division.communities(), division.streets(), [division.city()]])
        if (shapely.get_type_id(whole) == shapely.GeometryType.POLYGON).all() and shapely.coverage_is_valid(grids):
            return division
    raise RuntimeError("no lay-out without scattered communities was found")


def buildings(rng: Generator, grid: shapely.Polygon, count: int) -> list[shapely.Polygon]:
    """Return so many footprints in rows around one or two courts, each wholly inside the grid.

    Ordered court by court and row by row, as house numbers run.
    """
    inner = shapely.transform(grid, _to_km).buffer(-_EDGE_KM)
    turn = rng.uniform(-0.25, 0.25)
    courts = 2 if count >= 10 else 1
    centers = _points_inside(rng, inner, courts)
    found: list[shapely.Polygon] = []
    for number, center in enumerate(centers):
        wanted = count // courts + (number < count % courts)
        for scale in (1.0, 0.6, 0.35, 0.2):
            taken = shapely.union_all(found) if found else None
            fitting = _rows(inner, center, turn, scale, taken)[:wanted]
            if len(fitting) == wanted:
                break
        found += sorted(fitting, key=lambda shape: (-round(shape.centroid.y, 2), shape.centroid.x))
    return list(shapely.transform(np.array(found), _to_rounded_degrees))


def _rows(
    inner: shapely.Polygon, center: np.ndarray, turn: float, scale: float, taken: shapely.Geometry | None
) -> list[shapely.Polygon]:
    """Return the footprints of a regular court that lie inside and touch no other, nearest to its middle first."""
    column, row = np.meshgrid(np.arange(-4, 5), np.arange(-5, 6))
    offsets = np.column_stack([column.ravel() * 0.075, row.ravel() * 0.038])
    offsets = offsets[np.argsort(np.hypot(offsets[:, 0], offsets[:, 1]), kind="stable")] * scale
    rotation = np.array([[math.cos(turn), math.sin(turn)], [-math.sin(turn), math.cos(turn)]])
    corner = np.array([[-0.027, -0.007], [0.027, -0.007], [0.027, 0.007], [-0.027, 0.007]]) * scale
    rings = (offsets[:, None, :] + corner[None, :, :]) @ rotation + center
    shapes = shapely.polygons(rings)
    shapely.prepare(inner)
    fits = shapely.contains_properly(inner, shapes)
    if taken is not None:
        fits &= ~shapely.intersects(shapes, taken.buffer(0.01))
    return list(shapes[fits])


def _outline(rng: Generator) -> shapely.Polygon:
    """Return the city's edge in km: a wavering oval with a bay of the lake bitten out."""
    angle = np.linspace(0, 2 * math.pi, 240, endpoint=False)
    radius = np.full_like(angle, 0.87)
    for wave in range(2, 14):
        radius += rng.normal(0, 0.10 / wave) * np.cos(wave * angle + rng.uniform(0, 2 * math.pi))
    radius = np.minimum(radius, 1.0)
    land = shapely.Polygon(
        np.column_stack([_HALF_WIDTH_KM * radius * np.cos(angle), _HALF_HEIGHT_KM * radius * np.sin(angle)])
    )
    at = rng.uniform(-0.9, -0.3)
    bay = shapely.Point(11.5 * math.cos(at), 9.0 * math.sin(at)).buffer(3.6, quad_segs=12)
    return land.difference(bay.union(shapely.Point(13 * math.cos(at), 10 * math.sin(at)).buffer(3.2)))


def _sites(rng: Generator, outline: shapely.Polygon) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return the grids' seeds, each grid's community and each community's street.

    Land near the centre is denser: it is sampled more often, and cells come out smaller there.
    """
    spots = _points_inside(rng, outline, 40000)
    density = 0.12 + np.exp(-((spots[:, 0] / 4.2) ** 2 + (spots[:, 1] / 3.6) ** 2))
    spots = spots[rng.random(len(spots)) < density / density.max()]
    street_sites, street_at = _relax(rng, spots, STREETS)
    order = np.argsort(np.hypot(street_sites[:, 0], street_sites[:, 1]))
    street_at = np.argsort(order)[street_at]
    per_street = _shares(rng, np.bincount(street_at, minlength=STREETS), COMMUNITIES, 4, 8)
    community_spots, street_of = [], []
    for street in range(STREETS):
        own = spots[street_at == street]
        at = _relax(rng, own, per_street[street])[1]
        community_spots += [own[at == number] for number in range(per_street[street])]
        street_of += [street] * per_street[street]
    weights = np.array([len(own) for own in community_spots]) * rng.uniform(0.6, 1.6, COMMUNITIES)
    per_community = _shares(rng, weights, GRIDS, *GRIDS_PER_COMMUNITY)
    sites = [_relax(rng, own, count)[0] for own, count in zip(community_spots, per_community, strict=True)]
    return np.concatenate(sites), np.repeat(np.arange(COMMUNITIES), per_community), np.array(street_of)


def _relax(rng: Generator, spots: np.ndarray, count: int) -> tuple[np.ndarray, np.ndarray]:
    """Return so many centres spread over the spots by Lloyd's relaxation, and the nearest centre of each spot."""
    centers = spots[rng.choice(len(spots), count, replace=False)]
    nearest = np.zeros(len(spots), dtype=int)
    for _round in range(25):
        nearest = ((spots[:, None, :] - centers[None, :, :]) ** 2).sum(axis=2).argmin(axis=1)
        sums = np.column_stack([np.bincount(nearest, spots[:, axis], count) for axis in (0, 1)])
        sizes = np.bincount(nearest, minlength=count)
        centers = np.where(sizes[:, None] > 0, sums / np.maximum(sizes, 1)[:, None], centers)
    return centers, nearest


def _shares(rng: Generator, weights: np.ndarray, total: int, least: int, most: int) -> np.ndarray:
    """Return whole numbers near the weights' proportions, each within least … most, that add up to the total."""
    shares = np.clip(np.round(weights / weights.sum() * total).astype(int), least, most)
    while (missing := total - shares.sum()) != 0:
        step = 1 if missing > 0 else -1
        movable = np.flatnonzero((shares + step >= least) & (shares + step <= most))
        shares[rng.choice(movable)] += step
    return shares


def _cells(rng: Generator, outline: shapely.Polygon, sites: np.ndarray) -> np.ndarray:
    """Return the Voronoi cells of the seeds within the outline, in degrees, with slightly crooked edges."""
    edges = shapely.voronoi_polygons(shapely.MultiPoint(sites), extend_to=outline.buffer(5), only_edges=True)
    inside = shapely.get_parts(shapely.intersection(edges, outline))
    inside = inside[shapely.get_type_id(inside) == shapely.GeometryType.LINESTRING]
    crooked = [_bend(rng, shapely.get_coordinates(line)) for line in inside]
    lines = shapely.transform(np.array([*crooked, outline.boundary]), _to_degrees)
    noded = shapely.union_all(lines, grid_size=10.0**-DECIMALS)
    cells = shapely.get_parts(shapely.polygonize(shapely.get_parts(noded)))
    return shapely.transform(cells, lambda points: np.round(points, DECIMALS))


def _bend(rng: Generator, points: np.ndarray) -> shapely.LineString:
    """Return the edge with its middle moved a little to one side; the ends stay, so cells still meet there."""
    shift = rng.normal(0, 0.03, 2)
    if len(points) != 2 or np.hypot(*(points[1] - points[0])) < 0.25:
        return shapely.LineString(points)
    along = points[1] - points[0]
    across = np.array([-along[1], along[0]])
    first, second = points[0] + along * [[1 / 3], [2 / 3]] + across * np.clip(shift, -0.06, 0.06)[:, None]
    return shapely.LineString([points[0], first, second, points[1]])


def _points_inside(rng: Generator, area: shapely.Polygon, count: int) -> np.ndarray:
    """Return so many points spread evenly over the area."""
    west, south, east, north = area.bounds
    shapely.prepare(area)
    found = np.empty((0, 2))
    while len(found) < count:
        tried = rng.uniform((west, south), (east, north), (count * 2 + 8, 2))
        found = np.concatenate([found, tried[shapely.contains_xy(area, tried)]])
    return found[:count]


def _unions(shapes: np.ndarray, owner: np.ndarray, count: int) -> np.ndarray:
    return np.array([shapely.coverage_union_all(shapes[owner == number]) for number in range(count)])


def _to_degrees(points: np.ndarray) -> np.ndarray:
    return points / (DEGREE_KM * _COS, DEGREE_KM) + (CENTER_LON, CENTER_LAT)


def _to_rounded_degrees(points: np.ndarray) -> np.ndarray:
    return np.round(_to_degrees(points), DECIMALS)


def _to_km(points: np.ndarray) -> np.ndarray:
    return (points - (CENTER_LON, CENTER_LAT)) * (DEGREE_KM * _COS, DEGREE_KM)
