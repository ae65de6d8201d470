"""How fast a made-up city is tallied: for `haitang bench` and for nobody else."""

import io
import time
from dataclasses import dataclass

import numpy as np

from haitang.tallying.pabulib import parse
from haitang.tallying.rules import Method, Rule, tally
from haitang.tallying.shares import Completion, Shares
from haitang.tallying.terms import Outcome


@dataclass(frozen=True, slots=True)
class Count:
    """Seconds to read the ballots of a city and to tally them by equal shares with add-one; the marks on them."""

    parse_seconds: float
    tally_seconds: float
    marks: int
    outcome: Outcome


def count(ballots: int, projects: int, seed: int = 1) -> Count:
    """Read and tally the election of a made-up city."""
    text = city(ballots, projects, seed)
    begun = time.perf_counter()
    file = parse(text)
    between = time.perf_counter()
    outcome = tally(file.election, Rule(Method.EQUAL_SHARES, shares=Shares(Completion.ADD1)))
    return Count(between - begun, time.perf_counter() - between, len(file.election.votes.voter), outcome)


def city(ballots: int, projects: int, seed: int = 1) -> str:
    """Return a file of Pabulib at random: up to ten marks a ballot, some projects far better liked than others.

    A voter's marks go to the own part of the city more often than not, the budget is worth 270 a voter, and what is
    proposed costs six times the budget.
    """
    random = np.random.default_rng(seed)
    budget = 270 * ballots
    costs = np.maximum((random.lognormal(0, 0.9, projects) * budget * 6 / projects / 1.5).astype(int), 100) // 100 * 100
    liked = random.lognormal(0, 1, projects)
    parts = random.integers(12, size=projects)
    out = io.StringIO()
    out.write(
        f"META\nkey;value\nbudget;{budget}\nnum_projects;{projects}\nnum_votes;{ballots}\nvote_type;approval\n"
        "rule;equalshares/add1\nPROJECTS\nproject_id;cost;name\n"
    )
    for at, cost in enumerate(costs.tolist()):
        out.write(f"P{at:03};{min(cost, budget)};项目 {at}\n")
    out.write("VOTES\nvoter_id;vote;age;sex;neighborhood\n")
    lengths = random.integers(1, 11, size=ballots)
    homes = random.integers(12, size=ballots)
    ages = random.integers(16, 95, size=ballots)
    by_home = [np.cumsum(liked * np.where(parts == home, 8, 1)) for home in range(12)]
    for voter, (length, home, age) in enumerate(zip(lengths.tolist(), homes.tolist(), ages.tolist(), strict=True)):
        weights = by_home[home]
        marks = dict.fromkeys(np.searchsorted(weights, random.random(length) * weights[-1]).tolist())
        out.write(f"{voter};{','.join(f'P{mark:03}' for mark in marks)};{age};{'MF'[voter % 2]};{home}\n")
    return out.getvalue()
