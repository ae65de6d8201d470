"""Some hundreds are called at once; their answers stream in on the caller's page; one reports by the QR code's link."""

import http.client
import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from urllib.parse import urlencode, urlsplit
from uuid import uuid4

from playwright.sync_api import Page, expect

from haitang.core import clock
from tests.journeys.walking import PHONE, Walk, look

ANSWERING, PLACES, AT_ONCE = 300, 200, 12


def call_up(page: Page, purpose: str) -> None:
    """Fill in a call-up for half an hour from now, look at how many it calls, and call them."""
    begins = clock.now().astimezone(clock.LOCAL) + timedelta(minutes=30)
    page.get_by_label(re.compile("^为什么事召唤")).fill(purpose)
    page.get_by_label(re.compile("^集合地点")).fill("街道应急指挥中心")
    page.get_by_label("紧急", exact=True).check()
    for label, at in (("开始时间", begins), ("预计结束时间", begins + timedelta(hours=2)), ("答复截止", begins)):
        page.get_by_label(re.compile(f"^{label}")).fill(f"{at:%Y-%m-%dT%H:%M}")
    page.get_by_label(re.compile("^需要多少人")).fill(str(PLACES))
    page.get_by_role("button", name="看看会召唤多少人").click()
    expect(page.get_by_role("status").filter(has_text="愿意被召唤的有")).to_be_visible()
    look(page)
    page.get_by_role("button", name=re.compile("^确认召唤")).click()
    page.wait_for_url(re.compile(r"/callups/\d+/$"))


def silent(page: Page, address: str, number: int) -> list[str]:
    """Return where the answers of so many of those without an account are taken down."""
    found, to = [], f"{address}people/?group=silent"
    while len(found) < number:
        page.goto(to)
        rows = page.locator("#people tbody tr").filter(has_text="电话").locator("form").all()
        found += [str(row.get_attribute("action")) for row in rows]
        following = page.locator("a[rel=next]")
        if not following.count():
            break
        to = f"{address}people/{following.get_attribute('href')}"
    return found[:number]


def take_down_at_once(page: Page, actions: list[str]) -> list[int]:
    """Send an answer for each of them, a dozen at a time, over the caller's session; return the statuses."""
    cookies = {each["name"]: each["value"] for each in page.context.cookies()}
    token, site = page.locator("input[name=csrfmiddlewaretoken]").first.input_value(), urlsplit(page.url)
    head = {
        "Cookie": "; ".join(f"{name}={value}" for name, value in cookies.items()), "Host": site.netloc,
        "X-CSRFToken": token, "Origin": f"{site.scheme}://{site.netloc}",
        "Content-Type": "application/x-www-form-urlencoded",
    }  # fmt: skip

    def send(action: str) -> int:
        connection = http.client.HTTPConnection(str(site.hostname), site.port, timeout=60)
        try:
            connection.request("POST", action, urlencode({"answer": "coming"}), head)
            return connection.getresponse().status
        finally:
            connection.close()

    with ThreadPoolExecutor(AT_ONCE) as pool:
        return list(pool.map(send, actions))


def figure(page: Page, label: str) -> int:
    """Return what the caller's page shows under that label."""
    value = page.locator(".cu-figures .ht-stat").filter(has_text=label).first.locator(".ht-stat-value")
    return int(value.inner_text().replace(",", ""))


def test_hundreds_are_called_and_their_answers_stream_in(walk: Walk):
    purpose = f"强降雨应急值守 {uuid4().hex[:4]}"
    caller = walk.sign_in("street", "/callups/new/")
    call_up(caller, purpose)
    address = caller.url
    look(caller)
    assert figure(caller, "已召唤") > ANSWERING
    assert figure(caller, "来") == 0

    volunteer = walk.sign_in("volunteer", "/calls/", PHONE)
    volunteer.get_by_role("link", name=purpose).click()
    volunteer.wait_for_url("**/calls/*/")
    look(volunteer)
    volunteer.get_by_role("button", name="我能来").click()
    expect(volunteer.locator(".ht-alert-success")).to_be_visible()
    expect(caller.locator(".cu-figures .ht-stat").nth(1).locator(".ht-stat-value")).to_have_text("1")

    desk = walk.sign_in("street", "/callups/")
    look(desk)
    actions = silent(desk, address, ANSWERING)
    assert len(actions) == ANSWERING
    look(desk)
    statuses = take_down_at_once(desk, actions)
    assert statuses == [302] * ANSWERING
    expect(caller.get_by_text(f"已有 {PLACES} 人来，需要 {PLACES} 人")).to_be_visible(timeout=30_000)
    promised = len(set(actions) & set(silent(desk, address, 10 * ANSWERING)))
    assert promised < AT_ONCE  # a few have promised an order at that time: they cannot come, and are told so
    waiting = ANSWERING + 1 - PLACES - promised
    figures = caller.locator(".cu-figures .ht-stat-value")
    expect(figures.nth(3)).to_have_text(str(waiting), timeout=30_000)
    look(caller)

    desk.goto(f"{address}code/")
    look(desk)
    assert desk.request.get(f"{address}code.svg").headers["content-type"] == "image/svg+xml"
    link = desk.locator(".cu-address").inner_text()
    volunteer.goto(link)
    look(volunteer)
    volunteer.get_by_role("button", name="我到了").click()
    volunteer.wait_for_url("**/calls/*/")
    expect(volunteer.locator(".ht-alert-success")).to_contain_text("报到成功")
    expect(figures.nth(6)).to_have_text("1", timeout=30_000)

    desk.goto(address)
    desk.locator("summary", has_text="取消召唤").click()
    desk.get_by_label(re.compile("^为什么取消")).fill("雨停了")
    desk.get_by_role("button", name="取消并通知大家").click()
    confirm = desk.locator("dialog.ht-dialog")
    if confirm.count():
        confirm.get_by_role("button").first.click()
    expect(desk.locator(".ht-alert-success")).to_be_visible()
    volunteer.goto("/me/notices/")
    expect(volunteer.get_by_text(re.compile(f"召唤已取消，不用来了：{purpose}")).first).to_be_visible()
