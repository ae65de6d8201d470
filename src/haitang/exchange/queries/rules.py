"""Categories, rounds and settings in force: a snapshot, since every page asks for them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache, partial
from typing import Any

from django.utils.translation import gettext as _

from haitang.core.access import Actor, require
from haitang.core.policy import Policy
from haitang.core.shipped import SettingLine, Settings, read_shipped
from haitang.exchange.models import ExchangeSetting, ListCategory, Round
from haitang.exchange.values import BadEntry, Permission


@dataclass(frozen=True, slots=True)
class CategoryRef:
    """One category."""

    id: int
    code: str
    name: str
    group: str
    is_active: bool


@dataclass(frozen=True, slots=True)
class RoundRef:
    """One round of collecting, over [from_date, until_date]."""

    id: int
    code: str
    name: str
    area_id: int
    from_date: date
    until_date: date | None
    makes_projects: bool

    def is_open(self, on: date) -> bool:
        """Tell whether entries may still be added on that day."""
        return self.from_date <= on and (self.until_date is None or on <= self.until_date)


@dataclass(frozen=True, slots=True)
class Rules:
    """Everything about the lists that is decided per city."""

    categories: tuple[CategoryRef, ...]
    rounds: tuple[RoundRef, ...]
    settings: Mapping[str, Any]

    def category(self, code: str) -> CategoryRef:
        """Return the category by its code or name, if it is in use. Raises BadEntry."""
        for each in self.categories:
            if each.is_active and code in (each.code, each.name):
                return each
        raise BadEntry(_("没有这个类别"), {"category": _("没有这个类别")})

    def category_of(self, category_id: int) -> CategoryRef:
        """Return the category of a row."""
        return next(each for each in self.categories if each.id == category_id)

    def round(self, code: str) -> RoundRef | None:
        """Return the round by its code, None for ""; raise BadEntry where there is none."""
        if not code:
            return None
        for each in self.rounds:
            if each.code == code:
                return each
        raise BadEntry(_("没有这个征集批次"), {"round": _("没有这个征集批次")})

    def round_of(self, round_id: int | None) -> RoundRef | None:
        """Return the round of a row, None where it belongs to none."""
        return next((each for each in self.rounds if each.id == round_id), None)

    def setting(self, key: str) -> Any:
        """Return the value in force, the office's own or the shipped one."""
        return self.settings[key]


SETTINGS = Settings(cache(partial(read_shipped, "exchange", "settings.toml")), ExchangeSetting)


def _load() -> Rules:
    categories = ListCategory.objects.order_by("order", "id").values_list("id", "code", "name", "group", "is_active")
    rounds = Round.objects.order_by("-from_date", "id").values_list(
        "id", "code", "name", "area_id", "from_date", "until_date", "makes_projects"
    )
    return Rules(
        tuple(CategoryRef(*row) for row in categories), tuple(RoundRef(*row) for row in rounds), SETTINGS.values()
    )


RULES = Policy("exchange.rules", _load)


def rules() -> Rules:
    """Return the categories, rounds and settings in force; costs look-ups unless an action has touched them since."""
    return RULES.get()


def list_exchange_settings(*, viewer: Actor) -> list[SettingLine]:
    """Return every setting with its source, in the order of the shipped file. Raises NotAllowed."""
    require(viewer, Permission.MANAGE)
    return SETTINGS.lines()
