"""How well resources fit needs, in numbers: each question a share of 0 to 100, for very many pairs at once."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

import numpy as np

from haitang.exchange.models import Need, Resource
from haitang.exchange.queries.rules import Rules
from haitang.exchange.values import Hours
from haitang.matching import similarities

FULL = 100
GROUP_SHARE = 40
"""Of the weight of the category, for another category of the same group."""
PARTS = ("category", "place", "time", "capacity", "text")
_NEEDS_AT_ONCE = 200
_NO_DAY = date.max.toordinal()
_ALL_HOURS = (1 << len(Hours.values)) - 1


def text_of(row: Need | Resource) -> str:
    """Return the words by which a need and a resource are likened."""
    return f"{row.title} {row.words}"


def weigh(parts: Mapping[str, Any], weights: Mapping[str, int]) -> Any:
    """Return the parts, each 0 to 100, weighed into one number of 0 to 100; of arrays, for each pair."""
    return sum(parts[key] * weight for key, weight in weights.items()) // sum(weights.values())


def weigh_pairs(
    needs: Sequence[Need], resources: Sequence[Resource], today: date, known: Rules, weights: Mapping[str, int],
    least: int,
) -> Iterator[tuple[list[int], list[int], dict[str, list[int]], list[int]]]:  # fmt: skip
    """Yield pairs that come to `least` or more, some needs at a time: places of needs, of resources, parts, totals."""
    if not needs or not resources:
        return
    category, text = _categories(needs, resources, known), _likenesses(needs, resources)
    wanted, offered = _Side(needs), _Side(resources)
    last = np.array([_last_day(need, today) for need in needs])
    from_day = np.array([each.from_date.toordinal() if each.from_date else 0 for each in resources])
    until_day = np.array([each.until_date.toordinal() if each.until_date else _NO_DAY for each in resources])
    is_over = until_day < today.toordinal()
    people = np.array([need.people for need in needs])
    people_max = np.array([each.people_max for each in resources])
    others = sum(weight for key, weight in weights.items() if key not in ("category", "text"))
    for start in range(0, len(needs), _NEEDS_AT_ONCE):
        some = slice(start, start + _NEEDS_AT_ONCE)
        # A bound first: of most pairs nothing else has to be asked.
        best = (
            category[some].astype(np.int32) * weights["category"] + text[some].astype(np.int32) * weights["text"]
            + FULL * others
        ) // sum(weights.values())  # fmt: skip
        one, other = np.nonzero(best >= least)
        one = one + start
        hours = _HOURS[wanted.hours[one], offered.hours[other]]
        time = np.where(is_over[other] | (from_day[other] > last[one]), 0, hours)
        room = np.minimum(FULL, FULL * people_max[other] // people[one])
        parts = {
            "category": category[one, other].astype(np.int64), "place": _places(wanted, offered, one, other),
            "time": time, "capacity": np.where(people_max[other] > 0, room, FULL),
            "text": text[one, other].astype(np.int64),
        }  # fmt: skip
        total = weigh(parts, weights)
        kept = (total >= least) & (time > 0)
        yield (
            one[kept].tolist(), other[kept].tolist(), {key: parts[key][kept].tolist() for key in PARTS},
            total[kept].tolist(),
        )  # fmt: skip


def _last_day(need: Need, today: date) -> int:
    """Return the day by which it is wished for; one that has passed binds nobody any more."""
    return need.wished_by.toordinal() if need.wished_by and need.wished_by >= today else _NO_DAY


class _Side:
    """Needs or resources as arrays: their chains of areas, how deep these are, their hours as a set of bits."""

    def __init__(self, rows: Sequence[Need | Resource]) -> None:
        self.depth = np.array([len(row.area_ids) for row in rows])
        self.chain = np.zeros((len(rows), int(self.depth.max(initial=1))), dtype=np.int64)
        for at, row in enumerate(rows):
            self.chain[at, : len(row.area_ids)] = row.area_ids
        bits = {hour: 1 << number for number, hour in enumerate(Hours.values)}
        self.hours = np.array([sum(bits[each] for each in row.hours) or _ALL_HOURS for row in rows])


def _shares_of_hours() -> np.ndarray:
    """Return for each set of hours wanted and offered which share of the wanted ones is offered."""
    return np.array([
        [FULL * (wanted & offered).bit_count() // max(wanted.bit_count(), 1) for offered in range(_ALL_HOURS + 1)]
        for wanted in range(_ALL_HOURS + 1)
    ])  # fmt: skip


_HOURS = _shares_of_hours()


def _places(needs: _Side, resources: _Side, one: np.ndarray, other: np.ndarray) -> np.ndarray:
    """Return how near a resource's area is: all where it holds the need's area, less for every level in between."""
    shared, together = np.zeros(len(one), dtype=np.int64), np.ones(len(one), dtype=bool)
    for level in range(min(needs.chain.shape[1], resources.chain.shape[1])):
        here, there = needs.chain[one, level], resources.chain[other, level]
        together &= (here == there) & (here > 0)
        shared += together
    deep, deep_there = needs.depth[one], resources.depth[other]
    partly = FULL * shared // np.maximum(deep_there, 1)
    return np.where((shared == deep) | (shared == deep_there), FULL, partly)


def _categories(needs: Sequence[Need], resources: Sequence[Resource], known: Rules) -> np.ndarray:
    """Return for each need and resource how near their categories are: the same, of one group, or neither."""
    groups: dict[str, int] = {}
    group_of = {each.id: groups.setdefault(each.group, len(groups)) for each in known.categories}
    mine = np.array([each.category_id for each in needs], dtype=np.int64)
    theirs = np.array([each.category_id for each in resources], dtype=np.int64)
    my_group = np.array([group_of[each.category_id] for each in needs], dtype=np.int64)
    their_group = np.array([group_of[each.category_id] for each in resources], dtype=np.int64)
    near = np.where(my_group[:, None] == their_group[None, :], np.int16(GROUP_SHARE), np.int16(0))
    return np.where(mine[:, None] == theirs[None, :], np.int16(FULL), near)


def _likenesses(needs: Sequence[Need], resources: Sequence[Resource]) -> np.ndarray:
    """Return for each need and resource how alike their words are, 0 to 100."""
    alike = similarities([text_of(each) for each in needs], [text_of(each) for each in resources])
    found = np.zeros((len(needs), len(resources)), dtype=np.int16)
    found[alike.one, alike.other] = np.rint(FULL * alike.likeness).astype(np.int16)
    return found
