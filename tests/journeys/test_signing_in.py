"""A new colleague: a first password changed, a passkey, and a page left alone that keeps what was typed."""

import re
from uuid import uuid4

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.walking import Walk, look

FIRST, OWN = "First-Plum-1", "Peach-Blossom-7"


@pytest.fixture
def site(walk: Walk) -> Walk:
    """The same instance under a name: browsers offer no passkeys at a bare address."""
    walk.address = walk.address.replace("127.0.0.1", "localhost")
    return walk


def type_password(page: Page, username: str, password: str) -> None:
    """Sign in at the form that the page shows."""
    page.get_by_label(re.compile("^账号")).fill(username)
    page.get_by_label(re.compile("^密码")).fill(password)
    page.get_by_role("button", name="登录", exact=True).click()


def plug_in_key(page: Page) -> None:
    """Give the browser a security key that says yes to everything."""
    devices = page.context.new_cdp_session(page)
    devices.send("WebAuthn.enable")
    devices.send(
        "WebAuthn.addVirtualAuthenticator",
        {
            "options": {
                "protocol": "ctap2", "transport": "usb", "hasResidentKey": False, "hasUserVerification": True,
                "isUserVerified": True, "automaticPresenceSimulation": True,
            }
        },
    )  # fmt: skip


def test_a_new_colleague_signs_in_with_a_passkey_and_loses_nothing_by_being_called_away(site: Walk):
    username = f"colleague-{uuid4().hex[:6]}"
    office = site.sign_in("sysadmin", "/admin/accounts/new/")
    office.locator("#id_username").fill(username)
    office.locator("#id_name").fill("新同事")
    office.locator("#id_password").fill(FIRST)
    office.locator("main form button[type=submit]").click()
    expect(office.get_by_role("heading", level=1)).to_have_text("新同事")

    page = site.open("/accounts/login/?next=/me/")
    plug_in_key(page)
    type_password(page, username, FIRST)
    page.wait_for_url("**/accounts/password/change/")
    page.locator("#id_present").fill(FIRST)
    page.locator("#id_password").fill(OWN)
    page.locator("#id_again").fill(OWN)
    page.locator("main form button[type=submit]").click()
    page.wait_for_url("**/me/")

    page.goto("/accounts/security/")
    look(page)
    page.get_by_role("link", name="添加通行密钥").click()
    page.get_by_label("密码").fill(OWN)
    page.get_by_role("button", name="确认").click()
    page.wait_for_url("**/accounts/2fa/passkey/add/")
    look(page)
    page.get_by_role("button", name="添加").click()
    page.wait_for_url("**/accounts/2fa/recovery/")
    look(page)
    expect(page.locator(".ht-codes li")).to_have_count(10)

    page.get_by_role("button", name="退出").first.click()
    page.goto("/accounts/login/?next=/me/tokens/")
    type_password(page, username, OWN)
    page.wait_for_url("**/accounts/2fa/")
    look(page)
    page.get_by_role("button", name="使用通行密钥").click()
    page.wait_for_url("**/me/tokens/")

    page.clock.install()
    page.reload()
    page.locator("#id_name").fill("网格平台对接")
    page.clock.fast_forward("28:30")
    expect(page.get_by_role("alertdialog")).to_contain_text("将自动退出登录")
    look(page)
    page.get_by_role("button", name="继续使用").click()
    page.clock.fast_forward("20:00")
    expect(page.get_by_role("alertdialog")).to_be_hidden()
    page.clock.fast_forward("11:00")
    page.wait_for_url("**/accounts/login/?next=**")
    expect(page.get_by_text("您很久没有操作，已自动退出登录")).to_be_visible()
    type_password(page, username, OWN)
    page.get_by_role("button", name="使用通行密钥").click()
    page.wait_for_url("**/me/tokens/")
    expect(page.locator("#id_name")).to_have_value("网格平台对接")
