"""Who is asking, and what they hold over which part of the territory or which organization.

Access is three questions: does the actor *hold* the permission (here), stand in the right
*relation* to the row (each app's `policies`), is the row in the right *state* (`lifecycle`).
"""

import json
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from functools import cached_property
from typing import Any

from haitang.core.errors import NotAllowed, NotSignedIn, Refusal

EVERYWHERE = "/"


@dataclass(frozen=True, slots=True)
class Grant:
    """One permission over one part of the territory or one organization.

    area_path: materialised path of area ids, "/1/23/456/"; the grant covers it and all below.
        "/" covers the whole tenant. None when the grant is over an organization.
    organization_id: the organization covered, None when the grant is over an area.
    """

    permission: str
    area_path: str | None = None
    organization_id: int | None = None


class Kind(StrEnum):
    """What sort of party acts."""

    ACCOUNT = "account"
    TOKEN = "token"  # noqa: S105 - a kind of party, not a password
    SYSTEM = "system"
    VISITOR = "visitor"


@dataclass(frozen=True)
class Actor:
    """A signed-in person, an integration's token, the system itself, or a visitor without account.

    id: the account's id; None for the system and for visitors.
    name, organization_name: as they are to stand in the history.
    organization_id: the organization the actor acts for (the main post held), None for residents.
    standing_in_for: the account in whose place the actor acts, None for the own; the name then says both.
    elevated_until: when the first of the grants ends that were given for some hours only; None without such.
    """

    name: str
    kind: Kind = Kind.ACCOUNT
    id: int | None = None
    organization_id: int | None = None
    organization_name: str = ""
    grants: frozenset[Grant] = field(default=frozenset(), repr=False)  # hundreds: no line of a log or a test reads them
    standing_in_for: int | None = None
    elevated_until: datetime | None = None

    @cached_property
    def _by_permission(self) -> dict[str, tuple[frozenset[str], frozenset[int]]]:
        held: dict[str, tuple[set[str], set[int]]] = {}
        for grant in self.grants:
            paths, organizations = held.setdefault(grant.permission, (set(), set()))
            if grant.area_path is not None:
                paths.add(grant.area_path)
            if grant.organization_id is not None:
                organizations.add(grant.organization_id)
        return {p: (frozenset(a), frozenset(o)) for p, (a, o) in held.items()}

    @cached_property
    def sight(self) -> str:
        """What the database is told of them, as JSON: accounts, and by app areas and organizations; see core.wall."""
        areas: dict[str, set[int]] = {}
        organizations: dict[str, set[int]] = {}
        for permission, (paths, held) in self._by_permission.items():
            app = permission.partition(".")[0]
            areas.setdefault(app, set()).update(int(path.rstrip("/").rpartition("/")[2] or 0) for path in paths)
            organizations.setdefault(app, set()).update(held)
        told = {
            "accounts": [each for each in (self.id, self.standing_in_for) if each is not None],
            "areas": {app: sorted(ids) for app, ids in sorted(areas.items()) if ids},
            "organizations": {app: sorted(ids) for app, ids in sorted(organizations.items()) if ids},
        }
        return json.dumps({key: each for key, each in told.items() if each}, separators=(",", ":"))

    @property
    def permissions(self) -> Collection[str]:
        """Every permission that is held anywhere."""
        return self._by_permission.keys()

    def areas(self, permission: str) -> frozenset[str]:
        """Return the area paths over which the permission is held (none of them need be minimal)."""
        return self._by_permission.get(permission, (frozenset(), frozenset()))[0]

    def organizations(self, permission: str) -> frozenset[int]:
        """Return the ids of the organizations over which the permission is held."""
        return self._by_permission.get(permission, (frozenset(), frozenset()))[1]

    def holds(self, permission: str, *, area_path: str | None = None, organization_id: int | None = None) -> bool:
        """Tell whether the permission is held over that area or that organization.

        With neither named: whether it is held anywhere at all (to show or hide a page).
        """
        paths, organizations = self._by_permission.get(permission, (frozenset(), frozenset()))
        if area_path is None and organization_id is None:
            return bool(paths or organizations)
        if area_path is not None and any(area_path.startswith(path) for path in paths):
            return True
        return organization_id is not None and organization_id in organizations

    @property
    def is_known(self) -> bool:
        """Whether the actor is an account, a token or the system, and not a visitor."""
        return self.kind is not Kind.VISITOR


VISITOR = Actor("来访者", Kind.VISITOR)


def system(name: str = "系统", *grants: Grant) -> Actor:
    """Return the actor for the clock's own work and for set-up commands.

    It holds nothing but what is listed: a job that needs a permission names it.
    """
    return Actor(name, Kind.SYSTEM, grants=frozenset(grants))


def require(actor: Actor, permission: str, *, area_path: str | None = None, organization_id: int | None = None) -> None:
    """Raise NotSignedIn for a visitor, NotAllowed unless the permission is held over that scope."""
    if actor.holds(permission, area_path=area_path, organization_id=organization_id):
        return
    if not actor.is_known:
        raise NotSignedIn("请先登录")
    raise NotAllowed("您没有此项权限，请联系本单位的系统管理员")


def allows(check: Callable[..., None], *args: Any) -> bool:
    """Turn a policy check into yes or no, for showing or hiding a button."""
    try:
        check(*args)
    except Refusal:
        return False
    return True


ANYONE = "anyone"
SIGNED_IN = "signed_in"


def allow(permission: str) -> Callable:
    """Name, on an entrance, the permission its action or query will require.

    ANYONE marks an entrance open without an account, SIGNED_IN one that asks only for a known
    actor. The middleware and the API turn away whoever does not hold the permission anywhere
    (`check_mark`), before they read what was sent; the action still asks over the very row.
    Architecture tests refuse an entrance with no mark, and an operation that lets such a caller in.
    """

    def mark(entrance: Callable) -> Callable:
        entrance.permission = permission  # type: ignore[attr-defined]  # functions take attributes
        return entrance

    return mark


def check_mark(actor: Actor, mark: str) -> None:
    """Raise NotSignedIn or NotAllowed unless the actor may pass an entrance that is marked so (see `allow`)."""
    if mark == SIGNED_IN and not actor.is_known:
        raise NotSignedIn("请先登录")
    if mark not in (ANYONE, SIGNED_IN):
        require(actor, mark)
