"""A small town with people in it: what the tests of this app begin with."""

from datetime import UTC, date, datetime
from itertools import count

import pytest

from haitang.core.access import Actor
from haitang.core.models import Entry
from haitang.core.testing import actor_with
from haitang.organizations import actions as organization_actions
from haitang.organizations.values import Kind, NewOrganization, PostKind
from haitang.people import actions
from haitang.people.models import Account, Holding, Person
from haitang.people.values import Permission
from haitang.territory import actions as territory_actions

NOW = datetime(2026, 5, 1, 2, tzinfo=UTC)
TODAY = date(2026, 5, 1)
START = date(2026, 1, 1)
PASSWORD = "Haitang-2026"
FOUNDER = actor_with(
    *Permission, "territory.area.manage", "organizations.organization.manage", account_id=900_001, name="建设者"
)

_numbers = count(1)


def build_areas() -> dict[str, int]:
    """Create a city, two streets and a community with a grid; return their ids by a short word."""
    rows = [
        {"code": "320500000000", "name": "海棠市", "kind": "city"},
        {"code": "320585001000", "name": "海棠街道", "kind": "street", "parent_code": "320500000000"},
        {"code": "320585002000", "name": "玉兰街道", "kind": "street", "parent_code": "320500000000"},
        {"code": "320585001001", "name": "太平社区", "kind": "community", "parent_code": "320585001000"},
        {"code": "320585001001001", "name": "太平第一网格", "kind": "grid", "parent_code": "320585001001"},
    ]
    areas = territory_actions.create_areas(actor=FOUNDER, rows=[{**row, "valid_from": START} for row in rows], now=NOW)
    words = ("city", "street", "other_street", "community", "grid")
    return dict(zip(words, (area.pk for area in areas), strict=True))


def build_organization(name: str = "城管局") -> int:
    """Enter an organization and return its id."""
    new = NewOrganization(code=f"o{next(_numbers)}", name=name, kind=Kind.OTHER, valid_from=START)
    return organization_actions.create_organization(actor=FOUNDER, new=new, now=NOW).pk


def build_post(organization_id: int, kind: str = PostKind.HANDLER, area_id: int | None = None) -> int:
    """Create a post in the organization and return its id."""
    return organization_actions.create_post(
        actor=FOUNDER,
        organization_id=organization_id,
        title="岗位",
        kind=kind,
        area_id=area_id,
        from_date=START,
        now=NOW,
    ).pk


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


def give(account: Account, role: str = "", *, actor: Actor = FOUNDER, **more: object):
    """Give the account a role, or a permission, from the start of the year."""
    return actions.give_grant(
        actor=actor, account_id=account.pk, role=role, reason="工作需要", **{"from_date": START, "now": NOW, **more}
    )


def appoint(person: Person, post_id: int, **more: object) -> Holding:
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
