"""A whistle with three departments, of which one is late and one refuses, and a fourth that is called in later.

Told by everybody who has a part in it; a joint meeting gives one of them a task.
"""

import re
from datetime import timedelta

from playwright.sync_api import Locator, Page, expect

from haitang.core import clock
from tests.journeys.walking import PHONE, Walk, deed, do, look, look_up, photo, report, send

MATTER = "春和花园西门外餐饮店油烟扰民、占道经营，雨污水混排，居民多次反映，请有关部门一起解决。"
ALL_DONE = "参与的部门均已处理完毕"
TASK = "制定门前经营管理办法"
LATE_SECONDS_MAX = 200


def file_case(page: Page, number: str) -> str:
    """Take a resident's case on at the desk of the street, up to its dispatch, and return its address."""
    look_up(page, number)
    do(page, "受理", "情况清楚，予以受理。")
    form = deed(page, "立案", "符合立案条件。")
    category = form.locator("select").first
    if category.count() and not category.input_value():
        category.select_option(index=1)
    send(page, form)
    do(page, "派遣", "请城管局先行处置。")
    return _path(page)


def blow(page: Page, case: str) -> str:
    """Draft an emergency whistle with three departments on the case, and return its address."""
    page.goto(case)
    page.get_by_role("link", name="草拟吹哨").click()
    page.get_by_label(re.compile("应急哨")).check()
    page.get_by_label(re.compile("^牵头单位")).select_option(label="城管局")
    for name in ("住建局", "水务局"):
        page.get_by_label(name, exact=True).check()
    page.get_by_label(re.compile("^吹哨事由")).fill("涉及油烟、占道、排水三方面，社区协调三次未果。")
    look(page)
    page.get_by_role("button", name="提交审批").click()
    expect(page.locator(".ht-alert-success")).to_contain_text("已提交审批")
    return _path(page)


def card(page: Page, name: str) -> Locator:
    """Return the card of a department on the board."""
    return page.locator(".wh-board > section").filter(has=page.get_by_role("heading", name=name, exact=True))


def answer(page: Page, department: str, name: str, opinion: str, **more: str) -> None:
    """Do a deed of the department, and see that it was done."""
    box = card(page, department).locator("details.ht-deed")
    box = box.filter(has=page.locator("summary", has_text=re.compile(f"^{name}$"))).first
    if box.get_attribute("open") is None:
        box.locator("summary").click()
    form = box.locator("form")
    for label, value in more.items():
        form.get_by_label(re.compile(f"^{label}")).fill(value)
    form.get_by_label(re.compile("^处理意见")).fill(opinion)
    if name == "处置":
        form.locator("input[type=file]").set_input_files(photo())
    if name == "评价":
        form.get_by_label("满意", exact=True).check()
    send(page, form)


def add(page: Page, department: str, task: str) -> None:
    """Call one more department after the whistle was blown."""
    page.locator("#add summary").click()
    form = page.locator("#add form")
    form.get_by_label(department, exact=True).check()
    form.get_by_label(re.compile("^任务")).fill(task)
    form.get_by_label(re.compile("^处理意见")).fill("现场发现涉及该单位职责。")
    look(page)
    send(page, form)


def meet(page: Page, department: str, task: str) -> None:
    """Write down a joint meeting that gives a department a task until tomorrow."""
    now = clock.now().astimezone(clock.LOCAL)
    page.locator("#meetings summary", has_text="记录会商").click()
    form = page.locator("form#meeting")
    form.get_by_label(re.compile("^会商时间")).fill(f"{now - timedelta(minutes=2):%Y-%m-%dT%H:%M}")
    form.get_by_label(re.compile("^会商纪要")).fill("占道由城管局牵头长效管理，其余各单位按职责办理。")
    form.get_by_label(re.compile("^责任单位")).first.select_option(label=department)
    form.get_by_label(re.compile("^任务")).first.fill(task)
    form.get_by_label(re.compile("^完成期限")).first.fill(f"{now + timedelta(days=1):%Y-%m-%d}")
    look(page)
    send(page, form)


def refused(page: Page, name: str) -> Locator:
    """Try to void the case, and return what the page says against it."""
    form = deed(page, name, "误登记。")
    form.locator("button[type=submit]").last.click()
    dialog = page.locator("dialog.ht-dialog")
    if dialog.count():
        dialog.get_by_role("button").first.click()
    return page.locator(".ht-alert-error").first


def messages(page: Page, number: str) -> Locator:
    """Return the reader's messages that all departments have done their part in that case."""
    page.goto("/me/notices/")
    return page.locator("main tbody tr").filter(has_text=ALL_DONE).filter(has_text=number)


def _path(page: Page) -> str:
    return re.sub(r"^https?://[^/]+", "", page.url)


def _sign_within_a_minute(manager: Page) -> None:
    """Have emergencies signed for within a minute, so that somebody can be late within this story."""
    look(manager)
    manager.get_by_role("link", name="应急哨").click()
    manager.get_by_label(re.compile("^签收时限")).fill("1分钟")
    look(manager)
    manager.get_by_role("button", name="保存").click()
    expect(manager.locator(".ht-alert-success")).to_be_visible()


def test_a_whistle_with_three_departments_one_late_one_refusing(walk: Walk):
    _sign_within_a_minute(walk.sign_in("manager", "/admin/whistles/"))
    resident = walk.sign_in("resident", "/mine/", PHONE)
    resident.goto("/")
    number, _code = report(resident, matter=MATTER)

    street = walk.sign_in("street", "/cases/todo/")
    case = file_case(street, number)
    whistle = blow(street, case)
    street.goto(case)
    expect(street.locator("main")).to_contain_text("待审批")

    # Before somebody has signed for it, the departments know nothing of it.
    department = walk.sign_in("department", whistle, PHONE)
    expect(department.locator("main")).to_contain_text("没有这张哨单")
    director = walk.sign_in("director", whistle)
    form = director.locator("#decide_approve")
    form.get_by_label(re.compile("^处理意见")).fill("情况属实，同意吹哨。")
    send(director, form)
    expect(card(director, "水务局")).to_contain_text("待签收")

    # The lead comes at once, from a telephone.
    department.goto(whistle)
    answer(department, "城管局", "报到", "已到场。", 到场地点="西门外商铺", 到场人员="中队长等 3 人")
    look(department)
    answer(department, "城管局", "处置", "占道物品已清理，见照片。")
    answer(department, "城管局", "销哨", "本单位事项已办结。")

    # The second says that it is not its matter, and the street agrees.
    housing = walk.sign_in("department2", whistle)
    answer(housing, "住建局", "拒哨", "不属于本单位职责。")
    director.goto(whistle)
    answer(director, "住建局", "同意拒哨", "经核实不属于该单位职责。")

    # On the spot the street finds that it takes one more, and all of them agree on who does what.
    add(director, "民政局", "走访商户，做好解释")
    expect(card(director, "民政局")).to_contain_text("待签收")
    expect(card(director, "民政局")).to_contain_text("走访商户")
    meet(director, "城管局", TASK)
    department.goto("/whistles/?box=todo")
    mine = department.locator("section").filter(has=department.get_by_role("heading", name="本单位的会商任务"))
    expect(mine).to_contain_text("还有 1 天")
    look(department)
    mine.locator(f"a[href^='{whistle}']").click()
    line = department.locator("#meetings li").filter(has_text=TASK)
    line.locator("summary").click()
    line.get_by_label(re.compile("^办理情况")).fill("已划定经营边界，安排每日巡查。")
    send(department, line.locator("form"))
    expect(department.locator("#meetings li").filter(has_text=TASK)).to_contain_text("已完成")
    department.goto("/whistles/?box=todo")
    expect(department.locator(f"section a[href^='{whistle}']")).to_have_count(0)

    # The third never stirs: its deadline passes, the ladder climbs, and the case cannot be ended over it.
    late = card(director, "水务局")
    for _turn in range(LATE_SECONDS_MAX // 5):
        director.goto(whistle)
        if "已升级" in late.inner_text():
            break
        director.wait_for_timeout(5_000)
    expect(late).to_contain_text("已升级 1 级")
    expect(late).to_contain_text("超期")
    look(director)
    street.goto(case)
    expect(refused(street, "作废")).to_contain_text("水务局")
    assert messages(resident, number).count() == 0

    # The supervision office lets the case go on without it, and the street judges who came.
    supervisor = walk.sign_in("supervisor", whistle)
    answer(supervisor, "水务局", "豁免", "排水问题已由城管局一并解决。")
    answer(supervisor, "民政局", "豁免", "商户已全部走访，无需再到场。")
    director.goto(whistle)
    answer(director, "城管局", "评价", "到场及时，处置到位。")
    expect(director.locator(".ht-case-head")).to_contain_text("已办结")
    look(director)

    # Of all that the resident reads one message; and now the case can end.
    for _turn in range(20):
        if messages(resident, number).count():
            break
        resident.wait_for_timeout(1_000)
    expect(messages(resident, number)).to_have_count(1)
    look(resident)
    street.goto(case)
    do(street, "作废", "并入专项整治，不再单列。")
