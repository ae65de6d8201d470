"""Whether a matter taken over from elsewhere kept the time that was set for it there."""

from datetime import datetime

from haitang.cases.models import Case
from haitang.cases.values import Stage

SET_BY = "set_by"
"""Marks, among a case's deadlines, the one that another system had set, and names that system."""


def kept_target(case: Case, now: datetime) -> bool:
    """Tell whether the case was closed within the time that the system it came from had set, or still has time left.

    A case for which none was set cannot have missed it; our own deadlines are another question.

    Source: the rule by which Boston publishes ONTIME and OVERDUE for its 311 requests.
    """
    handling = case.deadlines.get(Stage.HANDLE.value, {})
    if SET_BY not in handling:
        return True
    return (case.closed_at or now) <= datetime.fromisoformat(handling["due_at"])
