"""Organizations' figures (部门评价), kept behind the deeds by a job, so that no request waits for them.

The history is looked through for cases that something was written about; each is then computed anew from itself and its
history, and what has changed goes into the sums. Doing it twice changes nothing, so that an entry may be met twice: one
that is written while the job runs is looked at again, and none is missed.
"""

import json
from collections import Counter
from datetime import datetime

from django.db import connection, transaction
from django.db.models import F

from haitang.core import copying
from haitang.core.access import Actor
from haitang.indicators import queries
from haitang.indicators.models import DeskDay, DeskReach, DeskWaiting
from haitang.indicators.queries.desks import CountKey

CASES_AT_ONCE = 500
_ONE_COUNTER = 7_301_010
_SILENT = ["DeadlineNear", "DeadlineMissed", "PhotoAdded", "ReporterUnmasked"]
"""Facts of cases that come by the thousand and count for nobody."""

_NOTE = """
INSERT INTO indicators_deskwaiting (case_id)
SELECT subject_id FROM core_entry
WHERE id > %(id)s AND xid >= %(xid)s AND subject_type = 'case' AND fact <> ALL(%(silent)s)
UNION
SELECT day.case_id FROM core_entry entry JOIN indicators_deskday day ON day.area_id = entry.subject_id
WHERE entry.id > %(id)s AND entry.xid >= %(xid)s AND entry.subject_type = 'area' AND entry.fact = 'CasesMoved'
ON CONFLICT DO NOTHING
"""
_SUM = """
INSERT INTO indicators_deskcount AS c (area_id, grain, start, organization_id, measure, n)
SELECT area_id, grain.grain, grain.start, organization_id, measure, sum(n)
FROM unnest(%s::bigint[], %s::bigint[], %s::date[], %s::text[], %s::int[])
    AS d(organization_id, area_id, day, measure, n),
    LATERAL (VALUES ('d', day), ('m', date_trunc('month', day)::date), ('t', date_trunc('month', day)::date
        + 10 * least((extract(day FROM day)::int - 1) / 10, 2))) AS grain(grain, start)
GROUP BY area_id, grain.grain, grain.start, organization_id, measure HAVING sum(n) <> 0
ORDER BY area_id, grain.grain, grain.start, organization_id, measure
ON CONFLICT (area_id, grain, start, organization_id, measure) DO UPDATE SET n = c.n + excluded.n
"""


@transaction.atomic
def note_touched_cases(*, actor: Actor, now: datetime) -> int:
    """
    Put down which cases anything was written about since the last look, and return how many were not down yet.

    Of the first look, of one on another database system, and where a release counts more than before, all of them.
    0 as well while another process is at it.
    """
    if not _alone():
        return 0
    reach = DeskReach.objects.first() or DeskReach()
    measures = ",".join(sorted(queries.desk_measures()))
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT (SELECT system_identifier::text FROM pg_control_system()),"
            " pg_snapshot_xmin(pg_current_snapshot())::text::bigint"
        )
        system, xid_below = cursor.fetchone()
        is_known = reach.system == system
        if not is_known:
            # Transactions are counted anew there: for once nobody is writing, and the stretch ends at an id instead.
            cursor.execute("LOCK TABLE core_entry IN SHARE MODE")
            cursor.execute("SELECT coalesce(max(id), 0) FROM core_entry")
            (reach.id_above,) = cursor.fetchone()
        goes_on = is_known and reach.measures == measures
        cursor.execute(_NOTE, {
            "id": reach.id_above if goes_on else 0, "xid": reach.xid_below if goes_on else 0, "silent": _SILENT,
        })  # fmt: skip
        added = cursor.rowcount
    reach.system, reach.xid_below, reach.measures, reach.looked_at = system, xid_below, measures, now
    reach.save()
    return added


@transaction.atomic
def count_desks(*, actor: Actor, now: datetime) -> int:
    """
    Bring organizations' figures up to date for some of the cases that wait, and return for how many; 0 when done.

    At most 500 cases a call; 0 as well while another process is at it.
    """
    if not _alone():
        return 0
    case_ids = queries.list_waiting_cases(CASES_AT_ONCE)
    if not case_ids:
        DeskReach.objects.update(counted_at=F("looked_at"))
        return 0
    kept = {each.key: (pk, each) for pk, each in queries.kept_desk_days(case_ids)}
    wanted = {each.key: each for each in queries.count_desk_days(case_ids)}
    gone = [(pk, each) for key, (pk, each) in kept.items() if wanted.get(key) != each]
    new = [each for key, each in wanted.items() if key not in kept or kept[key][1] != each]
    sums: Counter[CountKey] = Counter()
    for sign, changed in ((-1, [each for _pk, each in gone]), (1, new)):
        for each in changed:
            for key, n in each.changes(sign):
                sums[key] += n
    DeskDay.objects.filter(pk__in=[pk for pk, _each in gone]).delete()
    copying.write(
        "indicators_deskday", "case_id, organization_id, area_id, day, is_confidential, measures, left_out",
        [
            copying.line((
                each.case_id, each.organization_id, each.area_id, each.day, each.is_confidential,
                json.dumps(each.measures), "{" + ",".join(each.left_out) + "}",
            ))
            for each in new
        ],
    )  # fmt: skip
    changes = [(*key, n) for key, n in sums.items() if n]
    if changes:
        with connection.cursor() as cursor:
            cursor.execute(_SUM, [list(column) for column in zip(*changes, strict=True)])
    DeskWaiting.objects.filter(case_id__in=case_ids).delete()
    return len(case_ids)


def _alone() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [_ONE_COUNTER])
        return cursor.fetchone()[0]
