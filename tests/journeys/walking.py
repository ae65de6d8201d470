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
MATTER = "春和花园东门的路灯连续三天不亮，晚上老人出行不便，请尽快维修。"
"""What the residents of these stories report, unless they have another matter."""


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


def press_while_away(page: Page, name: str) -> None:
    """Press a button while the server cannot be reached, and come back to the same address once it can."""
    address = page.url
    page.wait_for_timeout(400)  # what was typed is put aside a moment after the last key
    page.context.set_offline(True)
    page.get_by_role("button", name=name).last.click()
    page.wait_for_url(re.compile("^chrome-error:"))
    page.context.set_offline(False)
    page.goto(address)


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


def report(page: Page, walk: Walk | None = None, matter: str = MATTER) -> tuple[str, str]:
    """Report a matter in three steps from the front page, with photo and place; return number and query code.

    walk: the story of which a picture is taken on the way.
    """
    page.get_by_role("link", name=re.compile("我要上报")).first.click()
    page.get_by_label("发生了什么事").fill(matter)
    page.locator("input[type=file]").set_input_files(photo())
    page.get_by_role("button", name="下一步：在哪里").click()
    page.get_by_title("定位到我").or_(page.get_by_role("button", name="定位到我")).first.click()
    expect(page.locator("#id_lon")).not_to_have_value("")
    page.get_by_label("具体位置").fill("东门保安亭旁")
    if walk is not None:
        walk.picture(page, "place")
    page.get_by_role("button", name="下一步：怎么联系您").click()
    page.get_by_label("怎么称呼您").fill("林阿姨")
    page.locator("#report-contact").get_by_label("联系电话").fill("15400001234")
    page.get_by_role("button", name="提交上报").click()
    page.wait_for_url("**/report/done/**")
    number, code = page.locator(".pt-codes dd").all_inner_texts()
    return number.strip(), code.strip()


def follow(page: Page, number: str, code: str) -> None:
    """Open a case with its number and query code."""
    page.goto("/track/")
    page.get_by_label("案件编号").fill(number)
    page.get_by_label("查询码").fill(code.lower())
    page.get_by_role("button", name="查询", exact=True).click()
    page.wait_for_url(f"**/track/{number}/")


def look_up(page: Page, number: str) -> None:
    """Open a case by its number from the list of all that the viewer may see."""
    page.goto(f"/cases/?q={number}")
    page.get_by_role("link", name=number, exact=True).first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text(number)


def find(page: Page, number: str) -> None:
    """Open a case of the viewer's 待办 by its number."""
    page.goto("/cases/todo/")
    while not page.get_by_role("link", name=number, exact=True).count():
        page.goto("/cases/todo/" + str(page.locator("a[rel=next]").get_attribute("href")))
    page.get_by_role("link", name=number, exact=True).first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text(number)


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
