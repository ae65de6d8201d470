"""A case that has to wait: a pause that the clock ends, more time, urging, supervision, and the way to zero."""

import re
from datetime import timedelta

from playwright.sync_api import Locator, Page, expect

from haitang.core import clock
from tests.journeys.walking import DESK, PHONE, Walk, deed, do, look, look_up, report, send

RESUME_SECONDS_MAX = 240


def panel(page: Page) -> Locator:
    """Return what the case's page says of its clock and its supervision."""
    return page.locator("#oversight")


def ask(page: Page, name: str, **given: str) -> None:
    """Do a deed of the panel, and see that it was done."""
    box = panel(page).locator("details.ht-deed").filter(has=page.locator("summary", has_text=re.compile(f"^{name}$")))
    box.locator("summary").click()
    form = box.locator("form")
    for label, value in given.items():
        form.get_by_label(re.compile(f"^{label}")).fill(value)
    send(page, form)


def approve(page: Page, number: str) -> None:
    """Approve what was asked for the case, from the list of what waits."""
    page.goto("/oversight/requests/")
    look(page)
    line = page.locator("main section.ht-card").filter(has_text=number)
    line.get_by_label(re.compile("^审批意见")).fill("情况属实，同意。")
    line.get_by_role("button", name="批准", exact=True).click()
    expect(page.locator(".ht-alert-success")).to_be_visible()


def file_case(page: Page, number: str) -> str:
    """Take a resident's case on at the desk of the street, up to its dispatch, and return its address."""
    look_up(page, number)
    do(page, "受理", "情况清楚，予以受理。")
    do(page, "立案", "符合立案条件。")
    do(page, "派遣", "请按职责处置。")
    return re.sub(r"^https?://[^/]+", "", page.url)


def narrow(page: Page) -> None:
    """Look at the page as on a telephone, too."""
    page.set_viewport_size(PHONE)
    look(page)
    page.set_viewport_size(DESK)


def test_a_case_waits_gets_more_time_is_urged_and_supervised(walk: Walk):
    resident = walk.sign_in("resident", "/mine/", PHONE)
    resident.goto("/")
    number, _code = report(resident)
    street = walk.sign_in("street", "/cases/todo/")
    case = file_case(street, number)

    # The desk asks for a pause; while it lasts nothing is done to the case, and then the clock goes on by itself.
    department = walk.sign_in("department", case)
    do(department, "签收", "收到，马上安排。")
    until = clock.now().astimezone(clock.LOCAL).replace(second=0, microsecond=0) + timedelta(minutes=2)
    ask(department, "申请缓办", 缓办至=f"{until:%Y-%m-%dT%H:%M}", 理由="等待灯具到货。")
    expect(panel(department)).to_contain_text("待审批")
    director = walk.sign_in("director", "/oversight/requests/")
    approve(director, number)
    department.goto(case)
    expect(panel(department)).to_contain_text("缓办中")
    narrow(department)
    form = deed(department, "处置", "先行围挡。")
    form.locator("button[type=submit]").last.click()
    expect(department.locator(".ht-alert-error").first).to_contain_text("缓办")
    for _turn in range(RESUME_SECONDS_MAX // 5):
        department.goto(case)
        if "缓办中" not in panel(department).inner_text():
            break
        department.wait_for_timeout(5_000)
    expect(panel(department)).not_to_contain_text("缓办中")
    expect(department.locator("main")).to_contain_text("恢复")

    # More time, once a stage.
    ask(department, "申请延期", 延长="2工作日", 理由="灯具需返厂更换。")
    approve(director, number)
    department.goto(case)
    expect(panel(department)).to_contain_text("已批准")
    expect(department.locator("main")).to_contain_text("延期")

    # The street urges; the supervision office demands an answer, gets it and is content.
    street.goto(case)
    ask(street, "催办", 催办内容="请抓紧办理并反馈进展。")
    supervisor = walk.sign_in("supervisor", case)
    ask(supervisor, "督办", 督办要求="请说明进展和预计完成时间。")
    expect(panel(supervisor)).to_contain_text("答复时限")
    narrow(supervisor)
    department.goto("/oversight/supervised/")
    expect(department.locator("main")).to_contain_text(number)
    look(department)
    narrow(department)
    department.goto(case)
    expect(panel(department)).to_contain_text("已催办 1 次")
    ask(department, "答复督办", 答复="灯具明日到场，三日内修复。")
    supervisor.goto(case)
    ask(supervisor, "销办", 销办意见="进展属实，予以销办。")
    expect(panel(supervisor)).to_contain_text("已销办")

    # What stays open in the community stands on the way to zero, with why.
    community = walk.sign_in("community", "/oversight/burndown/")
    expect(community.locator("main")).to_contain_text("归零")
    look(community)
    narrow(community)
