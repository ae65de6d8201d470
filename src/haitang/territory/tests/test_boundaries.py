"""Boundaries: what is refused says what and where; what is found is told."""

import json
from contextlib import suppress

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from haitang.core.errors import Invalid, NotAllowed, Refusal
from haitang.core.models import Entry
from haitang.territory import actions, models, queries
from haitang.territory.values import AreaNotFound, InvalidBoundary, coordinates
from haitang.territory.values.geometry import read_geometry, square_metres
from haitang.testing.actors import NOBODY, NOW
from haitang.testing.land import FOUNDER, SOUTH, STEP, WEST, box, ref, row, strip

GRID, NEXT = "320585001001001", "320585001001002"


def draw(code: str = GRID, boundary=None, **change):
    given = {
        "actor": FOUNDER,
        "area_id": ref(code).id,
        "boundary": boundary or strip(0, 1),
        "source": "实测",
        "now": NOW,
    }
    return actions.set_boundary(**(given | change))


def test_a_boundary_is_kept_as_wgs84_with_its_box_and_origin(areas):
    ring = strip(0, 1)["coordinates"][0]
    moved = [[float(n) for n in coordinates.wgs84_to_gcj02(*position)] for position in ring]
    area = draw(boundary={"type": "Polygon", "coordinates": [moved]}, crs="gcj02")
    area.refresh_from_db()
    np.testing.assert_allclose(area.boundary["coordinates"][0], ring, atol=2e-7)
    assert (area.west, area.south, area.east, area.north) == pytest.approx((121.30, 31.50, 121.31, 31.51), abs=2e-7)
    assert (area.boundary_source, area.boundary_crs) == ("实测", "gcj02")
    written = Entry.objects.filter(fact="BoundarySet").order_by("-id").first()
    assert json.loads(written.data["boundary"]) == area.boundary


@pytest.mark.parametrize(
    ("boundary", "sentence"),
    [
        ({}, "Polygon"),
        ([], "Polygon"),
        ("x", "Polygon"),
        ({"type": "Point", "coordinates": [121.3, 31.5]}, "Polygon"),
        ({"type": "Polygon"}, "层次"),
        ({"type": "Polygon", "coordinates": []}, "没有任何坐标"),
        ({"type": "Polygon", "coordinates": [[]]}, "没有任何坐标"),
        ({"type": "Polygon", "coordinates": [[[121.3, 31.5], [121.3]]]}, "第 2 个坐标"),
        ({"type": "Polygon", "coordinates": [[[121.3, "31.5"]]]}, "第 1 个坐标"),
        ({"type": "Polygon", "coordinates": [[[True, 31.5]]]}, "第 1 个坐标"),
        ({"type": "Polygon", "coordinates": [[[float("nan"), 31.5]]]}, "经纬度范围"),
        ({"type": "Polygon", "coordinates": [[[10**400, 31.5]]]}, "经纬度范围"),
        ({"type": "Polygon", "coordinates": [[[31.5, 121.3]]]}, "颠倒"),
        ({"type": "Polygon", "coordinates": [[[121.3, 31.5], [121.3, 31.5]]]}, "三个顶点"),
        ({"type": "Polygon", "coordinates": [[[121.3, 31.5]] * 4]}, "没有面积"),
        ({"type": "MultiPolygon", "coordinates": [[[]], []]}, "没有任何坐标"),
        ({"type": "MultiPolygon", "coordinates": [strip(0, 1)["coordinates"], []]}, "缺少外环"),
        (
            {
                "type": "Polygon",
                "coordinates": [[[121.30, 31.50], [121.31, 31.51], [121.31, 31.50], [121.30, 31.51], [121.30, 31.50]]],
            },
            "自相交",
        ),
        ({"type": "Polygon", "coordinates": [[[121.3, 31.5]] * 20001]}, "超过 20000"),
    ],
)
def test_a_broken_geometry_is_refused_with_a_sentence(boundary, sentence):
    with pytest.raises(InvalidBoundary, match=sentence):
        read_geometry(boundary)


numbers = st.one_of(st.floats(), st.integers(), st.booleans(), st.none(), st.text(max_size=3))
nested = st.recursive(numbers, lambda inner: st.lists(inner, max_size=5), max_leaves=30)


@given(st.sampled_from(["Polygon", "MultiPolygon", "Point", "LineString", None]), nested)
def test_no_geometry_breaks_the_reader(kind, coordinates_given):
    with suppress(Refusal):
        assert read_geometry({"type": kind, "coordinates": coordinates_given}, kind="building").is_valid


def test_a_hundredth_of_a_degree_has_the_area_it_should():
    assert square_metres(read_geometry(strip(0, 1))) == pytest.approx(1112**2 * 0.8526, rel=0.005)


@pytest.mark.parametrize(
    ("change", "refusal", "sentence"),
    [
        ({"boundary": box(WEST - STEP, SOUTH, WEST + STEP, SOUTH + STEP)}, InvalidBoundary, "超出“春和社区”"),
        ({"boundary": strip(0, 2)}, InvalidBoundary, "“第一网格”与“第二网格”重叠|“第二网格”与“第一网格”重叠"),
        ({"code": "320585001001", "boundary": strip(0, 1)}, InvalidBoundary, "“第二网格”有约 .*超出“春和社区”"),
        ({"crs": "mars"}, InvalidBoundary, "坐标系"),
        ({"source": ""}, Invalid, "来源"),
        ({"actor": NOBODY}, NotAllowed, "权限"),
        ({"area_id": 0}, AreaNotFound, "没有找到"),
    ],
)
def test_drawing_is_refused(areas, change, refusal, sentence):
    before = models.Area.objects.get(code=GRID).boundary
    with pytest.raises(refusal, match=sentence):
        draw(**change)
    assert models.Area.objects.get(code=GRID).boundary == before


def test_slivers_within_the_tolerance_pass(areas):
    draw(boundary=box(WEST, SOUTH, WEST + STEP + 2e-7, SOUTH + STEP))


def test_a_file_of_boundaries_moves_neighbours_together(areas):
    def feature(code, boundary):
        return {"type": "Feature", "properties": {"编码": code, "x": 1}, "geometry": boundary}

    half = round(WEST + STEP / 2, 7)
    features = [
        feature(GRID, box(WEST, SOUTH, half, SOUTH + STEP)),
        feature(NEXT, box(half, SOUTH, round(WEST + 2 * STEP, 7), SOUTH + STEP)),
    ]
    send = {"actor": FOUNDER, "code_property": "编码", "source": "二调", "now": NOW}
    areas = actions.import_boundaries(collection={"type": "FeatureCollection", "features": features}, **send)
    assert [area.code for area in areas] == [GRID, NEXT]
    assert queries.locate(half + 1e-4, SOUTH + 1e-4) == ref(NEXT)
    for collection, refusal, sentence in [
        ({}, InvalidBoundary, "FeatureCollection"),
        ({"features": []}, InvalidBoundary, "FeatureCollection"),
        ({"features": [1]}, InvalidBoundary, "第 1 个要素没有编码"),
        ({"features": [feature("404", strip(0, 1))]}, AreaNotFound, "404"),
        ({"features": [feature(GRID, {})]}, InvalidBoundary, "第 1 个要素"),
        ({"features": [features[0], features[0]]}, InvalidBoundary, "多次"),
        ({"features": [feature(GRID, strip(0, 1))]}, InvalidBoundary, "重叠"),
    ]:
        with pytest.raises(refusal, match=sentence):
            actions.import_boundaries(collection=collection, **send)
    with pytest.raises(NotAllowed):
        actions.import_boundaries(collection={"features": features}, **(send | {"actor": NOBODY}))


def test_the_report_tells_gaps_and_what_has_no_boundary(areas):
    community = ref("320585001001")
    assert queries.boundary_report(community.id) == []
    draw(boundary=box(WEST, SOUTH, WEST + STEP, SOUTH + STEP / 2))
    actions.create_area(actor=FOUNDER, code="g9", name="第九网格", kind="grid", parent_id=community.id, now=NOW)
    missing, gap = queries.boundary_report(community.id)
    assert (missing.what, missing.area_ids, missing.text) == ("missing", (ref("g9").id,), "“第九网格”没有边界")
    assert gap.what == "gap"
    assert gap.m2 == pytest.approx(1112**2 * 0.8526 / 2, rel=0.01)
    assert WEST < gap.lon < WEST + STEP


def test_a_building_may_be_a_point_and_overlaps_nobody(areas):
    point = {"type": "Point", "coordinates": [121.305, 31.505]}
    rows = [row("b1", "一幢", "building", GRID, point), row("b2", "二幢", "building", GRID, point)]
    areas = actions.create_areas(actor=FOUNDER, rows=rows, now=NOW)
    assert queries.locate(121.305, 31.505) == ref(GRID)
    assert queries.boundary_report(ref(GRID).id) == []
    far = {"type": "Point", "coordinates": [121.5, 31.505]}
    with pytest.raises(InvalidBoundary, match="超出"):
        draw("b1", far)
    assert areas[0].boundary == point
