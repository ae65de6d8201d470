from django.db import migrations

# What queries.due says of each case, for those that stand when the counters begin; a test compares the two.
COUNT = """
INSERT INTO cases_countdelta (day, area_ids, category_id, channel, measure, n)
SELECT (d.due_at AT TIME ZONE 'Asia/Shanghai')::date, area_ids, coalesce(category_id, 0), channel,
    CASE WHEN is_confidential THEN 'confidential:' ELSE '' END || m.measure, 1
FROM cases_case c, LATERAL (
    SELECT stage AS what, (deadlines->stage->>'due_at')::timestamptz AS due_at,
        (deadlines->stage->>'done_at')::timestamptz AS done_at
    FROM unnest(ARRAY['dispatch', 'handle', 'check']) AS s(stage)
    WHERE deadlines ? stage AND CASE WHEN stage = 'handle' THEN organization_id IS NOT NULL
        ELSE deadlines->stage ? 'started_at' END
    UNION ALL
    SELECT 'close', (coalesce(deadlines->'check', deadlines->'handle')->>'due_at')::timestamptz, closed_at
    WHERE deadlines ? 'check' OR deadlines->'handle' ? 'set_by'
) AS d, LATERAL (
    SELECT 'due:' || what AS measure
    UNION ALL
    SELECT CASE WHEN done_at <= d.due_at THEN 'due_in_time:' ELSE 'due_late:' END || what WHERE done_at IS NOT NULL
) AS m
WHERE status NOT IN ('verifying', 'reported', 'accepted', 'refused', 'voided')
"""


class Migration(migrations.Migration):
    dependencies = [("cases", "0006_clocks")]
    operations = [migrations.RunSQL(COUNT, migrations.RunSQL.noop)]
