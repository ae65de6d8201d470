"""What the tests of every app need: the day on which they play, and actors with grants, without any row behind them."""

from dataclasses import replace
from datetime import UTC, date, datetime

from haitang.core.access import EVERYWHERE, Actor, Grant

NOW = datetime(2026, 5, 6, 1, 30, tzinfo=UTC)
"""A Wednesday, 09:30 in Asia/Shanghai, the first working day after the holiday of 1 May."""
TODAY = date(2026, 5, 6)
START = date(2020, 1, 1)
"""The day from which all of the town is valid."""
NOBODY = Actor("李明", id=2)
"""Somebody with an account who may do nothing."""


def actor_with(
    *permissions: str,
    area_path: str | None = None,
    organization_id: int | None = None,
    account_id: int = 1,
    name: str = "测试员",
    organization_name: str = "",
) -> Actor:
    """Return an account's actor that holds the permissions over that area and organization; everywhere, if neither.

    The organization named is also the one that the actor acts for.
    """
    if area_path is None and organization_id is None:
        area_path = EVERYWHERE
    grants = set()
    for permission in permissions:
        if area_path is not None:
            grants.add(Grant(permission, area_path=area_path))
        if organization_id is not None:
            grants.add(Grant(permission, organization_id=organization_id))
    return Actor(
        name,
        id=account_id,
        organization_id=organization_id,
        organization_name=organization_name,
        grants=frozenset(grants),
    )


def also(actor: Actor, *permissions: str) -> Actor:
    """Return the actor with these permissions besides, everywhere."""
    return replace(actor, grants=actor.grants | actor_with(*permissions).grants)
