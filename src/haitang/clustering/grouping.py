"""From places to groups: people into small cells, cells into groups, as many groups as fit best.

Every step begins from the places themselves and not from chance: k-means from two starts that look at nothing else (the
farthest first; and splitting the widest again and again), of which the tighter is kept.

Source: Polis; P. J. Rousseeuw; T. F. Gonzalez; T. Su, J. G. Dy
"""

from collections.abc import Iterator

import numpy as np

from haitang.clustering.terms import Floats, Ints, Rules

_ROUNDS = 100
_PLACES = 9
"""Decimals of a fit: two that differ less are equal, and then fewer groups are better."""
_ALMOST = 1e-9


def grouped(place: Floats, count: Floats, rules: Rules) -> tuple[Ints, dict[int, float]]:
    """Return the group of every place, the largest group first, and how well each number of groups fits.

    place: n × 2, each there `count` times. The outcome depends on the order of places where distances are exactly
    equal: give them in an order that means something. All are group 0 where nothing falls apart.
    """
    if not len(place):
        return np.zeros(0, np.int64), {}
    cell = _nearest(place, _settle(place, count, _farthest(place, count, rules.cells)))
    used, cell = np.unique(cell, return_inverse=True)
    weight = np.bincount(cell, count).astype(float)
    centre = _means(place, count, cell, len(used))
    apart = np.linalg.norm(centre[:, None] - centre[None], axis=2)
    fits: dict[int, float] = {}
    best = np.zeros(len(centre), np.int64)
    for group in _candidates(centre, weight, rules):
        number, fit = int(group.max()) + 1, round(_silhouette(apart, weight, group), _PLACES)
        if all(fit > earlier for earlier in fits.values()):
            best = group
        fits[number] = max(fit, fits.get(number, fit))
    return _largest_first(place, count, best[cell]), fits


def _candidates(centre: Floats, weight: Floats, rules: Rules) -> Iterator[Ints]:
    """Yield divisions into two groups or more, none of them smaller than a group may be."""
    people = min(int(weight.sum()), rules.cells)
    for number in range(2, min(2 + people // rules.per_group, len(centre)) + 1):
        starts = (_farthest(centre, weight, number), _widest(centre, weight, number))
        means = min((_settle(centre, weight, start) for start in starts), key=lambda one: _cost(centre, weight, one))
        group = _nearest(centre, means)
        while len(means) > 1 and (size := np.bincount(group, weight, len(means))).min() < rules.least_group:
            # Too few to be a group: they go where they are nearest, and the others settle anew.
            means = _settle(centre, weight, np.delete(means, size.argmin(), axis=0))
            group = _nearest(centre, means)
        if len(means) > 1:
            yield group


def _farthest(place: Floats, weight: Floats, number: int) -> Floats:
    """Return starts: the place farthest from the middle, then again and again the one farthest from all chosen."""
    distance = _squares(place, np.average(place, axis=0, weights=weight)[None])[:, 0]
    chosen: list[int] = []
    while len(chosen) < number and (not chosen or distance.max() > 0):
        chosen.append(int(distance.argmax()))
        nearer = _squares(place, place[chosen[-1:]])[:, 0]
        distance = nearer if len(chosen) == 1 else np.minimum(distance, nearer)
    return place[chosen]


def _widest(place: Floats, weight: Floats, number: int) -> Floats:
    """Return starts: the part with the largest spread is split across its wider side, at its mean, again and again."""
    part = np.zeros(len(place), np.int64)
    for new in range(1, number):
        means = _means(place, weight, part, new)
        spread = np.stack(
            [np.bincount(part, weight * (place[:, side] - means[part, side]) ** 2, new) for side in (0, 1)], axis=1
        )
        at = int(spread.sum(1).argmax())
        if spread[at].sum() < _ALMOST:
            return means
        side = int(spread[at].argmax())
        part[(part == at) & (place[:, side] > means[at, side])] = new
    return _means(place, weight, part, number)


def _settle(place: Floats, weight: Floats, means: Floats) -> Floats:
    """Return means moved to the middle of the places nearest to them until nothing moves; those of nobody are gone."""
    group = _nearest(place, means)
    for _ in range(_ROUNDS):
        used, group = np.unique(group, return_inverse=True)
        means = _means(place, weight, group, len(used))
        again = _nearest(place, means)
        if (again == group).all():
            break
        group = again
    return means


def _means(place: Floats, weight: Floats, group: Ints, number: int) -> Floats:
    total = np.bincount(group, weight, number)
    return np.stack([np.bincount(group, weight * place[:, side], number) / total for side in (0, 1)], axis=1)


def _nearest(place: Floats, means: Floats) -> Ints:
    return _squares(place, means).argmin(1)


def _cost(place: Floats, weight: Floats, means: Floats) -> float:
    return round(float((_squares(place, means).min(1) * weight).sum()), _PLACES)


def _squares(place: Floats, means: Floats) -> Floats:
    return (place[:, :1] - means[:, 0]) ** 2 + (place[:, 1:] - means[:, 1]) ** 2


def _silhouette(apart: Floats, weight: Floats, group: Ints) -> float:
    """Return the mean silhouette of people who stand in the middle of their cells."""
    number = int(group.max()) + 1
    mine = np.arange(len(group)), group
    size = np.bincount(group, weight, number)
    total = apart @ (np.eye(number)[group] * weight[:, None])
    own = total[mine] / np.maximum(size[group] - 1, 1)
    mean = total / size
    mean[mine] = np.inf
    other = mean.min(1)
    widest = np.maximum(own, other)
    return float(np.average(np.divide(other - own, widest, out=np.zeros_like(own), where=widest > 0), weights=weight))


def _largest_first(place: Floats, count: Floats, group: Ints) -> Ints:
    number = int(group.max()) + 1
    size = np.bincount(group, count, number)
    means = _means(place, count, group, number)
    order = np.lexsort((means[:, 1], means[:, 0], -size))
    rank = np.empty(number, np.int64)
    rank[order] = np.arange(number)
    return rank[group]
