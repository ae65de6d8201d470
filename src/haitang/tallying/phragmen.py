"""Sequential Phragmén: everybody earns at the same pace, and a project is bought as soon as its supporters can pay it.

What a voter has earned and spent is always the moment of some purchase, so there are no more different loads than
purchases. They are kept in whole numbers, rounded downwards, to find the few projects that may be next, and as
fractions, which decide.

Source: Phragmén's sequential rule.
"""

from fractions import Fraction

import numpy as np

from haitang.tallying.limits import Standing, bars
from haitang.tallying.purses import NoRoom
from haitang.tallying.terms import Election, Fate, Ints, Limits, Outcome, Reason, Why

_BITS = 60
"""Loads are counted in parts so small that no sum of them is longer: nothing overflows in 64 bits."""


def phragmen(election: Election, ranks: list[int], limits: Limits, *, skip: bool = False, name: str) -> Outcome:
    """Return what is bought when money is earned evenly.

    Whoever gave a project something above 0 supports it; points are not looked at. It ends as soon as a project that is
    to be bought next does not fit into the budget, one of several at the same moment included; with `skip`, such a
    project is passed over instead. ranks: who comes first at the same moment.
    """
    return _Course(election, ranks, limits, skip=skip).outcome(name)


class _Course:
    def __init__(self, election: Election, ranks: list[int], limits: Limits, *, skip: bool) -> None:
        self._election, self._ranks, self._skip = election, ranks, skip
        self._reasons = bars(election, limits)
        self._standing = Standing(limits)
        self._loads = _Loads(election)
        self._waiting = {at for at, count in enumerate(election.counts) if count and at not in self._reasons}
        self._bought: list[int] = []
        self._moments: dict[int, Fraction] = {}
        self._ended: str | None = None

    def outcome(self, name: str) -> Outcome:
        while self._waiting and self._ended is None:
            self._next()
        projects = self._election.projects
        place = {at: number for number, at in enumerate(self._bought, start=1)}
        fates = {}
        for at, project in enumerate(projects):
            if at in place:
                votes = self._election.counts[at]
                reason = Reason(Why.CHOSEN, {"votes": votes, "cost": project.cost, "share": self._moments[at]})
            else:
                reason = self._reasons.get(at) or self._late(at)
            fates[project.id] = Fate(project.id, place.get(at), reason)
        share = self._moments[self._bought[-1]] if self._bought else Fraction(0)
        return Outcome(name, tuple(projects[at].id for at in self._bought), self._standing.cost, fates, share)

    def _late(self, at: int) -> Reason:
        if not self._election.counts[at]:
            return Reason(Why.NO_VOTES)
        cost, left = self._election.projects[at].cost, self._election.budget - self._standing.cost
        score = self._election.counts[at]
        return Reason(Why.ENDED, {"score": score, "cost": cost, "left": left, "by": self._ended or ""})

    def _next(self) -> None:
        """Buy the next project, or put aside those that cannot be."""
        for at in sorted(self._waiting):
            bar = self._standing.bar(self._election.projects[at])
            if bar:
                self._reasons[at] = bar
                self._waiting.discard(at)
        if not self._waiting:
            return
        tied, moment = self._loads.first(self._waiting)
        tied.sort(key=lambda at: self._ranks[at])
        left = self._election.budget - self._standing.cost
        dear = [at for at in tied if self._election.projects[at].cost > left]
        for at in dear:
            cost = self._election.projects[at].cost
            told = {"score": self._election.counts[at], "cost": cost, "left": left, "lacking": cost - left}
            self._reasons[at] = Reason(Why.NO_ROOM, told)
            self._waiting.discard(at)
        if dear and not self._skip:
            self._ended = self._election.projects[dear[0]].id
            return
        fitting = [at for at in tied if at not in dear]
        if fitting:
            self._moments[fitting[0]] = moment
            self._loads.buy(fitting[0], moment)
            self._standing.take(self._election.projects[fitting[0]])
            self._bought.append(fitting[0])
            self._waiting.discard(fitting[0])


class _Loads:
    """What each voter has earned and spent so far; the moment at which each project could be bought."""

    def __init__(self, election: Election) -> None:
        self._election = election
        most = sum(each.cost for each in election.projects) + 1
        room = _BITS - (most * max(election.votes.voters, 1)).bit_length()
        if room < 0:
            raise NoRoom
        self._grain = 1 << room
        self._low: Ints = np.zeros(election.votes.voters, dtype=np.int64)
        self._number: Ints = np.zeros(election.votes.voters, dtype=np.int64)
        self._exact: list[Fraction] = [Fraction(0)]

    def first(self, waiting: set[int]) -> tuple[list[int], Fraction]:
        """Return the projects that can be bought first, and the moment: what each supporter will have earned then."""
        low = {}
        for at in waiting:
            who, _ = self._election.supporters(at)
            cost = self._election.projects[at].cost * self._grain
            low[at] = (int(np.add.reduce(self._low.take(who))) + cost) // len(who)
        least = min(low.values())  # what is rounded away is less than one grain a voter, so less than two in the end
        exact = {at: self._moment(at) for at, moment in low.items() if moment <= least + 2}
        moment = min(exact.values())
        return [at for at, each in exact.items() if each == moment], moment

    def buy(self, at: int, moment: Fraction) -> None:
        """Let the supporters of the project have spent all that they earned up to this moment."""
        who, _ = self._election.supporters(at)
        self._low[who] = moment.numerator * self._grain // moment.denominator
        self._number[who] = len(self._exact)
        self._exact.append(moment)

    def _moment(self, at: int) -> Fraction:
        who, _ = self._election.supporters(at)
        counts = np.bincount(self._number[who], minlength=len(self._exact)).tolist()
        spent = sum((self._exact[number] * count for number, count in enumerate(counts) if count), Fraction(0))
        return (spent + self._election.projects[at].cost) / len(who)
