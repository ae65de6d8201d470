"""What somebody who leaves has in hand: cases, calls of whistles, disputes."""

from collections.abc import Iterator

from haitang.cases import queries as case_queries
from haitang.core.access import Actor, allows
from haitang.office import policies
from haitang.office.values import InHand
from haitang.patrols.queries import list_mediated
from haitang.people.queries import get_actor
from haitang.whistles.queries import list_calls_in_hand

CASE, CALL, DISPUTE = "case", "call", "dispute"


def list_in_hand(*, viewer: Actor, account_id: int) -> list[InHand]:
    """Return what the account has in hand and the viewer may know of, each kind by its deadline. For actions and jobs.

    What is confidential is told to oneself, and to those who are trusted with it.
    """
    return [*_cases(viewer, account_id), *_disputes(viewer, account_id)]


def _cases(viewer: Actor, account_id: int) -> Iterator[InHand]:
    cases = case_queries.list_in_hand(account_id=account_id)
    calls = list_calls_in_hand(account_id)
    known = {case.pk for case in cases} | {call.whistle.case_id for call in calls}
    if not policies.is_own(viewer, account_id):
        known = {case.pk for case in case_queries.list_chosen(viewer=viewer, case_ids=known)}
    for case in cases:
        if case.pk in known:
            yield InHand(
                CASE, case.pk, case.pk, case.pk, case.number, str(case.get_status_display()), case.description,
                case.due_at, tuple(case.area_ids), case.organization_id,
            )  # fmt: skip
    for call in calls:
        if call.whistle.case_id in known:
            yield InHand(
                CALL, call.pk, call.whistle_id, call.whistle.case_id, call.whistle.number,
                str(call.get_status_display()), call.task or call.whistle.reason, call.due_at,
                tuple(call.whistle.case.area_ids), call.organization_id,
            )  # fmt: skip


def _disputes(viewer: Actor, account_id: int) -> Iterator[InHand]:
    for row in list_mediated(viewer=viewer, account_id=account_id):
        yield InHand(
            DISPUTE, row.pk, row.pk, 0, row.number, str(row.get_status_display()), row.kind, None, tuple(row.area_ids),
            None,
        )  # fmt: skip


def list_handovers(*, viewer: Actor, account_id: int) -> list[InHand]:
    """Return what the account has in hand that the viewer may hand over."""
    found = list_in_hand(viewer=viewer, account_id=account_id)
    return [each for each in found if allows(policies.check_may_hand_over, viewer, account_id, each)]


def count_in_hand(account_id: int) -> int:
    """Return how much the account has in hand. For jobs."""
    return len(list_in_hand(viewer=get_actor(account_id), account_id=account_id))
