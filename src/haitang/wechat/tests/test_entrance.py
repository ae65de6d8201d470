import pytest

from haitang.testing import people
from haitang.testing.actors import NOW
from haitang.wechat.models import Contact, OfficialAccount
from haitang.wechat.tests import platform as wechat
from haitang.wechat.tests.conftest import enter

pytestmark = pytest.mark.django_db
OLD = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG"


def ask(client, watch, token=wechat.TOKEN, **spoilt):
    stamp = str(int(watch().timestamp()))
    asked = {"signature": wechat.sha1(token, stamp, "n"), "timestamp": stamp, "nonce": "n", "echostr": "8316"}
    return client.get("/wechat/messages", {**asked, **spoilt})


def test_the_platform_is_shown_that_the_address_is_ours(client, account, watch):
    assert ask(client, watch).content == b"8316"


@pytest.mark.parametrize("spoilt", [{"signature": "0" * 40}, {"timestamp": "1"}, {"nonce": "m"}, {"timestamp": "x"}])
def test_nobody_else_learns_anything(client, account, watch, spoilt):
    assert ask(client, watch, **spoilt).status_code == 403


def test_without_an_account_or_turned_off_the_door_is_shut(client, town, platform, watch):
    assert ask(client, watch).status_code == 403
    enter(is_active=False)
    assert ask(client, watch).status_code == 403


@pytest.mark.parametrize("spoil", [
    {"token": "other"}, {"msg_signature": "0" * 40}, {"at": int(NOW.timestamp()) - 301}, {"encrypted": False},
    {"at": int(NOW.timestamp()) + 301}, {"encrypt_type": "raw"},
])  # fmt: skip
def test_what_is_not_signed_fresh_and_encrypted_is_refused(phone, spoil):
    assert phone.post(phone.xml("text", 1, Content="x"), **spoil).status_code == 403
    assert not Contact.objects.exists()


def test_plain_messages_are_taken_only_where_that_is_set(phone):
    from haitang.wechat import actions
    from haitang.wechat.tests.conftest import KEEPER

    actions.change_wechat_rule(actor=KEEPER, key="plain", value=True, now=NOW)
    response = phone.post(phone.xml("text", 1, Content="帮助"), encrypted=False)
    assert "上报" in wechat.values(response.content.decode())["Content"]


def test_an_over_long_body_is_refused(phone):
    assert phone.post(phone.xml("text", 1, Content="x" * 70_000)).status_code == 403


def test_the_page_keeps_secrets_to_itself_and_the_former_key_still_opens(client, town, platform, watch, phone):
    keeper = people.build_account("系统员")
    people.give(keeper, "system_admin")
    client.force_login(keeper)
    page = client.get("/admin/wechat/").content.decode()
    assert wechat.APP_ID in page
    assert not [secret for secret in (wechat.SECRET, wechat.AES, wechat.TOKEN) if secret in page]
    sent = {"app_id": wechat.APP_ID, "aes": OLD, "token": "", "secret": "", "is_active": "on"}
    assert client.post("/admin/wechat/", sent).status_code == 302
    row = OfficialAccount.objects.get()
    assert row.old_aes_sealed
    response = phone.post(phone.xml("text", 1, Content="帮助"))  # still encrypted with the key before
    assert response.status_code == 200
    assert client.post("/admin/wechat/", sent | {"aes": "short"}).status_code == 422
    assert client.get("/admin/wechat/rules/").status_code == 200
    client.force_login(town.account("leader"))
    assert client.get("/admin/wechat/").status_code == 403
