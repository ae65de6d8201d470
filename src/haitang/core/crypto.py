"""Fields that the database may keep but not read: SM4-GCM for the value, HMAC-SM3 for looking it up.

Stored form: key id (1 byte) | nonce (12 bytes) | ciphertext | tag (16 bytes). The key id lets old values
open after the key was changed; new values are sealed with the first key of the setting FIELD_KEYS.

What is authenticated along with the value is its *context*, "app.model.field", and not the row: the row's
number is not known before it is inserted, and asking for it first would cost every insert a round trip. So a
value moved to another column does not open, while one moved to another row of the same column does; whoever
can do that already writes to the database at will, and a moved telephone no longer agrees with its blind index.

A nonce is 96 random bits, which is safe for 2**32 values under one key (NIST SP 800-38D, 8.3): far beyond a city.
No certified module is behind this (GB/T 39786-2021 asks for one in an assessed installation): the two functions
of the cipher are the place to put it.

Source: GB/T 32907-2016 (SM4), GB/T 32905-2016 (SM3), RFC 8998 (SM4-GCM), GB/T 15852.2-2024 (HMAC).
"""

import base64
import binascii
import os
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes, hmac
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from haitang.core.keyfile import KeyFile

NONCE_BYTES = 12
TAG_BYTES = 16
KEY_BYTES = 16
INDEX_BYTES = 4
"""Length of a blind index. Telephone numbers are few (10**10): a full-length index would let whoever steals the
index key name every number in the table. At 32 bits two or three possible numbers share each value, while a million
rows still give next to no false hits. So a hit must be confirmed by opening the value, and no index is unique."""


class Unreadable(Exception):
    """A sealed value does not open: its key is not configured, or it was altered, or it belongs to another column.

    This is damage or a wrong configuration and no refusal: it is reported, not shown.
    """


def seal(text: str, context: str) -> bytes:
    """Return the text sealed under the current key for that context; "" stays empty, so that it can be asked for.

    context: "app.model.field", always the same for the same column.
    """
    if not text:
        return b""
    key_id, keys = _keys(_configured())
    nonce = os.urandom(NONCE_BYTES)
    encryptor = Cipher(keys[key_id], modes.GCM(nonce)).encryptor()
    encryptor.authenticate_additional_data(context.encode())
    ciphertext = encryptor.update(text.encode()) + encryptor.finalize()
    return bytes([key_id]) + nonce + ciphertext + encryptor.tag


def open_(blob: bytes | memoryview, context: str) -> str:
    """Return the text that was sealed for that context, under whichever configured key.

    Raises Unreadable if the key is missing, the value was altered, or the context is another.
    """
    sealed = bytes(blob)
    if not sealed:
        return ""
    key = _keys(_configured())[1].get(sealed[0])
    if key is None:  # sealed a moment ago by a process that has seen a new key before this one
        key = _keys(_configured(fresh=True))[1].get(sealed[0])
    if key is None or len(sealed) < 1 + NONCE_BYTES + TAG_BYTES:
        raise Unreadable(f"{context}: no key {sealed[0]} is configured, or the value is cut short")
    nonce, ciphertext, tag = sealed[1 : 1 + NONCE_BYTES], sealed[1 + NONCE_BYTES : -TAG_BYTES], sealed[-TAG_BYTES:]
    decryptor = Cipher(key, modes.GCM(nonce, tag)).decryptor()
    decryptor.authenticate_additional_data(context.encode())
    try:
        return (decryptor.update(ciphertext) + decryptor.finalize()).decode()
    except InvalidTag as error:
        raise Unreadable(f"{context}: altered, or sealed for another column") from error


def is_current(blob: bytes | memoryview) -> bool:
    """Tell whether the value is sealed under the current key, or should be sealed again after a change of key."""
    sealed = bytes(blob)
    return not sealed or sealed[0] == current_key()


def current_key() -> int:
    """Return the number of the key under which new values are sealed."""
    return _keys(_configured())[0]


def key_numbers(text: str) -> list[int]:
    """Return the numbers of the keys, the current one first. Raises ImproperlyConfigured for what are no keys."""
    return list(_keys(text)[1])


def _configured(*, fresh: bool = False) -> str:
    """Return the keys as they stand in the setting, or now in its file. fresh: look at the file at once."""
    keys = settings.FIELD_KEYS
    return keys.text(fresh=fresh) if isinstance(keys, KeyFile) else str(keys)


def blind_index(text: str, context: str) -> bytes:
    """Return a keyed digest by which equal texts of one context find each other without being readable.

    text: normalised by the caller (a number without spaces). "" gives b"", which must not be looked up.
    A hit must be confirmed by opening the sealed value: see INDEX_BYTES.
    """
    if not text:
        return b""
    mac = _index_mac(settings.FIELD_INDEX_KEY, context).copy()
    mac.update(text.encode())
    return mac.finalize()[:INDEX_BYTES]


def whole_index(text: str, context: str) -> bytes:
    """Return the keyed digest in full length, for columns in which the database has to keep people apart by it.

    Unlike a blind index, whoever steals the index key can test possible values against it. So it belongs to a context
    of its own (one vote's roll), and the column is emptied as soon as nothing has to be kept apart any more.
    """
    if not text:
        return b""
    mac = _index_mac(settings.FIELD_INDEX_KEY, f"whole:{context}").copy()
    mac.update(text.encode())
    return mac.finalize()


@lru_cache(maxsize=4)
def _keys(configured: str) -> tuple[int, dict[int, algorithms.SM4]]:
    """Return the current key's id and all keys.

    configured: "2:base64,1:base64", the current key first; or one base64 alone, which is key 1.
    """
    keys: dict[int, algorithms.SM4] = {}
    for item in configured.split(","):
        number, _, encoded = item.strip().rpartition(":")
        if number and not (number.isascii() and number.isdigit() and 1 <= int(number) <= 255):
            raise ImproperlyConfigured("HAITANG_FIELD_KEYS: the id of a key is a number from 1 to 255")
        keys.setdefault(int(number or 1), algorithms.SM4(_derive(_decode(encoded), b"haitang field key")[:KEY_BYTES]))
    return next(iter(keys)), keys


@lru_cache(maxsize=16)
def _index_mac(configured: str, context: str) -> hmac.HMAC:
    """Return the digest as far as it is the same for every text of the context; to be copied, not used up."""
    mac = hmac.HMAC(_derive(_decode(configured), b"haitang blind index"), hashes.SM3())
    mac.update(context.encode() + b"\x00")
    return mac


def _derive(secret: bytes, purpose: bytes) -> bytes:
    """One secret, one key for each purpose: a secret used twice by mistake still gives two keys."""
    mac = hmac.HMAC(secret, hashes.SM3())
    mac.update(purpose)
    return mac.finalize()


def _decode(encoded: str) -> bytes:
    try:
        secret = base64.b64decode(encoded.strip().translate(_URLSAFE) + "==")
    except binascii.Error as error:
        raise ImproperlyConfigured("a field key is not base64") from error
    if len(secret) < KEY_BYTES:
        raise ImproperlyConfigured("a field key needs at least 16 random bytes, in base64")
    return secret


_URLSAFE = str.maketrans("-_", "+/")
