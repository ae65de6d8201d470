"""Reads of what is whose part, and what keeps a case from a deed."""

from typing import Any

from django.db import connection
from django.utils.translation import gettext as _

from haitang.cases import queries as cases
from haitang.core.access import Actor
from haitang.oversight.models import Part
from haitang.oversight.values import CasePaused, ChildOpen


def parent_of(case_id: int) -> int | None:
    """Return the id of the case that this one is a part of, or None. For actions, under the lock of families."""
    return Part.objects.filter(pk=case_id).values_list("parent_id", flat=True).first()


def ancestors_of(case_id: int) -> set[int]:
    """Return the ids of all cases that this one is a part of, at any depth. For actions."""
    with connection.cursor() as cursor:
        cursor.execute(
            "WITH RECURSIVE up(id) AS (SELECT parent_id FROM oversight_part WHERE child_id = %s "
            "UNION SELECT p.parent_id FROM oversight_part p JOIN up ON p.child_id = up.id) SELECT id FROM up",
            [case_id],
        )
        return {row[0] for row in cursor.fetchall()}


def open_parts(case_id: int) -> list[str]:
    """Return the numbers of the case's parts that are open, parts of parts at any depth, at most ten. For guards.

    A part of a part may be open under one that has ended: a reporter's answer has it done over.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "WITH RECURSIVE down(id) AS (SELECT child_id FROM oversight_part WHERE parent_id = %s "
            "UNION SELECT p.child_id FROM oversight_part p JOIN down ON p.parent_id = down.id) "
            "SELECT c.number FROM down JOIN cases_case c ON c.id = down.id WHERE c.stage IS NOT NULL "
            "ORDER BY c.id LIMIT 10",
            [case_id],
        )
        return [row[0] for row in cursor.fetchall()]


def family_of(*, viewer: Actor, case_id: int) -> tuple[Any, list[Any]]:
    """Return the case that this one is a part of, if the viewer may see it, and its own parts that they may see."""
    seen = cases.visible_cases(viewer=viewer).defer("search", "query_code")
    parent = parent_of(case_id)
    whole = seen.filter(pk=parent).first() if parent is not None else None
    parts = seen.filter(pk__in=Part.objects.filter(parent_id=case_id).values("child_id")).order_by("pk")
    return whole, list(parts[:100])


def keep_standing(deed: str, case: Any) -> None:
    """Guard: nothing is done to a case whose clock stands but to let it go on. Raises CasePaused."""
    if case.paused_until is not None:
        raise CasePaused(_("案件缓办中，请先恢复办理"))


def keep_open(deed: str, case: Any) -> None:
    """Guard: a case does not end over an open part of it at any depth, by force or not. Raises ChildOpen."""
    if cases.ends_case(deed) and (numbers := open_parts(case.pk)):
        raise ChildOpen(_("还有未办结的子案件：%(numbers)s") % {"numbers": "、".join(numbers)})
