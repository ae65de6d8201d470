"""The city that is measured: the demo's areas and desks, and an account that may do everything to cases."""

from dataclasses import dataclass
from datetime import date, datetime

from haitang.cases import actions as case_actions
from haitang.cases.values import Permission
from haitang.core import access
from haitang.core.access import EVERYWHERE, Grant
from haitang.demo import units
from haitang.demo.city import SEED, City, plan_city
from haitang.indicators.values import Permission as IndicatorPermission
from haitang.organizations import actions as organization_actions
from haitang.organizations.values import NewOrganization
from haitang.organizations.values import Permission as OrganizationPermission
from haitang.people import actions as people_actions
from haitang.people.queries import get_account_id
from haitang.people.values import Permission as PeoplePermission
from haitang.territory import actions as area_actions
from haitang.territory.queries import territory
from haitang.territory.values import Permission as AreaPermission

START = date(2020, 1, 1)
USERNAME = "bench"
REQUESTS_PER_MINUTE = 120_000
"""Twice what the site answers: requests are counted as everywhere, and none is refused."""
_OFFICES = frozenset({"government_department", "street_office", "community", "command_center", "public_service"})


@dataclass(frozen=True, slots=True)
class Ground:
    """What stands before the first case. token: of the account `bench`."""

    city: City
    token: str


def actor(*permissions: str) -> access.Actor:
    """Return the benchmark as an actor that holds these permissions everywhere."""
    return access.system("性能测试", *(Grant(permission, area_path=EVERYWHERE) for permission in permissions))


def build(now: datetime, city: City | None = None) -> Ground:
    """Build the city through the apps' actions: 1 + 11 + 65 + 504 areas, its offices, the catalogue as shipped.

    city: a part of it, where that is enough.
    """
    city = city or plan_city(SEED)
    places = [city.root, *city.streets, *city.communities, *city.grids]
    area_actions.create_areas(
        actor=actor(AreaPermission.MANAGE),
        rows=[
            {"code": place.code, "name": place.name, "kind": place.kind, "parent_code": place.parent,
             "boundary": place.boundary, "boundary_source": "性能测试", "valid_from": START}
            for place in places
        ],
        now=now,
    )  # fmt: skip
    areas = territory()
    offices = [each for each in units.plan_organizations(city, SEED) if each.kind in _OFFICES]
    organization_actions.create_organizations(
        actor=actor(OrganizationPermission.MANAGE),
        news=[
            NewOrganization(
                code=office.code, name=office.name, kind=office.kind, valid_from=START,
                areas=tuple(
                    (relation, area.id) for relation, code in office.areas if (area := areas.by_code(code)) is not None
                ),
            )
            for office in offices
        ],
        now=now,
    )  # fmt: skip
    case_actions.load_default_catalog(actor=actor(Permission.MANAGE_CATALOG), now=now)
    people = actor(PeoplePermission.ACCOUNT_MANAGE, PeoplePermission.GRANT_MANAGE)
    account = people_actions.create_account(
        actor=people, username=USERNAME, name="性能测试", password="", temporary=False, now=now
    )
    for permission in (
        Permission.VIEW, Permission.REPORT, Permission.ACCEPT, Permission.VIEW_CONFIDENTIAL, IndicatorPermission.VIEW,
    ):  # fmt: skip
        people_actions.give_grant(
            actor=people, account_id=account.pk, permission=str(permission), reason="性能测试", from_date=START, now=now
        )
    return Ground(city, new_token(account.pk, now))


def is_built() -> bool:
    """Tell whether an earlier run has left its city."""
    return bool(territory().children(None))


def again(now: datetime) -> Ground:
    """Return the city that an earlier run has left, with a new token."""
    return Ground(plan_city(SEED), new_token(get_account_id(USERNAME), now))


def new_token(account_id: int, now: datetime) -> str:
    """Return a new API token of the account, for more requests than one integration is allowed."""
    for key in ("token_requests_per_minute", "address_requests_per_minute"):
        people_actions.change_sign_in_rule(
            actor=actor(PeoplePermission.GRANT_MANAGE), key=key, value=REQUESTS_PER_MINUTE, now=now
        )
    _row, token = people_actions.create_token(
        actor=actor(PeoplePermission.ACCOUNT_MANAGE), account_id=account_id, name="性能测试", expires_at=None, now=now
    )
    return token
