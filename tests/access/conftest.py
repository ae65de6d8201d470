"""The city in which everything is asked for: founded once, marked, and gone at the end."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection

from haitang.core import clock, history
from haitang.demo.build import Builder
from haitang.demo.city import City, plan_city
from haitang.demo.timeline import home_of
from haitang.territory.queries import territory
from tests.access.asking import Asker, authenticate
from tests.access.marking import Marked, Rows
from tests.access.objects import Things
from tests.access.viewers import NEIGHBOUR, OTHER, OWN, Viewer, settle

CASES, DAYS = 60, 40
BUILT = datetime(2025, 11, 19, 8, 0, tzinfo=UTC)
"""A Wednesday, 16:00 in Asia/Shanghai; what requests give must not depend on the day of the test."""


def pytest_addoption(parser: pytest.Parser) -> None:
    """The table is written when asked for, not by every run."""
    parser.addoption(
        "--write-table", action="store_true", help="write docs/reference/access.md from what requests gave"
    )


@dataclass
class Site:
    """The city with everybody who asks, what is marked in it, what may be asked for, what open pages were told."""

    viewers: list[Viewer]
    marks: list[Marked]
    things: Things
    asker: Asker
    news: list[dict[str, Any]]

    def named(self, role: str, position: str = "") -> Viewer:
        """Return that viewer."""
        return next(viewer for viewer in self.viewers if (viewer.role, viewer.position) == (role, position))


@pytest.fixture
def site(db, monkeypatch: pytest.MonkeyPatch) -> Site:
    """A street with two communities and another with one, and all that happens in them."""
    monkeypatch.setattr(clock, "now", lambda: BUILT + timedelta(minutes=5))
    monkeypatch.setattr("haitang.config.api.authenticate_token", authenticate)
    monkeypatch.setattr("haitang.demo.staff.PASSWORD", "")  # nobody signs in by one, and they are slow to be made
    news: list[dict[str, Any]] = []
    tell = history._news
    monkeypatch.setattr(history, "_news", lambda *told: news.append(json.loads(tell(*told))) or tell(*told))
    plan = _small(plan_city())
    Builder(now=BUILT, say=lambda line: None, count=CASES, days=DAYS, city=plan).build()
    home = home_of(plan).parent
    neighbour = next(place.code for place in plan.communities if place.code != home and place.code[:9] == home[:9])
    other = next(place.code for place in plan.communities if place.code[:9] != home[:9])
    rows = Rows()
    rows.load()
    marks = rows.mark()
    with connection.cursor() as cursor:  # what processes hold of these tables is read anew
        cursor.execute("UPDATE core_policyversion SET version = nextval('core_policy_version_seq')")
    viewers = settle({OWN: home, NEIGHBOUR: neighbour, OTHER: other}, clock.now())
    area = territory().by_code(home)
    asker = Asker({"area": home, "area_code": home, "area_id": area.id, "community": home})
    return Site(viewers, marks, Things(rows, area.path), asker, news)


def _small(whole: City) -> City:
    """Return the first street with its first two communities, and the second with its first."""
    streets = whole.streets[:2]
    first = [place for place in whole.communities if place.parent == streets[0].code][:2]
    second = [place for place in whole.communities if place.parent == streets[1].code][:1]
    communities = (*first, *second)
    grids = tuple(grid for place in communities for grid in [g for g in whole.grids if g.parent == place.code][:3])
    codes = {grid.code for grid in grids}
    buildings = tuple(building for building in whole.buildings if building.parent in codes)
    return City(whole.root, streets, communities, grids, buildings)
