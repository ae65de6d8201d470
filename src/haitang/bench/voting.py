"""Ballots over HTTP: how many a second are accepted; of 10,000 attempts to vote twice none is doubled, none lost."""

import json
from collections.abc import Callable
from datetime import timedelta
from statistics import median
from typing import TYPE_CHECKING

from django.db import connection

from haitang.bench import city as ground
from haitang.bench.report import Result
from haitang.bench.site import load
from haitang.core import clock
from haitang.core.access import Actor
from haitang.territory.queries import territory
from haitang.voting import actions
from haitang.voting.values import OptionDraft, Permission, VotePlan, Voter

if TYPE_CHECKING:
    from haitang.bench.measures import Scene

_WARM_UP, _ATTEMPTS, _PEOPLE = 40, 10_000, 1_000
_FIRST, _SECOND = 900_098, 900_099
_IN_THE_BOX = "SELECT count(*), count(DISTINCT entry_id) FROM voting_envelope WHERE vote_id = %s"
_PRODUCT = 20
"""Options on the paper, of which a ballot marks five."""


def accept_ballots(scene: "Scene") -> Result:
    """Ballots of different people, by CLIENTS clients, each checked, sealed for both keys and in the box."""
    wanted = scene.requests * scene.runs + _WARM_UP
    vote_id, codes, _keys = opened(wanted)
    waiting = iter(codes)

    def ballots(count: int) -> list[bytes]:
        return [_ballot(scene, vote_id, next(waiting), n) for n in range(count)]

    load(scene.site.port, ballots(_WARM_UP))
    made, p95 = [], []
    for _ in range(scene.runs):
        done = load(scene.site.port, ballots(scene.requests))
        made.append(done.per_s)
        p95.append(done.p(95))
    if _in_the_box(vote_id) != (wanted, wanted):
        raise AssertionError("an accepted ballot is not in the box")
    return Result(
        "ballots", median(made), "/s", 300, None, None, f"p95 {median(p95):.0f} ms (wanted: 100), 8 clients",
        {"runs": made, "p95_ms": p95},
    )  # fmt: skip


def vote_twice(scene: "Scene") -> Result:
    """10,000 attempts of 1,000 people to vote ten times each, all at the same moment and all different; then the count.

    Doubled and lost ballots together, lost being an answer to a client that nothing in the box stands for.
    """
    vote_id, codes, keys = opened(_PEOPLE)
    times = _ATTEMPTS // _PEOPLE
    load(scene.site.port, [_ballot(scene, vote_id, codes[n // times], n) for n in range(_ATTEMPTS)])
    rows, people = _in_the_box(vote_id)
    later = clock.now() + timedelta(days=3)
    one, two = administrators()
    actions.propose_closing(actor=one, vote_id=vote_id, now=later)
    actions.confirm_closing(actor=two, vote_id=vote_id, now=later)
    counted = actions.count_vote(actor=one, vote_id=vote_id, codes=keys, now=later).tally["electronic"]
    doubled, lost = max(rows, counted) - people, _PEOPLE - min(people, counted)
    return Result(
        "double_votes", doubled + lost, "faults", 0, None, None,
        f"of {_ATTEMPTS:,} attempts of {_PEOPLE:,} people: {doubled} doubled, {lost} lost",
        {"attempts": _ATTEMPTS, "people": _PEOPLE, "doubled": doubled, "lost": lost},
    )  # fmt: skip


def _in_the_box(vote_id: int) -> tuple[int, int]:
    with connection.cursor() as cursor:
        cursor.execute(_IN_THE_BOX, [vote_id])
        rows, people = cursor.fetchone()
    return rows, people


def _ballot(scene: "Scene", vote_id: int, code: str, n: int) -> bytes:
    marks = {str((n + each) % _PRODUCT + 1): 1 for each in range(5)}
    body = json.dumps({"code": code, "marks": marks}).encode()
    path = f"/api/v1/votes/{vote_id}/ballots"
    return scene.site.request("POST", path, {"Content-Type": "application/json"}, body)


def administrators() -> tuple[Actor, Actor]:
    """Return the two who open and close together."""
    grants = ground.actor(*Permission).grants
    return Actor("第一管理员", id=_FIRST, grants=grants), Actor("第二管理员", id=_SECOND, grants=grants)


def opened(people: int) -> tuple[int, list[str], list[str]]:
    """Open a vote of so many people; return its id, their codes and both keys."""
    now, area = clock.now(), territory().children(None)[0]
    one, two = administrators()
    options = tuple(OptionDraft(f"项目{n}", cost_fen=n * 100_000) for n in range(1, _PRODUCT + 1))
    plan = VotePlan(
        title="性能测试", area_id=area.id, kind="approval", options=options, most=5, budget_fen=5_000_000,
        opens_at=now - timedelta(hours=1), closes_at=now + timedelta(days=2),
    )  # fmt: skip
    vote_id = actions.keep_vote(actor=one, plan=plan, now=now).pk
    roll = [Voter(f"居民{n}", f"{13_000_000_000 + n}") for n in range(people)]
    actions.list_voters(actor=one, vote_id=vote_id, voters=roll, now=now)
    keys = [
        actions.propose_opening(actor=one, vote_id=vote_id, now=now),
        actions.confirm_opening(actor=two, vote_id=vote_id, now=now),
    ]
    codes = [each.code for each in actions.print_codes(actor=one, vote_id=vote_id, now=now)]
    return vote_id, codes, keys


MEASURES: "dict[str, Callable[[Scene], Result]]" = {"ballots": accept_ballots, "double_votes": vote_twice}
