"""The pages as residents, helpers and the office see them; what is refused keeps what was typed."""

from datetime import time, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from haitang.core import clock
from haitang.servicedays.models import ServiceDay, ServiceRule, Shift, SignUp
from haitang.servicedays.queries import SETTINGS, serviceday_rules
from haitang.servicedays.tests.cast import BEGINS, COMMUNITY, ENDS, STRANGER, many, person, plan, shift_of, sign_up
from haitang.servicedays.values import NewShift, Permission
from haitang.testing.actors import actor_with

pytestmark = pytest.mark.django_db
TYPED = {
    "theme": "党员周六志愿服务日", "area": COMMUNITY, "on": "2026-05-09", "repeat": "", "until": "",
    "shifts": "09:00-11:00 | 楼道清洁 | 3号楼前 | 2\n9：00至11：30｜义诊｜广场｜1｜医疗护理", "words": "",
}  # fmt: skip


def text_of(response, status=200) -> str:
    assert response.status_code == status, response.content.decode()[:2000]
    return response.content.decode()


def test_the_office_plans_a_day_and_one_that_comes_again(as_, town):
    client = as_(town.secretary)
    assert "还没有服务日" in text_of(client.get("/days/"))
    assert "每周同一天" in text_of(client.get("/days/new/"))
    for lines in (
        "明天上午打扫",
        "09:00-25:00 | 清洁 | 楼前 | 2",
        "09:00-11:00 | 清洁 | 楼前 | 2 | 魔法",
        "9:00-8:00|a|b|1",
        "",
    ):
        refused = text_of(client.post("/days/new/", {**TYPED, "shifts": lines}), 422)
        assert "党员周六志愿服务日" in refused
    answered = client.post("/days/new/", TYPED)
    day = ServiceDay.objects.get()
    assert answered["Location"] == f"/days/{day.pk}/"
    page = text_of(client.get(answered["Location"]))
    assert "义诊" in page
    assert "医疗护理" in page
    assert client.post("/days/new/", {**TYPED, "repeat": "weekly", "until": "2026-05-30"}).status_code == 302
    assert ServiceRule.objects.get().days.count() == 4
    listed = text_of(client.get("/days/"))
    assert "停止重复" in listed
    client.post(f"/days/rules/{ServiceRule.objects.get().pk}/end/", follow=True)
    assert "停止重复" not in text_of(client.get("/days/"))
    assert text_of(client.post(f"/days/{day.pk}/", {"reason": ""}), 422)
    client.post(f"/days/{day.pk}/", {"reason": "暴雨"})
    assert "暴雨" in text_of(client.get(f"/days/{day.pk}/"))
    assert "还没有服务日" in text_of(client.get("/days/?past=1"))


def test_a_helper_finds_a_shift_signs_up_confirms_and_leaves(as_, monkeypatch, town, wu):
    shift = shift_of(plan(town))
    client = as_(wu)
    assert "附近的班次" in text_of(client.get("/service-days/"))
    page = text_of(client.get(f"/service-days/{shift.pk}/"))
    assert "我报名" in page
    monkeypatch.setattr(clock, "now", lambda: BEGINS - timedelta(hours=60))
    assert "报名成功" in text_of(client.post(f"/service-days/{shift.pk}/sign-up/", follow=True))
    assert "确认我能到" in text_of(client.get(f"/service-days/{shift.pk}/"))
    assert "已确认，届时见" in text_of(client.post(f"/service-days/{shift.pk}/assure/", follow=True))
    assert "我报名的" in text_of(client.get("/service-days/"))
    assert text_of(client.post(f"/service-days/{shift.pk}/leave/", {"reason": ""}), 422)
    client.post(f"/service-days/{shift.pk}/leave/", {"reason": "加班"})
    assert SignUp.objects.get().state == "left"
    assert client.post(f"/service-days/{shift.pk}/nonsense/").status_code == 404


def test_an_overlap_is_told_in_a_sentence_before_and_after_pressing(as_, town, wu):
    day = plan(town, NewShift("清洁", "楼前", time(9), time(11), 2), NewShift("劝导", "路口", time(10), time(12), 2))
    first, second = Shift.objects.filter(day=day).order_by("id")
    sign_up(wu, first)
    client = as_(wu)
    assert "不能同时参加" in text_of(client.get(f"/service-days/{second.pk}/"))
    assert "不能同时参加" in text_of(client.post(f"/service-days/{second.pk}/sign-up/", follow=True))


def test_visitors_and_the_unregistered_are_shown_the_way_in(client, as_, town, wu):
    shift = shift_of(plan(town))
    assert "可以报名的班次" in text_of(client.get("/service-days/"))
    assert "附近的班次" in text_of(client.get(f"/service-days/?area={COMMUNITY}"))
    assert "登录后报名" in text_of(client.get(f"/service-days/{shift.pk}/"))
    assert "去登记" in text_of(as_(STRANGER).get(f"/service-days/{shift.pk}/"))
    assert client.get("/service-days/999999/").status_code == 404


def test_reporting_and_settling(as_, monkeypatch, town, wu, lin):
    shift = shift_of(plan(town))
    for each in (wu, lin):
        sign_up(each, shift)
    here = f"/service-days/{shift.pk}/here/{shift.code}/"
    client = as_(wu)
    assert "起可以报到" in text_of(client.post(here), 409)
    assert client.get(f"/service-days/{shift.pk}/here/nonsense/").status_code == 404
    monkeypatch.setattr(clock, "now", lambda: BEGINS)
    assert "我到了" in text_of(client.get(here))
    assert client.post(here).status_code == 302
    assert "已到场" in text_of(client.get(f"/service-days/{shift.pk}/"))
    client = as_(town.secretary)
    office = f"/days/shifts/{shift.pk}/"
    assert "code.svg" in text_of(client.get(f"{office}code/"))
    assert client.get(f"{office}code.svg").content.startswith(b"<svg")
    assert "班次结束了" not in text_of(client.get(office))
    monkeypatch.setattr(clock, "now", lambda: ENDS)
    page = text_of(client.get(office))
    assert "班次结束了" in page
    away = SignUp.objects.get(volunteer__name="林姐")
    assert text_of(client.post(f"{office}close/", {"missed": ["77"]}), 422)
    assert client.post(f"{office}close/", {"missed": [str(away.pk)]}).status_code == 302
    assert "没有来" in text_of(client.get(office))


def test_the_office_signs_up_who_telephones(as_, town):
    person(town, "没有账号", account=False, phone="13812345678")
    shift = shift_of(plan(town))
    client, office = as_(town.secretary), f"/days/shifts/{shift.pk}/"
    assert text_of(client.post(f"{office}phone/", {"phone": "10000"}), 422)
    assert client.post(f"{office}phone/", {"phone": "13812345678"}).status_code == 302
    assert "没有账号" in text_of(client.get(office))
    row = SignUp.objects.get()
    assert "起可以报到" in text_of(client.post(f"{office}line/", {"signup": row.pk, "deed": "here"}, follow=True))
    client.post(f"{office}line/", {"signup": row.pk, "deed": "off"})
    assert SignUp.objects.get().state == "left"
    assert client.post(f"{office}line/", {"signup": "x", "deed": "off"}).status_code == 404
    assert text_of(client.post(f"{office}places/", {"places": "0"}), 422)
    client.post(f"{office}places/", {"places": "5"})
    assert Shift.objects.get().places == 5


def test_who_has_no_part_in_it_finds_nothing(as_, town, wu):
    shift = shift_of(plan(town))
    stranger = as_(STRANGER)
    for path in (f"/days/{shift.day_id}/", f"/days/shifts/{shift.pk}/"):
        assert stranger.get(path).status_code == 404, path
    for path in ("/days/", "/days/new/", f"/days/shifts/{shift.pk}/code.svg"):
        assert stranger.get(path).status_code == 403, path
    client = as_(town.leader)
    assert "替打电话来的人报名" not in text_of(client.get(f"/days/shifts/{shift.pk}/"))
    assert client.post(f"/days/{shift.day_id}/", {"reason": "x"}).status_code == 403


def test_settings_are_changed_on_their_page(as_):
    client = as_(actor_with(Permission.SETTINGS))
    values = {
        line.key: "\n".join(map(str, line.value)) if isinstance(line.value, list) else line.value
        for line in SETTINGS.lines()
    }
    assert "提前第几天提醒" in text_of(client.get("/admin/service-day-settings/"))
    assert text_of(client.post("/admin/service-day-settings/", {**values, "remind_days": "明天"}), 422)
    assert client.post("/admin/service-day-settings/", {**values, "remind_days": "3\n1"}).status_code == 302
    assert serviceday_rules()["remind_days"] == [3, 1]


def test_lists_cost_the_same_at_any_size(as_, town, wu):
    costs = []
    people = many(town, 8)
    for number in (1, 6):
        for n in range(number):
            shift = shift_of(plan(town, NewShift("清洁", "楼前", time(8 + number + n), time(9 + number + n), 8)))
            for each in people[: number + 1]:
                sign_up(each, shift)
        for actor, path in (
            (wu, "/service-days/"),
            (town.secretary, "/days/"),
            (town.secretary, f"/days/shifts/{shift.pk}/"),
        ):
            client = as_(actor)
            client.get(path)
            with CaptureQueriesContext(connection) as asked:
                assert client.get(path).status_code == 200
            costs.append(len(asked))
    assert costs[:3] == costs[3:]
