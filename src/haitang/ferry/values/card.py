"""What a zone gives its partners to be known by: its code, its name, its public keys, in one line of text."""

import base64
import binascii
import hashlib
import json
import re
from dataclasses import asdict, dataclass

from django.utils.translation import gettext as _

from haitang.core.errors import Invalid

_CODE = re.compile(r"[a-z0-9][a-z0-9-]{1,29}")
_KEY_BYTES = 32
_CARD_LENGTH_MAX = 1000


@dataclass(frozen=True, slots=True)
class Card:
    """A zone as others know it. signing, sealing: its public keys, base64."""

    code: str
    name: str
    signing: str
    sealing: str

    def text(self) -> str:
        """Return the card as it is handed on."""
        return json.dumps({"haitang-ferry": 1, **asdict(self)}, ensure_ascii=False)

    @property
    def fingerprint(self) -> str:
        """What two people read out to each other, to be sure of the keys."""
        return fingerprint_of(self.signing, self.sealing)


def fingerprint_of(*keys: str) -> str:
    """Return so much of the keys' digest that nobody finds other keys with the same, in groups to be read out."""
    digest = hashlib.sha256("|".join(keys).encode()).hexdigest()[:32]
    return " ".join(digest[start : start + 4] for start in range(0, len(digest), 4))


def is_code(code: str) -> bool:
    """Tell whether a zone can be called so."""
    return bool(_CODE.fullmatch(code))


def read_card(text: str) -> Card:
    """Return the card that the text is; raise Invalid."""
    try:
        said = json.loads(text) if len(text) <= _CARD_LENGTH_MAX else None
        if not isinstance(said, dict) or said.pop("haitang-ferry", None) != 1:
            raise ValueError
        card = Card(**{name: str(value) for name, value in said.items()})
        keys = [base64.b64decode(key, validate=True) for key in (card.signing, card.sealing)]
    except (ValueError, TypeError, RecursionError, binascii.Error):
        raise _wrong() from None
    if not is_code(card.code) or not 0 < len(card.name) <= 100 or {len(key) for key in keys} != {_KEY_BYTES}:
        raise _wrong()
    return card


def _wrong() -> Invalid:
    sentence = _("这不是一张区域名片，请从对方的“摆渡设置”页完整复制")
    return Invalid(sentence, {"card": sentence})
