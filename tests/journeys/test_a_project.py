"""A secretary's project: taken on, worked at, delivered, accepted, published, and judged by somebody served."""

import re
from uuid import uuid4

from playwright.sync_api import expect

from tests.journeys.walking import PHONE, Walk, look

TITLE = f"楼道扶手{uuid4().hex[:4]}"


def test_a_secretarys_project_from_plan_to_judgement(walk: Walk):
    page = walk.sign_in("community", "/projects/")
    look(page)
    page.get_by_role("link", name="立项").click()
    page.get_by_label("项目名称").fill(TITLE)
    page.get_by_label("所在区域").select_option(index=0)
    page.get_by_label("目标和内容").fill("给老楼的楼道装上扶手")
    page.get_by_label("计划资金（元）").fill("3,000.50")
    look(page)
    page.get_by_role("button", name="立项").click()
    expect(page.get_by_role("heading", level=1, name=TITLE)).to_be_visible()
    address = page.url
    look(page)

    page.get_by_role("button", name="启动").click()
    expect(page.locator(".ht-case-head")).to_contain_text("实施中")
    page.locator("summary", has_text="登记进展").click()
    page.get_by_label("进展情况").fill("第一幢已经装好")
    page.get_by_role("button", name="登记进展").click()
    expect(page.get_by_text("第一幢已经装好").first).to_be_visible()
    page.get_by_label(re.compile("^完成情况")).fill("三幢全部装好")
    page.get_by_role("button", name="申请验收").click()
    expect(page.locator(".ht-case-head")).to_contain_text("待验收")

    leader = walk.sign_in("director", "/projects/", PHONE)
    leader.goto(address)
    look(leader)
    leader.get_by_label("通过", exact=True).check()
    leader.get_by_label(re.compile("^验收意见")).fill("牢固好用")
    leader.get_by_role("button", name="验收").click()
    expect(leader.locator(".ht-case-head")).to_contain_text("已验收")

    page.goto(address)
    page.get_by_label(re.compile("^成效")).fill("上下楼稳当了")
    page.get_by_role("button", name="公开项目").click()
    page.get_by_label("个数").fill("1")
    page.get_by_role("button", name="发放评价码").click()
    page.wait_for_url("**/codes/")
    look(page)
    code = page.locator("main b").first.inner_text()

    resident = walk.open("/open/projects/", PHONE)
    look(resident)
    resident.get_by_role("link", name=TITLE).click()
    look(resident)
    resident.get_by_role("link", name="我有评价码，来评价").click()
    resident.get_by_label(re.compile("^评价码")).fill(code)
    resident.get_by_label("5 分：非常满意").check()
    look(resident)
    resident.get_by_role("button", name="提交评价").click()
    expect(resident.get_by_text("5.00").first).to_be_visible()
    resident.goto("/open/projects/evaluate/")
    resident.get_by_label(re.compile("^评价码")).fill(code)
    resident.get_by_label("5 分：非常满意").check()
    resident.get_by_role("button", name="提交评价").click()
    expect(resident.get_by_text("评价码不正确或已经用过").first).to_be_visible()
