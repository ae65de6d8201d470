"""What the tests of every app need: actors with grants, without any row behind them."""

from haitang.core.access import EVERYWHERE, Actor, Grant


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
