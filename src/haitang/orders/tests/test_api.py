"""The API: the same order once under a key, refusals as problem+json, nothing told to who may not know."""

from datetime import timedelta
from typing import Any

import pytest

from haitang.core import clock
from haitang.orders.models import Offer, Order
from haitang.orders.tests.cast import BEGINS, COMMUNITY, GRID, order
from haitang.people import actions as people
from haitang.testing.actors import NOW
from haitang.testing.people import FOUNDER

pytestmark = pytest.mark.django_db


@pytest.fixture
def call(client, monkeypatch):
    """Ask the API as an account, with a token of its own, 20 minutes after NOW."""
    monkeypatch.setattr(clock, "now", lambda: NOW + timedelta(minutes=20))
    tokens: dict[int, str] = {}

    def ask(account_id: int, method: str, path: str, body: Any = None, key: str = "") -> Any:
        if account_id not in tokens:
            tokens[account_id] = people.create_token(actor=FOUNDER, account_id=account_id, name="测试", now=NOW)[1]
        headers = {"Authorization": f"Bearer {tokens[account_id]}", **({"Idempotency-Key": key} if key else {})}
        given = {"data": body, "content_type": "application/json"} if method == "post" else {}
        return getattr(client, method)(f"/api/v1{path}", headers=headers, **given)

    return ask


def test_from_the_catalogue_to_the_contact(call, town, repair, wu, lin):
    secretary = town.account("secretary").pk
    listed = call(lin.id, "get", f"/services?area={COMMUNITY}").json()
    assert [each["name"] for each in listed] == ["小家电维修"]
    slots = call(lin.id, "get", f"/services/{repair.pk}/slots?on=2026-05-08").json()
    assert [slot["free"] for slot in slots] == [1, 1, 1]
    body = {
        "service_id": repair.pk, "begins_at": BEGINS.isoformat(), "area_code": GRID, "name": "林阿姨",
        "phone": "15400001234", "address": "3幢201",
    }  # fmt: skip
    answers = [call(lin.id, "post", "/orders", body, key="one").json() for _twice in range(2)]
    assert answers[0] == answers[1]
    assert Order.objects.count() == 1
    reused = call(lin.id, "post", "/orders", {**body, "name": "别人"}, key="one")
    assert (reused.status_code, reused["Content-Type"]) == (409, "application/problem+json")
    order_id = answers[0]["id"]
    shown = call(secretary, "get", f"/orders/{order_id}").json()
    assert (shown["name"], shown["phone"]) == ("林**", "154****1234")
    helpers = {"helpers": [{"volunteer_id": wu.volunteer.pk, "why": ["最近"]}]}
    assert call(lin.id, "post", f"/orders/{order_id}/offers", helpers).status_code == 403
    assert call(secretary, "post", f"/orders/{order_id}/offers", helpers, key="two").json()["status"] == "offered"
    (offer,) = call(wu.actor.id, "get", "/offers").json()
    assert "林阿姨" not in str(offer)
    accepted = call(wu.actor.id, "post", f"/offers/{offer['id']}/accept")
    assert accepted.json()["status"] == "accepted"
    assert call(wu.actor.id, "post", f"/offers/{offer['id']}/accept").status_code == 409
    assert call(wu.actor.id, "post", f"/orders/{order_id}/contact").json()["address"] == "3幢201"
    assert call(wu.actor.id, "get", f"/orders/{order_id}").status_code == 404
    early = call(wu.actor.id, "post", f"/orders/{order_id}/finish", {"minutes": 30})
    assert (early.status_code, early.json()["title"]) == (409, "TooEarly")
    assert call(secretary, "get", "/orders?status=ongoing").json()["total"] == 1
    cancelled = call(lin.id, "post", f"/orders/{order_id}/cancel", {"reason": "不用了"})
    assert cancelled.json()["status"] == "cancelled"
    assert Offer.objects.get().status == "withdrawn"


def test_what_is_sent_is_bounded(call, repair, lin):
    body = {
        "service_id": repair.pk, "begins_at": BEGINS.isoformat(), "area_code": GRID, "name": "林阿姨",
        "phone": "15400001234", "address": "3幢201",
    }  # fmt: skip
    wrongs: tuple[dict[str, Any], ...] = (
        {"begins_at": "2026-05-08T09:00:00"}, {"name": "林\x00"}, {"name": ""}, {"service_id": 2**70}, {"more": 1},
        {"words": "长" * 501}, {"begins_at": "0001-01-01T00:00:00+08:00"}, {"begins_at": "9999-12-31T23:59:59-12:00"},
    )  # fmt: skip
    for wrong in wrongs:
        assert call(lin.id, "post", "/orders", {**body, **wrong}).status_code == 422, wrong
    assert call(lin.id, "post", "/orders", {**body, "service_id": 999_999}).status_code == 404
    assert call(lin.id, "get", "/orders").status_code == 403
    assert call(lin.id, "get", "/services?area=none").status_code == 404
    assert not Order.objects.exists()


def test_a_plan_is_drawn_looked_at_and_followed(call, town, repair, wu, lin):
    secretary = town.account("secretary").pk
    placed = order(lin, repair)
    assert call(lin.id, "post", "/dispatch-plans", {"area_code": COMMUNITY}).status_code == 403
    assert call(secretary, "post", "/dispatch-plans", {"area_code": "nowhere"}).status_code == 404
    drawn = call(secretary, "post", "/dispatch-plans", {"area_code": COMMUNITY})
    assert drawn.status_code == 201, drawn.content.decode()
    plan = drawn.json()
    assert call(secretary, "post", "/dispatch-plans", {"area_code": COMMUNITY}).json()["id"] == plan["id"]
    (proposal,) = plan["proposals"]
    assert (proposal["order_id"], proposal["volunteer_id"], proposal["status"]) == (placed.pk, wu.volunteer.pk, "open")
    assert (plan["best"]["assigned"], plan["greedy"]["assigned"], plan["unmet"]) == (1, 1, [])
    assert call(lin.id, "get", f"/dispatch-plans/{plan['id']}").status_code == 404
    same = {"volunteer_id": wu.volunteer.pk}
    assert call(secretary, "post", f"/proposals/{proposal['id']}/change", same).status_code == 422
    assert call(secretary, "post", f"/dispatch-plans/{plan['id']}/confirm", {}).json() == {
        "offered": 1,
        "stale": [],
        "under_way": False,
    }
    again = call(secretary, "post", f"/proposals/{proposal['id']}/refuse", {"reason": "晚了"})
    assert again.status_code == 409
