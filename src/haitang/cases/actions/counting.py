"""The counters: a delta with every deed, folded into rollups by a job."""

from collections import Counter
from collections.abc import Iterable
from datetime import date, datetime

from django.db import connection, transaction

from haitang.cases.queries.cases import CaseKey
from haitang.cases.queries.counting import BY_DAY_KINDS
from haitang.cases.queries.measuring import counted_as
from haitang.core import copying
from haitang.core.access import Actor
from haitang.core.prepared import Prepared

_ADD = Prepared(
    "cases_count",
    """
INSERT INTO cases_countdelta (day, area_ids, category_id, channel, measure, n)
SELECT day, %s, %s, %s, measure, n FROM unnest(%s::date[], %s::text[], %s::int[]) AS c(day, measure, n)
""",
)
_FOLD_LOCK = 7_301_001
_FOLD_ROWS_MAX = 20_000


def count(
    *,
    area_ids: list[int] | tuple[int, ...],
    category_id: int | None,
    channel: str,
    is_confidential: bool,
    changes: Iterable[tuple[date, str, int]],
) -> None:
    """Append changes to the counters, in the caller's transaction: (day, measure, by how much)."""
    days, measures, amounts = zip(*changes, strict=True)
    kept = [counted_as(measure, is_confidential) for measure in measures]
    with connection.cursor() as cursor:
        _ADD.execute(cursor, [list(area_ids), category_id or 0, channel, list(days), kept, list(amounts)])


def count_each(changes: Iterable[tuple[CaseKey, date, str, int]]) -> None:
    """Append changes to the counters of many cases, by COPY: (case, day, measure, by how much)."""
    added: Counter[str] = Counter()
    for case, day, measure, n in changes:
        kept = counted_as(measure, case.is_confidential)
        areas = case.area_path[1:-1].replace("/", ",")
        added[f"{day}\t{{{areas}}}\t{case.category_id or 0}\t{case.channel}\t{kept}"] += n
    copying.write(
        "cases_countdelta", "day, area_ids, category_id, channel, measure, n",
        [f"{of}\t{n}\n" for of, n in added.items()],
    )  # fmt: skip


@transaction.atomic
def fold_counts(*, actor: Actor, now: datetime) -> int:
    """
    Fold appended changes into the rollups and return how many were folded; readers see no difference.

    At most 20,000 changes a call; 0 when there are none or another process is folding.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [_FOLD_LOCK])
        if not cursor.fetchone()[0]:
            return 0
        cursor.execute(
            """
            WITH taken AS (
                DELETE FROM cases_countdelta
                WHERE id IN (SELECT id FROM cases_countdelta ORDER BY id LIMIT %s)
                RETURNING day, area_ids, category_id, channel, measure, n
            ), grouped AS (
                SELECT day, area_ids, category_id, channel, measure, sum(n) AS n FROM taken
                GROUP BY day, area_ids, category_id, channel, measure HAVING sum(n) <> 0
            ), spread AS (
                SELECT area.id AS area_id, side.dimension, grain.grain, grain.start, side.value, measure, sum(n) AS n
                FROM grouped,
                    unnest(area_ids) AS chain(id) JOIN territory_area area ON area.id = chain.id,
                    LATERAL (VALUES ('d', day), ('t', date_trunc('month', day)::date
                        + 10 * least((extract(day FROM day)::int - 1) / 10, 2)), ('m', date_trunc('month', day)::date),
                        ('q', date_trunc('quarter', day)::date)) AS grain(grain, start),
                    LATERAL (VALUES ('all', ''), ('category', category_id::text), ('channel', channel))
                        AS side(dimension, value)
                WHERE grain.grain = 'm' OR side.dimension = 'all' AND grain.grain = 'd'
                    OR side.dimension = 'category' AND grain.grain = 'q'
                    OR side.dimension <> 'all' AND grain.grain IN ('d', 't') AND area.kind = ANY(%s)
                GROUP BY area.id, side.dimension, grain.grain, grain.start, side.value, measure
                UNION ALL
                SELECT area_ids[cardinality(area_ids)], 'both', 'd', day, category_id || '|' || channel, measure, n
                FROM grouped
            ), folded AS (
                INSERT INTO cases_count AS c (area_id, dimension, grain, start, value, counts)
                SELECT area_id, dimension, grain, start, value, jsonb_object_agg(measure, n) FROM spread WHERE n <> 0
                GROUP BY area_id, dimension, grain, start, value ORDER BY area_id, dimension, grain, start, value
                ON CONFLICT (area_id, dimension, grain, start, value)
                    DO UPDATE SET counts = cases_counts_plus(c.counts, excluded.counts)
            )
            SELECT count(*) FROM taken
            """,
            [_FOLD_ROWS_MAX, list(BY_DAY_KINDS)],
        )
        return cursor.fetchone()[0]
