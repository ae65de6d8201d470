"""What follows from the numbers: the priority, and whether a case proves difficult. Called by the other actions."""

from datetime import datetime

from haitang.cases import actions as case_actions
from haitang.cases import queries as case_queries
from haitang.cases.queries import catalog
from haitang.cases.values import Mark
from haitang.core.access import Actor
from haitang.core.language import in_house
from haitang.merging.facts import DifficultFlagged, PriorityChanged
from haitang.merging.models import Flag, Repeat
from haitang.merging.queries import points_of_case
from haitang.merging.queries.standing import difficulties
from haitang.merging.values import points_of, priority_of


def reassess(*, actor: Actor, case_id: int, now: datetime) -> None:
    """Reckon a case's priority anew, show its voices, and note a change of priority under it."""
    case = case_queries.lock_case(case_id)
    rule = catalog().setting("priority_points")
    counted = points_of_case(case_id)
    points = points_of(counted, rule)
    priority = priority_of(points, rule)
    if (case.priority, case.voices) == (priority.value, counted.voices):
        return
    case_actions.mark_case(actor=actor, case_id=case_id, priority=priority.value, voices=counted.voices, now=now)
    if case.priority != priority.value:
        fact = PriorityChanged(case_id, str(priority.value), points, counted.voices, counted.joined, counted.repeats)
        case_actions.note_on_case(actor=actor, fact=fact, now=now)


def find_difficult(*, actor: Actor, case_id: int, now: datetime) -> bool:
    """Flag a case if the rule says so and nobody has decided about it; return whether it was flagged now."""
    case = case_queries.lock_case(case_id)
    if Flag.objects.filter(case_id=case_id).exists():
        return False
    with in_house():
        found = difficulties(case, Repeat.objects.filter(case_id=case_id).count(), now)
        reason = "；".join(found)
    if not found:
        return False
    Flag.objects.create(case_id=case_id, by_rule=True, reason=reason, at=now)
    case_actions.mark_case(actor=actor, case_id=case_id, add=[Mark.DIFFICULT], now=now)
    fact = DifficultFlagged(case_id, by_rule=True, opinion=reason)
    case_actions.note_on_case(actor=actor, fact=fact, now=now)
    return True
