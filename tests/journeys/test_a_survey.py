"""A survey: residents answer on a phone or at their door, a low result is looked into, and the area is asked again."""

import re
import time
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

from playwright.sync_api import Page, expect
from python_calamine import CalamineWorkbook

from haitang.core import clock
from tests.journeys.walking import PHONE, Walk, look

TITLE = f"居民满意度{uuid4().hex[:4]}"
ASKED = """[单选] 您对社区工作总体满意吗？【必答】【满意度】
满意
基本满意
不满意

[多选] 哪里不满意？【如果 1=不满意】
停车
环境"""


def press(page: Page, name: str) -> None:
    """Press a button of the page's content, agree where the page asks, and wait until it says that it was done."""
    page.locator("main").get_by_role("button", name=name, exact=True).click()
    dialog = page.locator("dialog.ht-dialog")
    if dialog.count():
        dialog.get_by_role("button").first.click()
    expect(page.locator(".ht-alert-success")).to_be_visible()


def opened(page: Page) -> list[str]:
    """Try a draft out, open it, and return the codes that are given out once."""
    page.locator("main").get_by_role("link", name="试填", exact=True).click()
    page.get_by_label("基本满意", exact=True).check()
    press(page, "试填完成")
    press(page, "开始调查")
    with page.expect_download() as held:
        page.get_by_role("button", name="抽样并下载问卷码").click()
    path = Path(held.value.path())
    rows = CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python()
    codes = [str(cell) for row in rows for cell in row if re.fullmatch(r"[0-9A-Z]{5}-[0-9A-Z]{5}", str(cell))]
    assert len(set(codes)) == 14
    page.reload()
    return codes


def interview(page: Page, survey: str, codes: list[str], option: str) -> None:
    """Write down what households answer at their doors."""
    page.goto(f"{survey}enter/")
    for code in codes:
        page.get_by_label(re.compile("^问卷码")).fill(code)
        page.get_by_label(option, exact=True).check()
        press(page, "录入这一份")


def reviewed(page: Page, text: str) -> None:
    """Open the review of the survey once the worker has brought it so far."""
    for _second in range(60):
        page.goto("/survey-reviews/?show=all")
        line = page.locator("tr").filter(has_text=TITLE).filter(has_text=text)
        if line.count():
            line.first.get_by_role("link").first.click()
            return
        time.sleep(1)
    raise AssertionError(f"no review of {TITLE} is {text}")


def test_a_low_result_is_looked_into_and_asked_again(walk: Walk):
    today = clock.local_date(clock.now())
    office = walk.sign_in("community", "/survey-desk/new/")
    look(office)
    office.get_by_label(re.compile("^标题")).fill(TITLE)
    office.get_by_label(re.compile("^范围")).select_option(label="春江街道 / 清水湾社区")
    office.get_by_label(re.compile("^抽样数")).fill("14")
    office.get_by_label(re.compile("^截止日期")).fill(f"{today + timedelta(days=7):%Y-%m-%d}")
    office.locator("textarea[name=questions]").fill(ASKED)
    press(office, "保存")
    survey = office.url
    look(office)
    codes = opened(office)
    expect(office.get_by_alt_text("填写问卷的二维码")).to_be_visible()

    resident = walk.open("/surveys/answer/", PHONE)
    look(resident)
    resident.get_by_label(re.compile("^问卷码")).fill(codes[0].lower())
    resident.get_by_role("button", name="下一步").click()
    expect(resident.get_by_text("第 2 步，共 3 步")).to_be_visible()
    look(resident)
    resident.get_by_label("不满意", exact=True).check()
    resident.get_by_label("停车", exact=True).check()
    resident.get_by_role("button", name="提交问卷").click()
    resident.wait_for_url("**/surveys/thanks/")
    look(resident)
    resident.goto("/surveys/answer/")
    resident.get_by_label(re.compile("^问卷码")).fill(codes[0])
    resident.get_by_role("button", name="下一步").click()
    expect(resident.get_by_text("请核对问卷码").first).to_be_visible()

    interview(office, survey, codes[1:9], "不满意")
    interview(office, survey, codes[9:], "满意")
    office.goto(survey)
    press(office, "结束调查")
    look(office)

    reviewed(office, "待定整改措施")
    look(office)
    expect(office.get_by_text("复核是请人查找原因，不是对社区的评定。")).to_be_visible()
    form = office.locator("section").filter(has=office.locator("#set"))
    form.get_by_label(re.compile("^责任人")).fill("王书记")
    form.get_by_label(re.compile("^原因和整改措施")).fill("车位太少，与单位错时共享")
    form.get_by_label(re.compile("^完成期限")).fill(f"{today + timedelta(days=20):%Y-%m-%d}")
    press(office, "保存措施")
    office.get_by_label(re.compile("^完成情况")).fill("增加 30 个错时车位")
    press(office, "报告完成")

    office.goto(survey)
    office.get_by_label(re.compile("^复测截止日期")).fill(f"{today + timedelta(days=7):%Y-%m-%d}")
    press(office, "起草复测")
    again = office.url
    interview(office, again, opened(office), "满意")
    office.goto(again)
    press(office, "结束调查")
    expect(office.get_by_text("满意度明显上升")).to_be_visible()
    look(office)
    press(office, "公布结果")
    reviewed(office, "已复测")
    expect(office.get_by_text("明显上升")).to_be_visible()
    resident.goto("/surveys/")
    resident.get_by_role("link", name=f"{TITLE}（复测）").click()
    expect(resident.get_by_role("heading", name="调查结果")).to_be_visible()
    look(resident)
