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

    monkeypatch.setattr(api, "authenticate_token", lambda token, **_asked: getattr(town, token))

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


DISPUTE = {
    "area_code": GRID, "kind": "邻里纠纷", "matter": "楼上漏水",
    "parties": [
        {"role": "applicant", "name": "林阿姨", "phone": "15400001234"}, {"role": "respondent", "name": "孙先生"},
    ],
}  # fmt: skip


def test_a_dispute_to_its_agreement_and_after(town, call):
    status, made = call("post", "/disputes", DISPUTE)
    assert status == 201
    one = f"/disputes/{made['id']}"
    assert call("post", f"{one}/sessions", {"on": "2999-01-01", "words": "明天"})[0] == 422
    held = call("post", f"{one}/sessions", {"on": TODAY.isoformat(), "words": "双方到场"})[1]
    assert held["sessions"] == [{"on": TODAY.isoformat(), "words": "双方到场"}]
    assert [party["name"] for party in held["parties"]] == ["林**", "孙**"]
    assert call("post", f"{one}/conclude", {"status": "open", "words": "？"})[0] == 422
    agreed = call("post", f"{one}/conclude", {"status": "agreed", "words": "修好水管"})[1]
    assert (agreed["status"], len(agreed["follow_ups"])) == ("agreed", 2)
    day = f"{one}/follow-ups/{agreed['follow_ups'][0]['id']}"
    assert call("post", day, {"is_kept": True, "words": "已修好"})[1]["follow_ups"][0]["is_kept"] is True
    assert call("post", day, {"is_kept": True, "words": "已修好"})[0] == 409
    full = call("post", f"{one}/unmask", {"reason": "送达协议"})
    assert full == (200, [
        {"role": "申请人", "name": "林阿姨", "phone": "15400001234"},
        {"role": "被申请人", "name": "孙先生", "phone": ""},
    ])  # fmt: skip
    assert call("get", "/disputes?status=agreed&due=false")[1]["total"] == 1
    assert call("get", "/disputes?cursor=zzz")[0] == 422


def test_a_confidential_dispute_in_the_api(town, call):
    made = call("post", "/disputes", {**DISPUTE, "is_confidential": True}, "secretary")[1]
    one = f"/disputes/{made['id']}"
    assert call("get", one)[0] == 404
    assert call("post", f"{one}/sessions", {"on": TODAY.isoformat(), "words": "看看"})[0] == 404
    assert call("get", "/disputes")[1]["rows"] == []
    assert call("get", one, who="leader")[0] == 403
    account = town.account("grid")
    named = call("post", f"{one}/mediators", {"account_id": account.pk}, "secretary")[1]
    assert account.pk in [mediator["account_id"] for mediator in named["mediators"]]
    assert call("post", f"{one}/mediators", {"account_id": town.account("leader").pk}, "secretary")[0] == 422
