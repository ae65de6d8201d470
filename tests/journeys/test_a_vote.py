"""Residents vote: three steps on a phone, a ballot changed, paper against a phone's ballot, a receipt on the list."""

import re
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
from playwright.sync_api import Page, expect

from haitang.core import clock
from haitang.runtime.verify_vote import command
from tests.journeys.walking import PHONE, Walk, look

MARK = uuid4().hex[:4]
TITLE = f"今年先做哪几件 {MARK}"
PAPER = uuid4().hex[:16].upper()
OPTIONS = "加装扶手 | 30000 | 为老\n口袋公园 | 60000 | 绿化\n停车划线 | 20000 | 交通"
PEOPLE = ("周阿姨\t15400007001\t1 幢 101 室", "吴大爷\t15400007002\t1 幢 102 室", "郑先生\t15400007003\t1 幢 103 室")


def press(page: Page, name: str) -> None:
    """Press a button of the page's content and wait until it says that it was done."""
    page.locator("main").get_by_role("button", name=re.compile(f"^{name}")).first.click()
    expect(page.locator(".ht-alert-success")).to_be_visible()


def open_vote(page: Page) -> None:
    """Open the desk's page of the story's vote."""
    page.goto("/vote-desk/")
    page.locator("main").get_by_role("link", name=TITLE).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(TITLE)


def prepare(office: Page) -> list[str]:
    """Prepare the vote with its roll; return the voting codes, in the order of the roll."""
    today = clock.now().astimezone(clock.LOCAL)
    office.get_by_label(re.compile("^标题")).fill(TITLE)
    office.get_by_label(re.compile("^哪个区域")).select_option(label="清水湾社区")
    office.get_by_label(re.compile("^选项")).fill(OPTIONS)
    office.get_by_label(re.compile("^投票方式")).select_option("approval")
    office.get_by_label(re.compile("^最多")).fill("2")
    office.get_by_label(re.compile("^预算")).fill("80000")
    office.get_by_label(re.compile("^开始时间")).fill(f"{today - timedelta(hours=1):%Y-%m-%dT%H:%M}")
    office.get_by_label(re.compile("^截止时间")).fill(f"{today + timedelta(days=7):%Y-%m-%dT%H:%M}")
    press(office, "保存")
    office.locator("main").get_by_role("link", name="名册").click()
    office.get_by_label(re.compile("^名册")).fill("\n".join(PEOPLE))
    press(office, "保存")
    look(office)
    open_vote(office)
    office.get_by_role("button", name="生成并打印投票码").click()
    look(office)
    return office.locator(".vo-key").all_inner_texts()


def key_of(page: Page, name: str) -> str:
    """Propose or confirm opening; return the key's code, which is shown this once."""
    open_vote(page)
    page.get_by_role("button", name=name, exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("您的钥匙码")
    look(page)
    return page.locator(".vo-key").inner_text()


def vote(page: Page, code: str, *wanted: str) -> str:
    """Vote in three steps; return the receipt."""
    page.goto("/votes/")
    page.get_by_role("link", name=TITLE).click()
    look(page)
    page.get_by_label(re.compile("^投票码")).fill(code.lower())
    page.get_by_role("button", name="下一步").click()
    for words in wanted:
        page.get_by_label(re.compile(f"^{words}")).check()
    look(page)
    page.get_by_role("button", name="下一步").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("请再看一遍")
    expect(page.locator("main")).to_contain_text(wanted[0])
    look(page)
    page.get_by_role("button", name="投票", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("投票成功")
    look(page)
    return page.locator(".vo-key").inner_text()


def the_end_passes(database: str) -> None:
    """Let the published end of the vote be past; what was declared stays as it was declared."""
    with psycopg.connect(database, autocommit=True) as connection:
        moved = connection.execute(
            "UPDATE voting_vote SET closes_at = now() - interval '1 minute' WHERE title = %s", [TITLE]
        )
    assert moved.rowcount == 1


def test_a_vote(walk: Walk, database: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    office = walk.sign_in("community", "/vote-desk/new/")
    look(office)
    codes = prepare(office)
    first = key_of(office, "提请开放")
    supervisor = walk.sign_in("supervisor", "/vote-desk/")
    second = key_of(supervisor, "确认开放")

    phone = walk.open("/votes/", PHONE)
    look(phone)
    kept = vote(phone, codes[0], "停车划线", "加装扶手")
    walk.picture(phone, "vote-receipt")
    elder = walk.open("/votes/", PHONE)
    elder.context.add_cookies([{"name": "haitang_large", "value": "1", "url": walk.address}])
    replaced = vote(elder, codes[1], "口袋公园")
    changed = vote(elder, codes[1], "停车划线")

    third = walk.open("/votes/", PHONE)
    vote(third, codes[2], "口袋公园")
    open_vote(office)
    office.locator("main").get_by_role("link", name="名册").click()
    office.get_by_role("row").filter(has_text="郑先生").get_by_role("button", name=re.compile("^收到纸质票")).click()
    expect(office.get_by_role("row").filter(has_text="郑先生")).to_contain_text("撤销收票登记")
    third.goto("/votes/")
    third.get_by_role("link", name=TITLE).click()
    third.get_by_label(re.compile("^投票码")).fill(codes[2])
    third.get_by_role("button", name="下一步").click()
    third.get_by_label(re.compile("^口袋公园")).check()
    third.get_by_role("button", name="下一步").click()
    third.get_by_role("button", name="投票", exact=True).click()
    expect(third.locator("main")).to_contain_text("已经收到您的纸质票")
    look(third)

    street = walk.sign_in("street", "/vote-desk/")
    for reader, choice in ((office, "加装扶手"), (street, "停车划线")):
        open_vote(reader)
        reader.get_by_role("link", name="录入纸质票").click()
        reader.get_by_label(re.compile("^纸质票编号")).fill(PAPER)
        reader.get_by_label(re.compile(f"^{choice}")).check()
        press(reader, "保存")
        look(reader)
    director = walk.sign_in("director", "/vote-desk/", PHONE)
    open_vote(director)
    director.get_by_role("link", name="录入纸质票").click()
    director.get_by_role("link", name="两遍不一致，请第三个人复核").click()
    director.get_by_label(re.compile("^加装扶手")).check()
    look(director)
    press(director, "保存")

    the_end_passes(database)
    open_vote(office)
    press(office, "提请截止")
    open_vote(supervisor)
    press(supervisor, "确认截止")
    open_vote(office)
    look(office)
    office.get_by_label(re.compile("^第一位保管人")).fill(first)
    office.get_by_label(re.compile("^第二位保管人")).fill(second)
    press(office, "开箱计票并公布")
    look(office)

    phone.goto("/votes/")
    phone.get_by_role("link", name=TITLE).click()
    expect(phone.locator("main")).to_contain_text("电子票 2 张，纸质票 1 张")
    for receipt, words in ((kept, "加装扶手"), (changed, "停车划线"), (PAPER, "加装扶手")):
        find(phone, receipt)
        expect(phone.locator("section").filter(has=phone.locator("#find"))).to_contain_text(words)
        look(phone)
    find(phone, replaced)
    expect(phone.locator("main")).to_contain_text("公布的选票中没有这个回执")
    walk.picture(phone, "vote-result")
    with phone.expect_download() as taken:
        phone.get_by_role("link", name=re.compile("json$")).click()
    taken.value.save_as(tmp_path / "vote.json")
    command([str(tmp_path / "vote.json"), "--receipt", changed])
    assert "这张回执的选票：停车划线" in capsys.readouterr().out


def find(page: Page, receipt: str) -> None:
    """Look for a receipt, or a paper's number, on the published list."""
    page.get_by_label(re.compile("^回执码")).fill(receipt)
    page.get_by_role("button", name="查对").click()
    page.wait_for_load_state()
