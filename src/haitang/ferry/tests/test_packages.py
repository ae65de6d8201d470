"""The file that is carried, by itself: whatever is altered in it is found, and nothing breaks who reads it."""

import hashlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from haitang.core.errors import Invalid
from haitang.ferry.values import (
    Card,
    Damaged,
    Manifest,
    bind,
    make_opening_key,
    make_signing_key,
    open_contents,
    publics_of,
    read_card,
    seal_contents,
    unbind,
)

SIGNING, OPENING = make_signing_key(), make_opening_key()
PUBLIC, SEALING = publics_of(SIGNING, OPENING)
NAMED = {"sender": "outside", "receiver": "inside", "number": 7}
PLAIN = "春和花园3幢楼下路灯不亮 13800001234".encode()


def package() -> bytes:
    key, sealed = seal_contents(PLAIN, to=SEALING, **NAMED)
    manifest = Manifest(
        **NAMED, previous="", made_at="2026-05-06T01:30:00+00:00", arrived=0, cases=1, steps=0, photos=0,
        size=len(sealed), contents=hashlib.sha256(sealed).hexdigest(), key=key, sealed_to="",
    )  # fmt: skip
    return bind(manifest, sealed, signing_key=SIGNING)


PACKAGE = package()


def read(data: bytes) -> bytes:
    """Return what is inside, as the receiver comes to believe it; raise Damaged."""
    unbound = unbind(data)
    if not (unbound.is_signed_by(PUBLIC) and unbound.is_whole):
        raise Damaged("not believed")
    return open_contents(unbound.sealed, key=unbound.manifest.key, opening_key=OPENING, **NAMED)


def test_what_was_put_in_comes_out():
    assert read(PACKAGE) == PLAIN
    assert PLAIN not in PACKAGE
    assert package() != PACKAGE, "each is sealed with a key of its own"


@settings(max_examples=50)
@given(st.integers(0, len(PACKAGE) - 1), st.integers(1, 255))
def test_no_byte_can_be_altered(position, change):
    altered = bytearray(PACKAGE)
    altered[position] ^= change
    with pytest.raises(Damaged):
        read(bytes(altered))


@settings(max_examples=30)
@given(st.integers(0, len(PACKAGE) - 1))
def test_nothing_can_be_cut_off_or_put_behind(length):
    with pytest.raises(Damaged):
        read(PACKAGE[:length])
    with pytest.raises(Damaged):
        read(PACKAGE + PACKAGE[: length + 1])


@settings(max_examples=50)
@given(st.binary(max_size=300), st.booleans())
def test_anything_else_is_no_package(data, begins_well):
    with pytest.raises(Damaged):
        read(PACKAGE[:16] + data if begins_well else data)


@pytest.mark.parametrize(
    ("found", "put"),
    [(b'"number":7', b'"number":-7'), (b'"number":7', b'"number":true'), (b'"number":7', b'"number":7.0'),
     (b'"number":7', b'"number":70000000000'), (b'"number":7', b'"number": 7'), (b'"cases":1,', b""),
     (b'"cases":1,', b'"cases":1,"cases":1,'), (b'"arrived":0', b'"arrived":[[0]]')],
)  # fmt: skip
def test_a_manifest_says_what_it_says_in_one_way(found, put):
    with pytest.raises(Damaged):
        unbind(PACKAGE.replace(found, put))


def test_contents_open_to_their_receiver_alone_and_under_their_own_number():
    unbound = unbind(PACKAGE)
    for other, named in ((make_opening_key(), NAMED), (OPENING, {**NAMED, "number": 8})):
        with pytest.raises(Damaged):
            open_contents(unbound.sealed, key=unbound.manifest.key, opening_key=other, **named)


def test_a_card_is_read_as_it_was_given_and_anything_else_is_none():
    card = Card("inside", "政务网", PUBLIC, SEALING)
    assert read_card(card.text()) == card
    assert len(card.fingerprint.split()) == 8
    for text in ("", "{}", "[]", card.text()[:-1], card.text().replace("inside", "In side"), "[" * 900):
        with pytest.raises(Invalid, match="区域名片"):
            read_card(text)
