"""How fast points find their grid, on a made-up city: for `haitang bench` and for nobody else."""

import time
from dataclasses import dataclass

import numpy as np
import shapely

from haitang.territory.values.index import BoundaryIndex
from haitang.territory.values.words import Kind


@dataclass(frozen=True, slots=True)
class Rate:
    """Points located in a second, against asking the bare STRtree the same question in the same run."""

    points_per_s: float
    bare_points_per_s: float


def locate_rate(*, polygons: int = 20_000, points: int = 200_000, seed: int = 1) -> Rate:
    """Measure `BoundaryIndex.locate_many` in bulk over a Voronoi city of that many grids."""
    random = np.random.default_rng(seed)
    city = shapely.box(121.0, 31.0, 121.5, 31.5)
    seeds = shapely.MultiPoint(np.array([121.0, 31.0]) + random.random((polygons, 2)) * 0.5)
    cells = shapely.intersection(np.asarray(shapely.voronoi_polygons(seeds, extend_to=city).geoms, dtype=object), city)
    lons, lats = 121.0 + random.random(points) * 0.5, 31.0 + random.random(points) * 0.5
    index = BoundaryIndex(range(1, len(cells) + 1), [Kind.GRID] * len(cells), cells)
    tree = shapely.STRtree(cells)
    index.locate_many(lons[:1000], lats[:1000])
    started = time.perf_counter()
    index.locate_many(lons, lats)
    between = time.perf_counter()
    tree.query(shapely.points(lons, lats), predicate="within")
    ended = time.perf_counter()
    return Rate(points / (between - started), points / (ended - between))
