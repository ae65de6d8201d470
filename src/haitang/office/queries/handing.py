"""What somebody who leaves has in hand."""

from typing import Any

from haitang.cases import queries as case_queries
from haitang.cases.queries import CaseView
from haitang.core.access import Actor, allows
from haitang.office import policies


def list_handovers(*, viewer: Actor, account_id: int) -> list[CaseView]:
    """Return the open cases in the account's hand that the viewer may hand over, the one due first on top."""
    found: list[Any] = case_queries.list_in_hand(account_id=account_id)
    return case_queries.describe(
        [each for each in found if allows(policies.check_may_hand_over, viewer, account_id, each)]
    )


def count_in_hand(account_id: int) -> int:
    """Return how many open cases the account has in hand. For jobs."""
    return len(case_queries.list_in_hand(account_id=account_id))
