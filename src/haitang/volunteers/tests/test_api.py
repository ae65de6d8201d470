"""The API of volunteers: one's own entry, one's services, the register."""

import pytest

from haitang.core import clock
from haitang.testing.actors import NOW
from haitang.volunteers.models import Volunteer

GRID = "320585001001001"
ME = {"name": "陈姐", "phone": "13900001111", "area_code": GRID, "skills": ["haircut"], "consented": True}


@pytest.fixture
def call(town, client, monkeypatch):
    """Call an operation with the token of somebody of the town; returns status and answer."""
    from haitang.config import api
    from haitang.people.queries import get_actor

    monkeypatch.setattr(clock, "now", lambda: NOW)
    resident = get_actor(town.account("resident").pk)
    monkeypatch.setattr(
        api, "authenticate_token", lambda token, **_asked: resident if token == "me" else getattr(town, token)
    )

    def call(method, path, body=None, who="me"):
        answer = getattr(client, method)(
            f"/api/v1{path}", body, content_type="application/json", headers={"Authorization": f"Bearer {who}"}
        )
        return answer.status_code, answer.json() if answer.content else None

    return call


def test_ones_own_entry(call):
    assert call("get", "/people/me")[0] == 404
    assert call("post", "/people/me", {**ME, "consented": False})[0] == 422
    assert call("post", "/people/me", {**ME, "score": 5})[0] == 422
    assert call("post", "/people/me", {**ME, "area_code": "x"})[0] == 404
    status, made = call("post", "/people/me", ME)
    assert (status, made["phone"], made["skill_names"]) == (201, "139****1111", ["理发"])
    assert call("post", "/people/me", {**ME, "phone": "13900002222"})[0] == 409
    status, changed = call("patch", "/people/me", {"skills": ["law"], "times": [15]})
    assert (status, changed["skills"], changed["times"], changed["name"]) == (200, ["law"], [15], "陈姐")
    assert call("patch", "/people/me", {"times": [99]})[0] == 422
    assert call("get", "/people/me/services") == (200, {"rows": [], "total": 0, "previous": "", "next": ""})
    assert call("delete", "/people/me") == (204, None)
    assert call("get", "/people/me")[0] == 404


def test_codes_for_those_whom_somebody_else_has_entered(call, town, entered):
    status, slips = call("post", "/people/codes", {"area": GRID}, who="secretary")
    assert (status, slips) == (200, [])  # whoever registered without an account was given a code then
    status, given = call("post", f"/people/{entered.volunteer.pk}/code", who="secretary")
    assert (status, given["number"]) == (200, entered.volunteer.number)
    assert call("post", "/people/me/claim", {**given, "code": entered.code})[0] == 422
    Volunteer.objects.update(code_hash=b"")
    status, (slip,) = call("post", "/people/codes", {}, who="secretary")
    assert (status, slip["id"], slip["name"]) == (200, entered.volunteer.pk, "吴师傅")
    assert call("post", "/people/me/claim", {"number": slip["number"], "code": slip["code"]})[0] == 200
    assert call("post", f"/people/{entered.volunteer.pk}/code", who="secretary")[0] == 409
    assert call("post", "/people/codes", {"area": "x"}, who="secretary")[0] == 404
    for path in ("/people/codes", f"/people/{entered.volunteer.pk}/code"):
        assert call("post", path, {})[0] == 403


def test_the_register_for_who_may(call):
    call("post", "/people/me", ME)
    status, page = call("get", "/people?skill=haircut", who="secretary")
    assert (status, page["total"], page["rows"][0]["area_code"]) == (200, 1, GRID)
    assert call("get", "/people?member_class=none", who="grid")[1]["total"] == 1
    assert call("get", "/people?member_class=employed", who="grid")[1]["total"] == 0
    assert call("get", "/people", who="outsider")[1]["total"] == 0
    assert call("get", "/people")[0] == 403
    assert call("get", "/people?area=x", who="grid")[0] == 404
    assert call("get", "/people?cursor=x", who="grid")[0] == 422
