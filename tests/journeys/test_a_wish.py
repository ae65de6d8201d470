"""A family's wish is granted: said by the family, checked, claimed, confirmed, delivered, thanked for."""

import re
from uuid import uuid4

from playwright.sync_api import Page, expect

from tests.journeys.walking import PHONE, Walk, look

MARK = uuid4().hex[:4]
TITLE, HOME, CALL = f"想要一个书包 {MARK}", f"柳条巷 {MARK}", "15400004321"
"""What no earlier run has wished for, and what nobody may read who is not told."""


def press(page: Page, name: str) -> None:
    """Press a button of the page's content and wait until it says that it was done."""
    page.locator("main").get_by_role("button", name=re.compile(f"^{name}")).first.click()
    expect(page.locator(".ht-alert-success")).to_be_visible()


def end_what_is_under_way(page: Page) -> None:
    """Give back what earlier stories have left with the volunteer, so that there is room for one more."""
    while True:
        page.goto("/wish-claims/")
        held = page.locator("main ul").first.locator("li").filter(has_text=re.compile("等社区确认|已确认")).filter(
            has_text=re.compile("待确认认领|认领已确认|准备中")
        )  # fmt: skip
        if held.count() < 2:
            return
        held.first.locator("a").first.click()
        page.get_by_text("办不了，放弃认领").click()
        page.get_by_label("原因").last.fill("让给别人")
        press(page, "放弃认领")


def test_a_wish_granted(walk: Walk):
    family = walk.sign_in("resident", "/my-wishes/", PHONE)
    look(family)
    family.get_by_role("link", name="说一个心愿").first.click()
    family.get_by_label(re.compile("^心愿（公开）")).fill(TITLE)
    family.get_by_label(re.compile("^类别")).select_option(label="学习用品")
    family.get_by_label(re.compile("^具体内容")).fill("送到3幢201室")
    family.get_by_label(re.compile("^估价")).select_option(label="100—200 元")
    family.get_by_label(re.compile("^您住在哪个社区")).select_option(label="清水湾社区")
    family.get_by_label(re.compile("^您的电话")).fill(CALL)
    family.get_by_label(re.compile("^您的住址")).fill(HOME)
    family.get_by_label(re.compile("^可以把我的电话")).check()
    family.get_by_label(re.compile("^我同意公开")).check()
    family.get_by_label(re.compile("^家庭单独同意")).check()
    family.get_by_role("button", name="提交").click()
    expect(family.get_by_text(re.compile("请去掉门牌地址"))).to_be_visible()
    look(family)
    family.get_by_label(re.compile("^具体内容")).fill("蓝色的")
    press(family, "提交")
    own = family.url

    office = walk.sign_in("community", "/wish-desk/?status=draft")
    look(office)
    office.get_by_role("row").filter(has_text=TITLE).get_by_role("link").first.click()
    expect(office.get_by_role("heading", level=1)).to_have_text(TITLE)
    expect(office.locator("main")).not_to_contain_text(CALL)
    look(office)
    press(office, "发布")
    desk = office.url

    visitor = walk.open("/wishes/", PHONE)
    visitor.get_by_role("link", name=re.compile(TITLE)).click()
    for secret in (CALL, HOME, "清水湾"):
        expect(visitor.locator("main")).not_to_contain_text(secret)
    look(visitor)
    public = visitor.url.removeprefix(walk.address)

    helper = walk.sign_in("volunteer", "/wish-claims/", PHONE)
    look(helper)
    end_what_is_under_way(helper)
    helper.goto(public)
    look(helper)
    helper.get_by_label(re.compile("^想对社区说的话")).fill("周六上午送去")
    press(helper, "认领这个心愿")
    expect(helper.get_by_text("社区正在确认")).to_be_visible()
    claim = helper.url
    late = walk.sign_in("grid", public)
    expect(late.locator("main")).to_contain_text("已经有人认领")

    office.goto(desk)
    look(office)
    press(office, "确认认领")
    helper.goto(claim)
    press_once = helper.get_by_role("button", name="看看怎么联系")
    press_once.click()
    expect(helper.locator("main")).to_contain_text(CALL)
    expect(helper.locator("main")).to_contain_text(HOME)
    look(helper)
    press(helper, "正在准备")
    helper.get_by_label(re.compile("^送达情况")).fill("交到手里了")
    helper.get_by_label(re.compile("^用了多少分钟")).fill("40")
    press(helper, "已经送到")

    family.goto(own)
    look(family)
    press(family, "已经收到")
    family.get_by_label(re.compile("^想说的话")).fill("书包正合适，谢谢")
    press(family, "转告对方")
    helper.goto(claim)
    expect(helper.locator("main")).to_contain_text("书包正合适，谢谢")
    look(helper)
    helper.goto("/me/help/")
    expect(helper.locator("main")).to_contain_text(f"圆微心愿：{TITLE}")
    visitor.goto("/wishes/?show=granted")
    expect(visitor.locator("main")).to_contain_text(TITLE)
    look(visitor)
