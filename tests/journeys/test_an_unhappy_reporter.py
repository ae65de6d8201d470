"""A case is closed, its reporter called back and not content: it is done over by the same handler, and counts."""

import re
import time

import psycopg
import pytest
from playwright.sync_api import Page, expect

from tests.journeys.walking import PHONE, Walk, deed, do, find, look, look_up, report, send


def a_night_passes(database: str, number: str, closure: int) -> None:
    """Wait until the worker has made the call-back after that closure, and let its time come."""
    with psycopg.connect(database, autocommit=True) as connection:
        for _second in range(60):
            made = connection.execute(
                "UPDATE callbacks_callback AS b SET next_at = now() - interval '1 minute' FROM cases_case AS c "
                "WHERE c.id = b.case_id AND c.number = %s AND b.round = %s",
                [number, closure],
            )
            if made.rowcount:
                return
            time.sleep(1)
    pytest.fail(f"no call-back was made after closure {closure} of {number}")


def settle(department: Page, checker: Page, street: Page, number: str, opinion: str) -> None:
    """Take the case from its handler to its closure."""
    do(department, "处置", opinion)
    do(department, "反馈", opinion)
    find(checker, number)
    form = deed(checker, "核查", "现场看过")
    form.get_by_label(re.compile("^通过")).check()
    send(checker, form)
    find(street, number)
    do(street, "结案", "核查通过，予以结案")


def call(page: Page, number: str, *, solved: str, satisfaction: str, words: str) -> None:
    """Call the reporter back, and write down what they say."""
    page.goto("/callbacks/")
    while not page.get_by_role("link", name=number, exact=True).count():
        following = page.get_by_role("link", name=re.compile("下一页")).get_attribute("href")
        page.goto(f"/callbacks/{following}")
    page.get_by_role("link", name=number, exact=True).first.click()
    page.get_by_role("button", name="显示电话").click()
    expect(page.get_by_text("15400001234")).to_be_visible()
    page.get_by_label("接通并作答").check()
    page.locator("input[name=contacted][value=yes]").check()
    page.locator(f"input[name=solved][value={solved}]").check()
    page.locator(f"input[name=satisfaction][value={satisfaction}]").check()
    page.get_by_label("诉求人的话").fill(words)
    page.get_by_role("button", name="保存结果").click()
    expect(page.locator(".ht-alert-success")).to_be_visible()


def test_an_unhappy_reporter(walk: Walk, database: str):
    resident = walk.open("/", PHONE)
    number, _code = report(resident)
    street = walk.sign_in("street", "/cases/todo/")
    look_up(street, number)  # the grid looks at it first; the street need not wait for that
    do(street, "受理", "属于受理范围")
    do(street, "立案", "按路灯类立案")
    do(street, "派遣", "请城管局照明所处理")
    department = walk.sign_in("department", "/cases/todo/")
    find(department, number)
    do(department, "签收", "收到，今天安排")
    checker = walk.sign_in("checker", "/cases/todo/")
    settle(department, checker, street, number, "更换灯泡一只")

    a_night_passes(database, number, 1)
    caller = walk.sign_in("callback", "/callbacks/")
    look(caller)
    call(caller, number, solved="no", satisfaction="dissatisfied", words="灯还是不亮")
    expect(caller.get_by_text("已退回原承办单位").first).to_be_visible()
    look(caller)

    find(department, number)
    expect(department.get_by_text("重办 1 次").first).to_be_visible()
    expect(department.get_by_text("灯还是不亮").first).to_be_visible()
    settle(department, checker, street, number, "更换镇流器，观察两小时正常")
    a_night_passes(database, number, 2)
    call(caller, number, solved="yes", satisfaction="satisfied", words="这回真修好了")

    leader = walk.sign_in("leader", "/indicators/?set=three_rates")
    expect(leader.get_by_role("heading", level=1)).to_contain_text("三率")
    look(leader)
    leader.locator("tfoot td a").nth(2).click()
    expect(leader.get_by_role("heading", name="怎样算出来的")).to_be_visible()
    expect(leader.locator("code", has_text="callback:solved")).to_be_visible()
    look(leader)
