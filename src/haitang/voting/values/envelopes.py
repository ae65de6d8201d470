"""The ballot box with two locks: what is put in can be read only with the keys of both holders, who are two people.

Each holder has a key code of 130 random bits, shown once and never stored; from it comes an X25519 key, of which the
instance keeps the public half. A ballot is encrypted under a fresh key, which is encrypted under what a fresh X25519
key and *both* public halves agree on. So the database, its write-ahead log and every backup hold nothing that opens
a ballot, before the count or after; whoever has all of these needs both codes besides.

Source: RFC 7748 (X25519), RFC 5869 (HKDF), NIST SP 800-38D (AES-GCM; every key is used once, so the nonce is zero).
"""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from haitang.core import ids
from haitang.voting.values.words import MARKS_MAX

KEY_CODE_LENGTH, RECEIPT_HASH_LENGTH = 26, 32
_PUBLIC_BYTES, _BLOCK = 32, 256
_NONCE = bytes(12)


class Unopened(Exception):
    """The envelope does not open with these keys, or belongs to another vote."""


def new_key_code() -> str:
    """Return a fresh key code for a holder, 130 random bits."""
    return ids.query_code(KEY_CODE_LENGTH)


def private_key(code: str) -> X25519PrivateKey:
    """Return the private key that comes from a key code."""
    return X25519PrivateKey.from_private_bytes(_derive(ids.normalize_code(code).encode(), b"haitang key holder"))


def public_half(code: str) -> bytes:
    """Return the public half of a holder's key."""
    return private_key(code).public_key().public_bytes_raw()


def room_of(paper: Mapping[str, Any]) -> int:
    """Return the bytes that the fullest ballot of a paper takes, and so every envelope: its length says nothing."""
    fullest = {"m": {each["id"]: MARKS_MAX for each in paper["options"]}, "r": "0" * RECEIPT_HASH_LENGTH}
    return -(-len(_plain(fullest)) // _BLOCK) * _BLOCK


def _plain(content: Mapping[str, object]) -> bytes:
    return json.dumps(content, separators=(",", ":"), sort_keys=True).encode()


def seal_ballot(vote_id: int, content: Mapping[str, object], publics: Sequence[bytes], room: int) -> bytes:
    """Return the ballot as it goes into the box. room: bytes to fill, see `room_of`."""
    padded = _plain(content).ljust(room)
    once = X25519PrivateKey.generate()
    shared = b"".join(once.exchange(X25519PublicKey.from_public_bytes(bytes(each))) for each in publics)
    public = once.public_key().public_bytes_raw()
    key = _derive(shared + public, b"haitang ballot")
    return public + AESGCM(key).encrypt(_NONCE, padded, str(vote_id).encode())


class Box:
    """Opens what was put in, with the codes of both holders in the order of their seats."""

    def __init__(self, vote_id: int, codes: Sequence[str]) -> None:
        self._vote_id, self._keys = str(vote_id).encode(), [private_key(each) for each in codes]

    def open(self, sealed: bytes) -> dict[str, object]:
        """Return what a ballot says. Raises Unopened."""
        public = bytes(sealed[:_PUBLIC_BYTES])
        try:
            shared = b"".join(each.exchange(X25519PublicKey.from_public_bytes(public)) for each in self._keys)
            plain = AESGCM(_derive(shared + public, b"haitang ballot")).decrypt(
                _NONCE, bytes(sealed[_PUBLIC_BYTES:]), self._vote_id
            )
        except (InvalidTag, ValueError) as error:
            raise Unopened from error
        found: dict[str, object] = json.loads(plain)
        return found


def new_secret(length: int) -> str:
    """Return a code of so many legible characters, 5 random bits each."""
    return ids.query_code(length)


def _derive(secret: bytes, purpose: bytes) -> bytes:
    return HKDF(hashes.SHA256(), 32, None, purpose).derive(secret)
