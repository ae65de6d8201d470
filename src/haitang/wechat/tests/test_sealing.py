import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from haitang.wechat.tests import platform
from haitang.wechat.values import (
    EncryptedWrongly,
    Keys,
    NoMessage,
    decrypt,
    encrypt,
    is_key,
    is_signed,
    read_message,
    signature,
)

KEYS = Keys(platform.APP_ID, platform.TOKEN, (platform.AES,))
OTHER = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG"
QUICK = settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@QUICK
@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=200))
def test_what_either_side_encrypts_the_other_opens(text):
    assert decrypt(platform.sealed(text), KEYS) == text
    assert platform.opened(encrypt(text, KEYS)) == text


@QUICK
@given(st.binary(max_size=300))
def test_what_is_not_encrypted_so_is_refused_and_never_breaks(data):
    import base64

    for text in (base64.b64encode(data).decode(), data.decode("latin-1")):
        with pytest.raises(EncryptedWrongly):
            decrypt(text, KEYS)


def test_the_former_key_still_opens_and_another_accounts_message_does_not():
    assert decrypt(platform.sealed("a", aes=OTHER), Keys(KEYS.app_id, "t", (platform.AES, OTHER))) == "a"
    for cipher in (platform.sealed("a", aes=OTHER), platform.sealed("a", app_id="wx0000000000000000")):
        with pytest.raises(EncryptedWrongly):
            decrypt(cipher, KEYS)


def test_a_signature_is_the_sha1_of_the_parts_in_their_order():
    assert signature("b", "a", "c") == "a9993e364706816aba3e25717850c26c9cd0d89d"  # of "abc", FIPS 180
    assert is_signed(signature("x", "y"), "y", "x")
    assert not is_signed("签", "y", "x")
    assert is_key(platform.AES)
    assert not is_key(platform.AES[1:])


@pytest.mark.parametrize("body", [
    "", "x", "<xml/>", "<xml><MsgType>text</MsgType></xml>",
    '<!DOCTYPE x [<!ENTITY a "aaaa">]><xml><FromUserName>&a;</FromUserName></xml>',
    "<xml><ToUserName>a</ToUserName><FromUserName>b</FromUserName><CreateTime>x</CreateTime><MsgType>text</MsgType></xml>",
])  # fmt: skip
def test_what_is_no_message_is_told_apart(body):
    with pytest.raises(NoMessage):
        read_message(body)
