"""Rows that carry the chain of their area's ids: the path by which grants are asked, and the condition of lists."""

from collections.abc import Iterable

from django.db.models import Q

EVERY_ROW = ~Q(pk__in=[])
"""Holds for every row, and goes on doing so beside others: `Q() | other` would be `other` alone."""


def path_of(area_ids: Iterable[int]) -> str:
    """Return the materialised path of the area that such a chain leads to."""
    return "/" + "".join(f"{area_id}/" for area_id in area_ids)


def below(paths: Iterable[str], chain: str = "area_ids") -> Q:
    """Return the condition that a row lies in one of the areas: its chain bears their last id at their depth.

    paths: materialised paths of areas, "/1/23/456/"; "/" is everywhere. Of no path at all: nothing.
    chain: where the row has it, "case__area_ids" for one that belongs to a case.
    """
    scope = Q(pk__in=[])
    for path in paths:
        ids = [int(part) for part in path.strip("/").split("/") if part]
        if not ids:
            return EVERY_ROW
        scope |= Q(**{f"{chain}__{len(ids) - 1}": ids[-1]})
    return scope


def around(paths: Iterable[str], chain: str = "area_ids") -> Q:
    """Return the condition that a row lies in one of the areas or belongs to a level above it, as `below` otherwise.

    For what a street or the city keeps for all communities under it: they see it, too.
    """
    found = list(paths)
    scope = below(found, chain)
    for path in found:
        ids = [int(part) for part in path.strip("/").split("/") if part]
        for depth in range(1, len(ids)):
            scope |= Q(**{chain: ids[:depth]})
    return scope
