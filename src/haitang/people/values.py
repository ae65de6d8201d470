"""The words of people: permissions, refusals, the duties that exclude one another, how a telephone is written."""

import re
import secrets
import tomllib
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from haitang.core.access import Actor
from haitang.core.errors import Conflict, Invalid, NotAllowed, NotFound, TooMany
from haitang.core.ports import Port


class Permission(StrEnum):
    """What may be done to people, accounts and grants."""

    PERSON_MANAGE = "people.person.manage"
    PERSON_UNMASK = "people.person.unmask"
    ACCOUNT_MANAGE = "people.account.manage"
    GRANT_MANAGE = "people.grant.manage"
    DELEGATION_MANAGE = "people.delegation.manage"


HISTORY_AUDIT = "core.history.audit"
CASE_WORK = (
    "alliances.committee.", "alliances.link.", "callbacks.task.", "callups.callup.", "cases.case.",
    "cases.confidential.", "councils.council.", "councils.topic.", "councils.question.",
    "exchange.agreement.", "exchange.list.", "exchange.need.",
    "exchange.resource.", "ferry.package.", "indicators.exclusion.", "merging.case.", "opinions.conversation.",
    "opinions.statement.", "orders.offer.", "orders.order.", "oversight.case.", "oversight.request.",
    "owners.ballot.", "owners.decision.", "owners.estate.",
    "patrols.dispute.", "patrols.hazard.", "patrols.household.",
    "patrols.round.", "patrols.visit.", "points.reward.", "projects.project.", "projects.selection.",
    "privacy.request.", "rounds.council.", "rounds.proposal.", "rounds.round.",
    "servicedays.day.", "surveys.answer.", "surveys.review.", "surveys.survey.",
    "volunteers.register.", "voting.paper.", "voting.roll.", "voting.vote.",
    "whistles.whistle.", "wishes.claim.", "wishes.wish.",
)  # fmt: skip
"""Prefixes of the permissions to see and handle cases and what belongs to them; keeping categories, routes and rules is
none of it. A test has every permission stand here or be named as administration."""


DELEGATION_DAYS_MAX = 366
DEPUTY_MAY_KNOW: Port[Callable[[Actor, str, int | None], bool]] = Port("whether a deputy may be told of a matter")
"""Asked of a deputy, as whom it stands in for, with the notice's subject_type and subject_id; True for what is not
the app's own."""
STANDING_IN = "standing_in_for"
"""Under which a session keeps in whose place its account acts."""
SINCE, SEEN = "since", "seen"
"""Under which a session keeps when it began and when it was last used, in seconds since 1970."""
FACTOR = "second_factor"
"""Under which a session keeps that a second factor was shown in it."""
FACTOR_SECRETS = "mfa.authenticator.data"
"""The context for which secrets of second factors are sealed."""
ON_OWN_PHONE = "own_phone"
"""Under which a session keeps that its owner has switched this phone on for field work."""
NOT_DELEGATED = (
    "cases.confidential.", "owners.ballot.", "owners.decision.", "people.", "voting.paper.", "voting.vote.administer",
    HISTORY_AUDIT,
)  # fmt: skip
"""Prefixes of what nobody does in another's place: denunciations are entrusted to persons by name (举报人保密), votes
take two people, and who may do what, and who stands in for whom, is not passed on."""


class Duty(StrEnum):
    """The three administrators: one account has one of these duties at a time, and none has cases as well.

    Source: GB/T 22239-2019 (等保 2.0), 8.1.5: system, audit and security management are separate.
    """

    NONE = ""
    SYSTEM = "system"
    SECURITY = "security"
    AUDIT = "audit"


DUTY_OF = {
    Permission.ACCOUNT_MANAGE: Duty.SYSTEM,
    Permission.GRANT_MANAGE: Duty.SECURITY,
    HISTORY_AUDIT: Duty.AUDIT,
}
"""The permission that makes an administrator, and of which of the three sorts."""


def duty_of(permissions: set[str]) -> Duty:
    """Return the administrator's duty that goes with these permissions, NONE for ordinary work.

    Raises DutiesMixed if they belong to two administrators, or to one and to the handling of cases.
    """
    duties = {DUTY_OF[p] for p in permissions if p in DUTY_OF}
    if len(duties) > 1:
        raise DutiesMixed(_("系统、安全、审计管理员三员分立，不能兼任"))
    if duties and any(p.startswith(CASE_WORK) for p in permissions):
        raise DutiesMixed(_("管理员不能同时办理案件"))
    return duties.pop() if duties else Duty.NONE


@dataclass(frozen=True)
class ShippedRole:
    """A role as this release ships it."""

    code: str
    name: str
    description: str
    permissions: tuple[str, ...]


def shipped_roles() -> list[ShippedRole]:
    """Return the roles of `data/roles.toml`, in its order."""
    data = tomllib.loads((Path(__file__).parent / "data" / "roles.toml").read_text(encoding="utf-8"))
    return [
        ShippedRole(code, role["name"], role["description"], tuple(role["permissions"])) for code, role in data.items()
    ]


@cache
def permission_groups() -> dict[str, dict[str, str]]:
    """Return every permission with its Chinese name, by group, as `data/permissions.toml` lists them."""
    return tomllib.loads((Path(__file__).parent / "data" / "permissions.toml").read_text(encoding="utf-8"))


def permission_names() -> dict[str, str]:
    """Return the Chinese name of every permission."""
    return {code: name for named in permission_groups().values() for code, name in named.items()}


class PostKind(StrEnum):
    """The kinds of posts that a rule of this app depends on; all kinds belong to organizations."""

    GRID_WORKER = "grid_worker"


class AccountUnknown(NotFound):
    """There is no such account."""


class PersonUnknown(NotFound):
    """There is no such person, or not within the asker's reach."""


class RoleUnknown(NotFound):
    """There is no such role."""


class UsernameTaken(Conflict):
    """Another account signs in under this name."""


class PersonHasAccount(Conflict):
    """The person already signs in with an account."""


class RoleCodeTaken(Conflict):
    """Another role has this code."""


class DutiesMixed(Conflict):
    """One account or role would be two of the three administrators, or an administrator who handles cases."""


class AdministratorsExist(Conflict):
    """The installation has an administrator already: the first ones are made once."""


class GridHasWorker(Conflict):
    """Somebody else is the grid's worker in this period."""


class PostAlreadyHeld(Conflict):
    """The same person holds the same post in this period."""


class OwnGrant(NotAllowed):
    """Nobody gives a permission to themselves."""


class GrantOver(Conflict):
    """The grant is no longer valid."""


class DelegationRefused(Conflict):
    """Nobody may stand in like that: an administrator, oneself, a stranger, or on behalf of a third."""


class DelegationOver(Conflict):
    """Nobody stands in any more."""


class StillInOffice(Conflict):
    """Who holds or held a post or a grant cannot have their account erased: what they did is on record by law."""


class HoldingOver(Conflict):
    """The post is no longer held."""


class TokenOver(Conflict):
    """The token is already revoked."""


class OutOfReach(NotAllowed):
    """The other account holds something beyond the administrator's own scope."""


class AdministratorApart(NotAllowed):
    """One of the three administrators would be able to act as another."""


class WrongPassword(Invalid):
    """The present password given is not the right one."""


class Locked(TooMany):
    """So many attempts have failed in a row that nobody signs in under this name, or from this address, for a while."""


class ScopeMissing(NotAllowed):
    """The account may, but this token of it was not made for that."""


class NotElevated(NotAllowed):
    """Such a permission is not given for a while, or not to this account."""


class AskedAlready(Conflict):
    """The same permission is held already, or asked for and not yet decided."""


class ElevationDecided(Conflict):
    """Somebody has decided, or it has ended."""


PRODUCTION = "production"
"""What HAITANG_ENV says on an installation in use."""


def matches(permission: str, patterns: Iterable[str]) -> bool:
    """Tell whether the permission is among those named; "*.unmask" names all that end so."""
    return any(permission == each or (each[:1] == "*" and permission.endswith(each[1:])) for each in patterns)


READ, WRITE, UNMASK = "read", "write", "unmask"
"""What a token may be for: reading or writing in one area of the API ("cases:read"), and seeing hidden telephone
numbers and addresses anywhere ("unmask")."""


def scope_of(app: str, methods: Collection[str], mark: str) -> str:
    """Return the scope that a token needs for an operation of the app, marked with that permission (core.access)."""
    if mark.endswith(f".{UNMASK}"):
        return UNMASK
    return f"{app}:{READ if set(methods) <= {'GET', 'HEAD'} else WRITE}"


@cache
def api_areas() -> dict[str, str]:
    """Return the areas of the API with their Chinese names, as `data/scopes.toml` lists them."""
    return tomllib.loads((Path(__file__).parent / "data" / "scopes.toml").read_text(encoding="utf-8"))


_BROWSERS = (
    ("MicroMessenger", "微信"), ("wxwork", "企业微信"), ("DingTalk", "钉钉"), ("HuaweiBrowser", "华为浏览器"),
    ("QQBrowser", "QQ浏览器"), ("UCBrowser", "UC浏览器"), ("Edg", "Edge"), ("Firefox", "Firefox"), ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)  # fmt: skip
_SYSTEMS = (
    ("HarmonyOS", "鸿蒙"), ("OpenHarmony", "鸿蒙"), ("Android", "安卓"), ("iPhone", "iPhone"), ("iPad", "iPad"),
    ("Windows", "Windows"), ("Mac OS", "macOS"), ("UOS", "统信"), ("Kylin", "麒麟"), ("Linux", "Linux"),
)  # fmt: skip


def device_of(user_agent: str) -> str:
    """Return browser and system in words, "Chrome · Windows", "" where nothing is known. They prove nothing."""
    found = [next((word for part, word in named if part in user_agent), "") for named in (_BROWSERS, _SYSTEMS)]
    return " · ".join(filter(None, found))


_PHONE = re.compile(r"\+?\d{3,15}")


def normalize_phone(typed: str) -> str:
    """Return the telephone number as digits only, "" for nothing: "138 0000-1234" gives "13800001234".

    A leading +86 or 0086 is dropped. Raises Invalid for anything that is no number of 3 to 15 digits.
    """
    plain = re.sub(r"[\s\-()（）－—]", "", typed.translate(_FULL_WIDTH))
    if not plain:
        return ""
    if not plain.isascii() or not _PHONE.fullmatch(plain):
        raise Invalid(_("电话号码应为 3 至 15 位数字"), {"phone": _("电话号码应为 3 至 15 位数字")})
    for prefix in ("+86", "0086"):
        if plain.startswith(prefix) and len(plain) > 9:
            return plain[len(prefix) :]
    return plain


def clean_text(text: str, *, field: str, label: str, length_max: int, required: bool = True) -> str:
    """Return the text without surrounding space.

    Raises Invalid, naming the field, if it is too long, holds a NUL, or is empty where it must not be.
    """
    plain = text.strip()
    if required and not plain:
        sentence = _("请填写%(label)s") % {"label": label}
    elif len(plain) > length_max:
        sentence = _("%(label)s不能超过 %(max)d 个字") % {"label": label, "max": length_max}
    elif "\x00" in plain:
        sentence = _("%(label)s含有无效字符") % {"label": label}
    else:
        return plain
    raise Invalid(sentence, {field: sentence})


def random_password() -> str:
    """Return a password that nobody has chosen, for a first sign-in."""
    return f"Ht-{secrets.token_urlsafe(12)}-7"


_FULL_WIDTH = str.maketrans("０１２３４５６７８９＋", "0123456789+")

_KINDS = (str.islower, str.isupper, str.isdigit)


def kinds_of(password: str) -> int:
    """Return how many kinds of characters a password mixes: small and capital letters, digits, and the rest."""
    return len({next((i for i, is_kind in enumerate(_KINDS) if is_kind(c)), len(_KINDS)) for c in password})


EVERYWHERE_NAME = gettext_lazy("全域")
