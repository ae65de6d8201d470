"""Points, off as shipped: a tenant turns them on, a volunteer earns by rule, spends under a lock, has a statement."""

import http.client
import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from urllib.parse import urlencode, urlsplit
from uuid import uuid4

import pytest
from playwright.sync_api import Page, expect

from haitang.core import clock
from haitang.demo.city import plan_city
from haitang.demo.timeline import home_of
from tests.journeys.walking import PHONE, Walk, look

PRESSES = 8


def switch(page: Page, *, on: bool) -> None:
    """Turn points on from last year on, or off."""
    page.goto("/admin/points/")
    form = page.locator("form").filter(has=page.locator("#switch_is_on"))
    form.locator("#switch_is_on").set_checked(on)
    form.locator("#switch_from_date").fill(f"{clock.local_date(clock.now()) - timedelta(days=365):%Y-%m-%d}")
    form.locator("button[type=submit]").click()
    expect(page.locator(".ht-alert-success")).to_be_visible()


def enter_reward(page: Page, title: str, price: int) -> None:
    """Enter something to have, handed out in the home community."""
    page.goto("/admin/points/rewards/new/")
    page.locator("#id_title").fill(title)
    page.locator("input[name=kind][value=thing]").check()
    page.locator("#id_price").fill(str(price))
    page.locator("#id_stock").fill("5")
    page.locator("#id_area").select_option(home_of(plan_city()).parent)
    page.locator("#id_place").fill("社区服务站")
    page.locator("main form button[type=submit]").last.click()
    page.wait_for_url("**/admin/points/")


def balance(page: Page) -> int:
    """Return what stands on the volunteer's page."""
    page.goto("/me/points/")
    return int(re.sub(r"\D", "", page.locator("#balance").inner_text()))


def press_at_once(page: Page, action: str) -> list[int]:
    """Press the same button many times in the same moment, over the page's session; return the statuses."""
    cookies = {each["name"]: each["value"] for each in page.context.cookies()}
    token, site = page.locator("input[name=csrfmiddlewaretoken]").first.input_value(), urlsplit(page.url)
    head = {
        "Cookie": "; ".join(f"{name}={value}" for name, value in cookies.items()), "Host": site.netloc,
        "X-CSRFToken": token, "Origin": f"{site.scheme}://{site.netloc}",
        "Content-Type": "application/x-www-form-urlencoded",
    }  # fmt: skip

    def send(_number: int) -> int:
        connection = http.client.HTTPConnection(str(site.hostname), site.port, timeout=60)
        try:
            connection.request("POST", action, urlencode({}), head)
            return connection.getresponse().status
        finally:
            connection.close()

    with ThreadPoolExecutor(PRESSES) as pool:
        return list(pool.map(send, range(PRESSES)))


@pytest.fixture
def manager(walk: Walk) -> Iterator[Page]:
    """The manager, who has turned points on, and turns them off again as they were shipped."""
    page = walk.sign_in("manager", "/admin/points/")
    switch(page, on=True)
    yield page
    switch(page, on=False)


def test_points_are_earned_by_rule_and_spent_once(walk: Walk, manager: Page):
    look(manager)
    volunteer = walk.sign_in("volunteer", "/me/points/", PHONE)
    agree = volunteer.get_by_role("button", name="同意使用积分")
    if agree.count():
        look(volunteer)
        agree.click()
        expect(volunteer.locator(".ht-alert-success")).to_be_visible()
    look(volunteer)
    expect(volunteer.get_by_text(re.compile(r"服务 \d+ 分钟，按")).first).to_be_visible()
    had = balance(volunteer)
    assert had > 0

    title = f"雨伞 {uuid4().hex[:4]}"
    enter_reward(manager, title, had)
    look(manager)
    volunteer.goto("/me/points/")
    action = volunteer.locator("main li").filter(has_text=title).locator("form").get_attribute("action")
    assert press_at_once(volunteer, str(action)) == [302] * PRESSES
    assert balance(volunteer) == 0
    mine = volunteer.locator("main li").filter(has_text=title).filter(has_text="领取码")
    expect(mine).to_have_count(1)
    look(volunteer)

    sheet = volunteer.request.get("/me/points/statement/")
    assert sheet.status == 200
    assert sheet.body()[:2] == b"PK"
    mine.get_by_role("button", name=re.compile("^取消兑换")).click()
    expect(volunteer.locator(".ht-alert-success")).to_contain_text("积分已退回")
    assert balance(volunteer) == had
