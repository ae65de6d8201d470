"""The words of the three lists: permissions, kinds, what is entered, refusals."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from django.db.models import TextChoices
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from haitang.core.errors import Conflict, Invalid, NotFound
from haitang.core.shipped import read_shipped

TITLE_LENGTH_MAX = 60
WORDS_LENGTH_MAX = 1000
PLACE_LENGTH_MAX = 200
NAME_LENGTH_MAX = 50
PEOPLE_MAX = 100_000
CAPACITY_MAX = 10_000
COST_FEN_MAX = 100_000_000_00
ROWS_MAX = 2_000
"""Of what is done at once."""
STARS_MAX = 5
STEPS_MAX = 10


class Permission(StrEnum):
    """What may be done with the three lists. Which role holds which is data."""

    VIEW = "exchange.list.view"
    ENTER = "exchange.need.enter"
    PUBLISH = "exchange.list.publish"
    ORDER = "exchange.agreement.order"
    OFFER = "exchange.resource.offer"
    MANAGE = "exchange.settings.manage"


class Channel(TextChoices):
    """How an entry came in."""

    PAGE = "page", _("网页填报")
    VISIT = "visit", _("入户走访")
    SURVEY = "survey", _("问卷征集")
    IMPORT = "import", _("表格导入")
    API = "api", _("接口")


class Hours(TextChoices):
    """When something suits. No choice at all means that any time does."""

    DAYTIME = "daytime", _("工作日白天")
    EVENING = "evening", _("工作日晚上")
    WEEKEND = "weekend", _("周末和节假日")


class Repeats(TextChoices):
    """How often a resource is on offer."""

    ONCE = "once", _("一次性")
    WEEKLY = "weekly", _("每周")
    MONTHLY = "monthly", _("每月")
    ON_CALL = "on_call", _("长期可约")


class Side(TextChoices):
    """The two sides of an agreement."""

    COMMUNITY = "community", _("社区")
    UNIT = "unit", _("单位")


class Gap(TextChoices):
    """Why a need is not met, or a resource not asked for."""

    NO_CANDIDATE = "no_candidate", _("没有合适的对象")
    DECLINED = "declined", _("对方婉拒或未答复")
    CAPACITY = "capacity", _("合适的资源已约满")
    SERVED = "served", _("合适的需求已有对接")
    OPEN = "open", _("有合适的对象，尚未下单")


@dataclass(frozen=True, slots=True)
class NewNeed:
    """A need as it is entered.

    area_code: of the community, or of an area within it. category: its code.
    beneficiaries: for whom, as a group ("独居老人"), never by name. contact_name, contact_phone: of who asks, sealed.
    organization_id: who asks, None for that which serves the area. round_code: "" for none.
    """

    title: str
    category: str
    area_code: str
    words: str = ""
    beneficiaries: str = ""
    place: str = ""
    people: int = 1
    hours: tuple[str, ...] = ()
    wished_by: date | None = None
    organization_id: int | None = None
    contact_name: str = ""
    contact_phone: str = ""
    round_code: str = ""


@dataclass(frozen=True, slots=True)
class NewResource:
    """A resource as it is offered.

    area_code: of the area that it serves, a street or the whole city too. capacity: how many times it can be had.
    people_max: people each time, 0 for no limit. cost_fen: what it costs the community each time.
    """

    title: str
    category: str
    area_code: str
    organization_id: int
    words: str = ""
    capacity: int = 1
    people_max: int = 0
    hours: tuple[str, ...] = ()
    from_date: date | None = None
    until_date: date | None = None
    repeats: str = Repeats.ON_CALL.value
    cost_fen: int = 0
    round_code: str = ""


@dataclass(frozen=True, slots=True)
class Terms:
    """What is agreed on: the day (None while open), how many people, and words."""

    on: date | None = None
    people: int = 1
    words: str = ""


@dataclass(frozen=True, slots=True)
class NewOrder:
    """One order of many. need_id: None for a resource ordered without a need, then area_code says where."""

    resource_id: int
    need_id: int | None = None
    area_code: str = ""
    terms: Terms = Terms()


@dataclass(frozen=True, slots=True)
class ShippedCategory:
    """A category as a release brings it. group: one of the four kinds of joint work."""

    code: str
    name: str
    group: str


class NeedUnknown(NotFound):
    """There is no such need, or the viewer may not know that there is."""


class ResourceUnknown(NotFound):
    """There is no such resource, or the viewer may not know that there is."""


class AgreementUnknown(NotFound):
    """There is no such agreement, or the viewer may not know that there is."""


class WrongState(Conflict):
    """The entry or the agreement is not in a state from which this leads anywhere."""


class NoCapacity(Conflict):
    """All of the resource's capacity is taken."""


class AlreadyOrdered(Conflict):
    """The resource has been ordered for this need, and the order stands."""


class TermsChanged(Conflict):
    """The other side has changed the terms since they were read."""


class AlreadyEvaluated(Conflict):
    """This side has evaluated the agreement before."""


class BadEntry(Invalid):
    """What was entered cannot stand on a list."""


class BadRule(Invalid):
    """A category, a round or a setting that cannot stand."""


def shipped_categories() -> list[ShippedCategory]:
    """Return the categories of `data/categories.toml`, in its order."""
    return [ShippedCategory(code, **each) for code, each in read_shipped("exchange", "categories.toml").items()]


def read_steps(lines: Iterable[str]) -> tuple[tuple[str, int], ...]:
    """Return the steps written "name | days", one a line. Raises BadRule."""
    found = []
    for line in lines:
        name, _bar, days = (part.strip() for part in line.replace("｜", "|").rpartition("|"))
        if not 0 < len(name) <= TITLE_LENGTH_MAX or not (days.isascii() and days.isdigit() and len(days) <= 4):
            sentence = gettext("每行一个节点：名称 | 天数")
            raise BadRule(sentence, {"project_steps": sentence})
        found.append((name, int(days)))
    if len(found) > STEPS_MAX:
        sentence = gettext("节点最多 %(n)d 个") % {"n": STEPS_MAX}
        raise BadRule(sentence, {"project_steps": sentence})
    return tuple(found)
