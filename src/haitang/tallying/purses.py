"""Purses in whole numbers of a fixed size: never less than what a voter has, and exactly known how much more in all."""

from fractions import Fraction

import numpy as np

from haitang.core.errors import Invalid
from haitang.tallying.terms import Election, Ints

_BITS = 61
"""No sum of purses and no product of a price with points is longer, so that nothing overflows in 64 bits."""


class NoRoom(Invalid):
    """Amounts, points and voters are too large together to be reckoned in 64 bits."""

    def __init__(self) -> None:
        super().__init__("金额、分数或票数过大，无法精确计票。")


class Purses:
    """What every voter has left, in grains, rounded upwards. each: what everybody began with.

    What is too much in all purses together (`surplus`) is known, since what was paid for a project is its cost to the
    last grain: so no purse, and no sum of purses, is too large by more than that.
    """

    def __init__(self, election: Election, share: Fraction, grain: int) -> None:
        self.each = each = -(-share.numerator * grain // share.denominator)
        voters = election.votes.voters
        self.held: Ints = np.full(voters, each, dtype=np.int64)
        whole = share * voters * grain
        self.surplus = each * voters - whole.numerator // whole.denominator

    def of(self, who: Ints) -> Ints:
        """Return the purses of some voters."""
        return self.held.take(who)

    def pay(self, who: Ints, points: Ints | None, mine: Ints, price: int, cost: int) -> None:
        """Take the cost from the purses `mine` of those voters, at a price per point that is not too high."""
        left = np.maximum(mine - (price if points is None else price * points), 0)
        self.surplus += cost - int(np.add.reduce(mine)) + int(np.add.reduce(left))
        self.held[who] = left


def grain_of(election: Election, share: Fraction) -> int:
    """Return how many grains make the smallest unit of money, so that all that is reckoned fits into `_BITS`.

    The number of voters is a factor of it where there is room, since shares are then whole.

    Raises NoRoom where not even a whole unit fits.
    """
    voters = max(election.votes.voters, 1)
    most = int(election.votes.points.max(initial=1))
    dearest = max((each.cost for each in election.projects), default=0)
    spare = _BITS - max((int(share) + 1) * max(voters, most), dearest, 1).bit_length()
    if spare < 1:
        raise NoRoom
    room = spare - voters.bit_length()
    return voters << room if room >= 0 else 1 << (spare - 1)


def paid(mine: Ints, points: Ints | None, price: int) -> tuple[int, int]:
    """Return what the purses pay at a price per point, and how fast that grows with the price."""
    asked = price if points is None else price * points
    richer = np.greater(mine, asked)
    slope = int(np.count_nonzero(richer)) if points is None else int(np.add.reduce(points[richer]))
    return int(np.add.reduce(np.minimum(mine, asked))), slope


def below(mine: Ints, points: Ints | None, cost: int, price: int) -> tuple[int, int, int]:
    """Return a price, not below the one given, at which the purses pay at most the cost, as near as whole steps lead.

    And how far the payment is from the cost, and its slope there. What purses pay rises ever more slowly with the
    price, so that a step along the slope never goes too far.
    """
    while True:
        sum_paid, slope = paid(mine, points, price)
        gap = cost - sum_paid
        if not slope or gap < slope:
            return price, gap, slope
        price += gap // slope


def above(mine: Ints, points: Ints | None, cost: int, price: int) -> int:
    """Return a price, not below the one given, at which the purses pay the cost, as near as whole steps lead."""
    while True:
        sum_paid, slope = paid(mine, points, price)
        gap = cost - sum_paid
        if gap <= 0:
            return price
        price += max(-(-gap // max(slope, 1)), 1)
