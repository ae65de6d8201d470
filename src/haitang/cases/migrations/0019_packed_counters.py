"""Counters of one area, stretch and value in one row, a year of a city's days is 365 rows instead of 20,000."""

from django.db import migrations, models

FORWARD = [
    """
    CREATE FUNCTION cases_counts_plus(one jsonb, other jsonb) RETURNS jsonb
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
        SELECT coalesce(jsonb_object_agg(measure, n), '{}') FROM (
            SELECT measure, sum(part.n::int) AS n FROM (
                SELECT * FROM jsonb_each_text(one) UNION ALL SELECT * FROM jsonb_each_text(other)
            ) AS part(measure, n)
            GROUP BY measure HAVING sum(part.n::int) <> 0
        ) AS total
    $$
    """,
    "ALTER TABLE cases_count RENAME TO cases_count_single",
    "ALTER TABLE cases_count_single RENAME CONSTRAINT cases_count_pkey TO cases_count_single_pkey",
    # A row is written again with every change of a day: it finds room in its page, and is never compressed.
    """
    CREATE TABLE cases_count (
        area_id bigint NOT NULL, dimension text COLLATE "C" NOT NULL, grain text COLLATE "C" NOT NULL,
        start date NOT NULL, value text COLLATE "C" NOT NULL, counts jsonb NOT NULL,
        CONSTRAINT cases_count_pkey PRIMARY KEY (area_id, dimension, grain, start, value)
    ) WITH (fillfactor = 80, toast_tuple_target = 8160)
    """,
    """
    INSERT INTO cases_count (area_id, dimension, grain, start, value, counts)
    SELECT area_id, dimension, grain, start, value, jsonb_object_agg(measure, n) FROM cases_count_single
    WHERE n <> 0 GROUP BY area_id, dimension, grain, start, value ORDER BY start
    """,
    "DROP TABLE cases_count_single",
]
BACKWARD = [
    "ALTER TABLE cases_count RENAME TO cases_count_packed",
    "ALTER TABLE cases_count_packed RENAME CONSTRAINT cases_count_pkey TO cases_count_packed_pkey",
    """
    CREATE TABLE cases_count (
        area_id bigint NOT NULL, dimension text COLLATE "C" NOT NULL, grain text COLLATE "C" NOT NULL,
        start date NOT NULL, value text COLLATE "C" NOT NULL, measure text COLLATE "C" NOT NULL, n bigint NOT NULL,
        CONSTRAINT cases_count_pkey PRIMARY KEY (area_id, dimension, grain, start, value, measure)
    )
    """,
    """
    INSERT INTO cases_count (area_id, dimension, grain, start, value, measure, n)
    SELECT area_id, dimension, grain, start, value, c.measure, c.n::bigint
    FROM cases_count_packed, jsonb_each_text(counts) AS c(measure, n)
    """,
    "DROP TABLE cases_count_packed",
    "DROP FUNCTION cases_counts_plus",
]


class Migration(migrations.Migration):
    dependencies = [("cases", "0018_settings_over_shipped")]
    operations = [
        migrations.SeparateDatabaseAndState(
            [migrations.RunSQL(FORWARD, BACKWARD)],
            [
                migrations.DeleteModel("Count"),
                migrations.CreateModel(
                    "Count",
                    [
                        (
                            "pk",
                            models.CompositePrimaryKey(
                                "area_id", "dimension", "grain", "start", "value",
                                blank=True, editable=False, primary_key=True, serialize=False,
                            ),
                        ),
                        ("area_id", models.BigIntegerField(verbose_name="区域")),
                        ("dimension", models.TextField(db_collation="C", verbose_name="维度")),
                        ("grain", models.TextField(db_collation="C", verbose_name="粒度")),
                        ("start", models.DateField(verbose_name="起始日")),
                        ("value", models.TextField(db_collation="C", verbose_name="值")),
                        ("counts", models.JSONField(verbose_name="各指标的数量")),
                    ],
                ),
            ],
        )
    ]  # fmt: skip
