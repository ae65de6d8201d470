"""An elder orders a repair: dispatched by the community, accepted on the phone, done, confirmed by both, five stars."""

import re
from datetime import date, timedelta
from uuid import uuid4

import psycopg
import pytest
from playwright.sync_api import Page, expect

from haitang.core import clock
from haitang.demo.city import plan_city
from haitang.demo.timeline import home_of
from tests.journeys.walking import PHONE, Walk, look

SERVICE = f"水电维修 {uuid4().hex[:4]}"
"""One of this story, so that no earlier run has taken its hours."""
COMMUNITY = home_of(plan_city()).parent
NUMBER = re.compile(r"DD\d{6}-\d+")


def press(page: Page, name: str) -> None:
    """Press a button of the page's content and wait until it says that it was done."""
    page.locator("main").get_by_role("button", name=re.compile(f"^{name}")).first.click()
    expect(page.locator(".ht-alert-success")).to_be_visible()


def saturday() -> date:
    """Return the Saturday after the next day: when the volunteer of the demo has time, and late enough to order."""
    day = clock.local_date(clock.now()) + timedelta(days=2)
    return day + timedelta(days=(5 - day.weekday()) % 7)


def hours_of(page: Page) -> float:
    """Return the hours of this year that stand on the volunteer's own page."""
    page.goto("/me/help/")
    return float(page.locator("main .ht-stat-value").nth(1).inner_text().replace(",", ""))


def let_the_hour_come(database: str, number: str) -> None:
    """Move the order's hour to the night before any other that its helper has promised or served in: a story cannot
    wait for Saturday, and hours that overlap count once.
    """
    with psycopg.connect(database) as connection:
        connection.execute(
            """WITH theirs AS (
                   SELECT date_trunc('day', least(now(), min(e.begins_at)), 'Asia/Shanghai') - interval '21 hours' AS at
                   FROM orders_order o
                   JOIN orders_engagement e ON e.volunteer_id = o.volunteer_id WHERE o.id = %(id)s
               ), moved AS (
                   UPDATE orders_engagement SET begins_at = theirs.at, ends_at = theirs.at + interval '1 hour'
                   FROM theirs WHERE order_id = %(id)s
               )
               UPDATE orders_order SET begins_at = theirs.at, ends_at = theirs.at + interval '1 hour'
               FROM theirs WHERE id = %(id)s""",
            {"id": int(number.rpartition("-")[2])},
        )


def open_service(page: Page) -> None:
    """Put the story's service into the catalogue of the community."""
    look(page)
    page.get_by_label("服务类型").select_option(label="水电维修")
    page.get_by_label(re.compile("^名称")).fill(SERVICE)
    page.get_by_label("服务区域").select_option(COMMUNITY)
    page.get_by_label("服务时间").fill("周六 08:00-12:00")
    page.get_by_label("每个时段可约").fill("1")
    page.get_by_label("每天可约").fill("4")
    page.get_by_role("button", name="保存").or_(page.get_by_role("button", name="提交")).first.click()
    expect(page.get_by_text(SERVICE).first).to_be_visible()


@pytest.fixture
def service(walk: Walk):
    """The catalogue holds the story's service while it is told."""
    page = walk.sign_in("community", "/admin/services/new/")
    open_service(page)
    yield page
    page.goto("/admin/services/")
    page.get_by_role("link", name=SERVICE).click()
    page.get_by_label("启用").uncheck()
    page.locator("main form button[type=submit]").last.click()


def test_an_elder_orders_a_repair(walk: Walk, service: Page, database: str):
    elder = walk.sign_in("resident", "/services/", PHONE)
    elder.context.add_cookies([{"name": "haitang_large", "value": "1", "url": walk.address}])
    elder.goto("/services/")
    elder.get_by_label("您住在哪个社区").select_option(COMMUNITY)
    elder.get_by_role("button", name="看看有哪些服务").click()
    look(elder)
    elder.get_by_role("link", name=re.compile(SERVICE)).click()
    elder.locator(f"a[href*='day={saturday():%Y-%m-%d}']").click()
    look(elder)
    elder.locator("a.or-slot").first.click()
    look(elder)
    elder.get_by_label("联系电话").fill("15400001234")
    elder.get_by_label("服务地址").fill("春和花园3幢201")
    elder.get_by_label("补充说明").fill("厨房水龙头漏水")
    elder.get_by_role("button", name="下单").click()
    elder.wait_for_url(re.compile(r"/my-orders/\d+/"))
    look(elder)
    mine = elder.url.partition("?")[0]
    number = NUMBER.search(elder.locator("main").inner_text()).group()

    volunteer = walk.sign_in("volunteer", "/me/help/", PHONE)
    name = volunteer.locator(".ht-user-name").text_content()
    before = hours_of(volunteer)

    service.goto("/orders/?status=ordered")
    service.get_by_role("link", name=number).click()
    look(service)
    expect(service.locator("main")).not_to_contain_text("15400001234")
    service.locator("main label").filter(has_text=name).first.click()
    press(service, "派单")

    volunteer.goto("/me/help/")
    volunteer.get_by_role("link", name=re.compile("派给我的")).first.click()
    look(volunteer)
    card = volunteer.locator("#offers li").filter(has_text=SERVICE)
    expect(card).not_to_contain_text("201")
    card.get_by_role("button", name="接单").click()
    volunteer.wait_for_url(re.compile(r"/tasks/\d+/"))
    look(volunteer)
    task = volunteer.url
    volunteer.get_by_role("button", name=re.compile("看姓名、电话和地址")).click()
    expect(volunteer.get_by_text("春和花园3幢201")).to_be_visible()

    let_the_hour_come(database, number)
    volunteer.goto(task)
    volunteer.get_by_label(re.compile("^实际时长")).fill("50")
    press(volunteer, "报告完成")

    elder.goto(mine)
    look(elder)
    press(elder, "已经完成")
    elder.get_by_label(re.compile("^★★★★★")).check()
    elder.get_by_label("想说的话").fill("师傅耐心，修得好")
    press(elder, "提交评价")
    look(elder)
    expect(elder.get_by_role("img", name="5 星")).to_be_visible()

    after = hours_of(volunteer)
    assert after == pytest.approx(before + 50 / 60, abs=0.11)
    expect(volunteer.locator("#services ~ *").get_by_text(SERVICE).first).to_be_visible()
    look(volunteer)
    volunteer.get_by_role("button", name="出具证明").click()
    volunteer.wait_for_url(re.compile(r"/certificates/\d+/"))
    look(volunteer)
    expect(volunteer.locator("article")).to_contain_text(f"服务时长 {after:.1f} 小时")

    service.goto("/orders/")
    service.get_by_role("link", name=number).click()
    look(service)
    expect(service.locator("main")).to_contain_text("师傅耐心，修得好")
