"""The people of the town, and how a test makes more of them: persons, accounts, grants, holdings."""

from dataclasses import dataclass
from itertools import count
from typing import Any

import pytest

from haitang.core.access import Actor, Grant
from haitang.core.models import Entry
from haitang.people import actions
from haitang.people.models import Account, Holding, Person
from haitang.people.values import Permission, shipped_roles
from haitang.territory.queries import territory
from haitang.territory.values import AreaRef
from haitang.testing import desks, land
from haitang.testing.actors import NOW, START, also

FOUNDER = also(desks.FOUNDER, *Permission)
PASSWORD = "Haitang-2026"

_numbers = count(1)


@dataclass(frozen=True)
class Member:
    """Somebody of the town: name, account's id, and shipped roles over an area (its word) or over the own desk."""

    name: str
    id: int
    roles: tuple[str, ...] = ()
    over: str = ""
    desk: str = ""


CAST = {
    "resident": Member("林阿姨", 900_011),
    "grid": Member("李建国", 900_012, ("grid_worker",), "grid", "CHSQ"),
    "secretary": Member("王书记", 900_013, ("community_secretary",), "spring", "CHSQ"),
    "dispatcher": Member("周敏", 900_014, ("street_dispatcher", "confidential_officer"), "street", "HTJD"),
    "handler": Member("赵强", 900_015, ("department_handler",), desk="ZJJ"),
    "rival": Member("孙伟", 900_016, ("department_handler",), desk="CGJ"),
    "checker": Member("钱芳", 900_017, ("checker",), "street", "HTJD"),
    "leader": Member("郑主任", 900_018, ("leader",), "city"),
    "outsider": Member("外区人员", 900_019, ("street_dispatcher", "checker"), "autumn"),
}
"""By the word under which tests name them; their ids are none that a row will ever get.
The rival is of another department than the handler."""


@dataclass(frozen=True)
class Town:
    """The areas by word, the desks by code, and the people of `CAST` as actors, without any row behind them."""

    areas: dict[str, int]
    desks: dict[str, int]
    resident: Actor
    grid: Actor
    secretary: Actor
    dispatcher: Actor
    handler: Actor
    rival: Actor
    checker: Actor
    leader: Actor
    outsider: Actor

    def area(self, code: str) -> AreaRef:
        """Return the valid area that bears the code."""
        area = territory().by_code(code)
        assert area is not None
        return area

    def account(self, word: str) -> Account:
        """Return a new account with the roles of that member of the cast, for a test that signs in."""
        member = CAST[word]
        account = build_account(member.name)
        over: dict[str, Any] = {"organization_id": self.desks.get(member.desk)}
        if member.over:
            over = {"area_id": self.areas[member.over]}
        for role in member.roles:
            give(account, role, **over)
        return account


def build_town() -> Town:
    """Create the areas and the desks, and return the town with its people in it."""
    areas = land.build_land()
    offices = desks.build_desks(areas)
    permissions = {role.code: role.permissions for role in shipped_roles()}
    tree = territory()

    def actor(member: Member) -> Actor:
        path = tree.area(areas[member.over]).path if member.over else None
        desk = offices.get(member.desk)
        grants = frozenset(
            Grant(permission, area_path=path, organization_id=None if path else desk)
            for role in member.roles
            for permission in permissions[role]
        )
        return Actor(member.name, id=member.id, organization_id=desk, organization_name=member.desk, grants=grants)

    return Town(areas, offices, **{word: actor(member) for word, member in CAST.items()})


def build_person(name: str = "张三", **more: str) -> Person:
    """Enter a person."""
    return actions.create_person(actor=FOUNDER, name=name, now=NOW, **more)


def build_account(name: str = "李四", person: Person | None = None, password: str = "") -> Account:
    """Create an account; without a password nothing slow is computed."""
    return actions.create_account(
        actor=FOUNDER,
        username=f"user{next(_numbers)}",
        name=name,
        password=password,
        person_id=person.pk if person else None,
        temporary=False,
        now=NOW,
    )


def trust_desk(town: Town, desk: str = "ZJJ") -> Account:
    """Let somebody at a desk read denunciations and sign for them: otherwise none is dispatched there."""
    officer = build_account()
    for role in ("department_handler", "confidential_officer"):
        give(officer, role, organization_id=town.desks[desk])
    return officer


def give(account: Account, role: str = "", *, actor: Actor = FOUNDER, **more: Any):
    """Give the account a role, or a permission, from the start of the year."""
    return actions.give_grant(
        actor=actor, account_id=account.pk, role=role, reason="工作需要", **{"from_date": START, "now": NOW, **more}
    )


def appoint(person: Person, post_id: int, **more: Any) -> Holding:
    """Let the person hold the post from the start of the year."""
    return actions.appoint_person(
        actor=FOUNDER, person_id=person.pk, post_id=post_id, **{"from_date": START, "now": NOW, **more}
    )


def refused(refusal, action, **arguments):
    """Tell that the action is refused and that nothing was recorded; return the refusal."""
    before = Entry.objects.count()
    with pytest.raises(refusal) as caught:
        action(**arguments)
    assert Entry.objects.count() == before
    return caught.value
