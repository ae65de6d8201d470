"""Field encryption: the standards' own vectors, what opens and what does not, and that old keys still open."""

import base64

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from django.core.exceptions import ImproperlyConfigured
from hypothesis import given
from hypothesis import strategies as st

from haitang.core import crypto

ONE = base64.b64encode(b"1" * 16).decode()
TWO = base64.b64encode(b"2" * 16).decode()
CONTEXT = "people.person.phone"


@pytest.fixture(autouse=True)
def _keys(settings):
    settings.FIELD_KEYS = f"1:{ONE}"
    settings.FIELD_INDEX_KEY = TWO


def test_sm4_gives_the_vector_of_the_standard():
    key = plain = bytes.fromhex("0123456789abcdeffedcba9876543210")
    encryptor = Cipher(algorithms.SM4(key), modes.ECB()).encryptor()
    assert (encryptor.update(plain) + encryptor.finalize()).hex() == "681edf34d206965e86b3e94f536e4246"


def test_sm4_gcm_gives_the_vector_of_rfc_8998():
    key = bytes.fromhex("0123456789abcdeffedcba9876543210")
    nonce = bytes.fromhex("00001234567800000000abcd")
    plain = b"".join(bytes([c]) * 8 for c in (0xAA, 0xBB, 0xCC, 0xDD, 0xEE, 0xFF, 0xEE, 0xAA))
    encryptor = Cipher(algorithms.SM4(key), modes.GCM(nonce)).encryptor()
    encryptor.authenticate_additional_data(bytes.fromhex("feedfacedeadbeeffeedfacedeadbeefabaddad2"))
    ciphertext = encryptor.update(plain) + encryptor.finalize()
    assert ciphertext.hex().startswith("17f399f08c67d5ee19d0dc9969c4bb7d")
    assert encryptor.tag.hex() == "83de3541e4c2b58177e065a9bf7b62ec"


def test_sm3_gives_the_vector_of_the_standard():
    digest = hashes.Hash(hashes.SM3())
    digest.update(b"abc")
    assert digest.finalize().hex() == "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"])))
def test_whatever_is_sealed_opens_again(text):
    assert crypto.open_(crypto.seal(text, CONTEXT), CONTEXT) == text


def test_a_value_is_sealed_differently_each_time_and_never_readable():
    first, second = crypto.seal("13800001234", CONTEXT), crypto.seal("13800001234", CONTEXT)
    assert first != second
    assert b"13800001234" not in first


@pytest.mark.parametrize("position", [1, 14, -1])
def test_an_altered_value_does_not_open(position):
    sealed = bytearray(crypto.seal("13800001234", CONTEXT))
    sealed[position] ^= 1
    with pytest.raises(crypto.Unreadable):
        crypto.open_(bytes(sealed), CONTEXT)


def test_a_value_moved_to_another_column_does_not_open():
    with pytest.raises(crypto.Unreadable):
        crypto.open_(crypto.seal("太平路 1 号", CONTEXT), "people.person.address")


def test_old_values_open_after_the_key_was_changed_and_new_ones_use_the_new_key(settings):
    old = crypto.seal("13800001234", CONTEXT)
    settings.FIELD_KEYS = f"2:{TWO},1:{ONE}"
    assert crypto.open_(old, CONTEXT) == "13800001234"
    new = crypto.seal("13800001234", CONTEXT)
    assert (old[0], new[0]) == (1, 2)
    assert crypto.is_current(new)
    assert not crypto.is_current(old)
    settings.FIELD_KEYS = f"2:{TWO}"
    with pytest.raises(crypto.Unreadable):
        crypto.open_(old, CONTEXT)


def test_the_blind_index_finds_equal_texts_of_one_column_only(settings):
    index = crypto.blind_index("13800001234", CONTEXT)
    assert index == crypto.blind_index("13800001234", CONTEXT)
    assert len(index) == crypto.INDEX_BYTES
    assert index != crypto.blind_index("13800001235", CONTEXT)
    assert index != crypto.blind_index("13800001234", "cases.case.reporter_phone")
    settings.FIELD_INDEX_KEY = ONE
    assert index != crypto.blind_index("13800001234", CONTEXT)


def test_nothing_stays_nothing():
    assert crypto.seal("", CONTEXT) == b""
    assert crypto.open_(b"", CONTEXT) == ""
    assert crypto.blind_index("", CONTEXT) == b""


@pytest.mark.parametrize("keys", ["", "1:", "1:c2hvcnQ=", "0:" + ONE, "256:" + ONE, "x:" + ONE, "1:!"])
def test_an_unusable_key_is_refused_at_once(settings, keys):
    settings.FIELD_KEYS = keys
    with pytest.raises(ImproperlyConfigured):
        crypto.seal("x", CONTEXT)
