"""The field page in a real browser: offline, killed servers, lost answers, two tabs. What counts is the database."""

import random
import time

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.contrib.sessions.models import Session
from playwright.sync_api import expect

from haitang.cases.models import Attachment, Case
from haitang.field.models import Phone
from haitang.field.tests.handset import capture, expect_sent, photo, stored
from haitang.field.tests.story import build_worker
from haitang.testing.cases import HERE, report

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]


def test_captured_offline_browser_closed_and_everything_arrives_once(handset, server, worker):
    page = handset.switch_on(worker.username)
    server.kill()
    capture(page, "一号楼楼道堆物", 2)
    capture(page, "二号楼井盖松动")
    expect(page.locator("#fd-count")).to_have_text("2")
    handset.close()
    handset.open()
    page = handset.page()
    expect(page.locator("#fd-net")).to_contain_text("未连网")
    page.goto("/field/#outbox")
    expect(page.locator("#fd-outbox-rows")).to_contain_text("内容已加密")
    expect(page.locator("#fd-outbox-rows")).not_to_contain_text("井盖")
    page.goto("/field/#capture")
    capture(page, "三号楼路灯不亮")
    handset.close()
    server.start()
    handset.open()
    page = handset.page()
    expect_sent(page, 3)
    assert sorted(Case.objects.values_list("description", flat=True)) == [
        "一号楼楼道堆物", "三号楼路灯不亮", "二号楼井盖松动",
    ]  # fmt: skip
    assert Attachment.objects.count() == 4
    assert Case.objects.filter(lon__isnull=False, channel="patrol", reported_by_id=worker.pk).count() == 3
    assert not any(draft["sealed"] for draft in stored(page)["drafts"])


def test_answers_lost_on_the_way_make_no_second_case_or_photo(handset, line, worker):
    page = handset.switch_on(worker.username)
    line.loses = 4
    capture(page, "树枝断落", 2)
    page.wait_for_timeout(500)
    for _ in range(4):
        page.goto("/field/#outbox")
        page.reload()
        page.wait_for_timeout(700)
    expect_sent(page, 1)
    assert line.captures > 3
    assert Case.objects.count() == 1
    assert Attachment.objects.count() == 2


def test_a_server_killed_in_the_middle_of_sending_leaves_each_case_once(handset, line, server, worker):
    page = handset.switch_on(worker.username)
    kills = []

    def kill() -> None:
        if len(kills) < 2:
            kills.append(line.captures)
            time.sleep(random.uniform(0, 0.06))
            server.kill()

    line.at_capture = kill
    capture(page, "井盖缺失", 2)
    for words in ("垃圾满溢", "护栏破损"):
        page.wait_for_timeout(1500)
        if server.process is None:
            server.start()
        page.goto("/field/#capture")
        capture(page, words, 1)
    page.wait_for_timeout(1500)
    if server.process is None:
        server.start()
    page.reload()
    expect_sent(page, 3)
    assert len(kills) == 2
    assert Case.objects.count() == 3
    assert Attachment.objects.count() == 4


def test_two_tabs_at_once_send_each_case_once(handset, line, server, worker):
    page = handset.switch_on(worker.username)
    server.kill()
    for number in range(4):
        capture(page, f"{number}号楼堆物")
    other = handset.page("/field/#outbox")
    expect(other.locator("#fd-count")).to_have_text("4")
    server.start()
    for tab in (page, other):
        tab.evaluate("window.dispatchEvent(new Event('online'))")
    expect_sent(other, 4)
    assert Case.objects.count() == 4
    assert line.captures == 8


def test_a_refused_draft_stays_with_the_sentence_and_goes_when_mended(handset, worker, town):
    page = handset.switch_on(worker.username)
    page.context.set_geolocation({"longitude": HERE["lon"] + 0.025, "latitude": HERE["lat"]})
    capture(page, "邻社区的路灯", 1)
    page.goto("/field/#outbox")
    row = page.locator("#fd-outbox-rows [data-state=refused]")
    expect(row).to_contain_text("不在您负责的范围内")
    expect(row).to_contain_text("邻社区的路灯")
    row.get_by_role("button", name="修改后重发").click()
    expect(page.get_by_label("发生了什么事")).to_have_value("邻社区的路灯")
    expect(page.locator("#fd-photos-rows li")).to_have_count(1)
    page.get_by_role("button", name="不带位置").click()
    page.get_by_label("网格").select_option("320585001001001")
    page.get_by_role("button", name="保存并发送").click()
    expect_sent(page, 1)
    assert Case.objects.get().area_id == town.areas["grid"]
    assert Attachment.objects.count() == 1


def test_what_was_put_in_order_at_once_is_closed_with_its_photo(handset, worker):
    page = handset.switch_on(worker.username)
    page.get_by_label("即采即办").check()
    page.get_by_label("怎样办好的").fill("当场清运。")
    page.get_by_role("button", name="已现场处置完毕，恢复正常。").click()
    expect(page.get_by_label("怎样办好的")).to_have_value("当场清运。已现场处置完毕，恢复正常。")
    capture(page, "楼道纸箱", 1)
    expect_sent(page, 1)
    case = Case.objects.get()
    assert (case.status, case.handler_id) == ("closed", worker.pk)
    assert Attachment.objects.get().purpose == "after"


def test_an_expired_sign_in_keeps_drafts_until_the_same_account_is_back(handset, town, worker):
    rival = build_worker(town, "孙伟", grid="second_grid")
    page = handset.switch_on(worker.username)
    Session.objects.all().delete()
    capture(page, "路面坑洼", 1)
    expect(page.locator("#fd-notice")).to_contain_text("李建国")
    page.get_by_role("link", name="去登录").click()
    page = handset.sign_in(rival.username, page)
    expect(page.locator("#fd-notice")).to_contain_text("孙伟")
    page.wait_for_timeout(500)
    assert not Case.objects.exists()
    handset.context.clear_cookies()
    page.goto("/accounts/login/?next=/field/")
    page = handset.sign_in(worker.username, page)
    expect_sent(page, 1)
    assert Case.objects.get().reported_by_id == worker.pk


def test_signing_out_asks_first_and_leaves_nothing_behind(handset, server, worker):
    page = handset.switch_on(worker.username)
    server.kill()
    capture(page, "占道经营", 1)
    server.start()
    page.context.route("**/field/cases/**", lambda route: route.abort())
    page.goto("/me/")
    page.on("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name="退出").click()
    dialog = page.locator("dialog.ht-dialog")
    expect(dialog).to_contain_text("还有 1 条没有发出的内容")
    assert Phone.objects.count() == 1
    dialog.get_by_role("button", name="确定").click()
    page.wait_for_url("**/")
    assert not Phone.objects.exists()
    assert "haitang-field" not in page.evaluate("indexedDB.databases().then((all) => all.map((one) => one.name))")
    page.goto("/field/")
    expect(page.locator("#fd-join")).to_be_visible()
    assert stored(page) == {"drafts": [], "names": []}


def test_an_unfinished_capture_is_there_after_the_browser_was_closed(handset, server, worker):
    page = handset.switch_on(worker.username)
    server.kill()
    page.locator("#fd-photos").set_input_files([photo()])
    page.get_by_label("发生了什么事").fill("写到一半")
    page.wait_for_timeout(800)
    handset.close()
    handset.open()
    page = handset.page()
    expect(page.get_by_label("发生了什么事")).to_have_value("写到一半")
    expect(page.locator("#fd-photos-rows li")).to_have_count(1)


@pytest.mark.parametrize("size", ["normal", "huge"])
def test_nobody_is_kept_out_and_nothing_hangs_over_the_edge(handset, worker, town, size):
    report(town.grid, channel="patrol")
    page = handset.switch_on(worker.username)
    page.evaluate("size => localStorage.setItem('haitang.field.size', size)", size)
    page.reload()
    for tab in ("capture", "todo", "outbox"):
        page.goto(f"/field/#{tab}")
        page.wait_for_timeout(200)
        found = [item for item in Axe().run(page).response["violations"] if item["impact"] in ("serious", "critical")]
        assert not [f"{item['id']}: {item['nodes'][0]['html'][:200]}" for item in found], tab
        width = page.evaluate("[document.documentElement.scrollWidth, document.documentElement.clientWidth]")
        assert width[0] <= width[1], tab
