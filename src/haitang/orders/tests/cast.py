"""What the tests of orders share: a service of the spring community, a member with a skill, an elder who orders."""

from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from typing import Any

from haitang.core.access import Actor
from haitang.core.clock import LOCAL
from haitang.orders import actions
from haitang.orders.models import Offer, Order, Service
from haitang.orders.values import HelperRef, Hours, NewOrder, Permission, ServiceChange
from haitang.organizations.values import AreaRelation
from haitang.organizations.values import Kind as OfficeKind
from haitang.testing.actors import NOW, START, actor_with
from haitang.testing.desks import enter
from haitang.testing.people import CAST, Town, build_account
from haitang.volunteers import actions as register
from haitang.volunteers.models import Volunteer
from haitang.volunteers.values import Management, MemberClass, Relation, VolunteerProfile
from haitang.volunteers.values import Permission as RegisterPermission

KEEPER = actor_with(Permission.MANAGE, Permission.SETTINGS, account_id=900_002, name="目录管理员")
REGISTRAR = actor_with(RegisterPermission.MANAGE, RegisterPermission.VIEW, account_id=900_003, name="登记员")
GRID = "320585001001001"
COMMUNITY = "320585001001"
BEGINS = datetime(2026, 5, 8, 9, 0, tzinfo=LOCAL)
"""Friday, two days after NOW."""


def open_service(type_code: str = "repair", **more: Any) -> Service:
    """Put a service into the catalogue of the spring community: every day, nine to twelve, one order an hour."""
    told = {
        "type_code": type_code, "name": "小家电维修", "area_code": COMMUNITY, "words": "",
        "hours": tuple(Hours(day, time(9), time(12)) for day in range(7)), "capacity_slot": 1, "capacity_day": 3,
    }  # fmt: skip
    return actions.open_service(actor=KEEPER, change=ServiceChange(**{**told, **more}), now=NOW)


@dataclass(frozen=True)
class Helper:
    """A volunteer with an account."""

    actor: Actor
    volunteer: Volunteer

    @property
    def ref(self) -> HelperRef:
        """Return the helper as offers name them."""
        return HelperRef(volunteer_id=self.volunteer.pk, why=("技能符合",))


_numbers = iter(range(1000, 9999))


def member(
    town: Town,
    name: str = "吴师傅",
    skills: tuple[str, ...] = ("repair_appliance",),
    *,
    branch: int = 0,
    **more: Any,
) -> Helper:
    """Enter a member who lives in the first grid and has the skills; without branch a volunteer who is no member."""
    actor = Actor(name, id=account_of(name))
    phone = f"1390000{next(_numbers)}"
    profile = VolunteerProfile(name=name, phone=phone, area_id=town.areas["grid"], skills=skills, **more)
    made = register.register_volunteer(actor=actor, profile=profile, consented=True, now=NOW)
    if branch:
        relation = Relation(MemberClass.EMPLOYED, Management.TWO_WAY, community_branch_id=branch)
        register.set_membership(
            actor=REGISTRAR, volunteer_id=made.volunteer.pk, relation=relation, from_date=START, now=NOW
        )
    return Helper(actor, made.volunteer)


def build_branch(town: Town) -> int:
    """Enter the party branch of the spring community."""
    areas = ((AreaRelation.SERVES, town.areas["spring"]),)
    return enter("CHZB", OfficeKind.PARTY_BRANCH, name="春和社区党支部", areas=areas)


def account_of(name: str) -> int:
    """Return the id of a new account, none that somebody of the cast bears without having an account."""
    cast = {each.id for each in CAST.values()}
    while (account := build_account(name)).pk in cast:
        pass
    return account.pk


def elder(name: str = "林阿姨") -> Actor:
    """Return a resident with an account."""
    return Actor(name, id=account_of(name))


def order(actor: Actor, service: Service, begins_at: datetime = BEGINS, now: datetime = NOW, **more: Any) -> Order:
    """Order the service for the first hour of that Friday, or what the changes make of it."""
    told = {
        "service_id": service.pk, "begins_at": begins_at, "area_code": GRID, "name": "林阿姨",
        "phone": "154 0000 1234", "address": "春和花园3幢201", "words": "厨房水龙头漏水",
    }  # fmt: skip
    return actions.place_order(actor=actor, new=NewOrder(**{**told, **more}), now=now)


def offered(town: Town, placed: Order, *helpers: Helper, now: datetime = NOW) -> list[Offer]:
    """Let the secretary offer the order to the helpers."""
    return actions.offer(actor=town.secretary, order_id=placed.pk, helpers=[each.ref for each in helpers], now=now)


def accepted(town: Town, placed: Order, helper: Helper, now: datetime = NOW) -> Order:
    """Offer the order to a helper, who accepts."""
    (row,) = offered(town, placed, helper, now=now)
    return actions.accept_offer(actor=helper.actor, offer_id=row.pk, now=now)


def done(town: Town, placed: Order, helper: Helper) -> Order:
    """Have the order accepted, and said to be done an hour after it began."""
    accepted(town, placed, helper)
    after = placed.begins_at + timedelta(hours=1)
    return actions.finish_order(actor=helper.actor, order_id=placed.pk, minutes=50, words="换了阀芯", now=after)


def named(actor: Actor, name: str) -> Actor:
    """Return the actor under another name."""
    return replace(actor, name=name)
