"""A stick is carried: another zone's package is taken in once, its cases are there, and what was altered is refused."""

import hashlib
from uuid import uuid4

from playwright.sync_api import Page, expect

from haitang.core import clock
from haitang.demo.city import plan_city
from haitang.demo.timeline import home_of
from haitang.ferry.values import (
    Card,
    CarriedCase,
    Contents,
    Manifest,
    bind,
    make_opening_key,
    make_signing_key,
    publics_of,
    read_card,
    seal_contents,
)
from tests.journeys.walking import PHONE, Walk, look

SIGNING, OPENING = make_signing_key(), make_opening_key()


def card_of_this_city(admin: Page) -> Card:
    """Return the card of the city, for which keys are made where it has none."""
    admin.goto("/admin/ferry/")
    if not admin.locator("#card").count():
        admin.locator("#id_code").fill("city")
        admin.locator("#id_name").fill("海棠市政务网")
        admin.get_by_role("button", name="生成密钥").click()
        expect(admin.locator(".ht-alert-success")).to_be_visible()
    look(admin)
    return read_card(admin.locator("#card").inner_text())


def package(sender: str, to: Card, matter: str) -> bytes:
    """Return the first package of a zone outside, with one case in it."""
    case = CarriedCase(
        number=f"out-{uuid4().hex[:8]}", kind="help", channel="web", category="", description=matter, place="东门",
        lon=None, lat=None, areas=[home_of(plan_city()).code], occurred_at=clock.now(), reporter_name="林女士",
        reporter_phone="13800001234",
    )  # fmt: skip
    named = {"sender": sender, "receiver": to.code, "number": 1}
    key, sealed = seal_contents(Contents(cases=[case]).model_dump_json().encode(), to=to.sealing, **named)
    manifest = Manifest(
        **named, previous="", made_at=clock.now().isoformat(), arrived=0, cases=1, steps=0, photos=0,
        size=len(sealed), contents=hashlib.sha256(sealed).hexdigest(), key=key, sealed_to=to.fingerprint,
    )  # fmt: skip
    return bind(manifest, sealed, signing_key=SIGNING)


def bring(clerk: Page, data: bytes) -> None:
    """Take in a file as the clerk who carried it."""
    clerk.goto("/ferry/")
    file = {"name": "u.ferry", "mimeType": "application/octet-stream", "buffer": data}
    clerk.locator("#id_file").set_input_files([file])  # type: ignore[list-item]  # as playwright's own documents have it
    clerk.get_by_role("button", name="导入这个包").click()


def test_a_package_is_taken_in_once(walk: Walk):
    admin = walk.sign_in("sysadmin", "/admin/ferry/")
    city, outside = card_of_this_city(admin), f"out-{uuid4().hex[:6]}"
    admin.goto("/admin/ferry/partners/new/")
    look(admin)
    admin.locator("#id_card").fill(Card(outside, "互联网区", *publics_of(SIGNING, OPENING)).text())
    admin.locator("#id_takes").check()
    admin.get_by_role("button", name="保存").click()
    expect(admin.locator(".ht-alert-success")).to_contain_text("核对指纹")

    matter = f"摆渡来的路灯不亮 {uuid4().hex[:6]}"
    carried = package(outside, city, matter)
    clerk = walk.sign_in("hotline", "/ferry/", PHONE)
    bring(clerk, carried[:-1])
    expect(clerk.locator("#main, main").first).to_contain_text("文件不完整或已被改动")
    bring(clerk, carried)
    expect(clerk.locator(".ht-alert-success")).to_contain_text("第 1 号包")
    look(clerk)
    bring(clerk, carried)
    expect(clerk.locator("main")).to_contain_text("以前导入过")
    clerk.goto("/ferry/")
    look(clerk)

    street = walk.sign_in("street", "/cases/")
    street.locator("#cases tbody tr").filter(has_text=matter).locator("a").first.click()
    expect(street.locator("#ferry")).to_be_visible()
    expect(street.locator("main")).to_contain_text("互联网区")
    admin.goto("/admin/ferry/")
    admin.locator("main li").filter(has_text=outside).locator("a").click()
    admin.locator("#id_is_active").uncheck()
    admin.get_by_role("button", name="保存").click()
    expect(admin.locator(".ht-alert-success")).to_be_visible()
