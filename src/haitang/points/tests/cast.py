"""What the tests of points share: a volunteer who has served, a tenant that has turned points on, something to have."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import count
from typing import Any

from haitang.core.access import Actor
from haitang.core.clock import local_date
from haitang.points import actions
from haitang.points.models import Holder, Posting, Reward
from haitang.points.values import NewReward, Permission
from haitang.testing.actors import NOW, actor_with
from haitang.testing.people import CAST, Town, build_account
from haitang.volunteers import actions as register
from haitang.volunteers.models import ServiceRecord, Volunteer
from haitang.volunteers.values import VolunteerProfile

KEEPER = actor_with(Permission.MANAGE, account_id=900_030, name="业务管理员")
FROM = local_date(NOW) - timedelta(days=30)
_numbers = count(1)


@dataclass(frozen=True)
class Helper:
    """A volunteer with an account of the site."""

    actor: Actor
    volunteer: Volunteer

    @property
    def holder(self) -> Holder:
        """Return the points account, as it stands."""
        return Holder.objects.get(volunteer=self.volunteer)


def helper(town: Town, name: str = "吴师傅") -> Helper:
    """Enter somebody who lives in the first grid."""
    cast = {each.id for each in CAST.values()}
    while (account := build_account(name)).pk in cast:
        pass
    actor = Actor(name, id=account.pk)
    profile = VolunteerProfile(name=name, phone=f"1390001{next(_numbers):04d}", area_id=town.areas["grid"])
    return Helper(actor, register.register_volunteer(actor=actor, profile=profile, consented=True, now=NOW).volunteer)


def served(who: Helper, hours: float = 2, at: datetime = NOW, source: str = "orders") -> None:
    """Put a service to the record; each is done before the last, so that no two are at the same time."""
    ended = at - timedelta(hours=31) * ServiceRecord.objects.filter(volunteer=who.volunteer).count()
    register.record_service(
        actor=KEEPER, source=source, source_id=str(next(_numbers)), volunteer_id=who.volunteer.pk, what="修水龙头",
        began_at=ended - timedelta(hours=hours), ended_at=ended, now=at,
    )  # fmt: skip


def turn_on(**more: Any) -> None:
    """Turn points on."""
    actions.turn_points(actor=KEEPER, **{"is_on": True, "from_date": FROM, "now": NOW, **more})


def reward(price: int = 10, stock: int = 5, **more: Any) -> Reward:
    """Enter something to have."""
    told = {"title": "雨伞", "kind": "thing", "price": price, "stock": stock, "place": "社区服务站"}
    new = NewReward(**{**told, "area_code": "320585001001", **more})
    return actions.keep_reward(actor=KEEPER, new=new, now=NOW)


def check_ledger() -> None:
    """Assert that every balance is what its postings come to, and that what one account gave another has got."""
    for holder in Holder.objects.all():
        rows = Posting.objects.filter(holder=holder)
        came = sum(row.amount for row in rows if row.to_side == "person")
        went = sum(row.amount for row in rows if row.from_side == "person")
        assert holder.balance == came - went >= 0
