"""The API: from the plan to the hours, refusals as problem+json, nothing told to who may not know."""

from datetime import timedelta
from typing import Any

import pytest

from haitang.core import clock
from haitang.people import actions as people
from haitang.servicedays.models import ServiceDay, Shift
from haitang.servicedays.tests.cast import BEGINS, COMMUNITY, ENDS
from haitang.testing.actors import NOW
from haitang.testing.people import FOUNDER

pytestmark = pytest.mark.django_db
BODY = {
    "theme": "统一服务日", "area_code": COMMUNITY, "on": "2026-05-09",
    "shifts": [{"task": "清洁", "place": "楼前", "start": "09:00", "end": "11:00", "places": 1}],
}  # fmt: skip


@pytest.fixture
def call(client, monkeypatch):
    """Ask the API as an account, with a token of its own, 20 minutes after NOW."""
    monkeypatch.setattr(clock, "now", lambda: NOW + timedelta(minutes=20))
    tokens: dict[int, str] = {}

    def ask(account_id: int, method: str, path: str, body: Any = None) -> Any:
        if account_id not in tokens:
            tokens[account_id] = people.create_token(actor=FOUNDER, account_id=account_id, name="测试", now=NOW)[1]
        headers = {"Authorization": f"Bearer {tokens[account_id]}"}
        given = {"data": body, "content_type": "application/json"} if method != "get" else {}
        return getattr(client, method)(f"/api/v1{path}", headers=headers, **given)

    return ask


def test_from_the_plan_to_the_hours(call, monkeypatch, town, wu, lin):
    secretary = town.account("secretary").pk
    assert call(wu.id, "post", "/service-days", BODY).status_code == 403
    day = call(secretary, "post", "/service-days", BODY).json()
    (near,) = call(wu.id, "get", "/shifts").json()
    assert (near["metres"], near["mine"], near["shift"]["left"]) == (0, "", 1)
    path = f"/shifts/{near['shift']['id']}"
    assert call(wu.id, "post", f"{path}/sign-up").json()["mine"] == "place"
    assert call(wu.id, "post", f"{path}/assure").json()["mine"] == "assured"
    assert call(lin.id, "post", f"{path}/sign-up").json()["mine"] == "waiting"
    assert call(lin.id, "post", f"{path}/leave", {"reason": "忙"}).json()["mine"] == ""
    refused = call(lin.id, "post", f"{path}/leave", {"reason": "忙"})
    assert (refused.status_code, refused["Content-Type"]) == (404, "application/problem+json")
    assert [each["mine"] for each in call(wu.id, "get", "/shifts/mine").json()] == ["assured"]
    assert call(wu.id, "get", f"/service-days/{day['id']}").status_code == 404
    monkeypatch.setattr(clock, "now", lambda: BEGINS)
    assert call(wu.id, "post", f"{path}/report", {"code": Shift.objects.get().code}).status_code == 200
    assert call(secretary, "post", f"{path}/close", {}).status_code == 409
    monkeypatch.setattr(clock, "now", lambda: ENDS)
    closed = call(secretary, "post", f"{path}/close", {}).json()
    assert closed["shifts"][0]["here"] == 1
    assert call(wu.id, "get", "/people/me").json()["minutes"] == 120
    assert call(secretary, "post", f"/service-days/{day['id']}/cancel", {"reason": "晚了"}).status_code == 409


def test_what_is_sent_is_bounded(call, town, wu):
    secretary = town.account("secretary").pk
    shift = BODY["shifts"][0]
    wrongs: tuple[dict[str, Any], ...] = (
        {"theme": ""}, {"theme": "日\x00"}, {"area_code": "nowhere"}, {"on": "2026-02-30"}, {"on": "0001-01-01"},
        {"on": "9999-12-31"}, {"shifts": []}, {"shifts": [{**shift, "places": 2**70}]}, {"more": 1},
        {"shifts": [{**shift, "end": "08:00"}]}, {"shifts": [{**shift, "skills": ["magic"]}]}, {"repeat": "yearly"},
        {"repeat": "weekly", "until": "2026-05-01"},
    )  # fmt: skip
    for wrong in wrongs:
        assert call(secretary, "post", "/service-days", {**BODY, **wrong}).status_code == 422, wrong
    assert not ServiceDay.objects.exists()
    assert call(secretary, "post", "/service-days", {**BODY, "repeat": "weekly"}).status_code == 204
    assert call(wu.id, "post", f"/shifts/{2**62}/sign-up").status_code == 404
    assert call(wu.id, "get", "/service-days").status_code == 403
    assert call(wu.id, "get", "/shifts?area=%00").status_code == 422
    assert call(wu.id, "get", "/shifts/999999").status_code == 404
