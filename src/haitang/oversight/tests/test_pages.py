"""The pages and the API of oversight, as their users meet them."""

from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.conf import settings
from django.urls import reverse

from haitang.cases import actions as case_actions
from haitang.cases.models import Case
from haitang.core import access, clock
from haitang.core.clock import LOCAL
from haitang.oversight import actions, queries
from haitang.oversight.models import Request, Rung, Supervision
from haitang.oversight.tests.playing import SIGNED, STEPS, go
from haitang.oversight.views.boxes import _back
from haitang.people.actions import create_token
from haitang.testing.actors import NOW, also
from haitang.testing.cases import FOUNDER

pytestmark = pytest.mark.django_db
SOON = NOW + timedelta(hours=1)


@pytest.fixture
def sign_in(client, monkeypatch):
    """Let the browser be somebody."""
    monkeypatch.setattr(clock, "now", lambda: SOON)

    def become(actor):
        monkeypatch.setattr(access, "VISITOR", actor)
        return client

    return become


def text(response) -> str:
    return response.content.decode()


def test_a_pause_from_the_panel_through_the_box_to_the_head_of_the_case(town, sign_in):
    case = go(town, *SIGNED)
    desk = sign_in(town.handler)
    page = text(desk.get(reverse("cases:case", args=[case.pk])))
    assert "申请缓办" in page
    assert "督办要求" not in page
    url = reverse("oversight:deed", args=[case.pk, "pause"])
    assert desk.post(url, {"until": "", "reason": "等配件"}).status_code == 422
    until = (NOW + timedelta(days=5)).astimezone(LOCAL)
    assert desk.post(url, {"until": f"{until:%Y-%m-%dT%H:%M}", "reason": "等配件"}).status_code == 302
    request = Request.objects.get()
    street = sign_in(town.dispatcher)
    assert case.number in text(street.get(reverse("oversight:to_decide")))
    decide = reverse("oversight:decide", args=[request.pk, "approve"])
    assert "请" in text(street.post(decide, {"opinion": ""}))
    for elsewhere in ("//elsewhere", "no-view"):
        assert _back(SimpleNamespace(POST={"back": elsewhere}, actor=town.dispatcher)) == reverse("oversight:to_decide")
    assert street.post(decide, {"opinion": "同意", "back": "//elsewhere"}).url == reverse("oversight:to_decide")
    page = text(street.get(reverse("cases:case", args=[case.pk])))
    assert f"缓办至 {until:%m-%d %H:%M}" in page
    assert f"缓办至 {until:%m-%d %H:%M}" in text(street.get(reverse("cases:list")))
    again = street.post(decide, {"opinion": "同意"})
    assert again.status_code == 409


def test_a_refused_deed_stands_as_it_was_typed(town, sign_in):
    case = go(town, *SIGNED)
    desk = sign_in(town.handler)
    url = reverse("oversight:deed", args=[case.pk, "extension"])
    answer = desk.post(url, {"more": "很久", "reason": "设备未到"})
    assert answer.status_code == 422
    assert "看不懂时限" in text(answer)
    assert "设备未到" in text(answer)
    assert desk.post(reverse("oversight:deed", args=[case.pk, "urge"]), {"text": "快"}).status_code == 403


def test_supervision_parts_and_burndown_are_shown(town, sign_in):
    case = go(town, *SIGNED)
    boss = also(town.dispatcher, "oversight.case.supervise")
    office = sign_in(boss)
    said = {"cause": "leader", "demand": "说明延误原因", "answer_by": ""}
    assert office.post(reverse("oversight:deed", args=[case.pk, "supervise"]), said).status_code == 302
    assert "说明延误原因" in text(office.get(reverse("oversight:supervised")))
    split = {"description": "更换灯泡\n\n检修路灯线路"}
    assert office.post(reverse("oversight:deed", args=[case.pk, "split"]), split).status_code == 302
    assert Case.objects.count() == 3
    page = text(office.get(reverse("oversight:burndown"), {"area": "320585001001", "days": "30"}))
    assert "等待 2 个子案件" in page
    assert "领导督办" in page
    assert "<svg" in page
    desk = sign_in(town.handler)
    answer = reverse("oversight:deed", args=[case.pk, "answer"])
    assert desk.post(answer, {"answer": "配件明日到"}).status_code == 302
    assert Supervision.objects.get().answer == "配件明日到"


def test_the_burn_down_is_what_the_counters_say(town):
    for step in (0, 3, 8):
        go(town, *STEPS[:step], at=NOW)
    case = go(town)
    case_actions.void_case(actor=town.dispatcher, case_id=case.pk, opinion="重复", now=NOW + timedelta(days=2))
    area = town.area("320585001001")
    found = queries.burn_down(viewer=town.leader, area=area, days=5, now=NOW + timedelta(days=3))
    assert [(line.came, line.ended, line.open) for line in found.days] == [
        (0, 0, 0), (4, 1, 3), (0, 0, 3), (0, 1, 2), (0, 0, 2),
    ]  # fmt: skip
    assert (found.total.total, found.total.by_age) == (2, (2, 0, 0, 0))


def test_rules_are_changed_on_their_page(town, sign_in):
    actions.ship_oversight_rules()
    office = sign_in(also(FOUNDER, "oversight.rule.manage"))
    url = reverse("oversight:rules")
    page = text(office.get(url))
    assert "缓办最长天数" in page
    assert "72 小时" in page
    sent = {"pause_days_max": 60, "extensions_max": 2, "urges_per_day": 1, "answer_within": "2工作日"}
    assert office.post(url, sent).status_code == 302
    assert queries.rules().settings == {
        **sent, "answer_within": "2 工作日", "supervise_urgent": False,
    }  # fmt: skip
    assert office.post(url, {**sent, "answer_within": "很快"}).status_code == 422
    rung = {"step": 4, "after_hours": 120, "level": "city", "permission": "oversight.case.supervise"}
    assert office.post(url, {**rung, "after_hours": 10}).status_code == 422
    assert office.post(url, rung).status_code == 302
    top = Rung.objects.get(step=4)
    assert office.post(reverse("oversight:rung_remove", args=[top.pk])).status_code == 302
    assert Rung.objects.count() == 3


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_every_page_is_there_in_both_languages(town, sign_in, language):
    go(town, *SIGNED)
    everything = also(town.dispatcher, "oversight.case.supervise", "oversight.rule.manage", "cases.case.force")
    office = sign_in(everything)
    office.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    for name in ("to_decide", "supervised", "burndown", "rules"):
        page = office.get(reverse(f"oversight:{name}"))
        assert page.status_code == 200
        assert ("督" in text(page)) or language == "en"


def test_the_api_asks_decides_and_tells(town, client, monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: SOON)
    case = go(town, *SIGNED)
    tokens = {
        word: create_token(actor=FOUNDER, account_id=town.account(word).pk, name="测试", now=NOW)[1]
        for word in ("handler", "dispatcher")
    }

    def call(word, method, path, body=None):
        return getattr(client, method)(
            f"/api/v1{path}", body, content_type="application/json", headers={"Authorization": f"Bearer {tokens[word]}"}
        )

    base = f"/cases/{case.pk}"
    made = call("handler", "post", f"{base}/requests", {"wish": "extension", "reason": "等配件", "more": "2工作日"})
    assert made.status_code == 200, made.content
    number = made.json()["id"]
    assert [each["id"] for each in call("dispatcher", "get", "/oversight/requests").json()["items"]] == [number]
    decision = {"approved": True, "opinion": "同意"}
    assert call("handler", "post", f"/oversight/requests/{number}/decision", decision).status_code == 403
    decided = call("dispatcher", "post", f"/oversight/requests/{number}/decision", decision)
    assert decided.json()["state"] == "approved"
    assert [each["more"] for each in call("dispatcher", "get", f"{base}/oversight").json()["requests"]] == ["2 工作日"]
    (part,) = call("dispatcher", "post", f"{base}/split", {"parts": [{"description": "换灯泡"}]}).json()["cases"]
    assert call("dispatcher", "get", f"/cases/{part}/oversight").json()["parent_id"] == case.pk
    assert call("dispatcher", "delete", f"/cases/{part}/parent").json()["parent_id"] is None
    assert call("dispatcher", "post", f"{base}/urge", {"text": "请尽快"}).json()["urged"] == 1
    assert call("dispatcher", "post", f"{base}/force-close", {"opinion": "结"}).status_code == 403
    burned = client.get(
        "/api/v1/oversight/burndown?area=320585001001&days=3",
        headers={"Authorization": f"Bearer {tokens['dispatcher']}"},
    )
    assert burned.json()["total"]["total"] == 2
