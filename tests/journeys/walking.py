"""How journeys walk: who opens which browser, signs in, does a deed, and is looked at."""

import io
import random
import re
from pathlib import Path
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from PIL import Image, ImageDraw, ImageOps
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from haitang.demo.staff import PASSWORD

DESK = {"width": 1440, "height": 900}
PHONE = {"width": 390, "height": 844}
COLOURS = 192
"""Of a picture: enough for pages, and a third of the bytes."""
GRAVE = ("serious", "critical")


class Walk:
    """One story: opens pages for its people on the instance at `address`.

    pictures: where pictures go, None when none are taken.
    """

    def __init__(self, browser: Browser, address: str, home_point: tuple[float, float], pictures: Path | None) -> None:
        self.browser, self.address, self.home_point, self.pictures = browser, address, home_point, pictures
        self._contexts: list[BrowserContext] = []
        self._errors: list[str] = []

    def open(self, path: str = "/", size: dict[str, int] = DESK, **more: Any) -> Page:
        """Return a page of a browser of its own, as a visitor, at that path. more: options of the browser's context."""
        lon, lat = self.home_point
        context = self.browser.new_context(
            viewport=size, locale="zh-CN", timezone_id="Asia/Shanghai", base_url=self.address, bypass_csp=True,
            geolocation={"longitude": lon, "latitude": lat}, permissions=["geolocation"], **more,
        )  # fmt: skip
        context.set_default_timeout(15_000)
        self._contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: self._errors.append(f"{page.url}: {error}"))
        page.goto(path)
        return page

    def sign_in(self, username: str, path: str = "/desk/", size: dict[str, int] = DESK, **more: Any) -> Page:
        """Return a page of a browser in which the demo's account has signed in."""
        page = self.open(f"/accounts/login/?next={path}", size, **more)
        page.get_by_label(re.compile("^账号")).fill(username)
        page.get_by_label(re.compile("^密码")).fill(PASSWORD)
        page.get_by_role("button", name="登录", exact=True).click()
        page.wait_for_url(f"**{path}")
        return page

    def picture(self, page: Page, name: str, *, full: bool = False) -> None:
        """Write a picture for the documents, if pictures are taken."""
        if self.pictures is None:
            return
        page.evaluate("document.activeElement && document.activeElement.blur()")
        page.wait_for_timeout(400)
        shot = Image.open(io.BytesIO(page.screenshot(full_page=full, animations="disabled")))
        self.pictures.mkdir(exist_ok=True)
        flat = shot.convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE)
        flat.save(self.pictures / f"{name}.png", optimize=True)

    def end(self) -> None:
        """Close all browsers of the story; a script that failed on a page fails the story."""
        for context in self._contexts:
            context.close()
        assert not self._errors, self._errors


def look(page: Page) -> None:
    """Refuse a page that keeps somebody out: grave findings of axe, or text beyond the screen's edge."""
    found = [item for item in Axe().run(page).response["violations"] if item["impact"] in GRAVE]
    told = [f"{item['id']}: {node['html'][:200]}" for item in found for node in item["nodes"][:3]]
    assert not told, f"{page.url}\n" + "\n".join(told)
    sizes = page.evaluate("[document.documentElement.scrollWidth, document.documentElement.clientWidth]")
    assert sizes[0] <= sizes[1], f"{page.url} is {sizes[0]} wide on a screen of {sizes[1]}"


def photo() -> dict[str, Any]:
    """Return a photo of a dark street with a lamp, as a telephone would send it, unlike any other."""
    picture = Image.linear_gradient("L").resize((640, 480))
    picture = ImageOps.colorize(picture, (24, 30, 58), (86, 84, 110))
    draw, lean = ImageDraw.Draw(picture), random.uniform(-40, 40)
    draw.polygon([(0, 480), (640, 480), (400 + lean, 330), (240 + lean, 330)], fill=(52, 52, 60))
    draw.line([(330 + lean, 400), (330 + lean, 120), (390 + lean, 100)], fill=(150, 150, 158), width=9)
    draw.ellipse([(376 + lean, 92), (420 + lean, 116)], fill=(70, 70, 76))
    data = io.BytesIO()
    picture.save(data, "JPEG", exif=Image.Exif().tobytes())
    return {"name": "lamp.jpg", "mimeType": "image/jpeg", "buffer": data.getvalue()}


def deed(page: Page, name: str, opinion: str) -> Locator:
    """Open the form of a deed on a case's page, write the opinion, and return the form."""
    box = page.locator("details.ht-deed").filter(has=page.locator("summary", has_text=name)).first
    if box.get_attribute("open") is None:
        box.locator("summary").click()
    form = box.locator("form")
    form.get_by_label("处理意见").fill(opinion)
    return form


def do(page: Page, name: str, opinion: str) -> None:
    """Do a deed that needs an opinion alone, and see that it was done."""
    send(page, deed(page, name, opinion))


def send(page: Page, form: Locator) -> None:
    """Send a deed's form, and see that it was accepted."""
    form.locator("button[type=submit]").last.click()
    dialog = page.locator("dialog.ht-dialog")
    if dialog.count():
        dialog.get_by_role("button").first.click()
    expect(page.locator(".ht-alert-success")).to_be_visible()
