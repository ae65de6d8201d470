"""The frame in a real browser: readable by everyone, at both sizes and in large mode; what is typed is not lost."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, expect

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]
SIZES = {"desktop": (1440, 900), "phone": (390, 844)}
PAGES = ["/ui/", "/ui/gallery/public/", "/accounts/login/", "/ui/gallery/refusal/"]


@pytest.fixture(autouse=True)
def _open_gallery(settings):
    settings.DEBUG = True


@pytest.mark.parametrize("large", ["0", "1"])
@pytest.mark.parametrize("size", SIZES)
def test_nothing_serious_stands_in_anyones_way(browser: Browser, live_server, size, large):
    width, height = SIZES[size]
    context = browser.new_context(viewport={"width": width, "height": height}, bypass_csp=True, locale="zh-CN")
    context.add_cookies([{"name": "haitang_large", "value": large, "url": live_server.url}])
    for address in PAGES:
        page = context.new_page()
        page.goto(live_server.url + address)
        found = Axe().run(page).response["violations"]
        assert not [item["id"] for item in found if item["impact"] in ("serious", "critical")], address
        assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"), address
    context.close()


def test_what_was_typed_comes_back_after_a_reload(browser: Browser, live_server):
    page = browser.new_page()
    page.on("dialog", lambda dialog: dialog.accept())
    page.goto(live_server.url + "/ui/")
    page.fill("#right_description", "灯坏了")
    page.locator("#right_description").blur()
    page.reload()
    expect(page.locator("#right_description")).to_have_value("灯坏了")
    page.locator("#ht-toasts button").click()
    expect(page.locator("#right_description")).to_have_value("")
    page.close()
