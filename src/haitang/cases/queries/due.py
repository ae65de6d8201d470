"""What a case counts for by its deadlines: on the day on which it is to be verified, dispatched, handled, checked or
closed.

Each case counts once for each, on the day of its present deadline (a case returned, done over, paused or extended
moves with it), as the row itself says: so these counters, like those of states, follow from the cases alone.

    due:<what>           to be done by that day (应核实, 应派遣, 应处置, 应核查, 应结案)
    due_in_time:<what>   of these, done by the deadline; due_late:<what> done after it; the rest is not done yet

To be verified is a public report from the beginning; to be dispatched, a case once it is on file; to be handled, once
it lies on a desk; to be checked, once it is reported back; to be closed, once it is on file, by the deadline of its
last stage, or by what another system had set.
"""

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Any

from haitang.cases.lifecycle import Status
from haitang.cases.queries.targets import SET_BY
from haitang.cases.values import Stage
from haitang.core.clock import local_date

_NOT_ON_FILE = frozenset({Status.VERIFYING, Status.REPORTED, Status.ACCEPTED, Status.REFUSED, Status.VOIDED})
CLOSE = "close"

DueMeasure = tuple[date, str]


def due_measures(case: Any) -> list[DueMeasure]:
    """Return what the case counts for by its deadlines: (day, measure), each once."""
    return list(due_by(case.status, case.organization_id, case.closed_at, case.deadlines))


def due_by(
    status: str, organization_id: int | None, closed_at: datetime | None, deadlines: Mapping[str, Mapping[str, Any]]
) -> Iterator[DueMeasure]:
    """Yield what a case with these columns counts for by its deadlines."""
    verifying = deadlines.get(Stage.VERIFY.value)
    if verifying is not None and status != Status.VOIDED:
        yield from _pair(Stage.VERIFY.value, verifying)
    if status in _NOT_ON_FILE:
        return
    for stage in (Stage.DISPATCH, Stage.HANDLE, Stage.CHECK):
        kept = deadlines.get(stage.value)
        if kept is None or (stage is not Stage.HANDLE and "started_at" not in kept):
            continue
        if stage is Stage.HANDLE and organization_id is None:
            continue
        yield from _pair(stage.value, kept)
    last = deadlines.get(Stage.CHECK.value)
    handling = deadlines.get(Stage.HANDLE.value)
    if last is None and handling is not None and SET_BY in handling:
        last = handling
    if last is not None:
        yield from _pair(CLOSE, {"due_at": last["due_at"], "done_at": closed_at and closed_at.isoformat()})


def _pair(what: str, kept: Mapping[str, Any]) -> Iterator[DueMeasure]:
    due_at, done = datetime.fromisoformat(kept["due_at"]), kept.get("done_at")
    done_at = datetime.fromisoformat(done) if done else None
    day = local_date(due_at)
    yield day, f"due:{what}"
    if done_at is not None:
        yield day, f"due_{'in_time' if done_at <= due_at else 'late'}:{what}"


def due_changes(before: list[DueMeasure], after: list[DueMeasure]) -> list[tuple[date, str, int]]:
    """Return what leads the counters from the one to the other."""
    changes = [(day, measure, -1) for day, measure in before if (day, measure) not in after]
    return changes + [(day, measure, 1) for day, measure in after if (day, measure) not in before]
