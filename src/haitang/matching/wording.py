"""How alike short Chinese texts are: the runs of one, two and three characters that they share.

No words are cut and no dictionary is needed, so 修水管 and 水管漏了要修 meet at 水管 and 修. Longer runs count more,
and, where a whole list is compared, runs that many texts of it hold (社区, 老人) count less.
"""

import unicodedata
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import log, sqrt

import numpy as np
from numpy.typing import NDArray

from haitang.matching.flow import Ints

LENGTHS = (1, 2, 3)
_PLACES = 3
"""Decimals of a likeness: what lies behind them differs between machines and means nothing."""
_LEAST_RARITY = 0.2
"""What a run counts that every text holds."""


@dataclass(frozen=True, slots=True)
class Likenesses:
    """Pairs of texts by position, one of each list, sorted by both, and how alike they are."""

    one: Ints
    other: Ints
    likeness: NDArray[np.float64]


def similarity(one: str, other: str) -> float:
    """Return how alike two texts are: 0, nothing in common, to 1, the same but for spaces, signs and width."""
    left, right = _vector(one, {}), _vector(other, {})
    return round(sum(weight * right.get(run, 0) for run, weight in left.items()), _PLACES)


def similarities(ones: Sequence[str], others: Sequence[str], at_least: float = 0.05) -> Likenesses:
    """Return which texts of the two lists are alike by `at_least`, and how much; runs common in both count less."""
    texts = [*ones, *others]
    holding = Counter(run for text in texts for run in set(_runs(text)))
    rarity = {run: _LEAST_RARITY + log(len(texts) / count) for run, count in holding.items()}
    number = {run: at for at, run in enumerate(holding)}
    rows, columns, weights = _matrix(others, rarity, number)
    order = np.lexsort((rows, columns))
    rows, weights = rows[order], weights[order]
    begins = np.searchsorted(columns[order], np.arange(len(number) + 1))
    found: list[tuple[Ints, Ints, NDArray[np.float64]]] = []
    for at, text in enumerate(ones):
        parts = [
            (weight, slice(*begins[number[run] : number[run] + 2])) for run, weight in _vector(text, rarity).items()
        ]
        if not parts:
            continue
        hit = np.concatenate([rows[part] for _weight, part in parts])
        worth = np.concatenate([weight * weights[part] for weight, part in parts])
        likeness: NDArray[np.float64] = np.bincount(hit, worth, minlength=len(others)).astype(float).round(_PLACES)
        alike = np.flatnonzero(likeness >= max(at_least, 10**-_PLACES))
        found.append((np.full(len(alike), at), alike, likeness[alike]))
    empty = np.zeros(0, dtype=np.int64)
    return Likenesses(
        np.concatenate([each[0] for each in found] or [empty]),
        np.concatenate([each[1] for each in found] or [empty]),
        np.concatenate([each[2] for each in found] or [empty.astype(float)]),
    )


def shared(one: str, other: str) -> tuple[str, ...]:
    """Return the longest runs of two characters or more that both texts hold, in the order of the first."""
    left, right = _plain(one), _plain(other)
    found: list[str] = []
    at = 0
    while at < len(left):
        end = at + 1
        while end <= len(left) and " " not in left[at:end] and left[at:end] in right:
            end += 1
        run = left[at : end - 1]
        if len(run) > 1 and run not in found:
            found.append(run)
        at += max(len(run), 1)
    return tuple(found)


def _plain(text: str) -> str:
    """Return the text in one width and case, with a space for everything that is no letter, sign or digit."""
    return "".join(each if each.isalnum() else " " for each in unicodedata.normalize("NFKC", text).lower())


def _runs(text: str) -> list[str]:
    plain = _plain(text)
    cut = (plain[at : at + length] for length in LENGTHS for at in range(len(plain) - length + 1))
    return [run for run in cut if " " not in run]


def _vector(text: str, rarity: Mapping[str, float]) -> dict[str, float]:
    """Return the weight of each run, so that their squares add up to 1."""
    counted = Counter(_runs(text))
    weights = {run: sqrt(count) * len(run) * rarity.get(run, 1) for run, count in counted.items()}
    length = sqrt(sum(weight**2 for weight in weights.values()))
    return {run: weight / length for run, weight in weights.items()}


def _matrix(
    texts: Sequence[str], rarity: Mapping[str, float], number: Mapping[str, int]
) -> tuple[Ints, Ints, NDArray[np.float64]]:
    """Return texts, runs and weights as three columns."""
    vectors = [_vector(text, rarity) for text in texts]
    rows = np.repeat(np.arange(len(texts)), [len(each) for each in vectors])
    columns = np.array([number[run] for each in vectors for run in each], dtype=np.int64)
    return rows, columns, np.array([weight for each in vectors for weight in each.values()], dtype=float)
