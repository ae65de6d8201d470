"""Rows that carry the chain of their area's ids: the condition by which areas see them."""

from collections.abc import Iterable

from django.db.models import Q


def below(paths: Iterable[str]) -> Q:
    """Return the condition that a row lies in one of the areas: its `area_ids` bears their last id at their depth.

    paths: materialised paths of areas, "/1/23/456/"; "/" is everywhere. Of no path at all: nothing.
    """
    scope = Q(pk__in=[])
    for path in paths:
        ids = [int(part) for part in path.strip("/").split("/") if part]
        if not ids:
            return Q()
        scope |= Q(**{f"area_ids__{len(ids) - 1}": ids[-1]})
    return scope
