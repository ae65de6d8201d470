"""What the browser sends while no field page is open, and what a phone can do no more once it was revoked."""

import pytest
from django.test import Client
from playwright.sync_api import Page, expect

from haitang.cases.models import Attachment, Case
from haitang.core import clock
from haitang.field import actions
from haitang.field.models import Phone
from haitang.field.tests.handset import capture, expect_sent, stored
from haitang.people.queries import get_actor

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]
SYNC = "haitang-field-send"


def dispatch_sync(page: Page) -> None:
    """Have the browser say, as it does once there is a network again, that what waits can be sent."""
    line = page.context.new_cdp_session(page)
    found: list[dict] = []
    line.on("ServiceWorker.workerRegistrationUpdated", lambda said: found.extend(said["registrations"]))
    line.send("ServiceWorker.enable")
    origin = page.evaluate("location.origin")
    ours: list[dict] = []
    for _ in range(50):
        ours = [each for each in found if each["scopeURL"] == f"{origin}/field/" and not each["isDeleted"]]
        if ours:
            break
        page.wait_for_timeout(100)
    said = {"origin": origin, "registrationId": ours[-1]["registrationId"], "tag": SYNC, "lastChance": False}
    line.send("ServiceWorker.dispatchSyncEvent", said)


def wait_for_cases(page: Page, n: int) -> None:
    for _ in range(100):
        if Case.objects.count() == n:
            return
        page.wait_for_timeout(100)
    raise AssertionError(f"{Case.objects.count()} of {n} cases")


def test_the_browser_sends_in_the_background_with_no_field_page_open(handset, server, worker):
    page = handset.switch_on(worker.username)
    server.kill()
    capture(page, "一号楼楼道堆物", 2)
    capture(page, "二号楼井盖松动", 1)
    server.start()
    page.goto("/promises/")
    dispatch_sync(page)
    wait_for_cases(page, 2)
    expect_sent(page, 2)
    assert (Case.objects.count(), Attachment.objects.count()) == (2, 3)


def revoke_elsewhere(worker) -> None:
    """Put an end to the worker's phone from another browser."""
    desk = Client()
    desk.force_login(worker)
    (phone,) = Phone.objects.filter(account=worker)
    assert desk.post(f"/field/mine/{phone.pk}/revoke/").status_code == 302


def test_nothing_is_sent_in_the_background_once_the_phone_was_revoked(handset, server, worker):
    page = handset.switch_on(worker.username)
    server.kill()
    capture(page, "路面坑洼", 1)
    server.start()
    page.goto("/promises/")
    revoke_elsewhere(worker)
    dispatch_sync(page)
    page.wait_for_timeout(1500)
    assert not Case.objects.exists()
    page.goto("/field/")
    expect(page.locator("#fd-notice")).to_contain_text("重新登录")
    page.get_by_role("link", name="去登录").click()
    page = handset.sign_in(worker.username, page)
    expect(page.locator("#fd-join")).to_be_visible()
    expect(page.locator("#fd-notice")).to_contain_text("已无法读出")
    assert stored(page) == {"drafts": [], "names": []}
    assert not Case.objects.exists()


def test_an_open_page_of_a_revoked_phone_can_neither_send_nor_read_on(handset, worker):
    page = handset.switch_on(worker.username)
    (phone,) = Phone.objects.all()
    actions.forget_phone(actor=get_actor(worker.pk), uid=phone.uid, now=clock.now(), reason="revoked")
    capture(page, "占道经营", 1)
    expect(page.locator("#fd-join")).to_be_visible(timeout=20_000)
    expect(page.locator("#fd-notice")).to_contain_text("已无法读出")
    assert not Case.objects.exists()
    assert stored(page) == {"drafts": [], "names": []}
