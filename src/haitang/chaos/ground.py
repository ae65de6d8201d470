"""What there is to work on: a part of the demo city, a vote that is open, orders that wait for a yes."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import islice
from random import Random
from typing import Any

from django.db import connection

from haitang.bench import city as bench_city
from haitang.bench.ordering import helper, offered
from haitang.bench.reports import reports
from haitang.bench.voting import opened
from haitang.chaos import ledger
from haitang.chaos.clients import Deed
from haitang.demo.city import SEED, City, plan_city
from haitang.people.actions import create_account
from haitang.people.values import Permission as PeoplePermission

API = "/api/v1"
MARK = "编号 "
"""Stands before the deed's key in the description of a case: by it the cases of one deed are counted."""
_OPTIONS, _MARKED = 20, 5
_KINDS = {"create": 35, "accept": 25, "ballot": 20, "booking": 20}
"""Of a hundred deeds, as long as there is something left to do them to."""
ORDERER = "chaos-orderer"


@dataclass(frozen=True)
class Ground:
    """What was built. offers: for each client those of its helper, as (order, offer, volunteer)."""

    city: City
    token: str
    vote_id: int
    codes: list[str]
    keys: list[str]
    offers: list[list[tuple[int, int, int]]]
    helpers: list[str]
    orderer_id: int
    since_entry: int
    """The last entry of the history that was there before anybody worked."""


def build(now: datetime, *, clients: int, ballots: int, bookings: int) -> Ground:
    """Build it through the apps' actions, and begin to keep the ledger. ballots, bookings: how many there are to do."""
    built = bench_city.build(now, _part(plan_city(SEED)))
    orderer = create_account(
        actor=bench_city.actor(PeoplePermission.ACCOUNT_MANAGE), username=ORDERER, name="点单人", password="",
        temporary=False, now=now,
    )  # fmt: skip
    people = [helper(number, now) for number in range(clients)]
    by_helper: dict[int, list[tuple[int, int, int]]] = {volunteer_id: [] for volunteer_id, _token in people}
    for order_id, offer_id, volunteer_id in offered(list(by_helper), bookings, now):
        by_helper[volunteer_id].append((order_id, offer_id, volunteer_id))
    vote_id, codes, keys = opened(ballots)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE orders_order SET account_id = %s", [orderer.pk])
        cursor.execute("SELECT coalesce(max(id), 0) FROM core_entry")
        (since_entry,) = cursor.fetchone()
    ledger.begin()
    return Ground(
        built.city, built.token, vote_id, codes, keys, list(by_helper.values()), [token for _id, token in people],
        orderer.pk, since_entry,
    )  # fmt: skip


def deeds_of(ground: Ground, seed: int) -> Callable[[int, Random, list[Deed]], Iterator[Deed]]:
    """Return what gives each client its deeds, without end."""

    def deeds(number: int, rng: Random, done: list[Deed]) -> Iterator[Deed]:
        clients = len(ground.helpers)
        told, codes = reports(ground.city, rng), iter(ground.codes[number::clients])
        offers, created = iter(ground.offers[number]), list[int]()
        for n in range(1, 1_000_000):
            (kind,) = rng.choices(list(_KINDS), list(_KINDS.values()))
            key = f"chaos-{seed}-{number}-{n}"
            yield _deed(ground, kind, key, number, rng, told, codes, offers, created)
            if done[-1].kind == "create" and done[-1].is_acknowledged:
                created.append(done[-1].answers[0]["id"])

    return deeds


def _deed(
    ground: Ground, kind: str, key: str, number: int, rng: Random, told: Iterator[dict[str, Any]],
    codes: Iterator[str], offers: Iterator[tuple[int, int, int]], created: list[int],
) -> Deed:  # fmt: skip
    """Return a deed of that kind; where there is nothing to do it to, a report."""
    if kind == "accept" and created:
        case_id = created.pop(0)
        return Deed(
            kind, key, f"{API}/cases/{case_id}/accept", {"opinion": "情况属实，予以受理"}, ground.token, case_id
        )
    if kind == "ballot" and (code := next(codes, None)):
        marks = {str(each): 1 for each in rng.sample(range(1, _OPTIONS + 1), _MARKED)}
        return Deed(kind, key, f"{API}/votes/{ground.vote_id}/ballots", {"code": code, "marks": marks}, "", code)
    if kind == "booking" and (offer := next(offers, None)):
        return Deed(kind, key, f"{API}/offers/{offer[1]}/accept", {}, ground.helpers[number], offer)
    return report(ground, key, told)


def report(ground: Ground, key: str, told: Iterator[dict[str, Any]]) -> Deed:
    """Return the report of a case that bears the key in its description."""
    body = next(told)
    return Deed("create", key, f"{API}/cases", {**body, "description": f"{body['description']}（{MARK}{key}）"},
                ground.token, key)  # fmt: skip


def _part(city: City) -> City:
    """Return one street of the city with two communities: as much as the deeds ask for, built in a moment."""
    streets = city.streets[:1]
    communities = tuple(islice((each for each in city.communities if each.parent == streets[0].code), 2))
    codes = {each.code for each in communities}
    grids = tuple(each for each in city.grids if each.parent in codes)
    within = {each.code for each in grids}
    buildings = tuple(each for each in city.buildings if each.parent in within)
    return replace(city, streets=streets, communities=communities, grids=grids, buildings=buildings)
