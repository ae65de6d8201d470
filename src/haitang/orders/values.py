"""The words of orders: permissions, who takes part, what is handed in, hours of a service, refusals."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from haitang.core.clock import LOCAL
from haitang.core.errors import Conflict, Invalid, NotAllowed, NotFound
from haitang.organizations.values import Kind as OfficeKind

WORDS_LENGTH_MAX = 500
ADDRESS_LENGTH_MAX = 200
NAME_LENGTH_MAX = 50
STARS_MAX = 5
MINUTES_MIN, MINUTES_MAX = 10, 720
CAPACITY_MAX = 1000


class Permission(StrEnum):
    """What may be done with orders, services and their rules. Which role holds which is data."""

    VIEW = "orders.order.view"
    PLACE = "orders.order.place"
    SECRETARY = "orders.order.secretary"
    DISPATCH = "orders.order.dispatch"
    HUB = "orders.order.hub"
    UNMASK = "orders.order.unmask"
    ANSWER = "orders.offer.answer"
    MANAGE = "orders.service.manage"
    SETTINGS = "orders.settings.manage"


class Orderer(TextChoices):
    """Who orders."""

    RESIDENT = "resident", _("居民")
    COMMUNITY = "community", _("社区")
    SECRETARY = "secretary", _("支部书记")


class Dispatcher(TextChoices):
    """Who hands an order out. Open: nobody does, helpers pick it themselves."""

    COMMUNITY = "community", _("社区派单")
    HUB = "hub", _("枢纽派单")
    OPEN = "open", _("直接认领")


class Acceptor(TextChoices):
    """Who accepts."""

    MEMBER = "member", _("党员")
    VOLUNTEER = "volunteer", _("志愿者")
    TEAM = "team", _("党支部、服务队")
    UNIT = "unit", _("单位")
    SOCIAL = "social", _("社会组织")


HANDS_OUT = {Dispatcher.COMMUNITY: Permission.DISPATCH, Dispatcher.HUB: Permission.HUB}
"""The permission by which an order is handed out."""
PEOPLE = frozenset({Acceptor.MEMBER, Acceptor.VOLUNTEER})
OFFICES: Mapping[str, frozenset[str]] = {
    Acceptor.TEAM: frozenset({OfficeKind.PARTY_BRANCH}),
    Acceptor.UNIT: frozenset({OfficeKind.UNIT, OfficeKind.PUBLIC_SERVICE, OfficeKind.GOVERNMENT_DEPARTMENT,
                              OfficeKind.PARTY_COMMITTEE, OfficeKind.COMMUNITY}),
    Acceptor.SOCIAL: frozenset({OfficeKind.SOCIAL_ORGANIZATION}),
}  # fmt: skip
"""The kinds of organization that accept as such; people accept as themselves."""


class Channel(TextChoices):
    """By which way an order came in."""

    PAGE = "page", _("网页")
    PHONE = "phone", _("电话代下单")
    API = "api", _("接口")


class Weekday(TextChoices):
    """The day of a service's hours, as a digit from Monday on."""

    MONDAY = "0", _("周一")
    TUESDAY = "1", _("周二")
    WEDNESDAY = "2", _("周三")
    THURSDAY = "3", _("周四")
    FRIDAY = "4", _("周五")
    SATURDAY = "5", _("周六")
    SUNDAY = "6", _("周日")


@dataclass(frozen=True, slots=True)
class Hours:
    """On which weekday (0 is Monday) a service is done, from when until when, in Shanghai."""

    weekday: int
    start: time
    end: time

    @classmethod
    def of(cls, stored: list[Any]) -> "Hours":
        """Return what is stored as [weekday, "09:00", "11:30"]."""
        return cls(int(stored[0]), time.fromisoformat(stored[1]), time.fromisoformat(stored[2]))

    def stored(self) -> list[Any]:
        """Return it as JSON values."""
        return [self.weekday, f"{self.start:%H:%M}", f"{self.end:%H:%M}"]


def starts_on(day: date, hours: list[Hours] | tuple[Hours, ...], minutes: int) -> list[datetime]:
    """Return the instants at which an hour of the service begins that day: one after the other, each whole."""
    step, starts = timedelta(minutes=minutes), []
    for each in sorted(hours, key=lambda one: one.start):
        if each.weekday != day.weekday():
            continue
        at, end = (datetime.combine(day, moment, LOCAL) for moment in (each.start, each.end))
        while at + step <= end:
            starts.append(at)
            at += step
    return starts


@dataclass(frozen=True, slots=True)
class TypeChange:
    """What a type of service says: who orders, hands out and accepts, how long it takes, what it takes to do it."""

    name: str
    group: str
    words: str
    variant: str
    orderers: tuple[str, ...]
    dispatcher: str
    acceptors: tuple[str, ...]
    skills: tuple[str, ...]
    minutes: int
    is_automatic: bool = False
    is_active: bool = True


@dataclass(frozen=True, slots=True)
class ServiceChange:
    """What a service says: of which type, where, when, for how many. capacity_slot, capacity_day: orders."""

    type_code: str
    name: str
    area_code: str
    words: str
    hours: tuple[Hours, ...]
    capacity_slot: int
    capacity_day: int
    organization_id: int | None = None
    closed_on: tuple[date, ...] = ()
    is_active: bool = True


@dataclass(frozen=True, slots=True)
class NewOrder:
    """What is ordered. begins_at: one of the service's hours. area_code: where the orderer lives.

    languages: codes of the volunteers' registry, of which the helper is to speak one; none for any.
    name, phone, address are stored sealed. words: what it is about, seen by the helper after accepting.
    """

    service_id: int
    begins_at: datetime
    area_code: str
    name: str
    phone: str
    address: str
    words: str = ""
    orderer: str = Orderer.RESIDENT.value
    channel: str = Channel.PAGE.value
    languages: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class HelperRef:
    """Whom an order is offered to: a volunteer or an organization, never both. why: reasons shown to the dispatcher."""

    volunteer_id: int | None = None
    organization_id: int | None = None
    why: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Why:
    """Why the matching proposes somebody for an order: values, made into sentences by `queries.dispatching.sentences`.

    metres: between the two grids, None where one has no boundary. hours: served lately and promised, before this.
    any_time: they named no hours. rank: their place among the `fitting` who could do it, taken for this order alone.
    first: the one whom it would suit best; first_order: what that one gets instead, None for none of this plan.
    points: what it costs, by part. languages: those wanted that they speak. is_liked: they like this kind of service.
    office: "" for a person; "named" for the organization that sees to this service, "serves" for one of the area, whose
    `hours` are the orders it had of late.
    """

    metres: int | None
    skills: tuple[str, ...]
    any_time: bool
    hours: int
    rank: int
    fitting: int
    first: int
    first_order: int | None
    points: dict[str, int]
    languages: tuple[str, ...] = ()
    is_liked: bool = False
    office: str = ""


class ProposalNotFound(NotFound):
    """There is no such plan or proposal, or the viewer may not know that there is."""


class ProposalClosed(Conflict):
    """The proposal was decided, or its order has been seen to otherwise."""


class OrderNotFound(NotFound):
    """There is no such order, or the viewer may not know that there is."""


class OfferNotFound(NotFound):
    """There is no such offer, or it is not to this viewer."""


class ServiceNotFound(NotFound):
    """There is no such service or type."""


class WrongOrderState(Conflict):
    """The order is not in a state from which this deed leads anywhere."""


class OfferClosed(Conflict):
    """The offer has been answered, has run out, or somebody else was faster."""


class OrderTaken(Conflict):
    """Somebody else has picked the order meanwhile."""


class TimeTaken(Conflict):
    """The helper has promised that time already."""


class SlotFull(Conflict):
    """The hour is full, and so is its wait list."""


class TooEarly(Conflict):
    """The deed has its time, and that has not come."""


class OrderingPaused(NotAllowed):
    """Too many late cancellations: the community orders on this account's behalf for a while."""


class NoSuchSlot(Invalid):
    """The service is not done at that time, or no longer to be ordered for it."""


class NotAFit(Invalid):
    """This helper cannot take orders of that kind."""


class BadService(Invalid):
    """A service or type that cannot be as it is described."""


@cache
def _shipped(name: str) -> dict[str, Any]:
    return tomllib.loads((Path(__file__).parent / "data" / f"{name}.toml").read_text("utf-8"))


def variants() -> dict[str, dict[str, Any]]:
    """Return the variants that this release knows, by code: name, source, orderers, dispatcher and acceptors."""
    return dict(_shipped("variants"))


def shipped_types() -> dict[str, TypeChange]:
    """Return the types of service of `data/types.toml` by code, each with the actors of its variant."""
    known = variants()
    return {
        code: TypeChange(
            each["name"], each["group"], each["words"], each["variant"],
            tuple(known[each["variant"]]["orderers"]), known[each["variant"]]["dispatcher"],
            tuple(known[each["variant"]]["acceptors"]), tuple(each.get("skills", ())), each["minutes"],
        )
        for code, each in _shipped("types").items()
    }  # fmt: skip


def shipped_settings() -> dict[str, dict[str, Any]]:
    """Return by key the value and the source of each setting, as `data/settings.toml` ships them."""
    return dict(_shipped("settings"))
