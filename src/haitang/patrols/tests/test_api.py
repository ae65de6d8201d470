"""The API of patrols and visits."""

from uuid import uuid4

import pytest

from haitang.patrols import actions
from haitang.patrols.models import Hazard, Round, Visit
from haitang.patrols.values import Permission
from haitang.testing.actors import NOW, TODAY, actor_with

pytestmark = pytest.mark.django_db
GRID = "320585001001001"


@pytest.fixture
def call(town, client, monkeypatch):
    """Call an operation as the grid worker's token; returns status and answer."""
    from haitang.config import api

    monkeypatch.setattr(api, "authenticate_token", lambda token: getattr(town, token))

    def call(method: str, path: str, body: object = None, who: str = "grid"):
        answer = getattr(client, method)(
            f"/api/v1{path}", body, content_type="application/json", headers={"Authorization": f"Bearer {who}"}
        )
        return answer.status_code, answer.json()

    return call


def test_a_checklist_and_its_hazard(town, call, monkeypatch):
    from haitang.core import clock

    monkeypatch.setattr(clock, "now", lambda: NOW)
    actions.generate_rounds(actor=actor_with(Permission.MANAGE), month=TODAY, now=NOW)
    status, rounds = call("get", "/patrols")
    assert status == 200
    assert {each["area_id"] for each in rounds} == {town.areas["grid"]}
    round_ = Round.objects.get(code="residential", area_id=town.areas["grid"])
    item = f"/patrols/{round_.pk}/items/fire_lane"
    assert call("post", item, {"result": "hazard"})[0] == 422
    assert call("post", item, {"result": "perhaps"})[0] == 422
    status, page = call("post", item, {"result": "hazard", "hazard": {"words": "车堵住通道", "level": "major"}})
    assert status == 200
    hazard = Hazard.objects.get()
    assert [each["hazard_id"] for each in page["items"] if each["key"] == "fire_lane"] == [hazard.pk]
    assert call("post", f"/hazards/{hazard.pk}/rectify", {"words": "已挪走"})[1]["status"] == "rectified"
    recheck = {"words": "看过", "passed": True}
    assert call("post", f"/hazards/{hazard.pk}/recheck", recheck)[0] == 403
    assert call("post", f"/hazards/{hazard.pk}/recheck", recheck, "secretary")[1]["status"] == "rechecked"
    assert call("post", f"/hazards/{hazard.pk}/close", {}, "secretary")[1]["status"] == "closed"
    assert call("get", "/hazards?status=closed")[1]["total"] == 1
    assert call("get", f"/hazards/{hazard.pk}", who="rival")[0] == 404
    assert call("get", "/hazards?cursor=zzz")[0] == 422


def test_a_hazard_becomes_a_case(call):
    status, made = call("post", "/hazards", {"words": "消防栓没有水", "area_code": GRID})
    assert status == 201
    assert call("post", f"/hazards/{made['id']}/case")[0] == 201
    assert call("post", f"/hazards/{made['id']}/case")[0] == 409


def test_a_visit_sent_twice_is_one(call):
    visit = {
        "entry_key": str(uuid4()), "area_code": GRID, "room": "502", "consented": True, "answers": {"people": "3"},
        "needs": [{"words": "路灯不亮"}],
    }  # fmt: skip
    first, again = call("post", "/visits", visit), call("post", "/visits", visit)
    assert first == again
    assert (first[0], first[1]["learned"], len(first[1]["cases"])) == (201, ["people"], 1)
    assert Visit.objects.count() == 1
    asked = {"area_code": GRID, "room": "502", "form": "人口登记表", "fields": ["people", "help"]}
    assert call("post", "/visits/asked", asked) == (200, {"known": {"people": True, "help": False}})
    assert call("post", "/visits/asked", {**asked, "fields": ["religion"]})[0] == 422
    assert call("post", "/visits/asked", asked, "handler")[0] == 403
