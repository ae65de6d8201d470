"""Small wishes of families of the demo city, some dozens in every state, entered and granted through the actions.

The district on which the demo is built had ten units take on the wishes of children in need of twenty communities
(首批10个成员单位主动认领20个社区的困境儿童微心愿): so most are claimed by units here, in twenty communities.
"""

import tomllib
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from importlib.resources import files
from itertools import count
from typing import Any

from haitang.core.access import Actor, Grant
from haitang.core.errors import NotFound
from haitang.demo import names, staff
from haitang.demo.city import City, Place
from haitang.demo.playing import Cast, installer
from haitang.demo.timeline import home_of
from haitang.organizations.queries import organizations
from haitang.organizations.values import Kind
from haitang.wishes import actions, queries
from haitang.wishes.values import NewWish, Permission

UNITS, COMMUNITIES = 10, 20
STATES = {
    "expired": 2, "denied": 2, "withdrawn": 2, "granted": 12, "delivered": 4, "preparing": 5, "confirmed": 5,
    "claimed": 5, "open": 16, "draft": 6,
}  # fmt: skip
"""How many of the wishes of families without account stand where."""
_LIVE = ("claimed", "confirmed", "preparing", "delivered")
_ENTERED_DAYS = 30
_PHONES_FROM = 9_500_000
_TEXTS = tomllib.loads(files("haitang.demo").joinpath("data/wishes.toml").read_text("utf-8"))["wish"]
_THANKS = ("孩子很喜欢，谢谢您", "天天都在用，真心感谢", "谢谢惦记，老人很高兴")


def is_done() -> bool:
    """Tell whether anybody has wished for anything."""
    return queries.filter_wishes(viewer=installer(Permission.VIEW), wanted=queries.WishFilter()).exists()


def wish(cast: Cast, city: City, *, now: datetime) -> None:
    """Enter the wishes and let them be claimed. now: the present of the plan; all lies before it."""
    clerk = installer(*Permission)
    units = [each.id for each in organizations() if each.kind == Kind.UNIT and each.valid_to is None][:UNITS]
    speaker = replace(
        clerk, id=_known(cast, staff.UNIT), name="单位联络员",
        grants=clerk.grants | {Grant(Permission.CLAIM, organization_id=each) for each in units},
    )  # fmt: skip
    play = _Play(clerk, speaker, units, now)
    play.enter([each.code for each in city.communities[:COMMUNITIES]])
    play.families(cast, home_of(city))


def _known(cast: Cast, username: str) -> int | None:
    try:
        return cast.actor(username).id
    except NotFound:
        return None


class _Play:
    """Wishes on their way. units: those that claim, one after the other."""

    def __init__(self, clerk: Actor, speaker: Actor, units: list[int], now: datetime) -> None:
        self._clerk, self._speaker, self._units, self._now = clerk, speaker, units, now
        self._numbers, self._claims, self._live = count(), count(), 0

    def _new(self, place: str) -> NewWish:
        number = next(self._numbers)
        text = _TEXTS[number % len(_TEXTS)]
        return NewWish(
            **text, area_code=place, name=f"住户{number + 1}", phone=names.mobile_number(_PHONES_FROM + number),
            address=f"{number % 12 + 1}幢{number % 6 + 1}01", story="走访时了解，家庭有困难，生活节俭。",
            between_name="社区工作人员", between_phone=names.mobile_number(_PHONES_FROM + 500 + number), consented=True,
        )  # fmt: skip

    def enter(self, places: list[str]) -> None:
        """Enter all of them, publish those that are to be, and lead each to its state."""
        states = [state for state, many in STATES.items() for _each in range(many)]
        expired = STATES["expired"]
        old = self._now - timedelta(days=queries.rules()["open_days"] + 2)
        entered = self._now - timedelta(days=_ENTERED_DAYS)
        ids: list[int] = []
        for begin, end, at in ((0, expired, old), (expired, len(states), entered)):
            news = [self._new(places[number % len(places)]) for number in range(begin, end)]
            rows = actions.enter_wishes(actor=self._clerk, news=news, channel="visit", now=at)
            ids += [row.pk for row in rows]
            public = [row.pk for row, state in zip(rows, states[begin:end], strict=True) if state != "draft"]
            actions.publish_wishes(actor=self._clerk, wish_ids=public, now=at + timedelta(hours=6))
        actions.expire_wishes(actor=self._clerk, now=self._ago(1))
        for wish_id, state in zip(ids, states, strict=True):
            if state == "denied":
                actions.deny_wish(actor=self._clerk, wish_id=wish_id, reason="已由社区救助金解决", now=self._ago(20))
            elif state == "withdrawn":
                actions.withdraw_wish(actor=self._clerk, wish_id=wish_id, reason="亲戚已经送来了", now=self._ago(18))
            elif self._units:
                self._grant(wish_id, state)

    def _ago(self, days: float) -> datetime:
        return self._now - timedelta(days=days)

    def _grant(self, wish_id: int, state: str) -> None:
        """Let a unit claim it and lead it to the state; nothing for one that is still open."""
        most = len(self._units) * queries.rules()["claims_max"]
        if (state in _LIVE and self._live < most) or state == "granted":
            self._live += state in _LIVE
            unit = self._units[next(self._claims) % len(self._units)]
            self.lead(self._speaker, wish_id, state, organization_id=unit)

    def lead(self, claimant: Actor, wish_id: int, state: str, **more: Any) -> None:
        """Let somebody claim the wish, and lead it to the state."""
        claim = actions.claim_wish(
            actor=claimant, wish_id=wish_id, phone=names.mobile_number(_PHONES_FROM + 900), words="周末可以送到社区",
            now=self._ago(12 if state == "granted" else 1), **more,
        )  # fmt: skip
        at = iter(self._moments(state))
        said: dict[str, Any] = {"claim_id": claim.pk}
        if state == "claimed":
            return
        actions.confirm_claim(actor=self._clerk, now=next(at), **said)
        if state == "confirmed":
            return
        actions.start_claim(actor=claimant, now=next(at), **said)
        if state == "preparing":
            return
        actions.deliver_wish(actor=claimant, words="已送到社区，由联系人转交", minutes=60, now=next(at), **said)
        if state == "delivered":
            return
        actions.receive_wish(actor=self._clerk, wish_id=wish_id, now=next(at))
        if claim.pk % 2:
            words = _THANKS[claim.pk % len(_THANKS)]
            actions.thank_for_wish(actor=self._clerk, wish_id=wish_id, words=words, now=next(at))

    def _moments(self, state: str) -> Iterator[datetime]:
        begun, step = (11.0, 2.0) if state == "granted" else (0.8, 0.2)
        return (self._ago(begun - step * number) for number in range(5))

    def families(self, cast: Cast, home: Place) -> None:
        """Let the resident's own family wish for something, and the volunteer grant it, as far as they are there."""
        try:
            resident, helper = cast.actor(staff.RESIDENT), cast.actor(staff.VOLUNTEER)
        except NotFound:
            return
        own = []
        for text in (_TEXTS[13], _TEXTS[3], _TEXTS[9]):
            new = NewWish(
                **text, area_code=home.parent, name=resident.name, phone=names.mobile_number(0), address="2幢301",
                contact="family", consented=True,
            )  # fmt: skip
            own.append(actions.ask_wish(actor=resident, new=new, now=self._ago(9)).pk)
        actions.publish_wishes(actor=self._clerk, wish_ids=own[:2], now=self._ago(8))
        self.lead(helper, own[0], "delivered")
        self.lead(helper, own[1], "preparing")
