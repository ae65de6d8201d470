"""A case from a resident's report to a rated result, told by everybody who has a part in it."""

import re

from playwright.sync_api import Page, expect

from tests.journeys.walking import MATTER, PHONE, Walk, deed, do, find, follow, look, look_up, photo, report, send


def test_a_lamp_is_reported_mended_sent_back_and_rated(walk: Walk):
    watching = walk.sign_in("street", "/cases/")
    watching.wait_for_timeout(1500)  # until the page listens
    figures = walk.sign_in("leader", "/figures/")
    counted = int(figures.locator("table tfoot td, table tr:last-child td").first.inner_text().replace(",", ""))

    resident = walk.open("/", PHONE)
    walk.picture(resident, "front")
    number, code = report(resident, walk)
    look(resident)

    expect(watching.locator("#ht-toasts, [data-news-bar], .ht-news").get_by_text("有新变化").first).to_be_visible()
    watching.get_by_text("有新变化").first.locator("xpath=ancestor-or-self::*[self::button or .//button][1]").click()
    expect(watching.get_by_role("link", name=number, exact=True)).to_be_visible()

    grid = walk.sign_in("grid", "/cases/todo/", PHONE)
    find(grid, number)
    form = deed(grid, "核实", "到现场看过，路灯确实不亮")
    form.get_by_label(re.compile("^属实")).check()
    send(grid, form)
    look(grid)

    dispatcher = walk.sign_in("street", "/cases/todo/")
    find(dispatcher, number)
    do(dispatcher, "受理", "属于受理范围")
    do(dispatcher, "立案", "按路灯类立案")
    walk.picture(dispatcher, "case")
    look(dispatcher)
    do(dispatcher, "派遣", "请城管局照明所处理")

    handler = walk.sign_in("department", "/cases/todo/")
    find(handler, number)
    do(handler, "签收", "收到，今天安排")
    do(handler, "处置", "更换灯泡一只")
    do(handler, "反馈", "路灯已恢复照明")

    checker = walk.sign_in("checker", "/cases/todo/")
    find(checker, number)
    form = deed(checker, "核查", "灯还在闪，没有修好")
    form.get_by_label(re.compile("未通过|不通过")).check()
    send(checker, form)

    handler.reload()
    expect(handler.get_by_text("返工 1 次")).to_be_visible()
    form = deed(handler, "处置", "更换镇流器，连续观察两小时正常")
    form.locator("input[type=file]").set_input_files(photo())
    send(handler, form)
    do(handler, "反馈", "路灯已修好，镇流器一并更换")

    find(checker, number)
    form = deed(checker, "核查", "现场看过，路灯正常")
    form.get_by_label(re.compile("^通过")).check()
    send(checker, form)
    find(dispatcher, number)
    do(dispatcher, "结案", "核查通过，予以结案")
    look(dispatcher)

    follow(resident, number, code)
    expect(resident.get_by_text("路灯已修好，镇流器一并更换").first).to_be_visible()
    assert "15400001234" not in resident.content()
    look(resident)
    resident.get_by_label(re.compile("^解决了")).check()
    resident.locator("input[name=score][value='5']").check()
    resident.get_by_label("还想说的话").fill("谢谢，晚上走路放心了")
    walk.picture(resident, "rate")
    resident.get_by_role("button", name="提交评价").click()
    expect(resident.get_by_role("heading", level=1)).to_have_text(re.compile("评价"))
    look(resident)

    figures.reload()
    now = int(figures.locator("table tfoot td, table tr:last-child td").first.inner_text().replace(",", ""))
    assert now > counted
    look(figures)


def test_not_solved_is_done_over(walk: Walk):
    resident = walk.open("/", PHONE)
    number, code = report(resident)
    dispatcher = walk.sign_in("street", "/cases/")
    look_up(dispatcher, number)
    for name in ("受理", "立案", "派遣"):
        do(dispatcher, name, "按程序办理")
    handler = walk.sign_in("department", "/cases/todo/")
    find(handler, number)
    for name in ("签收", "处置", "反馈"):
        do(handler, name, "已办理")
    checker = walk.sign_in("checker", "/cases/todo/")
    find(checker, number)
    form = deed(checker, "核查", "现场正常")
    form.get_by_label(re.compile("^通过")).check()
    send(checker, form)
    find(dispatcher, number)
    do(dispatcher, "结案", "予以结案")
    follow(resident, number, code)
    resident.get_by_label("没解决").check()
    resident.locator("input[name=score][value='1']").check()
    resident.get_by_role("button", name="提交评价").click()
    find(handler, number)
    expect(handler.get_by_text("重办 1 次", exact=True).first).to_be_visible()


def test_the_residents_story_needs_no_scripts(walk: Walk):
    lon, lat = walk.home_point
    page = walk.open("/report/", PHONE, java_script_enabled=False)
    page.get_by_label("发生了什么事").fill(MATTER)
    page.locator("input[type=file]").set_input_files(photo())
    page.get_by_role("button", name="下一步：在哪里").click()
    page.locator("details.pt-more summary").click()
    page.get_by_label("经度").fill(str(lon))
    page.get_by_label("纬度").fill(str(lat))
    page.get_by_role("button", name="下一步：怎么联系您").click()
    page.get_by_role("button", name="上一步").click()
    expect(page.get_by_label("经度")).to_have_value(str(lon))
    page.get_by_role("button", name="下一步：怎么联系您").click()
    page.get_by_role("button", name="提交上报").click()
    page.wait_for_url("**/report/done/**")
    number, code = (text.strip() for text in page.locator(".pt-codes dd").all_inner_texts())
    follow(page, number, code)
    expect(page.get_by_text(MATTER).first).to_be_visible()


def test_the_dispatcher_needs_no_mouse(walk: Walk):
    number, _code = report(walk.open("/", PHONE))
    page = walk.sign_in("street", "/cases/")
    look_up(page, number)
    for name in ("受理", "立案", "派遣"):
        _tab_to(page, lambda name=name: _focused(page) == ("SUMMARY", name))
        if page.evaluate("document.activeElement.parentElement.open") is False:
            page.keyboard.press("Enter")
        _tab_to(page, lambda: page.evaluate("document.activeElement.name") == "opinion")
        page.keyboard.type("用键盘办理")
        _tab_to(page, lambda name=name: _focused(page) == ("BUTTON", name))
        page.keyboard.press("Enter")
        expect(page.locator(".ht-alert-success")).to_be_visible()
    expect(page.get_by_text("待签收").first).to_be_visible()


def _focused(page: Page) -> tuple[str, str]:
    return tuple(page.evaluate("[document.activeElement.tagName, document.activeElement.textContent.trim()]"))


def _tab_to(page: Page, there, presses_max: int = 120) -> None:
    """Press Tab until the focus is there; what has the focus must be seen to have it."""
    for _ in range(presses_max):
        page.keyboard.press("Tab")
        if there():
            outline = page.evaluate(
                "(s => s.outlineStyle !== 'none' || s.boxShadow !== 'none')(getComputedStyle(document.activeElement))"
            )
            assert outline, "the focus does not show"
            return
    raise AssertionError(f"not reached by Tab on {page.url}")
