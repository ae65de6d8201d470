"""What a release ships: catalogues, the consent's text, settings; each with its source."""

from dataclasses import dataclass
from functools import cache, partial
from typing import Any

from haitang.core.shipped import read_shipped


@dataclass(frozen=True, slots=True)
class ShippedItem:
    """One line of a catalogue as this release ships it."""

    kind: str
    code: str
    name: str
    group: str
    source: str


_shipped = cache(partial(read_shipped, "volunteers"))


def shipped_catalogue() -> list[ShippedItem]:
    """Return skills, languages and other forces of `data/catalogue.toml`, in its order."""
    return [
        ShippedItem(kind, code, name, group["name"], group["source"])
        for kind, groups in _shipped("catalogue.toml").items()
        for group in groups
        for code, name in group["items"].items()
    ]


def shipped_settings() -> dict[str, dict[str, Any]]:
    """Return by key the value and the source of each setting, as `data/settings.toml` ships them."""
    return dict(_shipped("settings.toml"))


@dataclass(frozen=True, slots=True)
class Consent:
    """A text to which people agree: what it is for, what is kept, what they may ask, by which law."""

    version: str
    purpose: str
    kept: str
    rights: str
    source: str


def shipped_consent() -> Consent:
    """Return the shipped text to which people agree."""
    return Consent(**_shipped("consent.toml"))
