"""Owners decide: a vote that fails on area by one hundredth of a square metre, and a paper ballot against a phone's."""

import re
from datetime import datetime
from pathlib import Path
from uuid import uuid4

from playwright.sync_api import Page, expect

from haitang.core.clock import LOCAL
from haitang.core.tables import Column, read_table
from tests.journeys.walking import PHONE, Walk, look

CODES = (Column("label", "房屋"), Column("code", "表决码"))
MARK = uuid4().hex[:4]


def press(page: Page, name: str) -> None:
    """Press a button of the page's content and wait until it says that it was done."""
    page.locator("main").get_by_role("button", name=re.compile(f"^{name}")).first.click()
    expect(page.locator(".ht-alert-success")).to_be_visible()


def open_vote(page: Page, title: str) -> None:
    """Open the desk's page of a vote by its title."""
    page.goto("/owner-votes/")
    page.locator("main").get_by_role("link", name=re.compile(title)).first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text(title)


def test_a_vote_fails_by_one_hundredth_of_a_square_metre(walk: Walk):
    title = "改造东门和非机动车棚"
    office = walk.sign_in("community", "/owner-votes/")
    look(office)
    open_vote(office, title)
    look(office)
    if office.get_by_role("button", name="申请结束").count():  # a later run finds it closed
        press(office, "申请结束")
        office.locator("main").get_by_role("button", name="确认结束并公布").click()
        expect(office.locator(".ht-alert-error, .ht-alert-danger").first).to_contain_text("另一位")
        street = walk.sign_in("street", "/owner-votes/")
        open_vote(street, title)
        press(street, "确认结束并公布")
        look(street)

    visitor = walk.open("/owners/", PHONE)
    look(visitor)
    visitor.get_by_role("link", name=re.compile(title)).click()
    main = visitor.locator("main")
    for words in ("未通过", "还差 0.01 平方米", "3 × 107999 < 2 × 161999"):
        expect(main).to_contain_text(words)
    look(visitor)
    with visitor.expect_download() as taken:
        visitor.get_by_role("link", name=re.compile("结果公告")).click()
    assert taken.value.suggested_filename.endswith(".docx")
    walk.picture(visitor, "owners-result")


def test_a_paper_ballot_contradicts_a_phones(walk: Walk, tmp_path: Path):
    title = "选聘物业服务企业和利用屋顶设置光伏"
    office = walk.sign_in("community", "/owner-votes/")
    open_vote(office, title)
    office.get_by_role("link", name="名册").first.click()
    look(office)
    row = office.get_by_role("row").filter(has_text="录入纸质票").filter(has_not_text=re.compile("已投票|待核对")).last
    home = row.locator("td").nth(1).inner_text().strip()
    paper = row.get_by_role("link", name="录入纸质票").get_attribute("href")
    with office.expect_download() as taken:
        row.get_by_role("button", name=re.compile("发表决码")).click()
    path = tmp_path / "codes.xlsx"
    taken.value.save_as(path)
    (line,) = list(read_table(path, CODES))
    assert home.startswith(line.cells["label"])

    voter = walk.open("/owners/vote/", PHONE)
    look(voter)
    voter.get_by_label(re.compile("^表决码")).fill(line.cells["code"])
    voter.get_by_role("button", name="下一步").click()
    expect(voter.locator("main")).to_contain_text("依法记名")
    look(voter)
    for choice in voter.get_by_label("同意", exact=True).all():
        choice.check()
    voter.get_by_role("button", name="下一步").click()
    expect(voter.locator("main")).to_contain_text("请再看一遍")
    look(voter)
    press(voter, "确认投票")
    expect(voter.locator("main")).to_contain_text("我家的票")
    look(voter)
    walk.picture(voter, "owners-ballot")

    now = datetime.now(LOCAL)  # noqa: TID251 - the story plays in the real present
    street = walk.sign_in("street", "/owner-votes/")
    for reader in (office, street):
        reader.goto(str(paper))
        look(reader)
        if reader.get_by_label(re.compile("^收到时间")).input_value() == "":
            reader.get_by_label(re.compile("^收到时间")).fill(now.strftime("%Y-%m-%dT%H:%M"))
        for choice in reader.get_by_label("反对", exact=True).all():
            choice.check()
        press(reader, "保存")
    open_vote(street, title)
    against = street.locator("section").filter(has_text="纸质票与电子票不一致").last
    expect(against).to_contain_text(line.cells["label"])
    expect(against).not_to_contain_text("反对")  # what was chosen is not shown before the close
    look(street)
    voter.reload()
    expect(voter.locator("main")).to_contain_text("不计入")
