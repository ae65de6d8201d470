"""Reads: the snapshot, locating points, lists."""

import time

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from haitang.core import policy
from haitang.core.errors import Invalid
from haitang.territory import actions, queries
from haitang.territory.values import AreaNotFound, AreaRef, BoundaryIndex, Territory
from haitang.testing.actors import NOW
from haitang.testing.land import FOUNDER, SOUTH, STEP, WEST, ref, strip

GRIDS = ["320585001001001", "320585001001002", "320585001002001", "320585001002002"]


def test_the_snapshot_answers_without_asking_the_database(areas, django_assert_num_queries):
    with policy.reading():
        queries.territory()
        queries.locate(121.305, 31.505)
        with django_assert_num_queries(0):
            tree = queries.territory()
            grid = tree.by_code(GRIDS[0])
            assert tree.full_name(grid.id) == "海棠街道 / 春和社区 / 第一网格"
            assert [area.code for area in tree.chain(grid.id)] == ["320585", "320585001000", "320585001001", GRIDS[0]]
            assert tree.ancestor(grid.id, "street").name == "海棠街道"
            assert tree.ancestor(grid.id, "zone") is None
            assert [area.name for area in tree.children(grid.parent_id)] == ["第一网格", "第二网格"]
            assert [area.name for area in tree.descendants(tree.by_code("320585001001").id)] == ["第一网格", "第二网格"]
            assert tree.full_name(tree.by_code("320585").id) == "海棠市"
            assert queries.locate(121.325, 31.505).code == GRIDS[2]


def test_unknown_areas(areas):
    tree = queries.territory()
    assert (tree.get(None), tree.get(0), tree.by_code("x")) == (None, None, None)
    for ask in (tree.area, tree.chain, tree.full_name, queries.get_area):
        with pytest.raises(AreaNotFound):
            ask(0)
    with pytest.raises(AreaNotFound):
        queries.get_area_by_code("x")


def test_a_point_falls_into_its_grid_else_into_what_is_above(areas):
    lons = [WEST + STEP / 2, WEST + 1.5 * STEP, WEST + 3.5 * STEP, WEST - 1, float("nan")]
    found = queries.locate_many(lons, [SOUTH + STEP / 2] * 5)
    assert found == [ref(GRIDS[0]).id, ref(GRIDS[1]).id, ref(GRIDS[3]).id, None, None]
    actions.close_area(actor=FOUNDER, area_id=ref(GRIDS[3]).id, now=NOW)
    assert queries.locate(lons[2], SOUTH + STEP / 2) == ref("320585001002")
    assert queries.locate_many([], []) == []


def test_a_point_on_a_shared_edge_belongs_to_the_lowest_id(areas):
    edge = round(WEST + STEP, 7)
    for south in np.linspace(SOUTH, SOUTH + STEP, 11):
        low = min(ref(GRIDS[0]).id, ref(GRIDS[1]).id)
        assert queries.locate_many([edge], [float(south)]) == [low]


def test_locating_follows_a_moved_boundary(areas):
    place = (WEST + 4.5 * STEP, SOUTH + STEP / 2)
    assert queries.locate(*place) is None
    street = ref("320585001000")
    actions.set_boundary(actor=FOUNDER, area_id=street.id, boundary=strip(0, 5), source="测试", now=NOW)
    assert queries.locate(*place) == street


def test_lists_are_filtered_and_paged_by_code(areas):
    everything = queries.list_areas().rows
    assert [area.code for area in everything] == sorted(area.code for area in everything)
    first = queries.list_areas(kind="grid", limit=3)
    rest = queries.list_areas(kind="grid", limit=3, cursor=first.next)
    back = queries.list_areas(kind="grid", limit=3, cursor=rest.previous)
    assert [area.code for area in (*first.rows, *rest.rows)] == GRIDS
    assert (first.previous, rest.next, first.total, rest.total) == ("", "", 4, 4)
    assert (back.rows, back.previous) == (first.rows, "")
    assert [area.name for area in queries.list_areas(text="春和").rows] == ["春和社区"]
    assert [a.name for a in queries.list_areas(text="320585001002").rows] == ["秋实社区", "第三网格", "第四网格"]
    assert queries.list_areas(under=ref("320585001001")).total == 2
    actions.close_area(actor=FOUNDER, area_id=ref(GRIDS[0]).id, now=NOW)
    assert queries.list_areas(under=ref("320585001001")).total == 1
    assert queries.list_areas(under=ref("320585001001"), closed=True).total == 2
    with pytest.raises(Invalid):
        queries.list_areas(cursor="x")


@given(st.lists(st.integers(0, 30), min_size=1, max_size=40))
def test_in_any_tree_paths_chains_and_children_agree(parents):
    """The n-th area stands under the parents[n]-th of those before it, or is a root."""
    areas: list[AreaRef] = []
    for number, wish in enumerate(parents, start=1):
        above = areas[wish] if wish < len(areas) else None
        ids = (*(above.ids if above else ()), number)
        path = "/" + "/".join(map(str, ids)) + "/"
        areas.append(AreaRef(number, str(number), f"区{number}", "grid", above and above.id, path, ids, len(ids)))
    tree = Territory(areas)
    for area in areas:
        chain = tree.chain(area.id)
        assert [each.id for each in chain] == [int(part) for part in area.path.strip("/").split("/")]
        assert {each.id for each in tree.descendants(area.id)} == {
            each.id for each in areas if each.path.startswith(area.path) and each.id != area.id
        }
        assert all(child.parent_id == area.id for child in tree.children(area.id))
    assert len(tree.descendants(None)) == len(areas)


def test_bulk_location_costs_no_more_than_thrice_the_bare_tree():
    random = np.random.default_rng(3)
    corners = np.array([(x, y) for x in range(60) for y in range(60)]) / 60
    cells = shapely.box(corners[:, 0], corners[:, 1], corners[:, 0] + 1 / 60, corners[:, 1] + 1 / 60)
    index = BoundaryIndex(range(1, 3601), ["grid"] * 3600, cells)
    tree = shapely.STRtree(cells)
    x, y = random.random(50_000), random.random(50_000)

    def seconds(work):
        best = float("inf")
        for _attempt in range(5):
            started = time.thread_time()  # of the processor alone: others may be at work on this machine
            work()
            best = min(best, time.thread_time() - started)
        return best

    bare = seconds(lambda: tree.query(shapely.points(x, y), predicate="intersects"))
    assert seconds(lambda: index.locate_many(x, y)) < 3 * bare
