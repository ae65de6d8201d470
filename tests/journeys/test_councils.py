"""Deliberation: a matter raised on a phone, talked about with a quorum, becomes a case, and is followed
until that is closed; lots are drawn, and anybody draws them again."""

import re
from datetime import timedelta
from uuid import uuid4

from playwright.sync_api import Page, expect

from haitang.core import clock
from tests.journeys.walking import PHONE, Walk, look, photo, press_while_away

MARK = uuid4().hex[:4]
TITLE = f"东门加一排长椅 {MARK}"
COUNCIL = "清水湾居民议事会"


def press(page: Page, name: str) -> None:
    """Press a button of the page's content and wait until it says that it was done."""
    page.locator("main").get_by_role("button", name=name, exact=True).first.click()
    expect(page.locator(".ht-alert-success")).to_be_visible()


def test_a_matter_from_a_phone_to_a_case(walk: Walk):
    resident = walk.sign_in("resident", "/councils/", PHONE)
    look(resident)
    resident.get_by_role("link", name="我要提议").click()
    resident.get_by_label(re.compile("^您住在哪个社区")).select_option(label="清水湾社区")
    resident.get_by_role("button", name="下一步").last.click()
    resident.get_by_label(re.compile("^想议什么事")).fill(TITLE)
    resident.get_by_label(re.compile("^情况和您的想法")).fill("等公交的老人没有地方坐。")
    look(resident)
    press_while_away(resident, "下一步")  # nothing typed is lost, though the address begins with the first step again
    resident.get_by_label(re.compile("^您住在哪个社区")).select_option(label="清水湾社区")
    resident.get_by_role("button", name="下一步").last.click()
    expect(resident.get_by_label(re.compile("^想议什么事"))).to_have_value(TITLE)
    expect(resident.get_by_label(re.compile("^情况和您的想法"))).to_have_value("等公交的老人没有地方坐。")
    resident.get_by_role("button", name="下一步").last.click()
    expect(resident.locator("[aria-current=step]")).to_have_text("3 确认提交")
    resident.locator("input[type=file]").set_input_files(photo())
    look(resident)
    press(resident, "提交")
    own = resident.url
    expect(resident.locator(".ht-photos img")).to_be_visible()
    expect(resident.locator(".ht-case-head")).to_contain_text("待审核")

    office = walk.sign_in("community", "/council-desk/topics/?status=waiting")
    office.get_by_role("link", name=TITLE).click()
    press(office, "采纳")
    office.get_by_role("link", name=COUNCIL, exact=True).click()
    begun = clock.now().astimezone(clock.LOCAL) - timedelta(minutes=5)
    office.get_by_label(re.compile("^会议名称")).fill(f"临时议事 {MARK}")
    office.get_by_label(re.compile("^时间")).fill(f"{begun:%Y-%m-%dT%H:%M}")
    expect(office.get_by_label(re.compile(TITLE))).to_be_checked()
    look(office)
    press(office, "召集")
    resident.goto(own)
    expect(resident.locator(".ht-case-head")).to_contain_text("已列入议程")

    number = office.get_by_text(re.compile("^TY[0-9]{5}$")).first.inner_text()
    office.get_by_label(re.compile("^会议纪要")).fill("商量了长椅，大家同意。")
    office.get_by_label(re.compile("^议定事项")).fill(f"{number} 东门装一排长椅 {MARK} | | | 6")
    office.get_by_label(re.compile("^公开摘要")).fill("同意在东门装一排长椅。")
    office.get_by_role("button", name="登记", exact=True).first.click()
    expect(office.locator("main")).to_contain_text("不足 2/3")
    for box in office.get_by_role("group", name=re.compile("到会成员")).get_by_role("checkbox").all()[:7]:
        box.check()
    press(office, "登记")
    look(office)
    resolved = office.get_by_role("listitem").filter(has_text=f"东门装一排长椅 {MARK}").last
    resolved.get_by_text("转为案件").first.click()
    resolved.get_by_role("button", name="转为案件").click()
    expect(office.locator(".ht-alert-success")).to_be_visible()
    desk = office.url
    resident.goto(own)
    expect(resident.locator("main")).to_contain_text("按案件办理")
    expect(resident.locator("main")).to_contain_text("同意在东门装一排长椅")
    look(resident)

    office.goto(desk)
    case = office.get_by_role("listitem").filter(has_text=f"东门装一排长椅 {MARK}").last
    case.get_by_role("link", name=re.compile("^[0-9A-Z-]{8,}")).first.click()
    expect(office.get_by_text("由议事会议定转来")).to_be_visible()
    office.goto("/council-desk/resolutions/?status=late")
    expect(office.get_by_role("link", name="物业每季度公示停车收费收支")).to_be_visible()
    look(office)


def test_lots_drawn_again_by_anybody(walk: Walk):
    page = walk.open("/councils/", PHONE)
    page.get_by_role("link", name="停车议题居民代表抽选").first.click()
    look(page)
    digest = page.locator(".co-code").first.inner_text()
    drawn = re.findall(r"[0-9]+", page.locator(".co-numbers li").first.inner_text())[0]
    page.get_by_role("link", name="自己重算一遍").click()
    look(page)
    page.get_by_role("button", name="重算").click()
    expect(page.locator("#result")).to_be_visible()
    expect(page.locator("main")).to_contain_text(digest)
    first = page.locator("dt", has_text="抽中（按次序）").locator("xpath=following-sibling::dd[1]").inner_text()
    assert first.split("、")[0] == drawn
    look(page)


def test_a_question_that_waits_says_until_when(walk: Walk):
    resident = walk.sign_in("resident", "/councils/questions/new/", PHONE)
    look(resident)
    resident.get_by_label(re.compile("^您住在哪个社区")).select_option(label="清水湾社区")
    resident.get_by_label(re.compile("^您的问题或意见")).fill(f"楼顶漏水找谁？{MARK}")
    press(resident, "提交")
    expect(resident.locator("main")).to_contain_text("前答复")
    own = resident.url
    secretary = walk.sign_in("community", own.replace(walk.address, ""))
    secretary.get_by_role("textbox", name=re.compile("^答复")).fill("请报物业维修，社区跟进。")
    press(secretary, "答复")
    resident.goto(own)
    expect(resident.locator("main")).to_contain_text("请报物业维修")
    resident.goto("/councils/mine/")
    expect(resident.locator("main")).to_contain_text("超期未答复")
    look(resident)
