"""Reports without end, as people write them, for measurements that need new cases."""

import time
from collections.abc import Iterator
from random import Random

import shapely

from haitang.demo import texts
from haitang.demo.city import City


def reports(city: City, rng: Random | None = None) -> Iterator[dict[str, object]]:
    """Yield reports without end: words, places and people differ; the same for the same rng."""
    rng = rng or Random(time.time_ns())
    words = texts.words_of(city)
    points = {grid.code: shapely.point_on_surface(grid.shape) for grid in city.grids}
    while True:
        building = rng.choice(city.buildings)
        around, point = words[building.parent], points[building.parent]
        template, channel = texts.choose(rng, 5, 10, village=around.village)
        yield {
            "description": texts.describe(rng, template, channel, around, building),
            "channel": "phone", "lon": round(point.x, 7), "lat": round(point.y, 7), "address": building.name,
            "reporter": {"name": "王小明", "phone": f"139{rng.randint(0, 99_999_999):08d}"},
        }  # fmt: skip
