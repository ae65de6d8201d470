"""A year of cases, a million or as many as asked for, by a few set-based statements: words real, histories left out.

What lists and figures look at is as in an office: nearly all cases are closed, the open ones are young, a few classes
bring most cases, words repeat as people's words do. The counters get what `import-cases` would give them.
"""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime
from random import Random
from typing import Any

import shapely
from django.db import connection

from haitang.cases.lifecycle import STAGE_OF
from haitang.cases.queries import catalog
from haitang.cases.queries.counting import BY_DAY_KINDS
from haitang.cases.queries.measuring import counted_as
from haitang.core import search
from haitang.core.clock import local_date
from haitang.demo import texts
from haitang.demo.city import SEED, City
from haitang.organizations.queries import organizations
from haitang.organizations.values import Kind as OfficeKind
from haitang.territory.queries import territory
from haitang.territory.values import AreaRef

DAYS = 365
POOL = 20_000
"""Distinct descriptions; every one comes up again with another place, day, area and channel."""
SPREAD = 0.003
"""Degrees over which the cases of a grid lie around its middle: some three hundred metres."""
QUERY_CODE = "00000000"
"""Of all cases filled in: they are told by it from those that were reported."""
Say = Callable[[str], None]

_TEXTS = """
CREATE TEMPORARY TABLE bench_text (
    id int PRIMARY KEY, category_id bigint, kind text, description text, search tsvector)
"""
_GRIDS = """
CREATE TEMPORARY TABLE bench_grid (
    id int PRIMARY KEY, area_id bigint, area_ids bigint[], desk_id bigint, lon float8, lat float8)
"""
# Random numbers first, so that each is drawn once for a row; half of the open cases are of the last fortnight.
_CASES = """
INSERT INTO cases_case (
    id, number, query_code, kind, channel, category_id, description, place, lon, lat, area_id, area_ids,
    is_confidential, status, routed_to_id, routing_reason, organization_id, reported_at, changed_at, closed_at,
    stage, stage_started_at, due_at, deadlines, returns, reworks, reopenings, is_solved, score, search)
SELECT planned.id, to_char(reported_at AT TIME ZONE 'Asia/Shanghai', 'YYYYMMDD') || '-'
        || lpad(planned.id::text, greatest(7, length(planned.id::text)), '0'), %(query_code)s,
    t.kind,
    (ARRAY['patrol','hotline','web','wechat','phone','visit','transfer','iot'])[1 + floor(8 * r_channel ^ 2)::int],
    t.category_id, t.description, '春和路' || i %% 997 || '号',
    g.lon + (r_east - 0.5) * %(spread)s, g.lat + (r_north - 0.5) * %(spread)s, g.area_id, g.area_ids,
    t.kind = 'denunciation', status, g.desk_id, '按规则“属地社区”：由社区负责', g.desk_id, reported_at,
    reported_at + took, CASE WHEN status IN ('closed', 'rated') THEN reported_at + took END, stage,
    CASE WHEN stage IS NOT NULL THEN reported_at + took END, CASE WHEN stage IS NOT NULL THEN due_at END,
    jsonb_build_object('handle', jsonb_build_object('due_at', due_at, 'started_at', reported_at)
        || CASE WHEN stage IS NULL THEN jsonb_build_object('done_at', reported_at + took) ELSE '{}' END), 0, 0, 0,
    CASE WHEN status = 'rated' THEN r_score < 0.9 END,
    CASE WHEN status = 'rated' THEN 5 - floor(5 * r_score ^ 3)::int END,
    t.search
FROM (
    SELECT i, id, r_text, r_grid, r_channel, r_score, r_east, r_north, reported_at,
        reported_at + r_due * interval '9 days' AS due_at,
        least(r_took ^ 2 * interval '8 days', now_at - reported_at) AS took,
        CASE
            WHEN r_status < CASE WHEN now_at - reported_at < interval '14 days' THEN 0.45 ELSE 0.013 END
                THEN (%(open)s::text[])[1 + floor(%(open_count)s * r_stage)::int]
            WHEN r_end < 0.68 THEN 'closed' WHEN r_end < 0.985 THEN 'rated' WHEN r_end < 0.996 THEN 'refused'
            ELSE 'voided'
        END AS status
    FROM (
        SELECT i, nextval('cases_case_id_seq') AS id, random() AS r_text, random() AS r_grid, random() AS r_channel,
            random() AS r_score, random() AS r_due, random() AS r_took, random() AS r_status, random() AS r_stage,
            random() AS r_end, random() AS r_east, random() AS r_north, %(now)s AS now_at,
            %(now)s - (%(count)s - i + random()) / %(count)s * %(days)s * interval '1 day' AS reported_at
        FROM generate_series(1, %(count)s) AS i
    ) AS drawn
) AS planned
JOIN bench_text t ON t.id = 1 + floor(%(pool)s * r_text ^ 1.5)::int
JOIN bench_grid g ON g.id = 1 + floor(%(grids)s * r_grid ^ 1.2)::int
LEFT JOIN jsonb_each_text(%(stages)s::jsonb) AS s(state, stage) ON s.state = planned.status
ORDER BY i
"""
# As for an import: what is overdue already alarms nobody.
_WARNINGS = """
INSERT INTO cases_pendingwarning (case_id, at, given)
SELECT id, greatest(reported_at + (due_at - reported_at) * 0.8, %(now)s), 1 FROM cases_case WHERE due_at >= %(now)s
"""
# What `fold_counts` would make of it, a level at a time: so much at once is not what it is for. In the order of days,
# as the days would have brought it.
_CELLS = """
CREATE TEMPORARY TABLE bench_cell AS
SELECT day, date_trunc('month', day)::date AS month,
    date_trunc('month', day)::date + 10 * least((extract(day FROM day)::int - 1) / 10, 2) AS third,
    area_ids, coalesce(category_id, 0) AS category_id, channel,
    CASE WHEN is_confidential THEN %s ELSE '' END || m.measure AS measure, count(*) AS n
FROM (
    SELECT (reported_at AT TIME ZONE 'Asia/Shanghai')::date AS reported, (closed_at AT TIME ZONE 'Asia/Shanghai')::date
        AS closed, ((deadlines->'handle'->>'due_at')::timestamptz AT TIME ZONE 'Asia/Shanghai')::date AS due,
        status NOT IN ('verifying', 'reported', 'accepted', 'refused', 'voided') AS on_file,
        closed_at <= (deadlines->'handle'->>'due_at')::timestamptz AS in_time, status, area_ids, category_id,
        channel, is_confidential
    FROM cases_case
) AS c, LATERAL (VALUES (reported, 'is:' || status), (reported, 'did:report'), (closed, 'did:close'),
    (closed, CASE WHEN in_time THEN 'in_time:handle' ELSE 'late:handle' END),
    (CASE WHEN on_file THEN due END, 'due:handle'),
    (CASE WHEN on_file AND closed IS NOT NULL THEN due END,
        CASE WHEN in_time THEN 'due_in_time:handle' ELSE 'due_late:handle' END)) AS m(day, measure)
WHERE day IS NOT NULL
GROUP BY day, area_ids, category_id, channel, is_confidential, m.measure
"""
_BOTH = """
INSERT INTO cases_count (area_id, dimension, grain, start, value, counts)
SELECT area_ids[cardinality(area_ids)] AS area_id, 'both', 'd', day, category_id || '|' || channel AS value,
    jsonb_object_agg(measure, n)
FROM bench_cell GROUP BY area_id, day, value ORDER BY day
"""
_LEVEL = """
INSERT INTO cases_count (area_id, dimension, grain, start, value, counts)
SELECT area_id, dimension, grain, start, value, jsonb_object_agg(measure, n) FROM (SELECT area_id,
    CASE WHEN GROUPING(category_id) = 0 THEN 'category' WHEN GROUPING(channel) = 0 THEN 'channel' ELSE 'all' END
        AS dimension,
    CASE WHEN GROUPING(day) = 0 THEN 'd' {third} ELSE 'm' END AS grain, coalesce(day, {start}) AS start,
    CASE WHEN GROUPING(category_id) = 0 THEN category_id::text WHEN GROUPING(channel) = 0 THEN channel ELSE '' END
        AS value,
    measure, sum(n) AS n
FROM (SELECT area_ids[{level}] AS area_id, * FROM bench_cell) AS cell
GROUP BY GROUPING SETS ((area_id, measure, day), (area_id, measure, month), (area_id, measure, month, category_id),
    (area_id, measure, month, channel){by_day})) AS counted
GROUP BY area_id, dimension, grain, start, value ORDER BY start
"""
_QUARTERS = """
INSERT INTO cases_count (area_id, dimension, grain, start, value, counts)
SELECT area_id, dimension, 'q', quarter, value, jsonb_object_agg(measure, n) FROM (
    SELECT area_id, dimension, date_trunc('quarter', start)::date AS quarter, value, measure, sum(n::int) AS n
    FROM cases_count, jsonb_each_text(counts) AS c(measure, n) WHERE grain = 'm' AND dimension = 'category'
    GROUP BY area_id, dimension, quarter, value, measure
) AS counted GROUP BY area_id, dimension, quarter, value ORDER BY quarter
"""
_BY_MONTH_ONLY = {"by_day": "", "third": "", "start": "month"}
_BY_DAY = {
    "by_day": "".join(
        f", (area_id, measure, {each}, {side})" for each in ("day", "third") for side in ("category_id", "channel")
    ),
    "third": "WHEN GROUPING(third) = 0 THEN 't'",
    "start": "third, month",
}


def fill(*, city: City, count: int, now: datetime, say: Say) -> None:
    """Write that many cases over the year before now, with search text and counters."""
    say("文字")
    with connection.cursor() as cursor:
        cursor.execute("SELECT setseed(0.5), set_config('work_mem', '512MB', false)")
        _write_texts(cursor, city)
        _write_grids(cursor, city, local_date(now))
        stages = {status.value: stage.value for status, stage in STAGE_OF.items()}
        say("案件")
        with _without_indexes(cursor, say):
            cursor.execute(
                _CASES,
                {"now": now, "query_code": QUERY_CODE, "count": count, "days": DAYS, "pool": POOL,
                 "grids": len(city.grids), "open": list(stages), "open_count": len(stages),
                 "stages": json.dumps(stages), "spread": SPREAD},
            )  # fmt: skip
        cursor.execute(_WARNINGS, {"now": now})
        say("计数")
        cursor.execute(_CELLS, [counted_as("", is_confidential=True)])
        cursor.execute("ALTER TABLE cases_count DROP CONSTRAINT cases_count_pkey")
        cursor.execute(_BOTH)
        for level, area in enumerate(_chain(city), start=1):
            grains = _BY_DAY if area.kind in BY_DAY_KINDS else _BY_MONTH_ONLY
            cursor.execute(_LEVEL.format(level=level, **grains))
        cursor.execute(_QUARTERS)
        cursor.execute(
            "ALTER TABLE cases_count ADD CONSTRAINT cases_count_pkey "
            "PRIMARY KEY (area_id, dimension, grain, start, value)"
        )
        say("整理")
        cursor.execute("VACUUM ANALYZE cases_case, cases_count, cases_countdelta")
        cursor.execute("DISCARD TEMP")
        cursor.execute("RESET work_mem")


def _chain(city: City) -> tuple[AreaRef, ...]:
    """Return the areas from the city down to some grid: what stands at each level."""
    areas = territory()
    grid = areas.by_code(city.grids[0].code)
    return areas.chain(grid.id) if grid is not None else ()


def _write_texts(cursor: Any, city: City) -> None:
    """Draw the pool of descriptions from the demo's templates, each with its class and its real search vector."""
    rng = Random(SEED)
    words, known = texts.words_of(city), catalog()
    cursor.execute(_TEXTS)
    with cursor.copy("COPY bench_text FROM STDIN") as copy:
        for number in range(1, POOL + 1):
            building = rng.choice(city.buildings)
            around = words[building.parent]
            template, channel = texts.choose(rng, rng.randint(1, 12), rng.randint(0, 23), village=around.village)
            description = texts.describe(rng, template, channel, around, building)
            category = known.by_code.get(template.category)
            searched = f"{description} {category.name if category else ''}"
            copy.write_row(
                (number, category.id if category else None, template.kind, description, search.vector(searched))
            )


def _write_grids(cursor: Any, city: City, today: date) -> None:
    """List the grids in an order that has nothing to do with their streets: the first get more cases."""
    areas, desks = territory(), organizations()
    grids = [area for place in city.grids if (area := areas.by_code(place.code)) is not None]
    middles = {place.code: shapely.point_on_surface(place.shape) for place in city.grids}
    Random(SEED).shuffle(grids)
    cursor.execute(_GRIDS)
    with cursor.copy("COPY bench_grid FROM STDIN") as copy:
        for number, grid in enumerate(grids, start=1):
            desk = desks.serving(grid.ids, OfficeKind.COMMUNITY, today)
            copy.write_row(
                (number, grid.id, list(grid.ids), desk.id if desk else None, middles[grid.code].x, middles[grid.code].y)
            )


@contextmanager
def _without_indexes(cursor: Any, say: Say) -> Iterator[None]:
    """Leave the indexes of cases away inside and build them afterwards: far quicker than row by row."""
    cursor.execute(
        "SELECT indexname, indexdef FROM pg_indexes WHERE tablename = 'cases_case' AND indexname NOT IN "
        "(SELECT conname FROM pg_constraint)"
    )
    indexes = cursor.fetchall()
    for name, _definition in indexes:
        cursor.execute(f'DROP INDEX "{name}"')
    yield
    say("索引")
    for _name, definition in indexes:
        cursor.execute(definition)
