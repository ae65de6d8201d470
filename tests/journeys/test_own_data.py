"""A resident reads what the city holds about them, takes it along and has a part erased; the desk says yes."""

import re

from playwright.sync_api import expect

from tests.journeys.walking import PHONE, Walk, look


def test_a_resident_has_their_data_erased(walk: Walk) -> None:
    resident = walk.sign_in("resident", "/me/data/", PHONE)
    expect(resident.get_by_role("heading", name=re.compile("^账号"))).to_be_visible()
    look(resident)
    with resident.expect_download() as taken:
        resident.get_by_role("link", name="下载数据文件").click()
    assert taken.value.suggested_filename.endswith(".json")
    resident.get_by_role("link", name="要求删除").click()
    resident.get_by_label(re.compile("^我点的服务")).check()
    resident.get_by_role("button", name="提交请求").click()
    resident.wait_for_url("**/me/data/")
    expect(resident.locator("main")).to_contain_text("待答复")
    look(resident)

    desk = walk.sign_in("manager", "/data-requests/")
    look(desk)
    desk.locator("main table a").first.click()
    look(desk)
    desk.get_by_role("button", name="同意并删除").click()
    desk.locator("dialog.ht-dialog").get_by_role("button").first.click()
    expect(desk.locator("main")).to_contain_text("办理结果")

    resident.reload()
    expect(resident.locator("main")).to_contain_text(re.compile("已办理|已同意"))
