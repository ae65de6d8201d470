"""The API: a call-up once under a key, refusals as problem+json, nothing told to who may not know."""

from datetime import timedelta
from typing import Any

import pytest

from haitang.callups.models import CallUp
from haitang.callups.tests.cast import BEGINS, COMMUNITY
from haitang.core import clock
from haitang.people import actions as people
from haitang.testing.actors import NOW
from haitang.testing.people import FOUNDER

pytestmark = pytest.mark.django_db
BODY = {
    "purpose": "寻找走失老人", "place": "社区广场", "begins_at": BEGINS.isoformat(),
    "ends_at": (BEGINS + timedelta(hours=2)).isoformat(), "answer_by": BEGINS.isoformat(),
    "whom": {"area_code": COMMUNITY, "skills": ["first_aid"]}, "urgency": "emergency", "places": 1,
}  # fmt: skip


@pytest.fixture
def call(client, monkeypatch):
    """Ask the API as an account, with a token of its own, 20 minutes after NOW."""
    monkeypatch.setattr(clock, "now", lambda: NOW + timedelta(minutes=20))
    tokens: dict[int, str] = {}

    def ask(account_id: int, method: str, path: str, body: Any = None, key: str = "") -> Any:
        if account_id not in tokens:
            tokens[account_id] = people.create_token(actor=FOUNDER, account_id=account_id, name="测试", now=NOW)[1]
        headers = {"Authorization": f"Bearer {tokens[account_id]}", **({"Idempotency-Key": key} if key else {})}
        given = {"data": body, "content_type": "application/json"} if method != "get" else {}
        return getattr(client, method)(f"/api/v1{path}", headers=headers, **given)

    return ask


def test_from_the_call_to_the_hours(call, monkeypatch, town, wu, lin):
    secretary = town.account("secretary").pk
    assert call(wu.id, "post", "/callups", BODY).status_code == 403
    answers = [call(secretary, "post", "/callups", BODY, key="one") for _twice in range(2)]
    assert [each.status_code for each in answers] == [201, 201]
    made = answers[0].json()
    assert CallUp.objects.count() == 1
    assert made["counted"]["called"] == 2
    path = f"/callups/{made['id']}"
    (mine,) = call(wu.id, "get", "/callups/mine").json()
    assert (mine["id"], mine["answer"], mine["left"]) == (made["id"], "", 1)
    assert call(wu.id, "post", f"{path}/answer", {"answer": "coming"}).json()["waits"] is False
    waits = call(lin.id, "post", f"{path}/answer", {"answer": "late", "reason": "下班后"}).json()
    assert (waits["waits"], waits["ahead"]) == (True, 0)
    refused = call(lin.id, "post", f"{path}/answer", {"answer": "cannot"})
    assert (refused.status_code, refused["Content-Type"]) == (422, "application/problem+json")
    assert call(wu.id, "get", path).status_code == 404
    people_ = call(secretary, "get", f"{path}/people?group=waiting").json()["items"]
    assert [each["name"] for each in people_] == ["林姐"]
    took = call(secretary, "post", f"{path}/people/{people_[0]['id']}/answer", {"answer": "cannot"})
    assert took.json()["counted"]["cannot"] == 1
    changed = call(secretary, "patch", path, {"places": 4, "answer_by": BODY["answer_by"]}).json()
    assert changed["places"] == 4
    monkeypatch.setattr(clock, "now", lambda: BEGINS)
    assert call(wu.id, "post", f"{path}/report", {"code": "wrong"}).status_code == 404
    code = CallUp.objects.get().code
    assert call(wu.id, "post", f"{path}/report", {"code": code}).json()["here_at"]
    monkeypatch.setattr(clock, "now", lambda: BEGINS + timedelta(hours=2))
    closed = call(secretary, "post", f"{path}/close", {"ended_at": BODY["ends_at"], "summary": "找到了"}).json()
    assert (closed["status"], closed["counted"]["here"]) == ("closed", 1)
    assert call(secretary, "post", f"{path}/cancel", {"reason": "晚了"}).status_code == 409
    assert call(secretary, "get", "/callups?status=closed").json()["total"] == 1
    assert call(wu.id, "get", "/people/me").json()["minutes"] == 120


def test_what_is_sent_is_bounded(call, town, wu):
    secretary = town.account("secretary").pk
    wrongs: tuple[dict[str, Any], ...] = (
        {"begins_at": "2026-05-06T11:00:00"}, {"purpose": "找\x00"}, {"purpose": ""}, {"places": 0}, {"more": 1},
        {"places": 2**70}, {"begins_at": "0001-01-01T00:00:00+08:00"}, {"ends_at": "9999-12-31T23:59:59-12:00"},
        {"answer_by": "0001-01-01T00:00:00+08:00"}, {"whom": {"area_code": "nowhere"}}, {"whom": {}},
        {"whom": {"area_code": COMMUNITY, "only_free": True}, "begins_at": "0001-01-01T00:00:00+08:00"},
        {"begins_at": "9999-12-31T23:00:00-12:00", "ends_at": "9999-12-31T23:59:59-12:00"},
    )  # fmt: skip
    for wrong in wrongs:
        assert call(secretary, "post", "/callups", {**BODY, **wrong}).status_code == 422, wrong
    assert not CallUp.objects.exists()
    assert call(wu.id, "post", f"/callups/{2**62}/answer", {"answer": "coming"}).status_code == 404
    assert call(wu.id, "get", "/callups").status_code == 403
    assert call(secretary, "get", "/callups?cursor=x").status_code == 422
    assert call(secretary, "get", "/callups/999999/people").status_code == 404
