"""The ladder: cases that stay overdue are made known higher and higher up, all that are due in a few statements."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from functools import cache

from django.db import connection, transaction
from django.urls import reverse
from django.utils.translation import gettext_noop

from haitang.cases import actions as case_actions
from haitang.cases.values import Permission as CasePermission
from haitang.core import copying
from haitang.core.access import Actor
from haitang.core.language import in_house
from haitang.oversight.actions.supervising import answer_due
from haitang.oversight.facts import CaseEscalated, CaseSupervisedByRule
from haitang.oversight.queries import climbing as queries
from haitang.oversight.queries.climbing import Climber
from haitang.oversight.queries.rules import EVERYWHERE, RungRef, rules
from haitang.oversight.values import Cause
from haitang.people.actions import send_notices
from haitang.people.queries import list_accounts_holding
from haitang.territory.values import AreaRef

BATCH = 20_000
ONE = gettext_noop("案件 {number} 超期未办结，已升级，请督促")
MANY = gettext_noop("{n} 件案件超期未办结，已升级，请督促")
ONE_DEMANDED = gettext_noop("案件 {number} 因超期被督办，请按时答复")
MANY_DEMANDED = gettext_noop("{n} 件案件因超期被督办，请按时答复")

_UNKNOWN = """
WITH unknown AS MATERIALIZED (  -- so that the history is asked of these only, not of every overdue case each time
    SELECT c.id, c.due_at FROM cases_case c
    WHERE c.id > %(after)s AND c.due_at <= %(now)s AND c.external_source IS NOT NULL AND c.paused_until IS NULL
        AND NOT EXISTS (SELECT FROM oversight_climb there WHERE there.case_id = c.id AND there.due_at = c.due_at)
    ORDER BY c.id LIMIT %(limit)s
)
SELECT unknown.id, unknown.due_at, came.at FROM unknown
LEFT JOIN LATERAL (
    SELECT e.at FROM core_entry e
    WHERE e.subject_type = 'case' AND e.subject_id = unknown.id AND e.fact = 'CaseImported' ORDER BY e.id LIMIT 1
) AS came ON came.at > unknown.due_at
ORDER BY unknown.id
"""
_TAKE_IN = """
INSERT INTO oversight_climb AS o (case_id, due_at, step, at, since)
SELECT id, due_at, 0, %s, since
FROM unnest(%s::bigint[], %s::timestamptz[], %s::timestamptz[]) AS f(id, due_at, since) ORDER BY id
ON CONFLICT (case_id) DO UPDATE
    SET due_at = excluded.due_at, step = excluded.step, at = excluded.at, since = excluded.since
    WHERE o.due_at <> excluded.due_at
RETURNING case_id
"""
_FIND = """
WITH rung AS (
    SELECT * FROM unnest(%(areas)s::bigint[], %(steps)s::int[], %(before)s::timestamptz[]) AS r(area_id, step, before)
)
SELECT c.id, c.number, '/' || array_to_string(c.area_ids, '/') || '/', c.organization_id, c.is_confidential, c.due_at,
    ladder.area_id, up.step
FROM cases_case c
LEFT JOIN oversight_climb e ON e.case_id = c.id AND e.due_at = c.due_at
CROSS JOIN LATERAL (
    SELECT coalesce((SELECT u.id FROM unnest(c.area_ids) WITH ORDINALITY AS u(id, n)
                     WHERE u.id = ANY(%(own)s) ORDER BY u.n DESC LIMIT 1), 0) AS area_id
) AS ladder
CROSS JOIN LATERAL (
    SELECT max(rung.step) AS step FROM rung
    WHERE rung.area_id = ladder.area_id AND coalesce(e.since, c.due_at) <= rung.before
) AS up
WHERE c.due_at <= %(latest)s
    AND coalesce(e.since, c.due_at) <= (%(next)s::timestamptz[])[coalesce(e.step, 0) + 1]  -- could it, on any ladder?
    AND up.step > coalesce(e.step, 0)
LIMIT %(limit)s  -- whichever: in order of their ids they would be sought among all cases, not among the overdue
"""
_CLIMB = """
INSERT INTO oversight_climb AS o (case_id, due_at, step, at)
SELECT id, due_at, step, %s FROM unnest(%s::bigint[], %s::timestamptz[], %s::int[]) AS f(id, due_at, step) ORDER BY id
ON CONFLICT (case_id) DO UPDATE SET due_at = excluded.due_at, step = excluded.step, at = excluded.at,
    since = CASE WHEN o.due_at = excluded.due_at THEN o.since END
    WHERE o.due_at <> excluded.due_at OR o.step < excluded.step
RETURNING case_id
"""
_DEMAND = """
INSERT INTO oversight_supervision
    (case_id, cause, demand, answer_by, opened_by_name, opened_at, answer, closing)
SELECT id, %s, %s, %s, %s, %s, '', '' FROM unnest(%s::bigint[]) AS c(id) ORDER BY id
ON CONFLICT (case_id) WHERE closed_at IS NULL DO NOTHING
RETURNING case_id, id
"""


def escalate_overdue_cases(*, actor: Actor, now: datetime) -> int:
    """
    Let every overdue case climb to the rung that it has come to, 20,000 a transaction; return how many climbed.

    A case that was overlooked for long goes to the highest rung at once. Each climb is a fact of its case; the people
    of a rung get one notice for all that came to them. Twice, or in two processes at once, is the same as once: the
    row of the climb decides who writes it down.

    A case that was overdue already when it was taken over from another system (a file, a hotline) is told of once to
    those whose deed it waits for, and climbs as if it had become overdue at that instant: the time lost elsewhere
    counts in the figures, but nobody here was warned while it was being lost.
    """
    after: int | None = 0
    while after is not None:
        after = _take_in(actor, now, after)
    total = 0
    while climbed := _climb_some(actor, now):
        total += climbed
    return total


@transaction.atomic
def _take_in(actor: Actor, now: datetime, after: int) -> int | None:
    """Let cases that came overdue from another system begin at the foot of the ladder, and have their desks told.

    after: the id to begin behind. Returns the last id looked at, None where there is none left.
    """
    with connection.cursor() as cursor:
        cursor.execute(_UNKNOWN, {"now": now, "limit": BATCH, "after": after})
        unknown = cursor.fetchall()
        came = [row for row in unknown if row[2] is not None]
        if came:
            ids, due, since = zip(*came, strict=True)
            cursor.execute(_TAKE_IN, [now, copying.numbers(ids), list(due), list(since)])
            case_actions.tell_overdue(actor=actor, case_ids=[case_id for (case_id,) in cursor.fetchall()], now=now)
    return unknown[-1][0] if len(unknown) == BATCH else None


@transaction.atomic
def _climb_some(actor: Actor, now: datetime) -> int:
    """Let up to BATCH cases climb, with all that follows; return how many did."""
    climbed = _climb(now)
    if not climbed:
        return 0
    case_actions.note_on_cases(
        actor=actor,
        facts=[
            CaseEscalated(each.case_id, each.rung.step, each.rung.level.value, each.due_at.isoformat())
            for each in climbed
        ],
        now=now,
    )
    _tell_rungs(actor, climbed, now)
    _demand(actor, [each for each in climbed if each.rung.supervises], now)
    return len(climbed)


def _climb(now: datetime) -> list[Climber]:
    """Write down which cases have come to a rung that they had not come to before; return them by id.

    Of two passes at once that find the same case, the row of the climb decides which of them has it.
    """
    known = rules()
    if not known.rungs:
        return []
    steps = range(1, max(rung.step for rung in known.rungs) + 1)
    soonest = [now - min(rung.after for rung in known.rungs if rung.step >= step) for step in steps]
    with connection.cursor() as cursor:
        cursor.execute(
            _FIND,
            {
                "areas": [rung.area_id for rung in known.rungs],
                "steps": [rung.step for rung in known.rungs],
                "before": [now - rung.after for rung in known.rungs],
                "own": [area_id for area_id in known.ladders if area_id != EVERYWHERE],
                "latest": soonest[0],
                "next": soonest,
                "limit": BATCH,
            },
        )
        found = [
            Climber(pk, number, path, desk, hidden, due_at, known.ladders[ladder][step])
            for pk, number, path, desk, hidden, due_at, ladder, step in sorted(cursor.fetchall())
        ]
        ids, to = (each.case_id for each in found), (each.rung.step for each in found)
        due = [each.due_at for each in found]
        cursor.execute(_CLIMB, [now, copying.numbers(ids), due, copying.numbers(to)])
        ours = {case_id for (case_id,) in cursor.fetchall()}
    return [each for each in found if each.case_id in ours]


def _tell_rungs(actor: Actor, climbed: Iterable[Climber], now: datetime) -> None:
    groups: dict[tuple[RungRef, AreaRef, bool], list[Climber]] = defaultdict(list)
    area_of = cache(queries.area_of)
    for each in climbed:
        groups[(each.rung, area_of(each.rung, each.area_path), each.is_confidential)].append(each)
    for (rung, area, hidden), group in groups.items():
        accounts = queries.told_at(rung, area, is_confidential=hidden, now=now)
        _send(actor, accounts, f"climb:{rung.id}:{area.id}:{hidden:d}:{group[0].case_id}:{now.isoformat()}",
              group, ONE, MANY, f"{reverse('cases:list')}?overdue=1&area={area.code}", now)  # fmt: skip


def _demand(actor: Actor, climbed: list[Climber], now: datetime) -> None:
    """Put cases under supervision that are not yet, and tell their desks, each once for all of its own."""
    if not climbed:
        return
    due = answer_due(now)
    with in_house():
        words = "案件超期未办结，请说明原因、采取的措施和预计办结时间"
    by_id = {each.case_id: each for each in climbed}
    with connection.cursor() as cursor:
        cursor.execute(_DEMAND, [Cause.OVERDUE.value, words, due, actor.name, now, list(by_id)])
        made = cursor.fetchall()
    facts = [CaseSupervisedByRule(pk, number, Cause.OVERDUE.value, words, due.isoformat()) for pk, number in made]
    case_actions.note_on_cases(actor=actor, facts=facts, now=now)
    desks: dict[tuple[int, bool], list[Climber]] = defaultdict(list)
    for case_id, _number in made:
        each = by_id[case_id]
        if each.organization_id is not None:
            desks[(each.organization_id, each.is_confidential)].append(each)
    for (desk, hidden), group in desks.items():
        accounts = set(list_accounts_holding(CasePermission.HANDLE, organization_id=desk, now=now))
        if hidden:
            accounts &= set(list_accounts_holding(CasePermission.VIEW_CONFIDENTIAL, organization_id=desk, now=now))
        _send(actor, accounts, f"demand:{desk}:{hidden:d}:{group[0].case_id}:{now.isoformat()}",
              group, ONE_DEMANDED, MANY_DEMANDED, reverse("oversight:supervised"), now)  # fmt: skip


def _send(
    actor: Actor, accounts: set[int], key: str, group: list[Climber], one: str, many: str, url: str, now: datetime
) -> None:
    single = group[0] if len(group) == 1 else None
    send_notices(
        actor=actor,
        account_ids=accounts,
        key=key,
        text=one if single else many,
        parts={"number": single.number} if single else {"n": len(group)},
        url=reverse("cases:case", args=[single.case_id]) if single else url,
        subject_type="case" if single else "",
        subject_id=single.case_id if single else None,
        now=now,
    )
