"""Exact purses: what is asked when whole numbers of a fixed size cannot tell two prices apart."""

from collections.abc import Sequence
from fractions import Fraction

import numpy as np

from haitang.tallying.terms import Election, Ints


class Ledger:
    """Every voter's money as a fraction, after the projects bought so far.

    Voters with the same amount share a purse, so that an amount is reckoned once however many hold it.
    """

    def __init__(self, election: Election, share: Fraction) -> None:
        self._election = election
        self._amounts: list[Fraction] = [share]
        self._number: dict[Fraction, int] = {share: 0}
        self._purse: Ints = np.zeros(election.votes.voters, dtype=np.int64)
        self.bought = 0

    def catch_up(self, sequence: Sequence[int]) -> None:
        """Buy the projects of the sequence that have not been bought here yet."""
        for at in sequence[self.bought :]:
            self.buy(at)

    def price(self, at: int) -> Fraction | None:
        """Return what the project costs per point, so that all who gave points pay it or all they have.

        None where its supporters have too little together.
        """
        cost = self._election.projects[at].cost
        held = self._held(at)
        held.sort(key=lambda each: self._amounts[each[0]] / each[1])
        left, points = Fraction(cost), sum(number * each for _, each, number in held)
        for purse, each, number in held:
            amount = self._amounts[purse]
            if amount * points >= left * each:
                return left / points
            left -= amount * number
            points -= each * number
        return None

    def money(self, at: int) -> Fraction:
        """Return what the supporters of the project have together."""
        return sum((self._amounts[purse] * number for purse, _, number in self._held(at)), Fraction(0))

    def buy(self, at: int) -> None:
        """Let the supporters of the project pay for it."""
        price = self.price(at)
        if price is None:
            raise ValueError("a project was bought that cannot be paid for")
        who, points = self._election.supporters(at)
        purses = self._purse[who]
        most = int(points.max(initial=1)) if points is not None else 1
        keys = purses * (most + 1) + (points if points is not None else 1)
        kinds, inverse = np.unique(keys, return_inverse=True)
        after = []
        for kind in kinds.tolist():
            purse, each = divmod(kind, most + 1)
            after.append(self._purse_of(max(self._amounts[purse] - price * each, Fraction(0))))
        self._purse[who] = np.array(after, dtype=np.int64)[inverse]
        self.bought += 1

    def _purse_of(self, amount: Fraction) -> int:
        if amount not in self._number:
            self._number[amount] = len(self._amounts)
            self._amounts.append(amount)
        return self._number[amount]

    def _held(self, at: int) -> list[tuple[int, int, int]]:
        """Return the purses of the project's supporters: purse, points given, number of voters."""
        who, points = self._election.supporters(at)
        most = int(points.max(initial=1)) if points is not None else 1
        keys = self._purse[who] * (most + 1) + (points if points is not None else 1)
        kinds, counts = np.unique(keys, return_counts=True)
        return [(*divmod(kind, most + 1), count) for kind, count in zip(kinds.tolist(), counts.tolist(), strict=True)]
