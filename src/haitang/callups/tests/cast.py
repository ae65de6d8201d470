"""What the tests of call-ups share: people of the spring community who want to be called, and a call-up of them."""

from datetime import datetime, timedelta
from itertools import count
from typing import Any

from haitang.callups import actions
from haitang.callups.models import Call, CallUp
from haitang.callups.values import NewCallUp, Whom
from haitang.core.access import VISITOR, Actor
from haitang.core.clock import LOCAL
from haitang.people.models import Account
from haitang.testing.actors import NOW
from haitang.testing.people import Town, build_account
from haitang.volunteers import actions as register
from haitang.volunteers.models import Volunteer
from haitang.volunteers.values import VolunteerProfile

COMMUNITY = "320585001001"
BEGINS = datetime(2026, 5, 6, 11, 0, tzinfo=LOCAL)
"""An hour and a half after NOW."""
STRANGER = Actor("路人", id=10**9)
"""Somebody with an account who stands in no register; an id that no account of a test gets."""
_numbers = count(13_900_000_000)


def person(town: Town, name: str = "吴师傅", *, account: bool = True, **more: Any) -> Actor:
    """Register somebody of the first grid who wants to be called, with an account or without."""
    actor = Actor(name, id=build_account(name).pk) if account else VISITOR
    told: dict[str, Any] = {"name": name, "phone": str(next(_numbers)), "area_id": town.areas["grid"]}
    profile = VolunteerProfile(**{**told, "wants_calls": True, "skills": ("first_aid",), **more})
    register.register_volunteer(actor=actor, profile=profile, consented=True, now=NOW)
    return actor


def many(town: Town, number: int, name: str = "crowd") -> list[Actor]:
    """Register so many at once, each with an account, past the actions: a test of crowds needs the crowd alone."""
    accounts = Account.objects.bulk_create(
        Account(username=f"{name}{n}", name=f"志愿者{n}", is_active=True) for n in range(number)
    )
    area = Volunteer(area_id=town.areas["grid"])
    ids = list(area.area.path.strip("/").split("/"))
    Volunteer.objects.bulk_create(
        Volunteer(
            account=account, name=account.name, area_id=area.area_id, area_ids=ids, reach_m=3000, wants_calls=True,
            via="self", consent_version="1", consented_at=NOW, registered_at=NOW,
        )
        for account in accounts
    )  # fmt: skip
    return [Actor(account.name, id=account.pk) for account in accounts]


def told(**more: Any) -> NewCallUp:
    """Return what the secretary says: everybody of the spring community, until eleven, as many as come."""
    given: dict[str, Any] = {
        "purpose": "寻找走失老人", "place": "春和社区广场", "begins_at": BEGINS, "ends_at": BEGINS + timedelta(hours=2),
        "answer_by": BEGINS, "whom": Whom(COMMUNITY), "words": "分四组沿河找", "urgency": "emergency",
    }  # fmt: skip
    return NewCallUp(**{**given, **more})


def call_up(town: Town, **more: Any) -> CallUp:
    """Let the secretary call."""
    return actions.start_callup(actor=town.secretary, new=told(**more), now=NOW)


def answer(actor: Actor, row: CallUp, said: str = "coming", reason: str = "", now: datetime = NOW) -> Call:
    """Let somebody answer."""
    return actions.answer_call(actor=actor, callup_id=row.pk, answer=said, reason=reason, now=now)


def report(actor: Actor, row: CallUp, now: datetime = BEGINS) -> Call:
    """Let somebody report on the spot, at eleven."""
    return actions.report_here(actor=actor, callup_id=row.pk, code=row.code, now=now)
