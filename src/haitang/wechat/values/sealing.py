"""How messages are signed and encrypted between the platform of WeChat and an official account.

Source: 微信公众平台 接入指南 (token signature) and 消息加解密 技术方案: AES-256-CBC, the key's first 16 bytes as the
initial vector, PKCS#7 over blocks of 32 bytes; within: 16 random bytes, the length in network order, the text, the
app id.
"""

import base64
import binascii
import hmac
import os
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from hashlib import sha1

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

_BLOCK, _RANDOM, _LENGTH = 32, 16, 4
_KEY = re.compile(r"[A-Za-z0-9]{43}")


class EncryptedWrongly(ValueError):
    """What came does not open with any of the keys, or was meant for another account."""


@dataclass(frozen=True, slots=True)
class Keys:
    """What is agreed with the platform. aes: the EncodingAESKeys that hold now, the newest first."""

    app_id: str
    token: str = field(repr=False)
    aes: tuple[str, ...] = field(repr=False, default=())


def is_key(text: str) -> bool:
    """Tell whether the text can be an EncodingAESKey: 43 letters and digits."""
    return _KEY.fullmatch(text) is not None


def signature(*parts: str) -> str:
    """Return the signature over the token and what was sent with it, in whatever order they are given.

    SHA-1 is what the platform's protocol prescribes; it keys nothing else here.
    """
    return sha1("".join(sorted(parts)).encode()).hexdigest()  # noqa: S324 - prescribed by the protocol


def is_signed(given: str, *parts: str) -> bool:
    """Tell, in constant time, whether the signature is the one over these parts."""
    return hmac.compare_digest(given.encode(), signature(*parts).encode())


def encrypt(text: str, keys: Keys) -> str:
    """Return the text as it goes encrypted under the newest key, in base64."""
    told = text.encode()
    inner = os.urandom(_RANDOM) + len(told).to_bytes(_LENGTH, "big") + told + keys.app_id.encode()
    over = _BLOCK - len(inner) % _BLOCK
    encryptor = _cipher(keys.aes[0]).encryptor()
    return base64.b64encode(encryptor.update(inner + bytes([over]) * over) + encryptor.finalize()).decode()


def decrypt(sealed: str, keys: Keys) -> str:
    """Return the text that came encrypted. The caller has checked its signature. Raises EncryptedWrongly."""
    try:
        data = base64.b64decode(sealed, validate=True)
    except (binascii.Error, ValueError) as error:
        raise EncryptedWrongly("no base64") from error
    if not data or len(data) % 16:
        raise EncryptedWrongly("no whole blocks")
    return _first(data, keys.aes, keys.app_id)


def _first(data: bytes, aes: Sequence[str], app_id: str) -> str:
    for key in aes:
        decryptor = _cipher(key).decryptor()
        inner = decryptor.update(data) + decryptor.finalize()
        over = inner[-1]
        length = int.from_bytes(inner[_RANDOM : _RANDOM + _LENGTH], "big")
        end = _RANDOM + _LENGTH + length
        if not 1 <= over <= _BLOCK or end > len(inner) - over:
            continue
        if not hmac.compare_digest(inner[end : len(inner) - over], app_id.encode()):
            continue
        try:
            return inner[_RANDOM + _LENGTH : end].decode()
        except UnicodeDecodeError:
            continue
    raise EncryptedWrongly("opens with none of the keys")


def _cipher(key: str) -> "Cipher[modes.CBC]":
    secret = base64.b64decode(key + "=")
    return Cipher(algorithms.AES(secret), modes.CBC(secret[:16]))
