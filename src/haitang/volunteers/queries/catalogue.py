"""Catalogues and settings in force: a snapshot, since every page and every file asks for them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Any

from django.db.models import Count, F

from haitang.core.access import Actor, require
from haitang.core.policy import Policy
from haitang.core.shipped import SettingLine, Settings
from haitang.volunteers.models import CatalogueItem, ConsentText, Volunteer, VolunteerSetting
from haitang.volunteers.values import Consent, Permission, shipped_consent, shipped_settings


@dataclass(frozen=True, slots=True)
class Item:
    """One line of a catalogue."""

    id: int
    kind: str
    code: str
    name: str
    group: str
    source: str
    is_active: bool


@dataclass(frozen=True, slots=True)
class Rules:
    """Everything about the register that is decided per city."""

    items: tuple[Item, ...]
    by_code: Mapping[tuple[str, str], Item]
    settings: Mapping[str, Any]
    consent: Consent

    def of(self, kind: str) -> tuple[Item, ...]:
        """Return the lines of a catalogue that are offered, in its order."""
        return tuple(item for item in self.items if item.kind == kind and item.is_active)

    def setting(self, key: str) -> Any:
        """Return the value in force, the office's own or the shipped one."""
        return self.settings[key]


SETTINGS = Settings(shipped_settings, VolunteerSetting)


def _load() -> Rules:
    items = tuple(
        Item(*row)
        for row in CatalogueItem.objects.order_by(F("kind"), F("id")).values_list(
            "id", "kind", "code", "name", "group", "source", "is_active"
        )
    )
    return Rules(
        items, MappingProxyType({(item.kind, item.code): item for item in items}), SETTINGS.values(), _consent()
    )


def _consent() -> Consent:
    """Return the text in force: the latest of the office's own, else the shipped one."""
    row = ConsentText.objects.order_by("-id").first()
    return _as_value(row) if row else shipped_consent()


def _as_value(row: ConsentText) -> Consent:
    return Consent(row.version, row.purpose, row.kept, row.rights, row.source)


RULES = Policy("volunteers.rules", _load)


def rules() -> Rules:
    """Return the catalogues and settings in force; costs look-ups unless an action has touched them since."""
    return RULES.get()


def consent() -> Consent:
    """Return the text to which people agree now."""
    return rules().consent


@dataclass(frozen=True, slots=True)
class ConsentLine:
    """A text that people agreed to at one time. made_at: None for the shipped one. people: who stand by it now."""

    consent: Consent
    made_at: datetime | None
    people: int


def list_consents(*, viewer: Actor) -> list[ConsentLine]:
    """Return every text there was, the latest first, with how many of the register agreed to it. Raises NotAllowed."""
    require(viewer, Permission.SETTINGS)
    standing = Volunteer.objects.standing().order_by().values_list("consent_version")
    people = dict(standing.annotate(n=Count("id")))
    texts = [(_as_value(row), row.made_at) for row in ConsentText.objects.order_by("-id")]
    return [
        ConsentLine(text, made_at, people.get(text.version, 0)) for text, made_at in [*texts, (shipped_consent(), None)]
    ]


def names_of(kind: str, codes: Iterable[str]) -> list[str]:
    """Return what these codes of a catalogue are called; a code that is not there any more stands for itself."""
    known = rules().by_code
    return [known[kind, code].name if (kind, code) in known else code for code in codes]


def list_catalogue(*, viewer: Actor, kind: str) -> list[Item]:
    """Return every line of a catalogue, also those offered no more. Raises NotAllowed."""
    require(viewer, Permission.SETTINGS)
    return [item for item in rules().items if item.kind == kind]


def list_volunteer_settings(*, viewer: Actor) -> list[SettingLine]:
    """Return every setting with its source, in the order of the shipped file. Raises NotAllowed."""
    require(viewer, Permission.SETTINGS)
    return SETTINGS.lines()
