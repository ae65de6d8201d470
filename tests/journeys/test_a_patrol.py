"""A grid worker's day: checklist, hazard, case; two visits, of which the second asks nothing known."""

import re
from uuid import uuid4

from playwright.sync_api import Page, expect

from tests.journeys.walking import PHONE, Walk, look

ROOM = f"6幢{uuid4().hex[:4]}"
"""A home that no earlier run has visited."""


def walk_round(page: Page) -> None:
    """Fill in one item of an unfinished checklist, take down a hazard at another, and make it a case."""
    waiting = page.locator("section[id^=item_]").filter(has_text="未查")
    for address in page.locator("#rounds table a").evaluate_all("links => links.map(link => link.href)"):
        page.goto(address)
        expect(page.locator("section.ht-card").first).to_be_visible()
        if waiting.count() > 1:
            break
    look(page)
    left = waiting.count()
    waiting.first.get_by_role("button", name=re.compile("^正常")).click()
    expect(page.locator("section[id^=item_]").filter(has_text="未查")).to_have_count(left - 1)
    item = page.locator("section[id^=item_]").filter(has_text="未查").first
    item.locator("summary", has_text="发现隐患").click()
    item.get_by_label("是什么隐患").fill("消防栓没有水，需要水务部门处理")
    item.get_by_label("具体位置").fill("3幢东侧")
    item.get_by_role("button", name="登记隐患").click()
    expect(page.locator("section[id^=item_]").filter(has_text="未查")).to_have_count(left - 2)
    page.locator("section[id^=item_]").get_by_role("link", name=re.compile("^YH")).last.click()
    look(page)
    page.get_by_role("button", name="转为案件").click()
    page.wait_for_url("**/cases/**")
    expect(page.get_by_role("heading", name="由隐患转来")).to_be_visible()
    look(page)


def open_door(page: Page) -> None:
    """Come to the entry of a visit to the home."""
    page.goto("/visits/door/")
    page.get_by_label("楼栋或网格").select_option(index=0)
    page.get_by_label("房号").fill(ROOM)
    page.get_by_role("button", name="下一步").click()
    page.wait_for_url("**/visit/")


def test_a_patrol_a_hazard_a_case_and_two_visits(walk: Walk):
    page = walk.sign_in("grid", "/patrols/", PHONE)
    look(page)
    walk_round(page)

    open_door(page)
    look(page)
    page.get_by_label("诉求 1").fill("楼下路灯不亮，请修一修")
    page.get_by_label("发现的隐患").fill("灶台边的燃气软管老化")
    page.get_by_label(re.compile("^怎么称呼")).fill("林阿姨")
    page.get_by_label(re.compile("^联系电话")).fill("15400001234")
    page.get_by_label(re.compile("住户同意留下信息")).check()
    page.get_by_role("button", name="登记走访").click()
    page.wait_for_url(re.compile(r"/visits/\d+/"))
    made = page.locator("ul.ht-lines li")
    expect(made).to_have_count(3)  # a case, a hazard, what was told
    look(page)

    open_door(page)
    expect(page.get_by_text("154****1234")).to_be_visible()
    expect(page.locator("#id_contact_phone")).to_be_hidden()
    page.get_by_text("确认或更改：联系电话").click()
    page.locator("input[name=still_contact_phone][value=holds]").check()
    page.get_by_role("button", name="登记走访").click()
    page.wait_for_url(re.compile(r"/visits/\d+/"))
    expect(page.get_by_text("1 项已知信息")).to_be_visible()
