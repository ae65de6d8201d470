"""The published figures, worked out the slow way from single votes; shares no line with what it is compared to."""

from itertools import combinations
from math import dist


def seen(votes, statement, people):
    return [vote for person, about, vote in votes if about == statement and person in people]


def repness(votes, statement, own, rest, kind):
    """Return the smoothed share, its ratio to the rest, and both z, of those who vote `kind` (1 or -1)."""
    ns, na = len(seen(votes, statement, own)), seen(votes, statement, own).count(kind)
    ms, ma = len(seen(votes, statement, rest)), seen(votes, statement, rest).count(kind)
    share, other = (na + 1) / (ns + 2), (ma + 1) / (ms + 2)
    share_z = 2 * (ns + 1) ** 0.5 * ((na + 1) / (ns + 1) - 0.5)
    p1, p2 = (na + 1) / (ns + 1), (ma + 1) / (ms + 1)
    pooled = (na + 1 + ma + 1) / (ns + 1 + ms + 1)
    spread = (pooled * (1 - pooled) * (1 / (ns + 1) + 1 / (ms + 1))) ** 0.5
    return share, share / other, share_z, (p1 - p2) / spread if pooled != 1 else 0.0


def representative(votes, statements, own, rest):
    """Return {(statement, kind): weight} of what passes both tests at 90 %."""
    found = {}
    for statement in statements:
        ranked = {kind: repness(votes, statement, own, rest, kind) for kind in (1, -1)}
        kind = 1 if ranked[1][3] > ranked[-1][3] else -1
        share, times, share_z, times_z = ranked[kind]
        if share_z > 1.2816 and times_z > 1.2816:
            found[statement, kind] = share * times * share_z * times_z
    return found


def shared(votes, statement, groups, kind):
    product = 1.0
    for people in groups:
        cast = seen(votes, statement, people)
        product *= (cast.count(kind) + 1) / (len(cast) + 2)
    return product


def silhouette(places, groups):
    """Return the mean silhouette of people, by all pairs."""
    total = 0.0
    for at, group in enumerate(groups):
        means = {}
        for other in sorted(set(groups)):
            apart = [dist(places[at], places[it]) for it, which in enumerate(groups) if which == other and it != at]
            means[other] = sum(apart) / len(apart) if apart else 0.0
        own, nearest = means.pop(group), min(means.values())
        total += (nearest - own) / max(nearest, own) if max(nearest, own) else 0.0
    return total / len(groups)


def spread_along(votes, people, statements, axis):
    """Return the sum of squares of people along a direction, missing votes at the mean of their statement."""
    mean = {}
    for statement in statements:
        cast = seen(votes, statement, people)
        mean[statement] = sum(cast) / len(cast) if cast else 0.0
    total = 0.0
    for person in people:
        total += sum((vote - mean[about]) * axis[about] for who, about, vote in votes if who == person) ** 2
    return total


def best_division(places):
    """Return the least sum of squares of any division of places into two."""
    everything = range(len(places))
    return min(
        divided(places, one, [at for at in everything if at not in one])
        for size in range(1, len(places) // 2 + 1)
        for one in combinations(everything, size)
    )


def divided(places, one, other):
    """Return the sum of squares of two sets of places."""
    return _squares(places, list(one)) + _squares(places, other)


def _squares(places, chosen):
    middle = [sum(places[at][side] for at in chosen) / len(chosen) for side in (0, 1)]
    return sum(dist(places[at], middle) ** 2 for at in chosen)
