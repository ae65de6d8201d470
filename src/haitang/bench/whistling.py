"""A case with a whistle: one deed of a department over HTTP."""

import json
from datetime import timedelta
from statistics import median
from typing import TYPE_CHECKING

from django.db import connection

from haitang.bench import city as ground
from haitang.bench.report import Result
from haitang.bench.site import load
from haitang.core import clock
from haitang.people.actions import give_grant
from haitang.people.queries import get_account_id, get_actor
from haitang.people.values import Permission as PeoplePermission
from haitang.whistles.models import RuleBook
from haitang.whistles.queries import RULES, shipped_rules
from haitang.whistles.values import Permission

if TYPE_CHECKING:
    from haitang.bench.measures import Scene

_WARM_UP = 40
_BLOWN = """
WITH picked AS (
    SELECT c.id FROM cases_case c
    WHERE c.stage IS NOT NULL AND NOT c.is_confidential
      AND NOT EXISTS (SELECT FROM whistles_whistle w WHERE w.case_id = c.id)
    ORDER BY c.id DESC LIMIT %s
), blown AS (
    INSERT INTO whistles_whistle (number, case_id, rules_id, kind, reason, demand, status, drafted_by_name, drafted_at,
                                  level, decided_by_name, decided_at, decision)
    SELECT 'B-' || id, id, %s, 'progress', '性能测试', '', 'blown', '', %s, 0, '', %s, '' FROM picked RETURNING id
), called AS (
    INSERT INTO whistles_call (whistle_id, organization_id, role, task, status, changed_at, stage, stage_started_at,
                               due_at, deadlines, level, climb_at, place, people, result, refusal, rating_text, reworks)
    SELECT b.id, o.id, CASE o.place WHEN 1 THEN 'lead' ELSE 'assist' END, '', 'called', %s, 'sign', %s, %s, %s::jsonb,
           0, %s, '', '', '', '', '', 0
    FROM blown b CROSS JOIN (
        SELECT id, row_number() OVER (ORDER BY id) AS place FROM organizations_organization LIMIT 3) o
    RETURNING id, whistle_id, role
)
SELECT whistle_id, id FROM called WHERE role = 'lead'
"""


def whistle_transition(scene: "Scene") -> Result:
    """One deed (签收) of a department called by a whistle of three, over HTTP, by CLIENTS clients."""
    wanted = scene.requests * scene.runs + _WARM_UP
    _let_respond()
    waiting = iter(_blow(wanted))
    connection.close()

    def sign(count: int) -> list[bytes]:
        return [
            scene.post(f"/whistles/{whistle}/calls/{call}/sign", {"opinion": "已签收，按时限办理"})
            for whistle, call in (next(waiting) for _ in range(count))
        ]

    load(scene.site.port, sign(_WARM_UP))
    made, p95 = [], []
    for _ in range(scene.runs):
        done = load(scene.site.port, sign(scene.requests))
        made.append(done.per_s)
        p95.append(done.p(95))
    return Result(
        "whistle_transition", median(made), "/s", 400, None, None, f"p95 {median(p95):.0f} ms, 8 clients",
        {"runs": made, "p95_ms": p95},
    )  # fmt: skip


def _let_respond() -> None:
    """Let the measuring account answer for departments, unless an earlier run did."""
    now, account_id = clock.now(), get_account_id(ground.USERNAME)
    for permission in (Permission.VIEW, Permission.RESPOND):
        if not get_actor(account_id, now=now).holds(permission):
            give_grant(
                actor=ground.actor(PeoplePermission.GRANT_MANAGE), account_id=account_id, permission=str(permission),
                from_date=clock.local_date(now), reason="性能测试", now=now,
            )  # fmt: skip


def _blow(wanted: int) -> list[tuple[int, int]]:
    """Blow a whistle on each of so many open cases; return the ids of the whistles and of their lead's calls."""
    now = clock.now()
    rules = RuleBook.objects.order_by("-id").first()
    if rules is None:
        rules = RuleBook.objects.create(content=shipped_rules(), made_by_name="", made_at=now)
        RULES.touch()
    due = now + timedelta(days=3)
    kept = {"due_at": due.isoformat(), "started_at": now.isoformat(), "limit": "3 工作日"}
    deadlines = json.dumps(dict.fromkeys(("sign", "contact", "arrive"), kept))
    with connection.cursor() as cursor:
        cursor.execute(_BLOWN, [wanted, rules.pk, now, now, now, now, due, deadlines, due])
        found = cursor.fetchall()
    if len(found) < wanted:
        raise AssertionError(f"only {len(found)} of {wanted} cases are open and without a whistle")
    return found
