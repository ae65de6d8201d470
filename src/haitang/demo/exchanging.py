"""The three lists of the demo city: 256 needs and 278 resources become 265 projects, and of 489 resources of the
pioneers, which are ordered 342 times, 270 orders are taken up. What goes together is chosen by fit. In bulk, through
actions.
"""

import tomllib
from collections import Counter
from dataclasses import replace
from datetime import datetime, timedelta
from importlib.resources import files
from itertools import cycle, islice
from typing import Any

from haitang.core.access import Actor, Grant
from haitang.core.clock import local_date
from haitang.core.errors import Refusal
from haitang.demo.city import City
from haitang.demo.playing import installer
from haitang.exchange import actions, queries
from haitang.exchange.queries import ListFilter, rules
from haitang.exchange.values import NewNeed, NewOrder, NewResource, Permission, Repeats, Terms
from haitang.organizations.queries import OrganizationRef, organizations
from haitang.organizations.values import Kind

LISTS, PIONEERS = "three_lists", "pioneers"
NEEDS, RESOURCES, PROJECTS = 256, 278, 265
OFFERED, ORDERED, TAKEN_UP = 489, 342, 270
_ENTERED_BEFORE_DAYS, _ORDERED_BEFORE_DAYS = 45, 20
_DECLINED, _WAITING = 24, 8
_REASONS = ("当周已排满，请改约下月", "场地检修，暂停开放", "人手不足，建议联系邻近单位")
_TEXTS = tomllib.loads(files("haitang.demo").joinpath("data/exchange.toml").read_text("utf-8"))


def is_done() -> bool:
    """Tell whether the rounds have been held."""
    return any(each.code == PIONEERS for each in rules().rounds)


def exchange(city: City, *, now: datetime) -> None:
    """Hold both rounds. now: aware instant of the build; all lies before it."""
    clerk = installer(*Permission)
    begun = now - timedelta(days=_ENTERED_BEFORE_DAYS)
    for code, name, makes_projects in (
        (LISTS, "共驻共建“三张清单”", True), (PIONEERS, "先锋资源“一键下单”", False),
    ):  # fmt: skip
        actions.change_round(
            actor=clerk, code=code, name=name, area_code=city.root.code, from_date=local_date(begun),
            makes_projects=makes_projects, now=begun,
        )  # fmt: skip
    units = [each for each in organizations() if each.kind == Kind.UNIT]
    speaker = for_units(clerk)
    _three_lists(clerk, speaker, city, units, now)
    _pioneers(clerk, speaker, city, now)


def for_units(clerk: Actor) -> Actor:
    """Return the clerk as somebody who speaks for every unit, too."""
    return replace(clerk, grants=clerk.grants | {Grant(Permission.OFFER, organization_id=each.id) for each in _all()})


def _all() -> list[OrganizationRef]:
    return [each for each in organizations() if each.valid_to is None]


def _three_lists(clerk: Actor, speaker: Actor, city: City, units: list[OrganizationRef], now: datetime) -> None:
    entered, ordered = now - timedelta(days=_ENTERED_BEFORE_DAYS - 1), now - timedelta(days=_ORDERED_BEFORE_DAYS)
    places = [place.code for place in city.communities]
    needs = actions.enter_needs(
        actor=clerk, news=[_need(at, places, entered) for at in range(NEEDS)], channel="survey", now=entered
    )
    actions.publish_needs(actor=clerk, need_ids=[row.pk for row in needs], now=entered)
    offers = _offers(units, city)
    resources = actions.offer_resources(actor=clerk, news=offers, channel="import", now=entered)
    actions.publish_resources(actor=clerk, resource_ids=[row.pk for row in resources], now=entered)
    round_ = rules().round(LISTS)
    assert round_ is not None
    wanted = ListFilter(round_id=round_.id)
    rows: list[Any] = []
    while len(rows) < PROJECTS:  # some needs can use a second resource
        plan = queries.plan_matches(viewer=clerk, wanted=wanted, today=local_date(ordered), again=bool(rows))
        chosen = plan.proposals[: PROJECTS - len(rows)]
        if not chosen:
            break
        rows += _placed(clerk, [NewOrder(each.resource.pk, each.need.pk) for each in chosen], ordered)
    agreed = ordered + timedelta(days=2)
    actions.confirm_agreements(actor=speaker, agreement_ids=[row.pk for row in rows], side="unit", now=agreed)


def _placed(clerk: Actor, orders: list[NewOrder], now: datetime) -> list[Any]:
    placed = actions.order_resources(actor=clerk, orders=orders, now=now)
    for each in placed:
        if isinstance(each, Refusal):
            raise each
    return placed


def _need(at: int, places: list[str], entered: datetime) -> NewNeed:
    text, place = _TEXTS["need"][at * 5 % len(_TEXTS["need"])], places[at % len(places)]
    return NewNeed(
        **{**text, "hours": tuple(text["hours"])}, area_code=place, round_code=LISTS,
        wished_by=local_date(entered) + timedelta(days=60 + at % 60),
    )  # fmt: skip


def _offers(units: list[OrganizationRef], city: City) -> list[NewResource]:
    """Return what each unit offers for the street of a community; of what its kind could offer, they take turns."""
    found, turns = [], Counter[tuple[str, ...]]()
    for at, unit in enumerate(islice(cycle(units), RESOURCES)):
        fitting = [each for each in _TEXTS["offer"] if any(part and part in unit.name for part in each["unit"])]
        fitting = fitting or [each for each in _TEXTS["offer"] if "" in each["unit"]]
        kind = tuple(each["title"] for each in fitting)
        text = fitting[turns[kind] % len(fitting)]
        turns[kind] += 1
        given = {key: value for key, value in text.items() if key != "unit"}
        place = city.communities[at % len(city.communities)]
        found.append(
            NewResource(
                **{**given, "hours": tuple(text["hours"])}, area_code=place.parent, organization_id=unit.id,
                round_code=LISTS, repeats=Repeats.MONTHLY.value,
            )
        )  # fmt: skip
    return found


def _pioneers(clerk: Actor, speaker: Actor, city: City, now: datetime) -> None:
    entered = now - timedelta(days=_ENTERED_BEFORE_DAYS - 2)
    givers = [each for each in _all() if each.kind in (Kind.SOCIAL_ORGANIZATION, Kind.PUBLIC_SERVICE, Kind.UNIT)]
    news = [
        NewResource(
            **_TEXTS["pioneer"][at % len(_TEXTS["pioneer"])], area_code=city.streets[at % len(city.streets)].code,
            organization_id=giver.id, round_code=PIONEERS, repeats=Repeats.ON_CALL.value,
        )
        for at, giver in enumerate(islice(cycle(givers), OFFERED))
    ]  # fmt: skip
    rows = actions.offer_resources(actor=clerk, news=news, channel="import", now=entered)
    actions.publish_resources(actor=clerk, resource_ids=[row.pk for row in rows], now=entered)
    places = [place.code for place in city.communities]
    orders = [
        NewOrder(row.pk, None, places[at % len(places)], Terms(people=20 + at % 30))
        for at, row in enumerate(rows[:ORDERED])
    ]
    ordered = now - timedelta(days=_ORDERED_BEFORE_DAYS)
    made = _placed(clerk, orders[:-_WAITING], ordered)
    _placed(clerk, orders[-_WAITING:], now - timedelta(days=1))
    answered = ordered + timedelta(days=1)
    taken = [row.pk for row in made[:TAKEN_UP]]
    actions.confirm_agreements(actor=speaker, agreement_ids=taken, side="unit", now=answered)
    for at, row in enumerate(made[TAKEN_UP : TAKEN_UP + _DECLINED]):
        reason = _REASONS[at % len(_REASONS)]
        actions.decline_agreement(actor=speaker, agreement_id=row.pk, side="unit", reason=reason, now=answered)
    actions.expire_agreements(actor=clerk, now=now - timedelta(days=2))
