"""Kinds of councils and settings in force: a snapshot, since every page asks for them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache, partial
from typing import Any

from django.utils.translation import gettext as _

from haitang.core.access import Actor, require
from haitang.core.policy import Policy
from haitang.core.shipped import SettingLine, Settings, read_shipped
from haitang.councils.models import CouncilKind, CouncilSetting
from haitang.councils.values import NoSuchKind, Permission
from haitang.worktime.queries import get_calendar
from haitang.worktime.values import Limit, deadline


@dataclass(frozen=True, slots=True)
class KindRef:
    """A kind of council."""

    id: int
    code: str
    name: str
    words: str
    habit: str
    quorum: str
    passes: str
    source: str
    is_active: bool


@dataclass(frozen=True, slots=True)
class Rules:
    """Everything about deliberation that is decided per city."""

    kinds: tuple[KindRef, ...]
    settings: Mapping[str, Any]

    def kind(self, code: str) -> KindRef:
        """Return the kind of that code. Raises NoSuchKind."""
        found = next((each for each in self.kinds if each.code == code), None)
        if found is None:
            raise NoSuchKind(_("没有这一类议事组织"))
        return found

    def kind_by_id(self, kind_id: int) -> KindRef:
        """Return the kind of that id. Raises NoSuchKind."""
        return self.kind(next((each.code for each in self.kinds if each.id == kind_id), ""))


SETTINGS = Settings(cache(partial(read_shipped, "councils", "settings.toml")), CouncilSetting)


def _load() -> Rules:
    rows = CouncilKind.objects.order_by("order", "id").values_list(
        "id", "code", "name", "words", "habit", "quorum", "passes", "source", "is_active"
    )
    return Rules(tuple(KindRef(*row) for row in rows), SETTINGS.values())


RULES = Policy("councils.rules", _load)


def rules() -> Rules:
    """Return kinds and settings in force; costs look-ups unless an action has touched them since."""
    return RULES.get()


def list_council_settings(*, viewer: Actor) -> list[SettingLine]:
    """Return every setting with its source, in the order of the shipped file. Raises NotAllowed."""
    require(viewer, Permission.MANAGE)
    return SETTINGS.lines()


def after(setting: str, start: datetime) -> datetime:
    """Return when the limit of that setting, begun at an instant, is over; on the default calendar."""
    found = deadline(start, Limit.parse(rules().settings[setting]), get_calendar(None))
    assert found is not None  # only an open pause holds a deadline back
    return found
