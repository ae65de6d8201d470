"""A service day: announced with shifts, signed up for on the phone, one hour promised once, settled, hours credited."""

import re
from uuid import uuid4

import psycopg
from playwright.sync_api import Page, expect

from haitang.core import clock
from tests.journeys.walking import PHONE, Walk, look

SHIFTS = "09:00-11:00 | 楼道清洁 | 3号楼前 | 8\n10:00-12:00 | 文明劝导 | 东门路口 | 4"


def free_day(page: Page) -> str:
    """Return the first of the coming days on which the volunteer has promised nothing, as ISO writes it."""
    page.goto("/me/help/")
    promised = page.locator("main").inner_text()
    coming = (clock.local_date(clock.now()).toordinal() + n for n in range(2, 40))
    days = (clock.local_date(clock.now()).fromordinal(each) for each in coming)
    return next(day.isoformat() for day in days if f"{day:%m-%d}" not in promised and f"{day:%m/%d}" not in promised)


def announce(page: Page, theme: str, on: str) -> None:
    """Announce a day with two shifts that overlap by an hour; a line that cannot be read loses nothing."""
    page.get_by_label(re.compile("^主题")).fill(theme)
    page.get_by_label(re.compile("^日期")).fill(on)
    page.get_by_label(re.compile("^班次")).fill(f"{SHIFTS}\n看不懂的一行")
    page.locator("main form button[type=submit]").last.click()
    expect(page.get_by_text("看不懂这一行：看不懂的一行").first).to_be_visible()
    expect(page.get_by_label(re.compile("^主题"))).to_have_value(theme)
    look(page)
    page.get_by_label(re.compile("^班次")).fill(SHIFTS)
    page.locator("main form button[type=submit]").last.click()
    page.wait_for_url(re.compile(r"/days/\d+/$"))
    look(page)


def let_the_hour_be_over(database: str, shift_id: str) -> None:
    """Move a shift to a night long ago, when nobody serves: a story cannot wait for it to end."""
    with psycopg.connect(database) as connection:
        connection.execute(
            """UPDATE servicedays_shift SET begins_at = at, ends_at = at + interval '2 hours'
               FROM (SELECT date_trunc('day', now()) - (40 + %(id)s %% 200) * interval '1 day' AS at) AS night
               WHERE id = %(id)s""",
            {"id": int(shift_id)},
        )


def hours(page: Page) -> float:
    """Return the hours of all services on the volunteer's own page."""
    page.goto("/me/help/")
    return float(page.locator("main .ht-stat-value").nth(1).inner_text().replace(",", ""))


def wait_for_notice(page: Page, words: str) -> None:
    """Look at the notices until one says so; they are written by the worker."""
    for _second in range(30):
        page.goto("/me/notices/")
        if page.get_by_text(re.compile(words)).count():
            return
        page.wait_for_timeout(1000)
    expect(page.get_by_text(re.compile(words)).first).to_be_visible()


def test_a_day_is_announced_signed_up_for_and_settled(walk: Walk, database: str):
    theme = f"统一服务日 {uuid4().hex[:4]}"
    volunteer = walk.sign_in("volunteer", "/me/help/", PHONE)
    before, on = hours(volunteer), free_day(volunteer)
    volunteer.goto("/me/help/change/")
    phone = volunteer.locator("input[name=phone]").input_value()
    desk = walk.sign_in("community", "/days/new/")
    announce(desk, theme, on)
    day = desk.url

    volunteer.goto("/service-days/")
    look(volunteer)
    card = volunteer.locator(".sd-list li").filter(has_text=theme)
    card.filter(has_text="楼道清洁").get_by_role("link").click()
    volunteer.wait_for_url(re.compile(r"/service-days/\d+/$"))
    look(volunteer)
    volunteer.get_by_role("button", name="我报名").click()
    expect(volunteer.locator(".ht-alert-success")).to_contain_text("报名成功")
    look(volunteer)
    mine = volunteer.url

    volunteer.goto("/service-days/")
    card.filter(has_text="文明劝导").get_by_role("link").click()
    volunteer.wait_for_url(re.compile(r"/service-days/\d+/$"))
    expect(volunteer.get_by_text(re.compile("这个时间您已经答应了“.*楼道清洁"))).to_be_visible()
    expect(volunteer.get_by_role("button", name="我报名")).to_have_count(0)
    look(volunteer)
    volunteer.goto(mine)
    expect(volunteer.get_by_text(re.compile("^已(报名|确认能到)$")).first).to_be_visible()

    desk.get_by_role("link", name="文明劝导").click()
    desk.wait_for_url("**/days/shifts/*/")
    desk.locator("summary", has_text="替打电话来的人报名").click()
    desk.get_by_label("志愿者的电话").fill(phone)
    desk.get_by_role("button", name="报名", exact=True).click()
    expect(desk.get_by_text(re.compile("这个时间已经答应了“.*楼道清洁")).first).to_be_visible()
    expect(desk.get_by_label("志愿者的电话")).to_have_value(phone)
    look(desk)

    desk.goto(day)
    desk.get_by_role("link", name="楼道清洁").click()
    desk.wait_for_url("**/days/shifts/*/")
    look(desk)
    let_the_hour_be_over(database, desk.url.rstrip("/").rpartition("/")[2])
    desk.reload()
    desk.get_by_role("button", name="结束并记录时长").click()
    confirm = desk.locator("dialog.ht-dialog")
    if confirm.count():
        confirm.get_by_role("button").first.click()
    expect(desk.locator(".ht-alert-success")).to_contain_text("服务时长已记到本人名下")
    look(desk)

    assert hours(volunteer) == before + 2
    look(volunteer)
    wait_for_notice(volunteer, f"谢谢您参加：{theme}")
