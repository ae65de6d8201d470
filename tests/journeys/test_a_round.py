"""A micro-project from a resident's telephone to the accepted project; and a result that says why.

All phases of the round last today. Nobody can wait for the published end of its vote, so it passes in the database.
"""

import re
from datetime import timedelta
from uuid import uuid4

import psycopg
from playwright.sync_api import Page, expect

from haitang.core.clock import local_date, now
from tests.journeys.walking import PHONE, Walk, look, press_while_away

MARK = uuid4().hex[:4]
ROUND, PROJECT = f"微实事 {MARK}", f"楼道加装扶手 {MARK}"


def press(page: Page, name: str) -> None:
    """Press a button of the page's content and wait until it says that it was done."""
    page.locator("main").get_by_role("button", name=name, exact=True).first.click()
    expect(page.locator(".ht-alert-success").first).to_be_visible()


def arrange(office: Page) -> str:
    """Arrange and publish a round of the office's own community; return its number."""
    office.get_by_role("link", name="安排一轮").first.click()
    office.wait_for_url("**/round-desk/new/")
    look(office)
    area = office.get_by_label(re.compile("^区域"))
    community = area.locator("option").first.inner_text()
    area.select_option(index=0)
    office.get_by_label(re.compile("^名称")).fill(ROUND)
    office.get_by_label(re.compile("^资金")).fill(f"{community} | 80,000")
    first = local_date(now())
    days = f"{first.isoformat()} | {(first + timedelta(days=30)).isoformat()}"
    office.get_by_label(re.compile("^阶段")).fill(
        f"征集和初审 | {days} | 居民提交提案、居民联名、初审、部门出具可行性意见和造价、合并相似提案 | 本地办法\n"
        f"评议和投票 | {days} | 议事会评议、居民对公示提出意见、准备选票、投票 | 本地办法\n"
        f"公布和实施 | {days} | 公布结果、立项实施 | 本地办法\n"
        f"验收和评价 | {days} | 验收、居民评价 | 本地办法"
    )
    press(office, "保存")
    press(office, "发布")
    found = re.search(r"/round-desk/(\d+)/", office.url)
    assert found
    return found[1]


def propose(resident: Page) -> None:
    """Propose in three steps."""
    look(resident)
    resident.get_by_role("link", name="我要提一件微实事").click()
    resident.get_by_label(re.compile("^项目名称")).fill(PROJECT)
    resident.get_by_label(re.compile("^做什么、为什么")).fill("三个单元的老人上下楼不方便，雨天路滑。")
    resident.get_by_label(re.compile("^类别")).select_option(label="为老")
    look(resident)
    press_while_away(resident, "下一步")
    expect(resident.get_by_label(re.compile("^项目名称"))).to_have_value(PROJECT)
    expect(resident.get_by_label(re.compile("^做什么、为什么"))).to_have_value(re.compile("^三个单元的老人"))
    resident.get_by_role("button", name="下一步").last.click()
    resident.wait_for_url("**/propose/place/")
    resident.get_by_role("radio").first.check()
    resident.get_by_label(re.compile("^在哪个社区、网格")).select_option(index=1)
    resident.get_by_label(re.compile("^大约多少钱")).fill("20000")
    look(resident)
    resident.get_by_role("button", name="下一步").last.click()
    resident.wait_for_url("**/propose/contact/")
    resident.get_by_label(re.compile("^您的电话")).fill("15412345678")
    look(resident)
    press(resident, "提交")
    resident.wait_for_url(re.compile(r"/proposals/\d+/$"))
    look(resident)


def sit(office: Page, member: Page) -> None:
    """Hold a sitting of three members, two of them present and for it: one through the office, one on a telephone."""
    office.get_by_role("link", name="召开议事会").click()
    office.get_by_label(re.compile("^应到成员")).fill("甲\n乙 | volunteer\n丙")
    look(office)
    office.get_by_role("button", name="开会", exact=True).click()
    office.wait_for_url(re.compile(r"/round-sittings/\d+/$"))
    office.get_by_role("checkbox").first.check()
    press(office, "保存")
    look(office)
    folded = office.locator("details").filter(has_text="代录表决：甲")
    folded.locator("summary").click()
    folded.get_by_label("赞成").first.check()
    folded.get_by_role("button", name="记录", exact=True).click()
    expect(office.locator(".ht-alert-success").first).to_be_visible()
    member.goto("/rounds/council/")
    look(member)
    member.get_by_role("link", name=re.compile(ROUND)).first.click()
    expect(member.locator("main")).to_contain_text(PROJECT)
    member.get_by_label("赞成").first.check()
    look(member)
    press(member, "提交表决")
    press(office, "散会并统计")
    expect(office.locator("main")).to_contain_text("应到 3 人，实到 2 人")
    look(office)


def check(office: Page) -> None:
    """Admit the proposal and say what it costs; the office itself carries it out."""
    office.get_by_label(re.compile("^正1")).check()
    press(office, "通过初审")
    office.get_by_label("可行", exact=True).check()
    expect(office.get_by_label(re.compile("^由哪个单位承办"))).not_to_have_value("")
    press(office, "保存")


def key_on(page: Page) -> str:
    """Return the code that a page shows this once."""
    return page.locator(".vo-key").first.inner_text().strip()


def open_vote(office: Page, second: Page) -> tuple[str, list[str]]:
    """Enter somebody on the roll, print the code, open the vote with two keys. Return the code and the keys."""
    vote = office.url
    office.get_by_role("link", name="名册").first.click()
    office.get_by_label(re.compile("^名册")).fill("居民甲\t15412345678\t1 幢 101 室")
    office.get_by_role("button", name="保存").last.click()
    expect(office.get_by_text("1 幢 101 室").first).to_be_visible()
    office.goto(vote)
    office.get_by_role("button", name="生成并打印投票码").click()
    code = key_on(office)
    office.goto(vote)
    office.get_by_role("button", name="提请开放").click()
    keys = [key_on(office)]
    second.goto(vote)
    look(second)
    second.get_by_role("button", name="确认开放").click()
    keys.append(key_on(second))
    return code, keys


def vote_for(resident: Page, number: str, code: str) -> None:
    """Vote in three steps."""
    resident.goto(f"/rounds/{number}/")
    resident.get_by_role("link", name="去投票").click()
    expect(resident.locator("main")).to_contain_text(PROJECT)
    resident.get_by_label(re.compile("^投票码")).fill(code)
    resident.get_by_role("button", name="下一步").click()
    resident.get_by_label(re.compile(PROJECT)).check()
    look(resident)
    resident.get_by_role("button", name="下一步").click()
    resident.get_by_role("button", name="投票", exact=True).click()
    expect(resident.get_by_text("您的回执码")).to_be_visible()


def let_the_vote_end(database: str, vote_id: str) -> None:
    """Have the published end of a vote be past."""
    with psycopg.connect(database) as connection:
        connection.execute(
            "UPDATE voting_vote SET opens_at = opens_at - interval '1 day', closes_at = now() - interval '1 minute' "
            "WHERE id = %s", [int(vote_id)],
        )  # fmt: skip


def count(office: Page, second: Page, vote: str, keys: list[str]) -> None:
    """Close the vote, two of them, and open the box with both keys."""
    office.goto(vote)
    office.get_by_role("button", name="提请截止").click()
    second.goto(vote)
    second.get_by_role("button", name="确认截止").click()
    office.goto(vote)
    office.get_by_label(re.compile("^第一位保管人的钥匙码")).fill(keys[0])
    office.get_by_label(re.compile("^第二位保管人的钥匙码")).fill(keys[1])
    press(office, "开箱计票并公布")


def carry_out(office: Page, leader: Page) -> None:
    """Launch the project of the chosen proposal, reach its milestones, deliver it; the street's leader accepts it."""
    address = office.url
    office.get_by_role("button", name="启动").click()
    expect(office.locator(".ht-case-head")).to_contain_text("实施中")
    for title in ("公布和实施", "验收和评价"):
        office.get_by_role("button", name=f"已完成：{title}").click()
        expect(office.get_by_role("button", name=f"已完成：{title}")).to_have_count(0)
    office.get_by_label(re.compile("^完成情况")).fill("三个单元都装好了")
    office.get_by_role("button", name="申请验收").click()
    expect(office.locator(".ht-case-head")).to_contain_text("待验收")
    leader.goto(address)
    leader.get_by_label("通过", exact=True).check()
    leader.get_by_label(re.compile("^验收意见")).fill("牢固好用")
    leader.get_by_role("button", name="验收").click()
    expect(leader.locator(".ht-case-head")).to_contain_text("已验收")


def test_a_round_from_a_telephone_to_the_accepted_project(walk: Walk, database: str):
    office = walk.sign_in("community", "/round-desk/")
    look(office)
    number = arrange(office)
    home = f"/round-desk/{number}/"
    resident = walk.sign_in("resident", f"/rounds/{number}/", PHONE)
    propose(resident)
    proposal = resident.url
    office.goto(home)
    look(office)
    office.get_by_role("link", name=PROJECT).click()
    look(office)
    check(office)
    office.goto(home)
    sit(office, walk.sign_in("volunteer", "/rounds/council/", PHONE))
    office.goto(home)
    press(office, "生成选票")
    office.locator("main a[href^='/vote-desk/']").first.click()
    office.wait_for_url(re.compile(r"/vote-desk/\d+/$"))
    vote = office.url
    second = walk.sign_in("supervisor")
    code, keys = open_vote(office, second)
    vote_for(resident, number, code)
    let_the_vote_end(database, vote.rstrip("/").rpartition("/")[2])
    count(office, second, vote, keys)

    office.goto(home)
    press(office, "公布结果和原因")
    press(office, "入选项目立项")
    look(office)
    resident.goto(proposal)
    for words in ("为什么入选或没有入选", "入选。", "项目节点", "验收和评价"):
        expect(resident.locator("main")).to_contain_text(words)
    look(resident)
    resident.get_by_role("link", name="看所有项目的结果").click()
    expect(resident.locator("main")).to_contain_text("1 人中 1 人")
    look(resident)

    office.get_by_role("link", name=PROJECT).click()
    office.wait_for_url(re.compile(r"/round-proposals/\d+/$"))
    office.locator("main a[href^='/projects/']").first.click()
    expect(office.get_by_role("heading", level=1, name=PROJECT)).to_be_visible()
    expect(office.get_by_role("link", name=f"微实事：{PROJECT}")).to_be_visible()
    carry_out(office, walk.sign_in("director"))
    resident.goto(proposal)
    for words in ("通过验收", "牢固好用", "已验收"):
        expect(resident.locator("main")).to_contain_text(words)
    look(resident)


def test_the_result_of_a_round_says_why(walk: Walk):
    visitor = walk.open("/rounds/", PHONE)
    look(visitor)
    visitor.get_by_role("link", name="和谐微实事（上一轮）").click()
    look(visitor)
    visitor.get_by_role("link", name="看结果和原因").first.click()
    expect(visitor.locator("main")).to_contain_text("若")
    expect(visitor.locator("main")).to_contain_text("照顾到了多少人")
    look(visitor)
    visitor.locator("#result ~ ol a").first.click()
    expect(visitor.locator("main")).to_contain_text("为什么入选或没有入选")
    look(visitor)
