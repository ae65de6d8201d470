"""Equal shares for a whole band of shares at once, in whole numbers of a fixed size.

As long as the same projects are bought in the same order, more money at the beginning never leaves anybody with less,
and never makes a project dearer (docs/tallying.md). So for every share of the band the price of a project lies between
its price at the largest share and that at the smallest, each rounded away from the other; a project whose highest price
is below the lowest of all others is the next for every share of the band.

Where that cannot be said, a band of several shares is given up (`run` returns None) and must be cut, while a single
share asks the `Ledger`, which is exact. Nothing is ever decided by a rounded number.
"""

import heapq
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from haitang.tallying.ledger import Ledger
from haitang.tallying.limits import Standing
from haitang.tallying.purses import Purses, above, below, grain_of, paid
from haitang.tallying.terms import Election, Ints, Limits, Reason

_KEY_BITS = 64
"""Prices are put in order as whole numbers after being moved by so many bits: the lowest down, the highest up."""


@dataclass(frozen=True)
class Field:
    """Who takes part. candidates: projects with supporters that cost something, with what one point for each counts.

    gifts: projects that cost nothing, in order. ranks: who comes first among equal prices.
    """

    election: Election
    candidates: Mapping[int, int]
    gifts: tuple[int, ...]
    ranks: list[int]
    limits: Limits


@dataclass(frozen=True)
class Course:
    """What is bought, in this order, for every share of a band. barred: what limits kept out on the way.

    short: projects that their supporters could not pay. over: it ended early, as the cost had passed the budget.
    purses, grain: what voters have left at the largest share, and the grains of a smallest unit.
    """

    sequence: tuple[int, ...]
    cost: int
    barred: Mapping[int, Reason]
    short: frozenset[int]
    over: bool
    purses: Purses
    grain: int

    def money(self, field: Field, share: Fraction, at: int) -> int:
        """Return what the supporters of a project have left in whole smallest units, for a course of a single share."""
        most = int(np.add.reduce(self.purses.of(field.election.supporters(at)[0])))
        if (most - self.purses.surplus) // self.grain == most // self.grain:
            return most // self.grain
        ledger = Ledger(field.election, share)
        ledger.catch_up(self.sequence)
        return int(ledger.money(at))


@dataclass(slots=True)
class _Candidate:
    """A project in the race. low: its price per point in grains is not below this.

    mine: the purses of its supporters when `seen` projects had been bought. fresh: so many had been when the price was
    found as near as whole steps lead, with the gap to its cost and the slope there.
    """

    at: int
    cost: int
    worth: int
    who: Ints
    points: Ints | None
    low: int
    fresh: int = -1
    seen: int = -1
    mine: Ints | None = None
    gap: int = 0
    slope: int = 0


def run(field: Field, lowest: Fraction, highest: Fraction) -> Course | None:
    """Return what is bought when every voter begins with any share from `lowest` to `highest`, in smallest units.

    None where the shares of the band part ways, or its amounts do not fit. Raises NoRoom where a single share does not.
    """
    return _Band(field, lowest, highest).run()


class _Band:
    def __init__(self, field: Field, lowest: Fraction, highest: Fraction) -> None:
        self._field, self._election = field, field.election
        self._standing = Standing(field.limits)
        self._single = lowest == highest
        self._grain = grain_of(self._election, highest)
        self._most = Purses(self._election, highest, self._grain)
        self._fullest = self._most.each  # nothing is dearer per point
        self._least = self._most if self._single else Purses(self._election, lowest, self._grain)
        self._ledger = Ledger(self._election, lowest) if self._single else None
        self._sequence: list[int] = []
        self._barred: dict[int, Reason] = {}
        self._short: set[int] = set()
        self._heap: list[tuple[int, int, _Candidate]] = []

    def run(self) -> Course | None:
        for at in self._field.gifts:
            if self._may(at):
                self._take(at)
        for at, worth in self._field.candidates.items():
            who, points = self._election.supporters(at)
            cost = self._election.projects[at].cost * self._grain
            self._push(_Candidate(at, cost, worth, who, points, cost // self._election.scores_above[at]))
        while self._heap and self._standing.cost <= self._election.budget:
            first = heapq.heappop(self._heap)[2]
            if not self._may(first.at):
                continue
            if first.fresh < len(self._sequence):
                self._refresh(first)
            elif not self._choose(first):
                return None
        short = frozenset(at for at in sorted(self._short) if self._may(at))
        over = self._standing.cost > self._election.budget
        return Course(
            tuple(self._sequence), self._standing.cost, self._barred, short, over,
            self._most, self._grain,
        )  # fmt: skip

    def _may(self, at: int) -> bool:
        bar = self._standing.bar(self._election.projects[at])
        if bar:
            self._barred[at] = bar
        return bar is None

    def _take(self, at: int) -> None:
        self._standing.take(self._election.projects[at])
        self._sequence.append(at)

    def _push(self, each: _Candidate) -> None:
        heapq.heappush(self._heap, ((each.low << _KEY_BITS) // each.worth, self._field.ranks[each.at], each))

    def _refresh(self, each: _Candidate) -> None:
        """Come a step nearer to the lowest price in the fullest purses; what these cannot pay they never will."""
        now = len(self._sequence)
        if each.seen < now or each.mine is None:
            each.seen, each.mine = now, self._most.of(each.who)
            if int(np.add.reduce(each.mine)) < each.cost:
                self._short.add(each.at)
                each.mine = None
                return
        sum_paid, each.slope = paid(each.mine, each.points, each.low)
        each.gap = each.cost - sum_paid
        if not each.slope or each.gap < each.slope:
            each.fresh = now
        else:
            each.low += each.gap // each.slope
        self._push(each)

    def _surely_first(self, first: _Candidate) -> bool:
        """Tell whether the project is surely paid at a price that comes before all others."""
        if not self._heap:
            return False
        price = min((self._heap[0][0] - 1) * first.worth >> _KEY_BITS, self._fullest)
        mine = first.mine if self._single and first.mine is not None else self._least.of(first.who)
        return price >= first.low and paid(mine, first.points, price)[0] >= first.cost + self._least.surplus

    def _highest(self, each: _Candidate) -> int | None:
        """Return a price that surely pays the project, None where none does, or none surely."""
        surplus = self._least.surplus
        mine = each.mine if self._single and each.mine is not None else self._least.of(each.who)
        if int(np.add.reduce(mine)) - surplus >= each.cost:
            start = each.low + max(-(-(each.gap + surplus) // max(each.slope, 1)), 0)
            return above(mine, each.points, each.cost + surplus, start)
        price = self._exact(each.at)
        return None if price is None else -(-price.numerator * self._grain // price.denominator)

    def _exact(self, at: int) -> Fraction | None:
        if self._ledger is None:
            return None
        self._ledger.catch_up(self._sequence)
        return self._ledger.price(at)

    def _choose(self, first: _Candidate) -> bool:
        """Buy the next project, or put it back because another may be cheaper. False where it cannot be told."""
        if self._surely_first(first):
            self._buy(first)
            return True
        high = self._highest(first)
        if high is None:
            self._short.add(first.at)
            return self._single
        key = -(-(high << _KEY_BITS) // first.worth)
        rivals = [first]
        while self._heap and self._heap[0][0] <= key:
            rival = heapq.heappop(self._heap)[2]
            if not self._may(rival.at):
                continue
            if rival.fresh < len(self._sequence):
                self._refresh(rival)
            else:
                rivals.append(rival)
        if len(rivals) == 1:
            self._buy(first)
            return True
        return self._settle(rivals)

    def _settle(self, rivals: list[_Candidate]) -> bool:
        """Buy the cheapest of several by their exact prices; False where these are not known.

        Those that cost the same and have the same supporters always have the same price: one stands for them.
        """
        alike: dict[tuple[int, int], _Candidate] = {}
        for each in sorted(rivals, key=lambda each: self._field.ranks[each.at]):
            key = (self._election.twins[each.at], each.cost)
            if alike.setdefault(key, each) is not each:
                self._push(each)
        rivals = list(alike.values())
        if len(rivals) == 1:
            self._buy(rivals[0])
            return True
        prices: dict[int, Fraction] = {}
        for each in rivals:
            price = self._plain_price(each)
            if price is None and not self._single:
                return False
            price = price or self._exact(each.at)
            if price is None:
                self._short.add(each.at)
            else:
                prices[each.at] = price / each.worth
        left = [each for each in rivals if each.at in prices]
        left.sort(key=lambda each: (prices[each.at], self._field.ranks[each.at]))
        for each in left[1:]:
            self._push(each)
        if left:
            self._buy(left[0])
        return True

    def _plain_price(self, each: _Candidate) -> Fraction | None:
        """Return the exact price where each supporter surely has nothing at all, or surely enough; None elsewhere."""
        has = self._most.of(each.who) > 0
        points = None if each.points is None else each.points[has]
        whole = int(np.count_nonzero(has)) if points is None else int(points.sum())
        needed = -(-each.cost // max(whole, 1))
        least = self._least.of(each.who[has])
        enough = least >= (needed if points is None else needed * points) + self._least.surplus
        if not whole or not bool(enough.all()):
            return None
        return Fraction(self._election.projects[each.at].cost, whole)

    def _buy(self, each: _Candidate) -> None:
        """Let supporters pay at prices that are not too high, so that purses are never too small."""
        if each.mine is None:
            raise AssertionError("what is bought has been refreshed")
        self._most.pay(each.who, each.points, each.mine, each.low, each.cost)
        if not self._single:
            mine = self._least.of(each.who)
            price, _, _ = below(mine, each.points, each.cost, each.low)
            self._least.pay(each.who, each.points, mine, price, each.cost)
        each.mine = None
        self._take(each.at)
