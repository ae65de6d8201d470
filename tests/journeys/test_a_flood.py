"""One dark lamp in thirty reports: merged on the list, parted, merged again, mended once, and everybody is answered."""

import re
from uuid import uuid4

from playwright.sync_api import Page, expect

from tests.journeys.walking import PHONE, Walk, deed, do, find, look, send

REPORTS, A_BROWSER = 30, 10
ANSWER = "路口变压器已更换，整条路的路灯恢复照明"


def matter() -> str:
    """Return words that no earlier run has used, so that the flood finds itself again."""
    return f"幸福路{uuid4().hex[:6]}号门前路灯全都不亮，晚上看不见路，请尽快维修"


def allow_many(page: Page) -> None:
    """Let so many reports come from one address, as they do from this machine."""
    page.goto("/admin/case-settings/")
    page.get_by_label(re.compile("^公众每小时最多上报次数")).fill("500")
    page.locator("#settings button[type=submit]").last.click()
    expect(page.locator(".ht-alert-success")).to_be_visible()


def tell(page: Page, walk: Walk, words: str) -> None:
    """Write the first two steps of a report, without a script and without a photo."""
    lon, lat = walk.home_point
    page.goto("/report/")
    page.get_by_label("发生了什么事").fill(words)
    page.get_by_role("button", name="下一步：在哪里").click()
    page.locator("details.pt-more summary").click()
    page.get_by_label("经度").fill(str(lon))
    page.get_by_label("纬度").fill(str(lat))
    page.get_by_role("button", name="下一步：怎么联系您").click()


def report(page: Page, walk: Walk, words: str) -> str:
    """Report all the same; return the number."""
    tell(page, walk, words)
    page.get_by_role("button", name="提交上报").click()
    page.wait_for_url("**/report/done/**")
    return page.locator(".pt-codes dd").first.inner_text().strip()


def merge(page: Page, main: str, numbers: list[str]) -> None:
    """Tick the cases on the list, and join them to the main one."""
    page.goto("/cases/?rows=50")
    for number in numbers:
        page.get_by_label(f"选择 {number}", exact=True).check()
    page.get_by_role("button", name=re.compile("并单所选案件")).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(f"把 {len(numbers)} 件案件并成一件")
    look(page)
    page.get_by_label(re.compile(f"^{main} ")).check()
    page.get_by_role("button", name="并单", exact=True).click()
    expect(page.locator(".ht-alert-success")).to_contain_text(f"已并入 {len(numbers) - 1} 件")
    expect(page.get_by_role("heading", level=1)).to_have_text(main)


def part(page: Page) -> None:
    """Undo it on the main case's page."""
    page.locator("#merging summary", has_text="全部拆单").click()
    page.get_by_label("拆单理由").fill("其中几件可能是另一条路，先拆开核对")
    page.get_by_role("button", name="拆单", exact=True).click()
    page.locator("dialog.ht-dialog").get_by_role("button").first.click()
    expect(page.locator(".ht-alert-success")).to_contain_text("已拆单")


def solve(walk: Walk, number: str) -> None:
    """Lead the main case from its grid to its closure."""
    grid = walk.sign_in("grid", "/cases/todo/", PHONE)
    find(grid, number)
    form = deed(grid, "核实", "到现场看过，整条路都不亮")
    form.get_by_label(re.compile("^属实")).check()
    send(grid, form)
    street = walk.sign_in("street", "/cases/todo/")
    find(street, number)
    for name in ("受理", "立案", "派遣"):
        do(street, name, "按程序办理")
    department = walk.sign_in("department", "/cases/todo/")
    find(department, number)
    do(department, "签收", "收到，马上安排")
    do(department, "处置", "更换变压器一台")
    do(department, "反馈", ANSWER)
    checker = walk.sign_in("checker", "/cases/todo/")
    find(checker, number)
    form = deed(checker, "核查", "现场看过，全部亮了")
    form.get_by_label(re.compile("^通过")).check()
    send(checker, form)
    find(street, number)
    do(street, "结案", "核查通过，予以结案")


def wait_for(page: Page, path: str, words: str) -> None:
    """Open the page until the words are on it: what follows from a deed is done by the worker."""
    for _second in range(60):
        page.goto(path)
        if page.get_by_text(words).count():
            return
        page.wait_for_timeout(1000)
    raise AssertionError(f"{path} does not say {words}")


def test_thirty_reports_become_one_case_and_everybody_is_answered(walk: Walk):
    words = matter()
    allow_many(walk.sign_in("sysadmin", "/me/"))
    resident = walk.sign_in("resident", "/mine/", PHONE)
    main = report(resident, walk, words)
    told: dict[str, Page] = {}
    while len(told) < REPORTS - 1:
        browser = walk.open("/", PHONE, java_script_enabled=False)
        for _report in range(min(A_BROWSER, REPORTS - 1 - len(told))):
            told[report(browser, walk, words)] = browser
    numbers = [main, *told]

    street = walk.sign_in("street", "/cases/")
    merge(street, main, numbers)
    expect(street.get_by_text(f"并入的案件（{REPORTS - 1} 件）")).to_be_visible()
    look(street)
    street.get_by_role("link", name=numbers[1], exact=True).first.click()
    expect(street.get_by_text("此案件已并入主案件")).to_be_visible()
    expect(street.locator("#deed")).to_have_count(0)
    look(street)

    street.locator("#merging").get_by_role("link", name=main, exact=True).click()
    part(street)
    street.goto("/cases/?rows=50")
    street.get_by_role("link", name=numbers[1], exact=True).click()
    expect(street.locator("#deed")).to_be_visible()
    merge(street, main, numbers)
    expect(street.locator(".ht-case-head")).to_contain_text("加急")

    passer_by = walk.open("/", PHONE)
    tell(passer_by, walk, words)
    look(passer_by)
    passer_by.locator("input[name=same]").first.check()
    passer_by.get_by_role("button", name="我也遇到，不再上报").click()
    passer_by.wait_for_url(f"**/report/me-too/{main}/")
    look(passer_by)
    neighbour = walk.sign_in("resident", "/me/notices/", PHONE)
    expect(neighbour.get_by_text(main)).to_have_count(0)

    solve(walk, main)

    for number, browser in told.items():
        wait_for(browser, f"/track/{number}/", ANSWER)
        expect(browser.locator("input[name=score]").first).to_be_attached()
    browser.get_by_label(re.compile("^解决了")).check()
    browser.locator("input[name=score][value='5']").check()
    browser.get_by_role("button", name="提交评价").click()
    expect(browser.get_by_role("heading", level=1)).to_have_text(re.compile("评价"))

    wait_for(resident, "/me/notices/", f"您反映的问题已办结，请查看结果并评价：{main}")
    resident.wait_for_timeout(2000)
    resident.reload()
    expect(resident.get_by_text(f"您反映的问题已办结，请查看结果并评价：{main}")).to_have_count(1)
    wait_for(resident, f"/track/{main}/", ANSWER)
    expect(resident.locator("input[name=score]").first).to_be_attached()
    wait_for(passer_by, f"/report/me-too/{main}/", "办结")
    look(passer_by)
