"""A whistle with three departments, of which one is late and one refuses, told by everybody who has a part in it."""

import re

from playwright.sync_api import Page, expect

from tests.journeys.walking import PHONE, Walk, deed, do, look, photo, send

MATTER = "春和花园西门外餐饮店油烟扰民、占道经营，雨污水混排，居民多次反映，请有关部门一起解决。"
LATE_SECONDS_MAX = 200


def enter_case(page: Page) -> str:
    """Enter a case for a caller at the desk of the street, take it on, and return its address."""
    page.goto("/cases/new/")
    page.get_by_label(re.compile("^问题描述")).fill(MATTER)
    area = page.locator("#id_area_code")
    area.fill(page.locator("#id_area_code_list option").last.get_attribute("value") or "")
    page.get_by_label(re.compile("^地点")).fill("西门外商铺")
    page.locator("main form[method=post] button[type=submit]").last.click()
    page.wait_for_url(re.compile(r"/cases/\d+/$"))
    for name in ("受理",):
        do(page, name, "情况清楚，予以受理。")
    form = deed(page, "立案", "符合立案条件。")
    if not form.locator("select").first.input_value():
        form.locator("select").first.select_option(index=1)
    send(page, form)
    return page.url.replace(re.match(r"https?://[^/]+", page.url)[0], "")


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
    return page.url.replace(re.match(r"https?://[^/]+", page.url)[0], "")


def card(page: Page, name: str):
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


def test_a_whistle_with_three_departments_one_late_one_refusing(walk: Walk):
    # The manager has emergencies signed for within a minute, so that somebody can be late within this story.
    manager = walk.sign_in("manager", "/admin/whistles/")
    look(manager)
    manager.get_by_role("link", name="应急哨").click()
    manager.get_by_label(re.compile("^签收时限")).fill("1分钟")
    manager.get_by_role("button", name="保存").click()
    expect(manager.locator(".ht-alert-success")).to_be_visible()

    street = walk.sign_in("street", "/cases/")
    case = enter_case(street)
    whistle = blow(street, case)
    street.goto(case)
    expect(street.locator("main")).to_contain_text("待审批")

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

    # The second says that it is not its matter; the street sees it so.
    housing = walk.sign_in("department2", "/whistles/")
    housing.goto(whistle)
    answer(housing, "住建局", "拒哨", "不属于本单位职责。")
    director.goto(whistle)
    answer(director, "住建局", "同意拒哨", "经核实不属于该单位职责。")

    # The third never stirs: its deadline passes, the ladder climbs, and the case cannot be closed over it.
    late = card(director, "水务局")
    for _second in range(LATE_SECONDS_MAX // 10):
        director.goto(whistle)
        if "已升级" in late.inner_text():
            break
        director.wait_for_timeout(10_000)
    expect(late).to_contain_text("已升级 1 级")
    expect(late).to_contain_text("超期")
    look(director)
    street.goto(case)
    form = deed(street, "作废", "误登记。")
    form.locator("button[type=submit]").last.click()
    dialog = street.locator("dialog.ht-dialog")
    if dialog.count():
        dialog.get_by_role("button").first.click()
    expect(street.locator(".ht-alert-error").first).to_contain_text("水务局")

    # The supervision office lets the case go on without it, and the street judges who came.
    supervisor = walk.sign_in("supervisor", "/whistles/")
    supervisor.goto(whistle)
    answer(supervisor, "水务局", "豁免", "排水问题已由城管局一并解决。")
    director.goto(whistle)
    answer(director, "城管局", "评价", "到场及时，处置到位。")
    expect(director.locator(".ht-case-head")).to_contain_text("已办结")
    street.goto(case)
    do(street, "作废", "并入专项整治，不再单列。")
