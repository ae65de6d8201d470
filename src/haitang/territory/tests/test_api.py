"""`/api/v1/areas`, as a caller meets it."""

import json

import pytest

from haitang.config import api
from haitang.territory import actions
from haitang.testing.actors import NOBODY, NOW, START
from haitang.testing.land import FOUNDER

pytestmark = pytest.mark.django_db
GRID = "320585001001001"


@pytest.fixture(autouse=True)
def _token(monkeypatch):
    monkeypatch.setattr(api, "authenticate_token", lambda token, **_asked: NOBODY if token == "good" else None)


@pytest.fixture
def call(client):
    def send(path: str, body=None, token: str = "good"):
        headers = {"authorization": f"Bearer {token}"}
        if body is None:
            return client.get(f"/api/v1/areas{path}", headers=headers)
        data = body if isinstance(body, str) else json.dumps(body)
        return client.post(f"/api/v1/areas{path}", data, content_type="application/json", headers=headers)

    return send


def test_the_tree_is_listed_in_pages(areas, call):
    first = call("?kind=grid&limit=3").json()
    assert (first["total"], len(first["items"])) == (4, 3)
    rest = call(f"?kind=grid&limit=3&cursor={first['next_cursor']}").json()
    assert (rest["next_cursor"], [area["name"] for area in rest["items"]]) == (None, ["第四网格"])
    assert [area["name"] for area in call("?parent=320585001001").json()["items"]] == ["第一网格", "第二网格"]
    assert call("?under=320585001000").json()["total"] == 6
    assert [area["code"] for area in call("?q=秋实").json()["items"]] == ["320585001002"]


def test_one_area_with_what_stands_above_and_its_population(areas, call):
    actions.add_population(
        actor=FOUNDER, area_id=areas["grid"], kind="resident", number=812, date=START, source="七普", now=NOW
    )
    area = call(f"/{GRID}").json()
    assert (area["name"], area["parent"], area["path"]) == (
        "第一网格", "320585001001", ["海棠街道", "春和社区", "第一网格"],
    )  # fmt: skip
    assert [above["code"] for above in area["ancestors"]] == ["320585", "320585001000", "320585001001"]
    assert area["populations"] == [{"kind": "resident", "number": 812, "date": "2020-01-01", "source": "七普"}]
    boundary = call(f"/{GRID}/boundary").json()
    assert (boundary["type"], boundary["geometry"]["type"]) == ("Feature", "Polygon")
    assert call("/320585/boundary").json()["geometry"] is None


def test_points_are_located_in_both_shapes(areas, call):
    found = call("/locate", {"points": [[121.305, 31.505], {"lon": 121.325, "lat": 31.505}, [0, 0]]}).json()
    assert found == [
        {"code": GRID, "name": "第一网格", "path": ["海棠街道", "春和社区", "第一网格"]},
        {"code": "320585001002001", "name": "第三网格", "path": ["海棠街道", "秋实社区", "第三网格"]},
        None,
    ]
    shifted = call("/locate", {"points": [[121.305 + 0.0045, 31.505 - 0.0019]], "crs": "gcj02"}).json()
    assert shifted[0]["code"] == GRID
    assert call("/locate", {"points": []}).json() == []


def test_ten_thousand_points_cost_the_queries_of_one(areas, call, django_assert_max_num_queries):
    call("/locate", {"points": [[121.305, 31.505]]})
    with django_assert_max_num_queries(1):
        assert len(call("/locate", {"points": [[121.305, 31.505]] * 10_000}).json()) == 10_000


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("/404", None, 404),
        ("/404/boundary", None, 404),
        ("?parent=404", None, 404),
        ("?kind=galaxy", None, 422),
        ("?limit=0", None, 422),
        ("?cursor=x", None, 422),
        ("?q=%00", None, 422),
        ("/" + "9" * 41, None, 422),
        ("/locate", "{", 400),
        ("/locate", {}, 422),
        ("/locate", {"points": [[1]]}, 422),
        ("/locate", {"points": [[181, 0]]}, 422),
        ("/locate", '{"points": [[NaN, 0]]}', 400),
        ("/locate", {"points": [{"lon": 1, "lat": 1, "x": 1}]}, 422),
        ("/locate", {"points": [], "extra": 1}, 422),
        ("/locate", {"points": [], "crs": "mars"}, 422),
        ("/locate", {"points": [[1, 1]] * 10_001}, 422),
    ],
)
def test_what_cannot_be_answered_is_a_problem_document(areas, call, path, body, status):
    answer = call(path, body)
    assert (answer.status_code, answer["content-type"]) == (status, "application/problem+json")
    assert answer.json()["detail"]


def test_a_stranger_is_turned_away(areas, call):
    assert call("", token="bad").status_code == 401
