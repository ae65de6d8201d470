"""The planned city tiles its land exactly, has the seeds' numbers, and its months of cases hang together."""

import time
from collections import Counter
from datetime import UTC, datetime

import pytest
import shapely

from haitang.cases.lifecycle import MOVES as CASE_MOVES
from haitang.demo import geometry, legacy
from haitang.demo.city import plan_city
from haitang.demo.timeline import plan_history
from haitang.demo.units import plan_organizations

UNTIL = datetime(2026, 11, 20, 6, 0, tzinfo=UTC)
MOVES = {
    "verify": "reported", "accept": "verify reported", "refuse": "verify reported accept",
    "register": "accept", "dispatch": "register return", "sign": "dispatch", "return": "dispatch sign",
    "handle": "sign rework reopen rate", "feedback": "handle", "check": "feedback", "rework": "feedback check",
    "close": "check", "void": "reported verify accept", "reopen": "close rate", "rate": "close",
}  # fmt: skip
"""After which deed each deed may come, independent of the cases app's own table."""


@pytest.fixture(scope="module")
def city():
    return plan_city()


@pytest.fixture(scope="module")
def history(city):
    return plan_history(city, seed=20260, until=UNTIL)


def test_the_city_has_the_planned_numbers(city):
    assert (len(city.streets), len(city.communities), len(city.grids)) == (11, 65, 504)
    grids = Counter(grid.parent for grid in city.grids)
    assert set(grids) == {place.code for place in city.communities}
    assert 4 <= min(grids.values()) < max(grids.values()) <= 14
    buildings = Counter(building.parent for building in city.buildings)
    assert set(buildings) == {grid.code for grid in city.grids}
    assert 6 <= min(buildings.values()) < max(buildings.values()) <= 14


@pytest.mark.parametrize("seed", [1, 2, 20260])
def test_boundaries_tile_the_land_without_gap_or_overlap(seed):
    city = plan_city(seed)
    for level in (city.grids, city.communities, city.streets):
        shapes = [place.shape for place in level]
        assert shapely.coverage_is_valid(shapes)
        assert sum(shape.area for shape in shapes) == pytest.approx(city.root.shape.area, rel=1e-12)
        assert shapely.coverage_union_all(shapes).equals(city.root.shape)
        assert all(shape.geom_type == "Polygon" and shape.is_valid for shape in shapes)


def test_every_area_is_the_union_of_its_children(city):
    for parents, children in ((city.communities, city.grids), (city.streets, city.communities)):
        for parent in parents:
            own = [child.shape for child in children if child.parent == parent.code]
            assert shapely.coverage_union_all(own).equals(parent.shape)


def test_buildings_stand_apart_inside_their_grid(city):
    grids = {grid.code: grid.shape for grid in city.grids}
    assert all(grids[building.parent].contains_properly(building.shape) for building in city.buildings)
    tree = shapely.STRtree([building.shape for building in city.buildings])
    pairs = tree.query([building.shape for building in city.buildings], predicate="intersects")
    assert len(pairs[0]) == len(city.buildings)


def test_coordinates_have_six_decimals(city):
    for place in city.places():
        points = shapely.get_coordinates(place.shape)
        assert (points == points.round(geometry.DECIMALS)).all()


def test_codes_are_those_of_no_real_place_and_begin_with_the_parents(city):
    digits = {"city": 6, "street": 9, "town": 9, "community": 12, "village": 12, "grid": 15, "building": 18}
    kinds = {place.code: place.kind for place in city.places()}
    assert len(kinds) == len(city.places())
    for place in city.places():
        assert place.code.startswith("3299")
        assert len(place.code) == max(12, digits[place.kind])
        if place.parent:
            assert place.code.startswith(place.parent[: digits[kinds[place.parent]]])


def test_names_are_different_within_each_level(city):
    for level in (city.streets, city.communities, city.grids, city.buildings):
        assert len({place.name for place in level}) == len(level)


def test_the_same_seed_gives_the_same_city_within_five_seconds(city):
    start = time.perf_counter()
    again = plan_city()
    assert time.perf_counter() - start < 5
    assert again == city
    assert plan_city(4) != city


def test_there_are_281_units_and_every_reference_leads_somewhere(city):
    organizations = plan_organizations(city, 20260)
    kinds = Counter(each.kind for each in organizations)
    assert (kinds["unit"], kinds["community"], kinds["street_office"]) == (281, 65, 11)
    areas = {place.code for place in city.places()}
    known: set[str] = set()
    for each in organizations:
        assert {code for _tree, code in each.parents} | {code for _relation, code in each.links} <= known
        assert {code for _relation, code in each.areas} | {post.area for post in each.posts} <= areas | {""}
        known.add(each.code)
    assert len(known) == len(organizations) == len({each.name for each in organizations})
    workers = [post.area for each in organizations for post in each.posts if post.kind == "grid_worker"]
    assert sorted(workers) == sorted(grid.code for grid in city.grids)
    assert plan_organizations(city, 20260) == organizations


def test_history_is_the_same_every_time_and_ends_at_the_present(city, history):
    assert plan_history(city, seed=20260, until=UNTIL) == history
    assert len(history) == len({story.external_id for story in history}) == 3000
    assert [story.at for story in history] == sorted(story.at for story in history)
    assert max(step.at for story in history for step in story.steps) <= UNTIL
    assert len({story.description for story in history}) > 2900


def test_every_case_goes_from_deed_to_deed_as_the_rules_allow(history):
    for story in history:
        before, at = "reported", story.at
        for step in story.steps:
            assert before in MOVES[step.deed].split(), (before, step.deed)
            assert step.at > at
            assert step.opinion or step.deed == "rate"
            before, at = step.deed, step.at


def test_cases_stand_at_every_stage_and_every_side_road_is_taken(history):
    last = Counter(story.steps[-1].deed if story.steps else "reported" for story in history)
    assert {
        "reported",
        "accept",
        "register",
        "dispatch",
        "sign",
        "handle",
        "feedback",
        "check",
        "close",
        "rate",
    } <= set(last)
    taken = Counter(step.deed for story in history for step in story.steps)
    assert set(taken) == set(MOVES)
    assert taken["close"] > 2000
    assert {step.arguments["score"] for story in history for step in story.steps if step.deed == "rate"} == {
        1,
        2,
        3,
        4,
        5,
    }


def test_every_case_lies_in_its_grid(city, history):
    grids = {grid.code: grid.shape for grid in city.grids}
    assert all(grids[story.grid].contains(shapely.Point(story.lon, story.lat)) for story in history)


def test_what_was_imported_stands_where_the_rules_of_cases_put_it():
    after = {deed.value: move.target.value for deed, move in CASE_MOVES.items()}
    assert {"": "reported", **after} == legacy._STATUS_AFTER
