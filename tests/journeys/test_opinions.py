"""What people think: a community asks, residents answer on their phones, see groups, and the close forgets them."""

import re
from datetime import timedelta
from uuid import uuid4

from playwright.sync_api import Page, expect

from haitang.core import clock
from tests.journeys.walking import PHONE, Walk, look

MARK = uuid4().hex[:4]
TITLE, OWN = f"电动车怎么充电？{MARK}", f"楼下应当有人值守 {MARK}"
SEEDS = ("应当多建充电棚", "不能进电梯", "充电应当收费", "夜里应当断电", "应当补贴换锂电池")


def press(page: Page, name: str) -> None:
    """Press a button of the page's content and wait until it says that it was done."""
    page.locator("main").get_by_role("button", name=re.compile(f"^{name}")).first.click()
    expect(page.locator(".ht-alert-success")).to_be_visible()


def test_a_consultation(walk: Walk):
    office = walk.sign_in("community", "/conversation-desk/new/")
    look(office)
    today = clock.now().astimezone(clock.LOCAL)
    office.get_by_label(re.compile("^议题")).fill(TITLE)
    office.get_by_label(re.compile("^范围")).select_option(label="清水湾社区")
    office.get_by_label(re.compile("^开始时间")).fill(f"{today - timedelta(hours=1):%Y-%m-%dT%H:%M}")
    office.get_by_label(re.compile("^截止时间")).fill(f"{today + timedelta(days=7):%Y-%m-%dT%H:%M}")
    office.get_by_label(re.compile("^观点")).fill("\n".join(SEEDS[:4]))
    press(office, "保存")
    desk = office.url
    office.locator("#op-open ~ form").get_by_role("button", name="开始征集").click()
    expect(office.get_by_text("至少 5 条观点").first).to_be_visible()
    office.get_by_label(re.compile("^观点")).fill(SEEDS[4])
    press(office, "添加")
    office.locator("#op-open ~ form").get_by_role("button", name="开始征集").click()
    expect(office.locator(".ht-alert-success")).to_be_visible()
    look(office)

    resident = walk.sign_in("resident", "/conversations/", PHONE)
    look(resident)
    resident.get_by_role("link").filter(has_text=TITLE).click()
    look(resident)
    for answered, word in enumerate(("同意", "不同意", "不确定", "同意", "同意")):
        expect(resident.get_by_text(f"已表态 {answered} / 5")).to_be_visible()
        resident.get_by_role("button", name=re.compile(f"^{word}")).click()
    expect(resident.get_by_role("heading", name="都答完了，谢谢您")).to_be_visible()
    resident.get_by_label(re.compile("^您的观点")).fill(OWN)
    press(resident, "提交观点")
    resident.get_by_role("link", name="看看、改改我的表态").click()
    look(resident)
    first = resident.locator(".op-change").first
    expect(first.get_by_role("button", pressed=True)).to_have_count(1)
    first.get_by_role("button", name="不确定，跳过").click()
    expect(resident.locator(".ht-alert-success")).to_be_visible()

    office.goto(desk)
    waiting = office.locator("section").filter(has=office.locator("#op-waiting")).get_by_role("listitem")
    expect(waiting).to_contain_text(OWN)
    waiting.get_by_text("不公开").first.click()
    waiting.get_by_label("原因").fill("请写得具体一些")
    waiting.get_by_role("button", name="不公开").click()
    expect(office.locator(".ht-alert-success")).to_be_visible()
    resident.goto(resident.url.replace("mine/", ""))
    expect(resident.get_by_text("请写得具体一些")).to_be_visible()

    office.goto(desk)
    office.get_by_role("button", name="提前结束").click()
    office.locator("dialog.ht-dialog").get_by_role("button").first.click()
    expect(office.locator(".ht-alert-success")).to_contain_text("已销毁")
    resident.goto(resident.url)
    expect(resident.get_by_text("参与的人还太少")).to_be_visible()
    look(resident)


def test_the_picture_of_a_closed_consultation(walk: Walk):
    page = walk.open("/conversations/", PHONE)
    page.get_by_role("link").filter(has_text="小区的车怎么停").click()
    expect(page.get_by_role("img", name="想法相近的人")).to_be_visible()
    expect(page.get_by_role("heading", name="各组都认可的")).to_be_visible()
    page.get_by_text("全部观点和比例（表格）").first.click()
    expect(page.get_by_role("cell", name="第 1 组同意").first).to_be_visible()
    look(page)
    with page.expect_download() as held:
        page.get_by_role("link", name=re.compile("不记名表态")).click()
    lines = held.value.path().read_text("utf-8-sig").splitlines()
    assert len(lines) > 1_000
    assert all(line.split(",")[0].isdigit() for line in lines[1:])
