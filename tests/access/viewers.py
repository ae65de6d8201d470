"""Who asks: every shipped role over the community whose things are asked for, over its neighbour, over one of another
street; somebody with an account and no role; and nobody."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from haitang.core.access import VISITOR, Actor
from haitang.demo import founding
from haitang.demo.units import code_of
from haitang.people import actions
from haitang.people.queries import get_actor
from haitang.people.values import DUTY_OF, shipped_roles
from haitang.territory.queries import territory
from haitang.testing.actors import START
from haitang.testing.people import FOUNDER

OWN, NEIGHBOUR, OTHER = POSITIONS = ("own", "neighbour", "other")
OF_AN_ORGANIZATION = {"department_handler", "unit_liaison"}
"""Roles that are given over an organization: here the residents' committee of the community."""
NOBODY, RESIDENT, ALL_AT_ONCE = "nobody", "resident", "all_at_once"


@dataclass(frozen=True)
class Viewer:
    """One who asks. role: a shipped one's code. position: where it is held, "" for who holds nothing.

    area_path: of that community, "" for none.
    """

    role: str
    position: str = ""
    account_id: int = 0
    area_path: str = ""

    @property
    def actor(self) -> Actor:
        """The viewer as the site knows them."""
        return get_actor(self.account_id) if self.account_id else VISITOR

    def __str__(self) -> str:
        return f"{self.role} ({self.position})" if self.position else self.role


def roles() -> list[str]:
    """Return the columns of the table: the roles that may do anything, in the order in which they are shipped."""
    return [role.code for role in shipped_roles() if role.permissions]


def settle(codes: dict[str, str], now: datetime) -> list[Viewer]:
    """Give every role to an account over each community. codes: of the communities by position."""
    permissions = {permission for role in shipped_roles() for permission in role.permissions}
    actions.create_role(
        actor=FOUNDER,
        code=ALL_AT_ONCE,
        name="一切权限",
        description="",
        permissions=permissions - set(DUTY_OF),
        now=now,
    )
    return [Viewer(NOBODY), Viewer(RESIDENT, account_id=_account(RESIDENT, now)), *_holders(codes, now)]


def _holders(codes: dict[str, str], now: datetime) -> Iterator[Viewer]:
    for position, code in codes.items():
        path = territory().by_code(code).path
        for role in [*roles(), ALL_AT_ONCE]:
            account_id = _account(f"{role}-{position}", now)
            over = {"area_id": founding.area_id(code)}
            if role in OF_AN_ORGANIZATION:
                over = {"organization_id": founding.organization_id(code_of("community", code))}
            actions.give_grant(
                actor=FOUNDER, account_id=account_id, role=role, from_date=START, reason="访问表", now=now, **over
            )
            yield Viewer(role, position, account_id, path)


def _account(username: str, now: datetime) -> int:
    return actions.create_account(
        actor=FOUNDER, username=f"table-{username}", name="看表人", password="", temporary=False, now=now
    ).pk
