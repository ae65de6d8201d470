"""What the page of a case shows of oversight, and what may be done there."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection

from haitang.cases import queries as cases
from haitang.core import access
from haitang.core.access import Actor
from haitang.oversight import policies
from haitang.oversight.models import Request, Supervision
from haitang.oversight.queries import families, requests
from haitang.oversight.queries.rules import rules
from haitang.oversight.values import State, Wish


@dataclass(frozen=True, slots=True)
class OversightPage:
    """Everything about one case; may: the names of the deeds that the viewer may do now."""

    case: Any
    requests: list[Request]
    supervisions: list[Supervision]
    urgings: int
    step: int
    whole: Any
    parts: list[Any]
    may: frozenset[str]


_GLANCE = """
SELECT EXISTS (SELECT 1 FROM oversight_request WHERE case_id = %(case)s),
    EXISTS (SELECT 1 FROM oversight_supervision WHERE case_id = %(case)s),
    (SELECT count(*) FROM oversight_urging WHERE case_id = %(case)s),
    coalesce((SELECT step FROM oversight_climb WHERE case_id = %(case)s AND due_at = %(due)s), 0),
    EXISTS (SELECT 1 FROM oversight_part WHERE child_id = %(case)s OR parent_id = %(case)s)
"""


def get_oversight(*, viewer: Actor, case: Any, now: datetime) -> OversightPage:
    """Return what is known of a case that the viewer may read as staff: one query where there is nothing."""
    with connection.cursor() as cursor:
        cursor.execute(_GLANCE, {"case": case.pk, "due": case.due_at})
        has_requests, has_supervisions, urgings, step, has_family = cursor.fetchone()
    asked = list(Request.objects.filter(case_id=case.pk).order_by("-pk")) if has_requests else []
    supervisions = list(Supervision.objects.filter(case_id=case.pk).order_by("-pk")) if has_supervisions else []
    whole, parts = families.family_of(viewer=viewer, case_id=case.pk) if has_family else (None, [])
    may = frozenset(_may(viewer, case, asked, supervisions, whole, now))
    return OversightPage(case, asked, supervisions, urgings, step, whole, parts, may)


def _may(
    viewer: Actor, case: Any, asked: list[Request], supervisions: list[Supervision], whole: Any, now: datetime
) -> Iterator[str]:
    is_open, stands = case.stage is not None, case.paused_until is not None
    waiting = {each.wish for each in asked if each.state == State.PENDING and requests.is_current(each, case)}
    has_it = is_open and cases.waits_for(viewer=viewer, case=case)
    in_time = case.due_at is not None and now <= case.due_at
    if has_it and not stands:
        if in_time and Wish.PAUSE not in waiting:
            yield "pause"
        if (
            in_time
            and Wish.EXTENSION not in waiting
            and requests.count_extensions(case) < rules().settings["extensions_max"]
        ):
            yield "extension"
        if Wish.RETURN not in waiting and cases.can_be_returned(case) and cases.why_no_return(case, now) is not None:
            yield "return"
    if stands and (has_it or access.allows(policies.check_can_decide, viewer, Request(wish=Wish.PAUSE), case)):
        yield "resume"
    for each in asked:
        if each.state == State.PENDING and requests.is_current(each, case):
            if access.allows(policies.check_can_decide, viewer, each, case):
                yield f"decide-{each.pk}"
            if viewer.id is not None and each.asked_by_id == viewer.id:
                yield f"withdraw-{each.pk}"
    if is_open and not stands and access.allows(policies.check_can_urge, viewer, case):
        yield "urge"
    standing = next((each for each in supervisions if each.closed_at is None), None)
    supervises = access.allows(policies.check_can_supervise, viewer, case)
    if standing is not None:
        if standing.answered_at is None and access.allows(policies.check_can_answer, viewer, case):
            yield "answer"
        if supervises:
            yield "close"
    elif is_open and supervises:
        yield "supervise"
    if access.allows(policies.check_can_tie, viewer, case):
        if is_open:
            yield "split"
        yield "untie" if whole is not None else "tie"
