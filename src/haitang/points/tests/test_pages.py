"""The pages and the API: while points are off, none; turned on, one's own account and nobody else's."""

import io

import pytest
from python_calamine import CalamineWorkbook

from haitang.core import clock
from haitang.people import actions as people
from haitang.points.models import Redemption, Reward, Rule
from haitang.points.tests.cast import FROM, KEEPER, helper, reward, served
from haitang.testing.actors import NOW
from haitang.testing.people import FOUNDER

pytestmark = pytest.mark.django_db


def text_of(response, status=200) -> str:
    assert response.status_code == status, response.content.decode()[:2000]
    return response.content.decode()


def sheet_of(response) -> list[list[str]]:
    """Return the cells of a workbook as texts."""
    assert response.status_code == 200
    rows = CalamineWorkbook.from_filelike(io.BytesIO(response.content)).get_sheet_by_index(0).to_python()
    return [[str(int(cell)) if isinstance(cell, float) else str(cell) for cell in row] for row in rows]


@pytest.fixture
def call(client, monkeypatch):
    """Ask the API as an account, with a token of its own."""
    monkeypatch.setattr(clock, "now", lambda: NOW)
    tokens: dict[int, str] = {}

    def ask(account_id, method, path, body=None, **headers):
        if account_id not in tokens:
            tokens[account_id] = people.create_token(actor=FOUNDER, account_id=account_id, name="测试", now=NOW)[1]
        headers["Authorization"] = f"Bearer {tokens[account_id]}"
        given = {"data": body or {}, "content_type": "application/json"} if method == "post" else {}
        return getattr(client, method)(f"/api/v1{path}", headers=headers, **given)

    return ask


def test_off_there_is_no_page_no_menu_and_no_interface(as_, call, town, wu):
    assert "没有启用积分" in text_of(as_(wu.actor).get("/me/points/"), 404)
    assert "没有启用积分" in text_of(as_(town.secretary).get("/points/hand/"), 404)
    for path in ("/me/points/agree/", "/me/points/leave/", "/me/points/order/1/", "/me/points/cancel/1/"):
        assert as_(wu.actor).post(path).status_code == 404, path
    assert "积分" not in text_of(as_(wu.actor).get("/wishes/"))
    assert "积分兑换" not in text_of(as_(town.secretary).get("/wish-desk/"))
    assert call(wu.actor.id, "get", "/points").status_code == 404
    for path in ("/points/agree", "/points/leave", "/points/rewards/1/order", "/points/redemptions/1/cancel"):
        told = call(wu.actor.id, "post", path)
        assert (told.status_code, told.json()["detail"]) == (404, "本地没有启用积分"), path
    assert call(wu.actor.id, "post", "/points/hand-outs", {"code": "x"}).status_code == 404


def test_a_tenant_turns_them_on_and_a_volunteer_uses_them(as_, town, wu):
    keeper = as_(KEEPER)
    assert "请填写从哪一天" in text_of(keeper.post("/admin/points/", {"is_on": "on", "from_date": ""}), 422)
    assert keeper.post("/admin/points/", {"is_on": "on", "from_date": FROM.isoformat()}).status_code == 302
    page = text_of(keeper.get("/admin/points/"))
    assert "现行规则" in page
    typed = {"from_date": "2026-06-01", "per_hour": "20", "month_most": "100", "keep_months": "12", "kinds": "orders x"}
    assert "中间用空格" in text_of(keeper.post("/admin/points/rules/", typed), 422)
    assert keeper.post("/admin/points/rules/", {**typed, "kinds": "orders 50"}).status_code == 302
    assert Rule.objects.get().kinds == {"orders": 50}
    thing = {
        "title": "雨伞", "kind": "thing", "price": "15", "area": "320585001001", "place": "", "stock": "3",
        "is_active": "on",
    }  # fmt: skip
    assert "请填写领取地点" in text_of(keeper.post("/admin/points/rewards/new/", thing), 422)
    assert keeper.post("/admin/points/rewards/new/", {**thing, "place": "社区服务站"}).status_code == 302
    row = Reward.objects.get()
    assert "雨伞" in text_of(keeper.get(f"/admin/points/rewards/{row.pk}/"))
    served(wu)
    client = as_(wu.actor)
    assert "同意使用积分" in text_of(client.get("/me/points/"))
    assert "我的积分" in text_of(client.get("/wishes/"))
    client.post("/me/points/agree/")
    assert "+20" in text_of(client.get("/me/points/"))
    client.post(f"/me/points/order/{row.pk}/")
    assert [line[1:4] for line in sheet_of(client.get("/me/points/statement/"))[1:]] == [
        ["服务记入", "20", "20"], ["兑换", "-15", "5"],
    ]  # fmt: skip
    code = Redemption.objects.get().code
    assert code in text_of(client.get("/me/points/"))
    office = as_(town.secretary)
    assert code not in text_of(office.get("/points/hand/"))
    assert 'value="NONE"' in text_of(office.post("/points/hand/", {"code": "NONE"}), 422)
    office.post("/points/hand/", {"code": code})
    assert Redemption.objects.get().status == "handed"
    client = as_(wu.actor)
    assert "积分不够" in text_of(client.post(f"/me/points/order/{row.pk}/", follow=True))
    assert "已领取" in text_of(client.post(f"/me/points/cancel/{Redemption.objects.get().pk}/", follow=True))
    client.post("/me/points/leave/")
    assert "同意使用积分" in text_of(client.get("/me/points/"))


def test_an_account_is_nobody_elses_business(as_, town, turned_on, wu):
    served(wu)
    as_(wu.actor).post("/me/points/agree/")
    other = helper(town, "别人")
    assert "同意使用积分" in text_of(as_(other.actor).get("/me/points/"))
    assert as_(other.actor).get("/me/points/statement/").status_code == 404
    assert "登记为志愿者" in text_of(as_(town.resident).get("/me/points/"))
    assert as_(town.secretary).get("/admin/points/").status_code == 403


def test_the_api(call, town, turned_on, wu):
    served(wu)
    thing = reward(price=5)
    assert call(wu.actor.id, "post", "/points/agree").json()["balance"] == 20
    key = {"Idempotency-Key": "k1"}
    made = [call(wu.actor.id, "post", f"/points/rewards/{thing.pk}/order", **key).json() for _twice in range(2)]
    assert made[0] == made[1]
    assert call(wu.actor.id, "get", "/points").json()["balance"] == 15
    told = call(wu.actor.id, "post", f"/points/redemptions/{made[0]['id']}/cancel").json()
    assert (told["balance"], [each["change"] for each in told["postings"]]) == (20, [5, -5, 20])
    again = call(wu.actor.id, "post", f"/points/rewards/{thing.pk}/order").json()
    office = town.account("secretary").pk
    assert call(office, "post", "/points/hand-outs", {"code": again["code"]}).json()["status"] == "handed"
    for path in (f"/points/rewards/{2**63}/order", f"/points/redemptions/{2**63 - 1}/cancel"):
        assert call(wu.actor.id, "post", path).status_code in (404, 422)
