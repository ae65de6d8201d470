"""The cases chosen for a batch, and what can be done to them together."""

from collections.abc import Iterable
from dataclasses import dataclass

from haitang.cases import queries as case_queries
from haitang.cases.lifecycle import MOVES, Deed
from haitang.cases.queries.cases import CaseView
from haitang.core.access import Actor
from haitang.office.values import BATCH_FROM, BATCH_MAX


@dataclass(frozen=True, slots=True)
class Choice:
    """Chosen cases that the viewer may see, and for each deed of a batch those that wait for it and allow it."""

    views: list[CaseView]
    by_deed: dict[Deed, list[int]]


def choose(*, viewer: Actor, case_ids: Iterable[int]) -> Choice:
    """Return the chosen cases, at most BATCH_MAX, those the viewer may not see left out."""
    views = case_queries.describe(case_queries.list_chosen(viewer=viewer, case_ids=list(case_ids)[:BATCH_MAX]))
    by_deed: dict[Deed, list[int]] = {}
    for deed, sources in BATCH_FROM.items():
        if not viewer.holds(MOVES[deed].permission):
            continue
        by_deed[deed] = [
            view.case.pk
            for view in views
            if view.case.status in sources and deed in case_queries.possible_deeds(viewer=viewer, case=view.case)
        ]
    return Choice(views, by_deed)
