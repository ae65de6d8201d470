"""Point → area over all boundaries at once."""

from collections.abc import Sequence

import numpy as np
import shapely
from numpy.typing import ArrayLike

from haitang.territory.values.words import LEVELS, Kind


class BoundaryIndex:
    """Finds the narrowest area that a point lies in, from grids up to streets and the city.

    Buildings are not looked at: a case is somebody's by its grid. A point on a shared edge belongs
    to the area with the lowest id, on every machine and at every call.
    """

    def __init__(self, ids: Sequence[int], kinds: Sequence[str], polygons: np.ndarray) -> None:
        """Take one entry per valid area with a boundary; polygons are shapely geometries in WGS84."""
        self._levels: list[tuple[np.ndarray, shapely.STRtree]] = []
        id_array = np.asarray(ids, dtype=np.int64)
        levels = np.asarray([LEVELS[kind] for kind in kinds], dtype=np.int64)  # type: ignore[index]  # equal to its text
        for level in sorted(set(levels.tolist()) - {LEVELS[Kind.BUILDING]}, reverse=True):
            chosen = np.flatnonzero(levels == level)
            chosen = chosen[np.argsort(id_array[chosen])]
            shapely.prepare(polygons[chosen])
            self._levels.append((id_array[chosen], shapely.STRtree(polygons[chosen])))

    def locate_many(self, lons: ArrayLike, lats: ArrayLike) -> np.ndarray:
        """Return an int64 array of area ids, 0 where no area holds the point. Degrees, WGS84."""
        x, y = np.atleast_1d(np.asarray(lons, dtype=float)), np.atleast_1d(np.asarray(lats, dtype=float))
        found = np.zeros(len(x), dtype=np.int64)
        open_points = np.flatnonzero(np.isfinite(x) & np.isfinite(y))
        for ids, tree in self._levels:
            if not len(open_points):
                break
            points = shapely.points(x[open_points], y[open_points])
            at, polygon = tree.query(points, predicate="intersects")
            # Polygons are in order of id: written from the highest to the lowest, the lowest id stays.
            order = np.argsort(-polygon, kind="stable")
            found[open_points[at[order]]] = ids[polygon[order]]
            open_points = open_points[found[open_points] == 0]
        return found
