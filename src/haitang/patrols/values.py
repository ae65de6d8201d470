"""The words of patrols: permissions, results, what checklists and their items are, refusals."""

import unicodedata
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import cache, partial

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from haitang.core.errors import Conflict, Invalid, NotFound
from haitang.core.shipped import read_shipped

WORDS_LENGTH_MAX = 1000
PLACE_LENGTH_MAX = 200
NAME_LENGTH_MAX = 50
PHOTOS_MAX = 9
MONTHS_AHEAD_MAX = 1


class Permission(StrEnum):
    """What may be done on patrols, with hazards and with their rules. Which role holds which is data."""

    VIEW = "patrols.round.view"
    PATROL = "patrols.round.do"
    VIEW_HAZARD = "patrols.hazard.view"
    HANDLE_HAZARD = "patrols.hazard.handle"
    CHECK_HAZARD = "patrols.hazard.check"
    VISIT = "patrols.visit.do"
    UNMASK = "patrols.household.unmask"
    MONITOR = "patrols.monitor.view"
    MEDIATE = "patrols.dispute.mediate"
    CONFIDENTIAL_DISPUTES = "patrols.dispute.confidential"
    MANAGE = "patrols.settings.manage"


class Result(TextChoices):
    """What was found about one item of a checklist."""

    IN_ORDER = "in_order", _("正常")
    HAZARD = "hazard", _("发现隐患")
    NOT_APPLICABLE = "not_applicable", _("不涉及")


class PlaceKind(TextChoices):
    """The kinds of place that checklists are made for."""

    RESIDENTIAL = "residential", _("居民小区")
    SHOPS = "shops", _("沿街小场所")
    SITES = "sites", _("施工现场")
    PUBLIC = "public", _("公共空间")
    OTHER = "other", _("其他")


class Level(TextChoices):
    """How grave a hazard is. Source: 《安全生产事故隐患排查治理暂行规定》 (一般事故隐患、重大事故隐患)."""

    GENERAL = "general", _("一般隐患")
    MAJOR = "major", _("重大隐患")


class NeedKind(TextChoices):
    """What becomes of a need heard at a visit."""

    CASE = "case", _("交有关部门办理")
    WISH = "wish", _("微心愿，就近帮办")


class PartyRole(TextChoices):
    """On which side of a dispute somebody stands."""

    APPLICANT = "applicant", _("申请人")
    RESPONDENT = "respondent", _("被申请人")
    THIRD = "third", _("第三人")


class Purpose(TextChoices):
    """What a photo of a hazard shows."""

    FOUND = "found", _("发现时")
    AFTER = "after", _("整改后")


@dataclass(frozen=True, slots=True)
class Item:
    """One line of a checklist. key: stays the same while its meaning does. level: of the hazard, where there is one."""

    key: str
    text: str
    level: str
    source: str = ""


@dataclass(frozen=True, slots=True)
class ShippedChecklist:
    """A checklist as this release ships it. every_months: 1 each month, 3 each quarter."""

    code: str
    name: str
    place_kind: str
    every_months: int
    source: str
    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class NewHazard:
    """A hazard as it is found.

    until_on: the day by which it is to be put right, None for that of its level's default.
    responsible: who must put it right, in words. organization_id: an office that sees to it, if one does.
    """

    words: str
    level: str = Level.GENERAL.value
    place: str = ""
    responsible: str = ""
    organization_id: int | None = None
    until_on: date | None = None


@dataclass(frozen=True, slots=True)
class VisitField:
    """Something that a visit may ask for. kind: name, phone, number or text. keep_months: after the last word of it."""

    key: str
    label: str
    label_en: str
    kind: str
    keep_months: int
    purpose: str


@dataclass(frozen=True, slots=True)
class NewNeed:
    """Something that a household asks for. kind: of NeedKind."""

    words: str
    kind: str = NeedKind.CASE.value


@dataclass(frozen=True, slots=True)
class NewParty:
    """One side of a dispute, as they said; name and telephone are stored sealed."""

    role: str
    name: str
    phone: str = ""


class RoundNotFound(NotFound):
    """There is no such checklist of a month, or the viewer may not know that there is."""


class ChecklistNotFound(NotFound):
    """No checklist bears that code."""


class HazardNotFound(NotFound):
    """There is no such hazard, or the viewer may not know that there is."""


class ItemTaken(Conflict):
    """Somebody else has filled the item in meanwhile."""


class HazardStands(Conflict):
    """The item has led to a hazard, which has a life of its own."""


class MonthOver(Conflict):
    """The month of the checklist has passed."""


class WrongHazardState(Conflict):
    """The hazard is not in a state from which this deed leads anywhere."""


class AlreadyCase(Conflict):
    """The hazard has been made a case already."""


class HouseholdNotFound(NotFound):
    """There is no such household, or the viewer may not know that there is."""


class VisitNotFound(NotFound):
    """There is no such visit, wish or known field, or the viewer may not know that there is."""


class AlreadyKnown(Conflict):
    """The household has told this before: it is shown and confirmed, never asked again."""


class NoConsent(Invalid):
    """The household has not agreed to leave anything."""


class DisputeNotFound(NotFound):
    """There is no such dispute, or the viewer may not know that there is."""


class DisputeConcluded(Conflict):
    """The dispute has come to its end, or has not yet."""


class BadChecklist(Invalid):
    """A checklist without items, with an item twice, or with a turn that no year has."""


TURNS = (1, 2, 3, 6, 12)
"""Every how many months a checklist can be due: what divides a year."""


def is_due(every_months: int, month: date) -> bool:
    """Tell whether a checklist of that turn is gone through in that month; turns count from January."""
    return (month.month - 1) % every_months == 0


def last_day(month: date) -> date:
    """Return the last day of the month."""
    first_of_next = (month.replace(day=1) + timedelta(days=32)).replace(day=1)
    return first_of_next - timedelta(days=1)


def shipped_checklists() -> list[ShippedChecklist]:
    """Return the checklists of `data/checklists.toml`, in its order."""
    return [
        ShippedChecklist(
            code, each["name"], each["place_kind"], each["every_months"], each["source"],
            tuple(Item(item["key"], item["text"], item["level"], item.get("source", "")) for item in each["item"]),
        )
        for code, each in read_shipped("patrols", "checklists.toml").items()
    ]  # fmt: skip


_fields = cache(partial(read_shipped, "patrols", "fields.toml"))


def visit_fields() -> dict[str, VisitField]:
    """Return everything that a visit may ask for, by key, as `data/fields.toml` has it. No office can add to it."""
    return {key: VisitField(key=key, **each) for key, each in _fields().items()}


def normal_room(room: str) -> str:
    """Return a room as it is compared: without spaces, in capitals, with digits and letters of ordinary width."""
    return "".join(unicodedata.normalize("NFKC", room).split()).upper()
