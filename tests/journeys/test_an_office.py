"""A desk's tools: three cases in one go, a colleague who stands in, and a sheet for the file."""

import re
from datetime import timedelta

import docx
from playwright.sync_api import Page, expect

from haitang.core import clock
from tests.journeys.walking import PHONE, Walk, deed, do, look, look_up, report, send

OPINION = "请按职责尽快处理"


def tick_and_do(page: Page, numbers: list[str], name: str) -> None:
    """Tick the cases in the list, do a deed to all of them, and see that it was done to each."""
    page.goto("/cases/?rows=100")
    for number in numbers:
        page.get_by_label(f"选择 {number}", exact=True).check()
    page.get_by_role("button", name="批量办理勾选的案件").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("批量办理")
    for number in numbers:
        expect(page.get_by_label(f"选择 {number}", exact=True)).to_be_checked()
    look(page)
    page.get_by_label(re.compile("^处理意见")).fill(OPINION)
    page.get_by_role("button", name=f"批量{name}").click()
    expect(page.locator(".ht-alert-success")).to_contain_text(f"已{name} {len(numbers)} 件")
    look(page)


def end_arrangements(page: Page) -> None:
    """End what an earlier run may have left: one person stands in for one person only."""
    page.goto("/office/deputies/")
    while page.get_by_role("button", name="结束", exact=True).count():
        page.get_by_role("button", name="结束", exact=True).first.click()
        page.locator("dialog.ht-dialog").get_by_role("button").first.click()
        expect(page.locator(".ht-alert-success")).to_be_visible()


def test_three_cases_are_dispatched_in_one_go(walk: Walk):
    numbers = [report(walk.open("/", PHONE))[0] for _ in range(3)]
    street = walk.sign_in("street", "/cases/")
    look(street)
    for name in ("受理", "立案", "派遣"):
        tick_and_do(street, numbers, name)
    links = [street.get_by_role("link", name=number, exact=True).get_attribute("href") for number in numbers]
    for link in links:
        street.goto(str(link))
        expect(street.locator("main")).to_contain_text("待签收")
        expect(street.locator("main")).to_contain_text(OPINION)


def test_a_colleague_stands_in_and_both_names_are_kept(walk: Walk):
    number, _code = report(walk.open("/", PHONE))
    street = walk.sign_in("street", "/office/deputies/")
    end_arrangements(street)
    today = clock.local_date(clock.now())
    street.get_by_label(re.compile("^代办人")).fill("director")
    street.get_by_label(re.compile("^开始日期")).fill(today.isoformat())
    street.get_by_label(re.compile("^结束日期")).fill((today + timedelta(days=2)).isoformat())
    street.get_by_label(re.compile("^理由")).fill("年休假")
    look(street)
    street.get_by_role("button", name="安排", exact=True).click()
    expect(street.locator(".ht-alert-success")).to_contain_text("已安排代办")
    look(street)
    line = street.locator("main tbody tr").first
    whole, deputy = line.locator("td").nth(0).inner_text(), line.locator("td").nth(1).inner_text()

    director = walk.sign_in("director", "/desk/")
    look(director)
    director.get_by_role("button", name=f"代{whole}办理").click()
    expect(director.locator(".ht-acting")).to_contain_text(f"{deputy}（代 {whole}）")
    look_up(director, number)
    look(director)
    do(director, "受理", "代为受理。")
    expect(director.locator("main")).to_contain_text(f"{deputy}（代 {whole}）")

    # Back as oneself; and with the arrangement ended nobody stands in any more.
    director.get_by_role("button", name="回到本人").click()
    expect(director.locator(".ht-acting")).to_have_count(0)
    end_arrangements(street)
    director.goto("/desk/")
    expect(director.get_by_role("button", name=f"代{whole}办理")).to_have_count(0)
    look_up(street, number)
    expect(street.locator("main")).to_contain_text(f"{deputy}（代 {whole}）")
    send(street, deed(street, "立案", "按路灯类立案"))


def test_the_sheet_of_a_case_is_downloaded_and_opens(walk: Walk):
    number, _code = report(walk.open("/", PHONE))
    page = walk.sign_in("street", "/cases/todo/")
    look_up(page, number)
    page.get_by_role("link", name=re.compile("^案件办理单")).click()
    look(page)
    with page.expect_download() as download:
        page.get_by_role("link", name="下载 Word").click()
    assert number in download.value.suggested_filename
    sheet = docx.Document(str(download.value.path()))
    told = [paragraph.text for paragraph in sheet.paragraphs]
    told += [cell.text for table in sheet.tables for row in table.rows for cell in row.cells]
    assert any(number in text for text in told)
    assert any("路灯" in text for text in told)
    assert not any("15400001234" in text for text in told)
