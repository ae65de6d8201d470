"""The API of the three lists."""

import pytest

from haitang.exchange import jobs
from haitang.exchange.tests.playing import GRID, SPRING, STREET, finish
from haitang.testing.actors import NOBODY

pytestmark = pytest.mark.django_db


@pytest.fixture
def call(stage, client, monkeypatch):
    """Call an operation with somebody's token; returns status and answer."""
    from haitang.config import api

    who = {"secretary": stage.secretary, "unit": stage.unit, "nobody": NOBODY, "leader": stage.town.leader}
    monkeypatch.setattr(api, "authenticate_token", lambda token, **_asked: who.get(token))

    def call(method: str, path: str, body: object = None, who: str = "secretary"):
        answer = getattr(client, method)(
            f"/api/v1{path}", body, content_type="application/json", headers={"Authorization": f"Bearer {who}"}
        )
        return answer.status_code, answer.json()

    return call


def test_from_two_lists_to_a_third(call, stage):
    need = {"title": "量血压", "category": "health", "area_code": GRID, "hours": ["daytime"], "people": 10}
    status, made = call("post", "/needs", need)
    assert (status, made["status"]) == (201, "draft")
    assert call("post", f"/needs/{made['id']}/publish", who="leader")[0] == 403
    assert call("post", f"/needs/{made['id']}/publish")[1]["status"] == "published"
    status, found = call("get", f"/needs/{made['id']}/proposals")
    assert [each["resource_id"] for each in found] == [stage.resource.pk]
    assert found[0]["reasons"]
    assert call("get", f"/resources/{stage.resource.pk}/proposals", who="unit")[0] == 200
    assert call("get", "/exchange/plan")[1]["needs"] == 2
    order = {"resource_id": stage.resource.pk, "need_id": made["id"]}
    assert call("post", "/agreements", order, "nobody")[0] == 403
    status, row = call("post", "/agreements", order)
    assert (status, row["waits_for"], row["deeds"]) == (201, "unit", [["withdraw", "community"]])
    assert call("post", "/agreements", order)[0] == 409
    at = f"/agreements/{row['id']}"
    assert call("get", at, who="nobody")[0] == 404
    assert call("post", f"{at}/confirm", {"side": "unit", "version": 2}, "unit")[0] == 409
    status, row = call("post", f"{at}/confirm", {"side": "unit", "version": 1}, "unit")
    assert (status, row["stage"]) == (200, "confirmed")
    assert row["project_status"] == "planned"
    assert call("post", f"{at}/deliver", {"side": "community", "words": "好"})[0] == 409
    finish(row["project_id"])
    jobs.follow_project(project_id=row["project_id"])
    assert call("get", at)[1]["stage"] == "delivered"
    assert call("post", f"{at}/evaluate", {"side": "community", "stars": 9})[0] == 422
    assert call("post", f"{at}/evaluate", {"side": "community", "stars": 5})[0] == 200
    assert call("get", "/agreements?stage=delivered")[1]["total"] == 1
    assert call("get", "/exchange/figures")[1]["projects"] == 1


def test_lists_are_narrowed_and_bad_input_is_refused(call, stage):
    assert call("get", f"/needs?status=open&area={SPRING}&category=health")[1]["total"] == 1
    assert call("get", "/needs?category=nothing")[0] == 422
    assert call("get", "/needs?cursor=zzz")[0] == 422
    assert call("get", "/resources?without_agreement=true", who="nobody")[1]["total"] == 1
    assert "contact" not in str(call("get", f"/needs/{stage.need.pk}")[1])
    assert call("post", "/needs", {"title": "x", "category": "health", "area_code": "0"})[0] == 422
    assert call("post", "/needs", {"title": "x", "category": "health", "area_code": GRID, "more": 1})[0] == 422
    offer = {
        "title": "场地",
        "category": "venue",
        "area_code": STREET,
        "organization_id": stage.resource.organization_id,
    }
    status, made = call("post", "/resources", offer, "unit")
    assert status == 201
    assert call("post", "/resources", offer, "nobody")[0] == 403
    assert call("post", f"/resources/{made['id']}/deny", {"reason": "不合适"})[1]["status"] == "denied"
    assert call("get", f"/resources/{made['id']}", who="nobody")[0] == 404
    assert call("post", f"/resources/{made['id']}/publish")[1]["left"] == 1
    row = call("post", "/agreements", {"resource_id": made["id"], "area_code": SPRING})[1]
    at = f"/agreements/{row['id']}"
    assert call("post", f"{at}/decline", {"side": "unit", "reason": "忙"}, "unit")[1]["stage"] == "declined"
    assert call("post", f"{at}/withdraw", {"side": "community"})[0] == 409
    assert call("post", f"/needs/{stage.need.pk}/deny", {"reason": "撤下"})[1]["status"] == "denied"


def test_what_nothing_came_of_is_listed_with_why_and_taken_off(call, stage):
    asked = {"title": "学剪纸", "category": "health", "area_code": GRID}
    status, made = call("post", "/needs/asked", asked, "nobody")
    assert (status, made["status"]) == (201, "draft")
    call("post", f"/needs/{made['id']}/publish")
    status, page = call("get", "/exchange/unmet")
    mine = next(each for each in page["items"] if each["need"]["id"] == made["id"])
    assert (status, mine["days"], mine["failed"]) == (200, 0, 0)
    assert [each["resource"]["id"] for each in call("get", "/exchange/unused")[1]["items"]] == [stage.resource.pk]
    assert call("get", "/exchange/unmet", who="nobody")[0] == 403
    assert call("post", f"/needs/{made['id']}/close", {"reason": "已自行解决"}, "unit")[0] == 403
    assert call("post", f"/needs/{made['id']}/close", {"reason": "已自行解决"})[1]["status"] == "closed"
    close, broken = f"/resources/{stage.resource.pk}/close", {"reason": "设备坏了"}
    assert call("post", close, broken, "nobody")[0] == 403
    assert call("post", close, broken, "unit")[1]["status"] == "closed"
