"""Figures of a survey and how far they may be off: pure functions of counts, without rows.

Sources: Wilson, E. B. (1927), Probable inference, JASA 22 (score interval); Cochran, W. G. (1977), Sampling
Techniques, 3rd ed., ch. 2 (finite population), 5 (strata); Korn & Graubard (1998), Survey Methodology 24 (effective
sample size); Newcombe, R. G. (1998), Statistics in Medicine 17, 873-890, method 10 (difference of shares).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import inf, sqrt
from statistics import NormalDist


@dataclass(frozen=True, slots=True)
class Interval:
    """Between what the true figure lies, with the confidence asked for."""

    low: float
    high: float

    @property
    def percent(self) -> str:
        """Return it in per cent to one digit, as it is printed."""
        return f"{self.low * 100:.1f}—{self.high * 100:.1f}"


@dataclass(frozen=True, slots=True)
class Figure:
    """A share or a score, 0 to 1. n: answers counted in it. interval: None where none can honestly be given."""

    value: float
    n: int
    interval: Interval | None = None

    @property
    def percent(self) -> str:
        """Return the figure in per cent to one digit, as it is printed."""
        return f"{self.value * 100:.1f}"


@dataclass(frozen=True, slots=True)
class Stratum:
    """One area of a sample. population: households there; counts: answers by weight (0 to 1, or any number)."""

    population: int
    counts: Mapping[float, int]

    @property
    def n(self) -> int:
        """Return how many have answered."""
        return sum(self.counts.values())

    @property
    def mean(self) -> float:
        """Return the mean weight of the answers; of none, it cannot be asked."""
        return sum(weight * count for weight, count in self.counts.items()) / self.n

    @property
    def variance(self) -> float:
        """Return the variance within the sample (divisor n - 1); of fewer than two, 0."""
        mean = self.mean
        squares = sum(count * (weight - mean) ** 2 for weight, count in self.counts.items())
        return squares / (self.n - 1) if self.n > 1 else 0.0


class Change(StrEnum):
    """What a repeat says of the survey before."""

    UP = "up"
    DOWN = "down"
    UNCLEAR = "unclear"


@dataclass(frozen=True, slots=True)
class Difference:
    """How much a figure has moved, in shares, and between what the true move lies."""

    value: float
    interval: Interval

    @property
    def points(self) -> tuple[str, str, str]:
        """Return the move and both ends in whole percentage points with their signs, as they are printed."""
        value, low, high = (f"{each * 100:+.0f}" for each in (self.value, self.interval.low, self.interval.high))
        return value, low, high

    @property
    def change(self) -> Change:
        """Return the direction; unclear where the interval holds zero."""
        if self.interval.low <= 0 <= self.interval.high:
            return Change.UNCLEAR
        return Change.UP if self.interval.low > 0 else Change.DOWN


def response_rate(answered: int, invited: int) -> float | None:
    """Return the share of those invited who have answered; None where nobody was invited."""
    return answered / invited if invited else None


def score(counts: Mapping[float, int]) -> float | None:
    """Return the mean weight of the answers; None without any."""
    return Stratum(0, counts).mean if sum(counts.values()) else None


def effective(n: int, population: int | None) -> float:
    """Return the size that a sample of n from so many has; infinite where all were asked. None: from a large one."""
    if population is None:
        return float(n)
    return inf if n >= population else n * (population - 1) / (population - n)


def wilson(share: float, n: float, confidence_pct: int) -> Interval:
    """Return the score interval of a share (0 to 1) seen in n answers, which need not be whole.

    n infinite: the share itself. For the mean of weights between 0 and 1 it is never too narrow by its variance,
    since that is at most share x (1 - share).
    """
    if n == inf:
        return Interval(share, share)
    z = NormalDist().inv_cdf(0.5 + confidence_pct / 200)
    centre = (share + z * z / (2 * n)) / (1 + z * z / n)
    half = z / (1 + z * z / n) * sqrt(share * (1 - share) / n + z * z / (4 * n * n))
    return Interval(max(0.0, min(share, centre - half)), min(1.0, max(share, centre + half)))


def estimate(strata: Sequence[Stratum], confidence_pct: int) -> Figure | None:
    """Return the figure for all strata together, each weighing as much as its population; None without answers.

    Strata without answers are left out, and the rest stands for itself. A stratum with a single answer takes the
    variance of all. The interval is Wilson's with the effective size of the design, never larger than that of a
    simple random sample of as many.
    """
    heard = [each for each in strata if each.n]
    if not heard:
        return None
    n, population = sum(each.n for each in heard), sum(each.population for each in heard)
    pooled = _pooled(heard)
    mean = sum(each.population * each.mean for each in heard) / population
    variance = 0.0
    for each in heard:
        within = each.variance if each.n > 1 else pooled
        left = max(0.0, 1 - each.n / each.population)
        variance += (each.population / population) ** 2 * left * within / each.n
    at_most = effective(n, population)
    size = min(at_most, mean * (1 - mean) / variance) if variance > 0 else at_most
    return Figure(mean, n, wilson(mean, size, confidence_pct))


def _pooled(strata: Sequence[Stratum]) -> float:
    """Return the variance of all answers together, as if from one stratum."""
    counts: dict[float, int] = {}
    for each in strata:
        for weight, count in each.counts.items():
            counts[weight] = counts.get(weight, 0) + count
    return Stratum(0, counts).variance


def compare(before: Figure, after: Figure) -> Difference | None:
    """Return how much a figure has moved; None where one of both has no interval."""
    if before.interval is None or after.interval is None:
        return None
    moved = after.value - before.value
    down = sqrt((after.value - after.interval.low) ** 2 + (before.interval.high - before.value) ** 2)
    up = sqrt((after.interval.high - after.value) ** 2 + (before.value - before.interval.low) ** 2)
    return Difference(moved, Interval(moved - down, moved + up))
