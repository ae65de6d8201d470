"""What the tests of service days share: a Saturday of the spring community, and people who sign up."""

from datetime import date, datetime, time
from itertools import count
from typing import Any

from haitang.core.access import VISITOR, Actor
from haitang.core.clock import LOCAL
from haitang.people.models import Account
from haitang.servicedays import actions
from haitang.servicedays.models import ServiceDay, Shift, SignUp
from haitang.servicedays.values import NewDay, NewRule, NewShift
from haitang.testing.actors import NOW
from haitang.testing.people import Town, build_account
from haitang.volunteers import actions as register
from haitang.volunteers.models import Volunteer
from haitang.volunteers.values import VolunteerProfile

COMMUNITY = "320585001001"
SATURDAY = date(2026, 5, 9)
"""Three days after NOW."""
BEGINS = datetime(2026, 5, 9, 9, 0, tzinfo=LOCAL)
ENDS = datetime(2026, 5, 9, 11, 0, tzinfo=LOCAL)
CLEANING = NewShift("楼道清洁", "3号楼前", time(9), time(11), 2)
STRANGER = Actor("路人", id=10**9)
"""Somebody with an account who stands in no register; an id that no account of a test gets."""
_numbers = count(13_700_000_000)


def person(town: Town, name: str = "吴师傅", *, account: bool = True, **more: Any) -> Actor:
    """Register somebody of the first grid, with an account or without."""
    actor = Actor(name, id=build_account(name).pk) if account else VISITOR
    told: dict[str, Any] = {"name": name, "phone": str(next(_numbers)), "area_id": town.areas["grid"]}
    profile = VolunteerProfile(**{**told, **more})
    register.register_volunteer(actor=actor, profile=profile, consented=True, now=NOW)
    return actor


def many(town: Town, number: int) -> list[Actor]:
    """Register so many at once, each with an account, past the actions: a test of crowds needs the crowd alone."""
    accounts = Account.objects.bulk_create(
        Account(username=f"crowd{n}", name=f"志愿者{n}", is_active=True) for n in range(number)
    )
    home = Volunteer(area_id=town.areas["grid"]).area
    Volunteer.objects.bulk_create(
        Volunteer(
            account=account, name=account.name, area=home, area_ids=home.path.strip("/").split("/"), reach_m=3000,
            via="self", consent_version="1", consented_at=NOW, registered_at=NOW,
        )
        for account in accounts
    )  # fmt: skip
    return [Actor(account.name, id=account.pk) for account in accounts]


def plan(town: Town, *shifts: NewShift, **more: Any) -> ServiceDay:
    """Let the secretary plan the Saturday, with two places to clean if nothing else is said."""
    told: dict[str, Any] = {"theme": "党员周六志愿服务日", "area_code": COMMUNITY, "on": SATURDAY}
    new = NewDay(**{**told, **more}, shifts=shifts or (CLEANING,))
    return actions.plan_day(actor=town.secretary, new=new, now=NOW)


def shift_of(day: ServiceDay) -> Shift:
    """Return the first shift of a day."""
    return Shift.objects.filter(day=day).order_by("begins_at", "id").first()  # type: ignore[return-value]  # there is one


def rule(**more: Any) -> NewRule:
    """Return a rule: every first Saturday of a month, from the coming one on."""
    told: dict[str, Any] = {
        "theme": "统一服务日", "area_code": COMMUNITY, "repeat": "monthly", "weekday": 5, "nth": 1,
        "from_date": SATURDAY, "shifts": (CLEANING,),
    }  # fmt: skip
    return NewRule(**{**told, **more})


def sign_up(actor: Actor, shift: Shift, now: datetime = NOW) -> SignUp:
    """Let somebody sign up."""
    return actions.sign_up(actor=actor, shift_id=shift.pk, now=now)


def report(actor: Actor, shift: Shift, now: datetime = BEGINS) -> SignUp:
    """Let somebody report on the spot, as the shift begins."""
    return actions.report_at_shift(actor=actor, shift_id=shift.pk, code=shift.code, now=now)
