"""Types of service and settings in force: a snapshot, since every page asks for them."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from django.utils.translation import gettext as _

from haitang.core.access import Actor, require
from haitang.core.policy import Policy
from haitang.core.shipped import SettingLine
from haitang.orders.models import OrderSetting, ServiceType
from haitang.orders.values import OFFICES, PEOPLE, Permission, ServiceNotFound, shipped_settings


@dataclass(frozen=True, slots=True)
class TypeRef:
    """A type of service in force."""

    id: int
    code: str
    name: str
    group: str
    words: str
    variant: str
    orderers: tuple[str, ...]
    dispatcher: str
    acceptors: tuple[str, ...]
    skills: tuple[str, ...]
    minutes: int
    is_automatic: bool
    is_active: bool

    @property
    def takes_people(self) -> bool:
        """Whether people accept as themselves."""
        return bool(PEOPLE & set(self.acceptors))

    @property
    def office_kinds(self) -> frozenset[str]:
        """The kinds of organization that accept."""
        return frozenset().union(*(OFFICES.get(acceptor, frozenset()) for acceptor in self.acceptors))


@dataclass(frozen=True, slots=True)
class Rules:
    """Everything about orders that is decided per city."""

    types: tuple[TypeRef, ...]
    by_id: Mapping[int, TypeRef]
    settings: Mapping[str, Any]

    def type_of(self, code: str) -> TypeRef:
        """Return the type of that code. Raises ServiceNotFound."""
        found = next((each for each in self.types if each.code == code), None)
        if found is None:
            raise ServiceNotFound(_("没有这类服务"))
        return found

    def setting(self, key: str) -> Any:
        """Return the value in force, the office's own or the shipped one."""
        return self.settings[key]


def _load() -> Rules:
    types = tuple(
        TypeRef(
            row.pk, row.code, row.name, row.group, row.words, row.variant, tuple(row.orderers), row.dispatcher,
            tuple(row.acceptors), tuple(row.skills), row.minutes, row.is_automatic, row.is_active,
        )
        for row in ServiceType.objects.order_by("id")
    )  # fmt: skip
    settings = {key: each["value"] for key, each in shipped_settings().items()}
    settings |= dict(OrderSetting.objects.values_list("key", "value"))
    return Rules(types, MappingProxyType({each.id: each for each in types}), settings)


RULES = Policy("orders.rules", _load)


def order_rules() -> Rules:
    """Return the types and settings in force; costs look-ups unless an action has touched them since."""
    return RULES.get()


def list_order_settings(*, viewer: Actor) -> list[SettingLine]:
    """Return every setting with its source, in the order of the shipped file. Raises NotAllowed."""
    require(viewer, Permission.SETTINGS)
    own = dict(OrderSetting.objects.values_list("key", "value"))
    return [
        SettingLine(key, own.get(key, each["value"]), each["source"], key in own)
        for key, each in shipped_settings().items()
    ]
