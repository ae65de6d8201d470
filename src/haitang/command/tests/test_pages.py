"""The pages of the overview: who sees what, at what price, with and without HTMX."""

import json
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from haitang.cases import actions
from haitang.cases.values import Permission
from haitang.core.access import EVERYWHERE, VISITOR, Actor, Grant
from haitang.testing.actors import NOW, actor_with
from haitang.testing.cases import LAMP, report
from haitang.testing.land import SOUTH, STEP, WEST
from haitang.worktime.values import Permission as WorktimePermission

pytestmark = pytest.mark.django_db
DASHBOARD = Grant("command.dashboard.view", EVERYWHERE)
LEADER = Actor("郑主任", id=18, grants=frozenset({Grant(Permission.VIEW, EVERYWHERE), DASHBOARD}))
HERE = {"lon": WEST + STEP / 2, "lat": SOUTH + STEP / 2}
FRAGMENT = {"HX-Request": "true"}
PAGES = [
    "/desk/",
    "/map/",
    "/figures/",
    "/figures/?by=area",
    "/figures/?by=category",
    "/figures/?by=channel",
    "/figures/?by=status",
]


def text(response) -> str:
    assert response.status_code == 200, response.status_code
    return response.content.decode()


@pytest.mark.parametrize("path", [*PAGES, "/map/cases.geojson", "/map/counts.geojson", "/figures/export/"])
def test_visitors_are_led_to_sign_in(client, town, sign_in, path):
    sign_in(VISITOR)
    assert client.get(path).status_code == 302


@pytest.mark.parametrize("path", PAGES)
def test_pages_stand_with_and_without_cases(client, town, sign_in, path):
    sign_in(LEADER)
    assert "<html" in text(client.get(path))
    report(town.grid)
    report(town.dispatcher, category_code="10101")
    assert "<html" in text(client.get(path))
    assert "<html" not in text(client.get(path, headers=FRAGMENT))


@pytest.mark.parametrize("path", PAGES)
def test_a_page_costs_the_same_at_one_row_and_at_many(client, town, sign_in, path):
    sign_in(LEADER)
    report(town.grid)
    client.get(path)
    with CaptureQueriesContext(
        connection,
    ) as few:
        client.get(path)
    for _each in range(49):
        report(town.grid)
    with CaptureQueriesContext(connection) as many:
        client.get(path)
    assert len(many) == len(few)
    assert len(many) <= 15


def test_a_resident_is_sent_on_from_the_desk(client, town, sign_in):
    sign_in(town.resident)
    response = client.get("/desk/")
    assert response.status_code == 302
    assert response["Location"] == "/"


def test_the_desk_shows_what_waits_and_what_is_overdue(client, town, sign_in, monkeypatch):
    late = report(town.grid)
    monkeypatch.setattr("haitang.core.clock.now", lambda: NOW + timedelta(days=20))
    fresh = report(town.grid, now=NOW + timedelta(days=20), channel="phone")
    sign_in(town.secretary)
    page = text(client.get("/desk/"))
    assert page.index(late.number) < page.index(fresh.number)
    for words in ("2 件", "超期 1 件", "春和社区：今日", "今日上报", "—"):
        assert words in page


def test_a_handler_of_a_department_sees_the_own_desk_only(client, town, sign_in):
    case = report(town.resident, channel="web")
    sign_in(town.handler)
    page = text(client.get("/desk/"))
    assert case.number not in page
    assert "今日上报" not in page
    assert "没有待办案件" in page
    assert client.get("/figures/").status_code == 403
    assert json.loads(client.get("/map/cases.geojson").content)["features"] == []
    assert json.loads(client.get("/map/counts.geojson").content)["features"] == []
    assert client.get("/map/?area=320585").status_code == 403


def test_a_system_administrator_sees_warnings_and_no_cases(client, town, sign_in, monkeypatch):
    report(town.grid)
    monkeypatch.setattr("haitang.core.clock.now", lambda: NOW.replace(year=2049, month=11))
    sign_in(Actor("王系统", id=1, grants=frozenset({Grant(WorktimePermission.MANAGE_CALENDARS, "/")})))
    page = text(client.get("/desk/"))
    assert "2050年的调休上班日尚未录入" in page
    assert "待办" not in page
    assert client.get("/map/").status_code == 403
    sign_in(LEADER)
    assert "调休上班日尚未录入" not in text(client.get("/desk/"))


def test_a_rule_that_cannot_run_is_told_to_who_keeps_the_rules(client, town, sign_in, monkeypatch):
    from haitang.command import queries

    monkeypatch.setattr(queries.cases, "list_rule_problems", lambda: [(None, "规则“路灯”指定的单位 X 不存在")])
    sign_in(actor_with(Permission.MANAGE_ROUTING, Permission.VIEW, account_id=2))
    assert "规则“路灯”指定的单位 X 不存在" in text(client.get("/desk/"))
    sign_in(LEADER)
    assert "规则“路灯”" not in text(client.get("/desk/"))


def points(client, **asked) -> list[dict]:
    return json.loads(text(client.get("/map/cases.geojson", asked)))["features"]


def test_points_are_those_that_the_viewer_may_see_and_hold_nothing_of_the_reporter(client, town, sign_in):
    report(town.resident, description=LAMP * 5, reporter_name="林秀英", reporter_phone="13812345678")
    report(town.resident, lon=WEST + STEP * 2.5, lat=HERE["lat"])
    report(town.resident, kind="denunciation", description="有人倒卖车位")
    sign_in(LEADER)
    assert len(points(client)) == 2
    sign_in(town.grid)
    (feature,) = points(client)
    raw = json.dumps(feature, ensure_ascii=False)
    assert "林" not in raw
    assert "1381" not in raw
    assert len(feature["properties"]["text"]) == 60
    sign_in(town.outsider)
    assert len(points(client)) == 1
    sign_in(town.dispatcher)
    assert len(points(client)) == 3


def test_points_are_bounded_by_the_box_and_the_filters(client, town, sign_in):
    report(town.grid, category_code="10101", channel="patrol")
    sign_in(LEADER)
    inside = f"{WEST},{SOUTH},{WEST + STEP},{SOUTH + STEP}"
    assert len(points(client, bbox=inside)) == 1
    assert points(client, bbox="0,0,1,1") == []
    assert len(points(client, category="10101")) == 1
    assert points(client, category="10102") == []
    assert points(client, channel="phone") == []
    assert points(client, overdue="1") == []
    assert len(points(client, overdue="0")) == 1
    assert points(client, status="handling") == []


@pytest.mark.parametrize(
    "box", ["1,2,3", "a,b,c,d", "nan,0,1,1", "inf,0,1,1", "2,0,1,1", "0,2,1,1", ",,,", "1e999,0,1,1"]
)
def test_a_box_that_is_none_is_refused(client, town, sign_in, box):
    sign_in(LEADER)
    assert client.get("/map/cases.geojson", {"bbox": box}).status_code == 422


def test_odd_filters_never_break_a_page(client, town, sign_in):
    sign_in(LEADER)
    for path in ("/map/", "/map/cases.geojson", "/figures/", "/figures/export/", "/desk/"):
        for asked in (
            {"area": "none"}, {"category": "x" * 500}, {"status": "x", "by": "x", "from": "x"}, {"to": "2026-02-30"},
            {"from": "0001-01-01"}, {"to": "9999-12-31"}, {"area": "长" * 99}, {"part": "x"},
        ):  # fmt: skip
            assert client.get(path, asked).status_code in (200, 404, 422), (path, asked)


def test_no_more_points_than_the_bound(client, town, sign_in, monkeypatch):
    monkeypatch.setattr("haitang.cases.queries.points.POINTS_MAX", 2)
    for _each in range(3):
        report(town.grid)
    sign_in(LEADER)
    answer = json.loads(text(client.get("/map/cases.geojson")))
    assert len(answer["features"]) == 2
    assert answer["is_more"] is True


def test_bubbles_count_open_cases_by_area_at_a_point_inside_it(client, town, sign_in):
    report(town.grid)
    report(town.grid)
    gone = report(town.dispatcher)
    actions.void_case(actor=town.dispatcher, case_id=gone.pk, opinion="重复", now=NOW)
    sign_in(LEADER)
    (feature,) = json.loads(text(client.get("/map/counts.geojson", {"area": "320585001000"})))["features"]
    assert feature["properties"]["count"] == 2
    assert feature["properties"]["title"] == "春和社区"
    lon, lat = feature["geometry"]["coordinates"]
    assert WEST < lon < WEST + 2 * STEP
    assert SOUTH < lat < SOUTH + STEP


def test_the_whole_city_begins_with_bubbles_and_a_street_with_points(client, town, sign_in):
    report(town.grid)
    sign_in(LEADER)
    assert 'data-counts-url="/map/counts.geojson?area=320585"' in text(client.get("/map/"))
    assert 'data-counts-url=""' in text(client.get("/map/?area=320585001000"))
    assert 'data-counts-url=""' in text(client.get("/map/?overdue=0"))


def test_who_has_no_deeds_to_do_sees_the_month_in_place_of_a_box(client, town, sign_in):
    report(town.grid)
    sign_in(LEADER)
    page = text(client.get("/desk/"))
    assert "我的待办" not in page
    for words in ("本月每日", "各区域在办件数", "海棠街道"):
        assert words in page


def test_the_desk_refreshes_in_parts(client, town, sign_in):
    report(town.grid)
    sign_in(town.secretary)
    todo = text(client.get("/desk/", headers=FRAGMENT))
    assert "我的待办" in todo
    assert "今日上报" not in todo
    figures = text(client.get("/desk/?part=figures", headers=FRAGMENT))
    assert "今日上报" in figures
    assert "我的待办" not in figures
    assert "<html" in text(client.get("/desk/?part=figures"))


def test_the_map_is_a_list_as_well(client, town, sign_in):
    case = report(town.grid)
    sign_in(LEADER)
    page = text(client.get("/map/"))
    assert case.number in page
    assert "海棠街道" in page
    assert "已超期" in page
