"""How long one pass of the clock takes over very many overdue cases, against plain statements for the same rows."""

import time
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection

from haitang.cases import actions as case_actions
from haitang.core.access import system
from haitang.oversight import actions

CASES = 100_000
_OVERDUE = timedelta(hours=30)
_CLOCK = system("性能测试")

_MAKE_OVERDUE = """
WITH late AS (
    UPDATE cases_case SET status = 'reported', stage = 'accept', stage_started_at = %(from)s, due_at = %(due)s,
        paused_until = NULL
    WHERE id IN (SELECT id FROM cases_case WHERE external_source IS NULL ORDER BY id DESC LIMIT %(count)s)
    RETURNING id
)
INSERT INTO cases_pendingwarning (case_id, at, given) SELECT id, %(due)s, 0 FROM late
ON CONFLICT (case_id) DO UPDATE SET at = excluded.at, given = 0
"""
_BOUND = (
    "DELETE FROM cases_pendingwarning w USING cases_case c WHERE c.id = w.case_id AND c.due_at = %(due)s",
    """INSERT INTO oversight_climb (case_id, due_at, step, at)
       SELECT id, due_at, 2, now() FROM cases_case WHERE due_at = %(due)s""",
    """INSERT INTO core_entry (fact, subject_type, subject_id, actor_name, organization_name, area_path, data, at,
           request_id)
       SELECT fact, 'case', c.id, '', '', '/',
           jsonb_build_object('case_id', c.id, 'due_at', c.due_at, 'stage', c.stage), now(), ''
       FROM cases_case c, (VALUES ('DeadlineMissed'), ('CaseEscalated')) AS f(fact)
       WHERE due_at = %(due)s""",
)


@dataclass(frozen=True, slots=True)
class Pass:
    """What a pass took, and what the plain statements did, in seconds; how many cases climbed."""

    seconds: float
    bound: float
    climbed: int


def one_pass(now: datetime, count: int = CASES) -> Pass:
    """Make that many of our own cases overdue, let the clock tell of them and escalate them, and write the rows plain.

    The plain rows are rolled back; the jobs that the pass queued are removed: they are another measurement.
    """
    due = now - _OVERDUE
    said: dict[str, Any] = {"from": due - timedelta(days=1), "due": due, "count": count}
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM oversight_climb")
        cursor.execute(_MAKE_OVERDUE, said)
        cursor.execute("BEGIN")
        begun = time.perf_counter()
        for statement in _BOUND:
            cursor.execute(statement, said)
        bound = time.perf_counter() - begun
        cursor.execute("ROLLBACK")
    begun = time.perf_counter()
    while case_actions.tell_missed_deadlines(actor=_CLOCK, now=now):
        pass
    climbed = actions.escalate_overdue_cases(actor=_CLOCK, now=now)
    seconds = time.perf_counter() - begun
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_jobs WHERE task_name = 'cases.tell_missed' AND status = 'todo'")
    return Pass(seconds, bound, climbed)
