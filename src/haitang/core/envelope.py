"""Files that only those can read for whom they are made: a pass phrase, or the holders of private keys.

Written and read in constant memory. Layout: a magic line; one line of JSON (the header); chunks of CHUNK bytes, each
sealed with SM4-GCM and followed by its tag, the last one shorter or as long. A chunk's nonce is its number and whether
it is the last, so that chunks which are altered, missing, put in another order or cut off at the end do not open. The
key of the chunks is derived from the file's own random key together with the whole header: a header that was touched
opens nothing. The file's key lies in the header, wrapped once for each recipient:

- pass phrase: the wrapping key by Argon2id (RFC 9106), which is costly to guess at;
- public key: by an agreement of keys with X25519 (RFC 7748). Who writes cannot read again what they wrote.

The contents are under the national algorithms, as the sealed fields are (core.crypto); neither Argon2id nor X25519 is
one, and docs/decisions/0021-backups-are-sealed.md says why. No Django here: a backup is read where there is none.
"""

import base64
import binascii
import json
import os
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, BinaryIO, Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

MAGIC = b"haitang envelope 1\n"
CHUNK = 2**20
_TAG, _KEY, _NONCE = 16, 16, 12
_HEADER_MAX = 64 * 1024
_PASSES, _LANES, _MEMORY_KIB = 3, 4, 64 * 1024  # the second recommendation of RFC 9106
_MEMORY_KIB_MAX, _PASSES_MAX = 1024 * 1024, 16
"""What a header may ask for: a made-up one must not take the machine's memory."""
_PRIVATE, _PUBLIC = "haitang-private-", "haitang-public-"
_CHECK = 4


class Unopened(Exception):
    """The file does not open; the message is a sentence for the person at the terminal."""


class Recipient(Protocol):
    """For whom a file is sealed."""

    def wrap(self, key: bytes) -> dict[str, Any]:
        """Return the key as it stands in the header, readable by this recipient alone."""


class Opener(Protocol):
    """What opens a file."""

    def unwrap(self, stanza: dict[str, Any]) -> bytes | None:
        """Return the key out of a stanza of the header; None where it is not meant for this opener."""


@dataclass(frozen=True)
class Passphrase:
    """A pass phrase seals and opens."""

    text: str

    def wrap(self, key: bytes) -> dict[str, Any]:
        """Return the key wrapped under the pass phrase with a salt of its own."""
        stanza = {"kind": "argon2id", "salt": _text(os.urandom(16)), "passes": _PASSES, "lanes": _LANES,
                  "memory_kib": _MEMORY_KIB}  # fmt: skip
        return {**stanza, "key": _text(_seal(self._derive(stanza), bytes(_NONCE), key))}

    def unwrap(self, stanza: dict[str, Any]) -> bytes | None:
        """Return the key, or None where the pass phrase is another."""
        if stanza.get("kind") != "argon2id":
            return None
        return _open(self._derive(stanza), bytes(_NONCE), _bytes(stanza["key"]))

    def _derive(self, stanza: dict[str, Any]) -> bytes:
        memory, passes, lanes = int(stanza["memory_kib"]), int(stanza["passes"]), int(stanza["lanes"])
        if not (0 < memory <= _MEMORY_KIB_MAX and 0 < passes <= _PASSES_MAX and 0 < lanes <= 16):
            raise Unopened("文件开头要求的口令运算超出允许的范围，疑被改动")
        derivation = Argon2id(
            salt=_bytes(stanza["salt"]), length=_KEY, iterations=passes, lanes=lanes, memory_cost=memory
        )
        return derivation.derive(self.text.encode())


@dataclass(frozen=True)
class PublicKey:
    """Whoever has the public key can seal, and not open."""

    raw: bytes

    @classmethod
    def parse(cls, text: str) -> "PublicKey":
        """Return the key written as `haitang-public-…`. Raises Unopened when it is none."""
        return cls(_parse(_PUBLIC, text, "公钥"))

    def __str__(self) -> str:
        return _written(_PUBLIC, self.raw)

    def wrap(self, key: bytes) -> dict[str, Any]:
        """Return the key wrapped for the holder of the private key."""
        ours = X25519PrivateKey.generate()
        share = ours.public_key().public_bytes_raw()
        try:
            agreed = ours.exchange(X25519PublicKey.from_public_bytes(self.raw))
        except ValueError as error:
            raise Unopened("公钥无效") from error
        wrapped = _seal(_agreed_key(agreed, share, self.raw), bytes(_NONCE), key)
        return {"kind": "x25519", "to": _text(self.raw), "share": _text(share), "key": _text(wrapped)}


@dataclass(frozen=True)
class PrivateKey:
    """Whoever has the private key can open."""

    raw: bytes

    @classmethod
    def new(cls) -> "PrivateKey":
        """Return a new random key."""
        return cls(X25519PrivateKey.generate().private_bytes_raw())

    @classmethod
    def parse(cls, text: str) -> "PrivateKey":
        """Return the key written as `haitang-private-…`. Raises Unopened when it is none."""
        return cls(_parse(_PRIVATE, text, "私钥"))

    def __str__(self) -> str:
        return _written(_PRIVATE, self.raw)

    def __repr__(self) -> str:
        return "PrivateKey(…)"

    @property
    def public(self) -> PublicKey:
        """The key to be given to those who seal."""
        return PublicKey(X25519PrivateKey.from_private_bytes(self.raw).public_key().public_bytes_raw())

    def unwrap(self, stanza: dict[str, Any]) -> bytes | None:
        """Return the key, or None where it was sealed for somebody else."""
        if stanza.get("kind") != "x25519" or _bytes(stanza["to"]) != self.public.raw:
            return None
        share = _bytes(stanza["share"])
        agreed = X25519PrivateKey.from_private_bytes(self.raw).exchange(X25519PublicKey.from_public_bytes(share))
        return _open(_agreed_key(agreed, share, self.public.raw), bytes(_NONCE), _bytes(stanza["key"]))


class Writer:
    """A file to write to; what is not closed is no whole file, and is refused when it is read."""

    def __init__(self, file: BinaryIO, recipients: Sequence[Recipient]) -> None:
        if not recipients:
            raise ValueError("an envelope is for somebody")
        key = os.urandom(_KEY)
        header: dict[str, Any] = {"cipher": "SM4-GCM", "chunk": CHUNK, "salt": _text(os.urandom(16)),
                  "recipients": [recipient.wrap(key) for recipient in recipients]}  # fmt: skip
        line = json.dumps(header, separators=(",", ":")).encode() + b"\n"
        file.write(MAGIC + line)
        self._file, self._key, self._number, self._waiting = file, _chunk_key(key, header["salt"], line), 0, bytearray()

    def write(self, data: bytes) -> int:
        """Take more of the contents."""
        self._waiting += data
        while len(self._waiting) > CHUNK:  # the last chunk is known to be it only at the end
            self._send(bytes(self._waiting[:CHUNK]), is_last=False)
            del self._waiting[:CHUNK]
        return len(data)

    def close(self) -> None:
        """Write the authenticated end. The file beneath stays open."""
        self._send(bytes(self._waiting), is_last=True)
        self._waiting.clear()

    def _send(self, chunk: bytes, *, is_last: bool) -> None:
        self._file.write(_seal(self._key, _nonce(self._number, is_last), chunk))
        self._number += 1


class Reader:
    """The contents of a file to read from, in order. Raises Unopened at the first chunk that is not as written."""

    def __init__(self, file: BinaryIO, openers: Sequence[Opener]) -> None:
        if file.read(len(MAGIC)) != MAGIC:
            raise Unopened("不是加密的备份文件")
        line = file.readline(_HEADER_MAX)
        try:
            header = json.loads(line)
            if header["cipher"] != "SM4-GCM" or header["chunk"] != CHUNK:
                raise Unopened("文件的加密方式本版本不认识")
            key = _chunk_key(_find_key(header["recipients"], openers), header["salt"], line)
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise Unopened("文件的开头已损坏或被改动") from error
        self._file, self._key, self._number = file, key, 0
        self._ahead, self._clear, self._at = file.read(CHUNK + _TAG), b"", 0
        if not self._ahead:  # even of nothing there is one chunk
            raise Unopened("文件不完整：后面缺了一部分")

    def read(self, size: int = -1) -> bytes:
        """Return so many bytes, fewer at the end; all that is left when no size is given."""
        parts, wanted = [], size
        while wanted:
            if self._at == len(self._clear):
                if not self._ahead:
                    break
                self._clear, self._at = self._next(), 0
            part = self._clear[self._at :] if wanted < 0 else self._clear[self._at : self._at + wanted]
            parts.append(part)
            self._at += len(part)
            wanted -= len(part) if wanted > 0 else 0
        return b"".join(parts)

    def _next(self) -> bytes:
        block = self._ahead
        self._ahead = self._file.read(CHUNK + _TAG)
        is_last = not self._ahead
        clear = _open(self._key, _nonce(self._number, is_last), block)
        if clear is None and is_last and _open(self._key, _nonce(self._number, False), block) is not None:
            raise Unopened("文件不完整：后面缺了一部分")
        if clear is None:
            what = "文件不完整，或" if is_last else ""
            raise Unopened(f"{what}第 {self._number + 1} 段被改动或次序不对")
        self._number += 1
        return clear


def _find_key(stanzas: list[dict[str, Any]], openers: Sequence[Opener]) -> bytes:
    kinds = {stanza["kind"] for stanza in stanzas}
    for stanza in stanzas:
        for opener in openers:
            key = opener.unwrap(stanza)
            if key is not None:
                return key
    if not openers:
        wanted = "口令" if kinds == {"argon2id"} else "私钥" if kinds == {"x25519"} else "口令或私钥"
        raise Unopened(f"文件已加密：请给出{wanted}")
    raise Unopened("口令或私钥不对：打不开这个文件")


def _seal(key: bytes, nonce: bytes, clear: bytes) -> bytes:
    encryptor = Cipher(algorithms.SM4(key), modes.GCM(nonce)).encryptor()
    return encryptor.update(clear) + encryptor.finalize() + encryptor.tag


def _open(key: bytes, nonce: bytes, sealed: bytes) -> bytes | None:
    if len(sealed) < _TAG:
        return None
    decryptor = Cipher(algorithms.SM4(key), modes.GCM(nonce, sealed[-_TAG:])).decryptor()
    try:
        return decryptor.update(sealed[:-_TAG]) + decryptor.finalize()
    except InvalidTag:
        return None


def _nonce(number: int, is_last: bool) -> bytes:
    return number.to_bytes(_NONCE - 1, "big") + (b"\x01" if is_last else b"\x00")


def _chunk_key(key: bytes, salt: str, header: bytes) -> bytes:
    digest = hashes.Hash(hashes.SM3())
    digest.update(header)
    return HKDF(hashes.SM3(), _KEY, _bytes(salt), b"haitang envelope chunks" + digest.finalize()).derive(key)


def _agreed_key(agreed: bytes, share: bytes, public: bytes) -> bytes:
    return HKDF(hashes.SM3(), _KEY, share + public, b"haitang envelope x25519").derive(agreed)


def _written(prefix: str, raw: bytes) -> str:
    return prefix + _text(raw + _check(raw))


def _parse(prefix: str, text: str, name: str) -> bytes:
    text = text.strip()
    try:
        both = _bytes(text.removeprefix(prefix))
    except ValueError:
        both = b""
    raw, check = both[:-_CHECK], both[-_CHECK:]
    if not text.startswith(prefix) or len(raw) != 32 or check != _check(raw):
        raise Unopened(f"{name}写错了：应以 {prefix} 开头，完整复制")
    return raw


def _check(raw: bytes) -> bytes:
    digest = hashes.Hash(hashes.SM3())
    digest.update(raw)
    return digest.finalize()[:_CHECK]


def _text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def _bytes(text: str) -> bytes:
    try:
        return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except binascii.Error as error:
        raise ValueError("not base64") from error
