"""The Method of Equal Shares: everybody gets the same share of the money, and supporters pay for what they support.

Source: Method of Equal Shares.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from fractions import Fraction

import numpy as np

from haitang.tallying.band import Course, Field, run
from haitang.tallying.greedy import greedy
from haitang.tallying.limits import Standing, bars
from haitang.tallying.terms import Election, Fate, Limits, Number, Outcome, Reason, Why, cost_of

_PATIENCE_MAX = 32
"""At most so many raises are tried alone before two at once are tried again."""


class Completion(StrEnum):
    """What is done with the money that equal shares leave: nothing, shares raised by one unit, and a comparison."""

    NONE = "none"
    ADD1 = "add1"
    ADD1_COMPARISON = "add1-comparison"


class Stop(StrEnum):
    """When raising the shares ends: before the first outcome that costs too much, or also once nothing else fits."""

    OVER = "over"
    EXHAUSTED = "exhausted"


class Worth(StrEnum):
    """What a point for a project counts: the project's cost, or one whatever it costs."""

    COST = "cost"
    ONE = "one"


@dataclass(frozen=True)
class Shares:
    """The parameters of the rule."""

    completion: Completion = Completion.NONE
    stop: Stop = Stop.OVER
    worth: Worth = Worth.COST


def equal_shares(election: Election, ranks: list[int], limits: Limits, how: Shares, *, name: str) -> Outcome:
    """Return what is bought with equal shares.

    Completion `add1`: all shares begin at budget / voters and are raised by one unit of the currency at a time; what
    counts is the last outcome before the first that costs more than the budget. ranks: who is first among equal prices.
    A project dearer than the budget ends the raising when its supporters could pay it, as others' programs have it too.
    """
    race = _Race(election, ranks, limits, how)
    steps, course = (0, race.course(0, 0)) if how.completion is Completion.NONE else race.raised()
    if course is None:
        raise AssertionError("a single share always has a course")
    outcome = race.outcome(steps, course, name)
    if how.completion is Completion.ADD1_COMPARISON:
        return _compared(election, outcome, greedy(election, ranks, limits, name=name))
    return outcome


class _Race:
    """One election under equal shares, for any raise of the share."""

    def __init__(self, election: Election, ranks: list[int], limits: Limits, how: Shares) -> None:
        self._election, self._limits, self._how = election, limits, how
        self._barred = bars(election, limits)
        out = {at for at, reason in self._barred.items() if reason.why is not Why.TOO_DEAR}
        supported = [at for at, count in enumerate(election.counts) if count and at not in out]
        supported.sort(key=ranks.__getitem__)
        costs = [each.cost for each in election.projects]
        self._field = Field(
            election,
            {at: costs[at] if how.worth is Worth.COST else 1 for at in supported if costs[at]},
            tuple(at for at in supported if not costs[at]),
            ranks,
            limits,
        )

    def share(self, steps: int) -> Fraction:
        """Return what each voter begins with after so many raises, in the smallest unit of money."""
        return Fraction(self._election.budget, max(self._election.votes.voters, 1)) + steps * self._election.unit

    def course(self, first: int, last: int) -> Course | None:
        """Return what is bought for all raises from first to last; None where they part ways."""
        return run(self._field, self.share(first), self.share(last))

    def raised(self) -> tuple[int, Course | None]:
        """Return the last raise before the first that costs too much, and its course.

        Raises are tried in bands, twice as many after each that stays together, half as many after each that does not;
        while neighbours keep parting ways, two at once are tried ever more seldom.
        """
        steps, band, patience, waited = 0, 1, 1, 0
        found = self.course(0, 0)
        enough = -(-cost_of(self._election.projects) // self._election.unit)
        while found is not None and found.short and not (self._how.stop is Stop.EXHAUSTED and self._exhausted(found)):
            last = min(steps + band, max(enough, steps + 1))
            tried = self.course(steps + 1, last)
            if tried is None:
                band = (last - steps) // 2
                patience, waited = (min(patience * 2, _PATIENCE_MAX), 0) if band == 1 else (patience, waited)
                continue
            if tried.over:
                break
            steps = steps + 1 if self._how.stop is Stop.EXHAUSTED and self._exhausted(tried) else last
            found, waited = tried, waited + 1
            if band > 1:
                band, patience = band * 2, 1
            elif waited >= patience:
                band = 2
        return steps, self.course(steps, steps) if found and not found.over else found

    def _exhausted(self, course: Course) -> bool:
        """Tell whether nothing else fits into what is left."""
        standing = Standing(self._limits)
        for at in course.sequence:
            standing.take(self._election.projects[at])
        bought = set(course.sequence)
        return not any(
            self._election.projects[at].cost <= self._election.budget - course.cost
            and not standing.bar(self._election.projects[at])
            for at in self._field.candidates
            if at not in bought
        )

    def outcome(self, steps: int, course: Course, name: str) -> Outcome:
        """Return the outcome with a reason for every project."""
        projects, share = self._election.projects, self.share(steps)
        fates: dict[str, Fate] = {}
        place = {at: number for number, at in enumerate(course.sequence, start=1)}
        for at, project in enumerate(projects):
            votes = self._election.counts[at]
            if at in place:
                told: dict[str, Number] = {"votes": votes, "cost": project.cost, "share": share}
                fates[project.id] = Fate(project.id, place[at], Reason(Why.CHOSEN, told))
            else:
                fates[project.id] = Fate(project.id, None, self._reason(at, course, share))
        return Outcome(name, tuple(projects[at].id for at in course.sequence), course.cost, fates, share, steps)

    def _reason(self, at: int, course: Course, share: Fraction) -> Reason:
        known: Mapping[int, Reason] = {**course.barred, **self._barred}
        if at in known:
            return known[at]
        if not self._election.counts[at]:
            return Reason(Why.NO_VOTES)
        cost, money = self._election.projects[at].cost, course.money(self._field, share, at)
        told: dict[str, Number] = {
            "votes": self._election.counts[at], "cost": cost, "money": money, "lacking": cost - money,
            "share": share, "voters": -(-(cost - money) * share.denominator // max(share.numerator, 1)),
        }  # fmt: skip
        return Reason(Why.SUPPORTERS_SHORT, told)


def _compared(election: Election, shared: Outcome, greedily: Outcome) -> Outcome:
    """Return the outcome of equal shares, unless more voters have more of their projects in the greedy one."""
    position = {each.id: at for at, each in enumerate(election.projects)}
    won = []
    for outcome in (shared, greedily):
        mine = np.zeros(election.votes.voters, dtype=np.int64)
        for each in outcome.chosen:
            mine[election.supporters(position[each])[0]] += 1
        won.append(mine)
    for_shares, for_greedy = int((won[0] > won[1]).sum()), int((won[1] > won[0]).sum())
    if for_greedy <= for_shares:
        return replace(shared, compared=(for_shares, for_greedy))
    fates = dict(greedily.fates)
    for each in shared.chosen:
        if not fates[each].chosen:
            told = {"for_shares": for_shares, "for_greedy": for_greedy}
            fates[each] = Fate(each, None, Reason(Why.COMPARED, told))
    return replace(greedily, fates=fates, compared=(for_shares, for_greedy))
