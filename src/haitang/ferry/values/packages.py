"""The file that is carried: what it looks like, signed and sealed. Pure: no settings, no database.

    HAITANG-FERRY 1\\n
    {manifest as one line of JSON}\\n
    {signature of these two lines, Ed25519, base64}\\n
    {contents, sealed}

The manifest says from whom to whom, which number, and the digest of the package before it, so that packages form a
chain in each direction; it holds no personal data. The contents are JSON, sealed as a whole to the receiver's key: an
X25519 agreement with a key made for this package alone, HKDF-SHA256, AES-256-GCM.

Source: RFC 8032 (Ed25519), RFC 7748 (X25519), RFC 5869 (HKDF), NIST SP 800-38D (GCM).
"""

import base64
import binascii
import hashlib
import json
from dataclasses import asdict, dataclass, fields
from typing import Any

from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

MAGIC = b"HAITANG-FERRY 1\n"
MANIFEST_BYTES_MAX = 4096
TAG_BYTES = 16
NUMBER_MAX = 10**9
_SIGNATURE_CHARACTERS = 88
_NONCE = bytes(12)
"""The key is made for one package and seals one text: its nonce need not differ."""


class Damaged(Exception):
    """The bytes are no whole package."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """What everybody may read on a package.

    number: 1 and on, without gaps, in each direction. previous: digest of the package before, "" of the first.
    made_at: ISO 8601. arrived: number of the last package that came in from the receiver.
    cases, steps, photos: how many are inside. size, contents: bytes and SHA-256 of the sealed contents.
    key: the public key made for this package. sealed_to: fingerprint of the receiver's key.
    """

    sender: str
    receiver: str
    number: int
    previous: str
    made_at: str
    arrived: int
    cases: int
    steps: int
    photos: int
    size: int
    contents: str
    key: str
    sealed_to: str

    def line(self) -> bytes:
        """Return the manifest as it stands in the file."""
        return json.dumps(asdict(self), ensure_ascii=True, separators=(",", ":")).encode() + b"\n"

    @property
    def digest(self) -> str:
        """The package's digest, by which the next one names it; it covers the contents through theirs."""
        return hashlib.sha256(MAGIC + self.line()).hexdigest()


def make_signing_key() -> str:
    """Return a new private key to sign with, base64."""
    return _text(Ed25519PrivateKey.generate().private_bytes_raw())


def make_opening_key() -> str:
    """Return a new private key to open contents with, base64."""
    return _text(X25519PrivateKey.generate().private_bytes_raw())


def publics_of(signing_key: str, opening_key: str) -> tuple[str, str]:
    """Return the public halves of the two."""
    signing = Ed25519PrivateKey.from_private_bytes(base64.b64decode(signing_key)).public_key()
    opening = X25519PrivateKey.from_private_bytes(base64.b64decode(opening_key)).public_key()
    return _text(signing.public_bytes_raw()), _text(opening.public_bytes_raw())


def seal_contents(plain: bytes, *, to: str, sender: str, receiver: str, number: int) -> tuple[str, bytes]:
    """Return the public key made for this package, and the text sealed to the receiver's."""
    made = X25519PrivateKey.generate()
    key = _text(made.public_key().public_bytes_raw())
    shared = made.exchange(X25519PublicKey.from_public_bytes(base64.b64decode(to)))
    said = _said(key, to, sender, receiver, number)
    return key, AESGCM(_derive(shared, said)).encrypt(_NONCE, plain, said)


def open_contents(sealed: bytes, *, key: str, opening_key: str, sender: str, receiver: str, number: int) -> bytes:
    """Return the text; raise Damaged where it was sealed for somebody else, or altered."""
    own = X25519PrivateKey.from_private_bytes(base64.b64decode(opening_key))
    said = _said(key, _text(own.public_key().public_bytes_raw()), sender, receiver, number)
    try:
        shared = own.exchange(X25519PublicKey.from_public_bytes(_bytes(key)))
        return AESGCM(_derive(shared, said)).decrypt(_NONCE, sealed, said)
    except (ValueError, InvalidTag) as error:
        raise Damaged("the contents do not open") from error


def bind(manifest: Manifest, sealed: bytes, *, signing_key: str) -> bytes:
    """Return the package as the bytes of a file."""
    head = MAGIC + manifest.line()
    signature = Ed25519PrivateKey.from_private_bytes(base64.b64decode(signing_key)).sign(head)
    return head + _text(signature).encode() + b"\n" + sealed


@dataclass(frozen=True, slots=True)
class Unbound:
    """A file taken apart, of which nothing is believed yet."""

    manifest: Manifest
    sealed: bytes
    _head: bytes
    _signature: bytes

    def is_signed_by(self, public_key: str) -> bool:
        """Tell whether the holder of that key has signed the manifest."""
        try:
            Ed25519PublicKey.from_public_bytes(_bytes(public_key)).verify(self._signature, self._head)
        except (InvalidSignature, ValueError):
            return False
        return True

    @property
    def is_whole(self) -> bool:
        """Whether the contents are those that the manifest tells of."""
        return (
            len(self.sealed) == self.manifest.size and hashlib.sha256(self.sealed).hexdigest() == self.manifest.contents
        )


def unbind(data: bytes) -> Unbound:
    """Take a file apart; raise Damaged for what is no package."""
    if not data.startswith(MAGIC):
        raise Damaged("no package")
    manifest_end = data.find(b"\n", len(MAGIC), len(MAGIC) + MANIFEST_BYTES_MAX) + 1
    signature_end = manifest_end + _SIGNATURE_CHARACTERS + 1
    if not manifest_end or data[signature_end - 1 : signature_end] != b"\n":
        raise Damaged("cut short")
    line = data[len(MAGIC) : manifest_end]
    manifest = _manifest(line)
    if manifest.line() != line:
        raise Damaged("the manifest is not as it is written")
    signature = _bytes(data[manifest_end : signature_end - 1].decode("ascii", "replace"))
    return Unbound(manifest, data[signature_end:], data[:manifest_end], signature)


def _manifest(line: bytes) -> Manifest:
    try:
        said: Any = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise Damaged("the manifest is no JSON") from error
    kinds = {field.name: field.type for field in fields(Manifest)}
    if not isinstance(said, dict) or set(said) != set(kinds):
        raise Damaged("the manifest says other things")
    for name, value in said.items():
        if type(value) is not kinds[name] or (isinstance(value, int) and not 0 <= value <= NUMBER_MAX):
            raise Damaged(f"the manifest's {name}")
    return Manifest(**said)


def _said(key: str, to: str, sender: str, receiver: str, number: int) -> bytes:
    return json.dumps(["haitang ferry 1", key, to, sender, receiver, number]).encode()


def _derive(shared: bytes, said: bytes) -> bytes:
    return HKDF(hashes.SHA256(), length=32, salt=None, info=said).derive(shared)


def _text(data: bytes) -> str:
    return base64.b64encode(data).decode()


def _bytes(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise Damaged("no base64") from error
