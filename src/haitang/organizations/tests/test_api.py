"""`/api/v1/organizations`, as a caller meets it."""

import pytest

from haitang.config import api
from haitang.organizations.values import Kind, NewPost
from haitang.testing.actors import NOBODY
from haitang.testing.desks import enter

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _token(monkeypatch):
    monkeypatch.setattr(api, "authenticate_token", lambda token, **_asked: NOBODY if token == "good" else None)


@pytest.fixture
def town(areas):
    enter("JD", Kind.STREET_OFFICE, name="海棠街道办事处", areas=(("serves", areas["street"]),))
    enter(
        "SQ", Kind.COMMUNITY, name="春和社区居委会", parents={"administrative": "JD"},
        areas=(("serves", areas["spring"]),), links=(("pairs", "JD"),),
        posts=(NewPost("grid_worker", "网格员", areas["grid"]),),
    )  # fmt: skip


@pytest.fixture
def call(client):
    def send(path: str = "", token: str = "good"):
        return client.get(f"/api/v1/organizations{path}", headers={"authorization": f"Bearer {token}"})

    return send


def test_the_registry_is_listed_in_pages(town, call):
    first = call("?limit=1").json()
    assert (first["total"], [each["code"] for each in first["items"]]) == (2, ["JD"])
    second = call(f"?limit=1&cursor={first['next_cursor']}").json()
    assert second["next_cursor"] is None
    (community,) = second["items"]
    assert (community["above"], community["kind_name"]) == ("JD", "社区居委会")
    assert community["serves"] == [{"code": "320585001001", "name": "春和社区"}]
    assert [each["code"] for each in call("?kind=community").json()["items"]] == ["SQ"]
    assert [each["code"] for each in call("?area=320585001001").json()["items"]] == ["SQ"]
    assert [each["code"] for each in call("?q=办事处").json()["items"]] == ["JD"]


def test_one_with_all_that_hangs_on_it(town, call):
    found = call("/SQ").json()
    assert found["places"] == [
        {"hierarchy": "administrative", "parent": "JD", "from_date": "2020-01-01", "to_date": None}
    ]
    assert [tie["area"]["name"] for tie in found["areas"]] == ["春和社区"]
    assert [link["organization"] for link in found["links"]] == ["JD"]
    assert [(post["kind"], post["area"]["code"]) for post in found["posts"]] == [("grid_worker", "320585001001001")]


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/NONE", 404),
        ("/%00", 422),
        ("?area=999", 404),
        ("?kind=circus", 422),
        ("?cursor=nonsense", 422),
        ("?limit=0", 422),
        ("?limit=1000000", 422),
        ("?q=%00", 422),
        ("?q=" + "长" * 51, 422),
    ],
)
def test_it_refuses_in_problem_documents(town, call, path, status):
    response = call(path)
    assert (response.status_code, response["Content-Type"]) == (status, "application/problem+json")
    assert response.json()["detail"]


def test_a_caller_without_token_is_turned_away(call):
    assert call(token="bad").status_code == 401
