"""A phone in a worker's hand: a real browser with a profile of its own, and what is done with it."""

import io
import random
import re
import shutil

from PIL import Image
from playwright.sync_api import BrowserContext, Page, expect

from haitang.testing.cases import HERE
from haitang.testing.people import PASSWORD

PHONE = {"width": 390, "height": 844}
STORED = """async () => {
  const open = indexedDB.open("haitang-field");
  const db = await new Promise((done) => { open.onsuccess = () => done(open.result); });
  const rows = db.transaction("drafts").objectStore("drafts").getAll();
  const found = await new Promise((done) => { rows.onsuccess = () => done(rows.result); });
  const kept = db.transaction("kept").objectStore("kept").getAllKeys();
  const names = await new Promise((done) => { kept.onsuccess = () => done(kept.result); });
  db.close();
  return { drafts: found.map(({ state, maybe, sealed }) => ({ state, maybe, sealed: Boolean(sealed) })), names };
}"""


class Handset:
    """A phone: a browser with a profile of its own that outlives its being closed."""

    def __init__(self, browser, address: str, folder) -> None:
        self.browser, self.address, self.folder = browser, address, folder
        self.errors: list[str] = []
        self.context: BrowserContext
        self.open()

    def open(self) -> None:
        """Open the browser with what it kept."""
        found = self.browser.browser_type
        executable = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))))
        self.context = found.launch_persistent_context(
            self.folder, executable_path=executable, args=["--no-sandbox", "--disable-background-networking"],
            viewport=PHONE, locale="zh-CN", timezone_id="Asia/Shanghai", base_url=self.address,
            geolocation={"longitude": HERE["lon"], "latitude": HERE["lat"], "accuracy": 12},
            permissions=["geolocation"],
        )  # fmt: skip
        self.context.set_default_timeout(10_000)

    def close(self) -> None:
        """Close the browser, all its tabs."""
        self.context.close()

    def page(self, path: str = "/field/") -> Page:
        """Return a new tab at that path."""
        page = self.context.new_page()
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on("console", lambda line: self.errors.append(line.text) if "Content Security" in line.text else None)
        page.goto(path)
        return page

    def sign_in(self, username: str, page: Page | None = None) -> Page:
        """Sign in, and come to the field page."""
        page = page or self.page("/accounts/login/?next=/field/")
        page.get_by_label(re.compile("^账号")).fill(username)
        page.get_by_label(re.compile("^密码")).fill(PASSWORD)
        page.get_by_role("button", name="登录", exact=True).click()
        page.wait_for_url("**/field/**")
        return page

    def switch_on(self, username: str) -> Page:
        """Sign in and switch the page on; return when it is kept for offline."""
        page = self.sign_in(username)
        page.get_by_role("button", name="这是我的手机，启用").click()
        expect(page.locator("#fd-capture")).to_be_visible()
        page.wait_for_function("navigator.serviceWorker.ready.then(() => navigator.serviceWorker.controller !== null)")
        expect(page.locator("#fd-category optgroup")).to_have_count(3)
        return page


def photo(name: str = "lamp.jpg") -> dict:
    data = io.BytesIO()
    Image.effect_noise((1200, 900), random.randrange(20, 90)).convert("RGB").save(data, "JPEG")
    return {"name": name, "mimeType": "image/jpeg", "buffer": data.getvalue()}


def capture(page: Page, words: str, photos: int = 1) -> None:
    page.locator("#fd-photos").set_input_files([photo() for _ in range(photos)])
    expect(page.locator("#fd-photos-rows li")).to_have_count(photos)
    page.get_by_label("发生了什么事").fill(words)
    page.get_by_label("类别").select_option("20101")
    page.get_by_role("button", name="用我现在的位置").click()
    expect(page.locator("#fd-point")).to_contain_text("已定位")
    page.get_by_role("button", name="保存并发送").click()
    expect(page.get_by_label("发生了什么事")).to_have_value("")


def expect_sent(page: Page, n: int) -> None:
    page.goto("/field/#outbox")
    expect(page.locator("#fd-outbox-rows [data-state=sent]")).to_have_count(n, timeout=30_000)


def stored(page: Page) -> dict:
    return page.evaluate(STORED)
