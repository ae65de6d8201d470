"""A unit's resource meets a need: ordered with one press, confirmed, a project, accepted, evaluated by both."""

import re
from uuid import uuid4

from playwright.sync_api import Page, expect

from tests.journeys.walking import PHONE, Walk, look

MARK = uuid4().hex[:4]
NEED, RESOURCE = f"老人想学做香囊 {MARK}", f"教做香囊的老师 {MARK}"
"""What no earlier run has asked for or offered."""


def fill(page: Page, title: str, label: str, category: str) -> None:
    """Fill in what needs and resources have in common."""
    page.get_by_label(re.compile(f"^{label}")).fill(title)
    page.get_by_label(re.compile("^类别")).select_option(label=category)
    page.get_by_label(re.compile("^具体内容")).fill("每周一次，教老人做香囊，自带材料")


def press(page: Page, name: str) -> None:
    """Press a button of the page's content and wait until it says that it was done."""
    page.locator("main").get_by_role("button", name=re.compile(f"^{name}")).first.click()
    expect(page.locator(".ht-alert-success")).to_be_visible()


def wait_for(page: Page, address: str, words: str) -> None:
    """Open a page again and again until its head says so: what a job does takes a moment."""
    for _turn in range(20):
        page.goto(address)
        if words in page.locator(".ht-case-head").inner_text():
            return
        page.wait_for_timeout(500)
    expect(page.locator(".ht-case-head")).to_contain_text(words)


def test_a_units_resource_meets_a_need(walk: Walk):
    unit = walk.sign_in("unit", "/unit/", PHONE)
    look(unit)
    unit.get_by_role("link", name="登记资源").first.click()
    unit.wait_for_url("**/resources/new/")
    look(unit)
    fill(unit, RESOURCE, "资源标题", "文体活动与才艺培训")
    unit.get_by_label(re.compile("^服务哪个区域")).select_option(index=1)
    unit.get_by_role("button", name="登记资源").click()
    unit.wait_for_url(re.compile(r"/resources/\d+/$"))
    resource = unit.url

    community = walk.sign_in("community", "/needs/")
    look(community)
    community.goto(resource)
    press(community, "发布")
    community.goto("/needs/new/")
    fill(community, NEED, "需求标题", "文体活动与才艺培训")
    community.get_by_label(re.compile("^所在区域")).select_option(index=1)
    look(community)
    community.get_by_role("button", name="登记需求").click()
    community.wait_for_url(re.compile(r"/needs/\d+/$"))
    press(community, "发布")
    proposal = community.locator("#proposals ~ ol li").filter(has_text=RESOURCE)
    expect(proposal).to_contain_text("类别相同")
    look(community)
    proposal.get_by_role("button", name=re.compile("^一键下单")).click()
    community.wait_for_url(re.compile(r"/agreements/\d+/$"))
    expect(community.locator(".ht-case-head")).to_contain_text("等待单位确认")
    agreement = community.url

    unit.goto("/unit/")
    unit.locator("a[href$='" + agreement.rsplit("/agreements/", 1)[1] + "']").first.click()
    unit.wait_for_url(re.compile(r"/agreements/\d+/$"))
    look(unit)
    press(unit, "确认")
    unit.wait_for_load_state()
    expect(unit.locator(".ht-case-head")).to_contain_text("双方已确认")

    unit.get_by_role("link", name=re.compile("^XM")).click()
    unit.wait_for_url(re.compile(r"/projects/\d+/$"))
    project = unit.url
    expect(unit.get_by_role("link", name=re.compile("^DJ"))).to_be_visible()
    look(unit)
    press(unit, "启动")
    unit.get_by_label(re.compile("^完成情况")).last.fill("教了四次，28 位老人学会了")
    press(unit, "申请验收")
    director = walk.sign_in("director", "/projects/")
    director.goto(project)
    director.get_by_label("通过", exact=True).check()
    director.get_by_label(re.compile("^验收意见")).fill("老人都说好")
    press(director, "验收")
    look(director)

    wait_for(community, agreement, "已交付")
    look(community)
    community.get_by_label(re.compile("很好")).check()
    press(community, "提交评价")
    unit.goto(agreement)
    unit.get_by_label(re.compile("^★★★★ ")).check()
    press(unit, "提交评价")
    expect(unit.locator("#said ~ ul li")).to_have_count(2)

    for path in ("/exchange/plan/", "/exchange/unmet/", "/exchange/unused/", "/exchange/figures/", "/exchange/files/"):
        community.goto(path)
        look(community)
    visitor = walk.open("/lists/agreements/", PHONE)
    expect(visitor.get_by_text(NEED)).to_be_visible()
    look(visitor)
