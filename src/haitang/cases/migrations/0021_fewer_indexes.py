"""Fewer indexes of cases: what one of them can answer, two need not be kept up for with every row written.

The list of all cases and that of the root area are one, by an index that carries what lists are narrowed by (as those
of the levels below do, 0002). Closed cases, the bulk of them, are found by that; by state only the others. A number
bears the id, by which the case is found; that it does is checked from now on: of rows before, the index that goes has
kept it.
"""

from django.db import migrations, models

CARRIED = [
    "area_ids", "status", "channel", "category", "kind", "organization", "reported_by_id", "is_confidential", "due_at",
]  # fmt: skip
"""As in 0002."""
LISTED = models.Index(fields=["-reported_at", "-id"], include=CARRIED, name="cases_case_listed")
STANDING = models.Index(
    models.F("status"), models.F("reported_at").desc(), models.F("id").desc(),
    name="cases_case_standing", condition=~models.Q(status="closed"),
)  # fmt: skip


def built(name: str, definition: str) -> list[str]:
    """Return the statements that build an index while the office works; run again after an interruption, anew."""
    return [gone(name), f"CREATE INDEX CONCURRENTLY {name} ON cases_case {definition}"]


def gone(name: str) -> str:
    """Return the statement that takes an index away while the office works."""
    return f"DROP INDEX CONCURRENTLY IF EXISTS {name}"


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("cases", "0020_channel_open311")]
    operations = [
        migrations.RunSQL(
            built(
                "cases_case_listed",
                "(reported_at DESC, id DESC) INCLUDE (area_ids, status, channel, category_id, kind, organization_id,"
                " reported_by_id, is_confidential, due_at)",
            ),
            [gone("cases_case_listed")],
            [migrations.AddIndex("case", LISTED)],
        ),
        migrations.RunSQL(
            [gone("cases_case_newest")],
            built("cases_case_newest", "(reported_at DESC, id DESC)"),
            [migrations.RemoveIndex("case", "cases_case_newest")],
        ),
        migrations.RunSQL(
            [gone("cases_case_area_1")],
            built(
                "cases_case_area_1",
                "((area_ids[1]), reported_at DESC, id DESC) INCLUDE (area_ids, status, channel, category_id, kind,"
                " organization_id, reported_by_id, is_confidential, due_at) WHERE area_ids[1] IS NOT NULL",
            ),
        ),
        migrations.RunSQL(
            built("cases_case_standing", "(status, reported_at DESC, id DESC) WHERE status <> 'closed'"),
            [gone("cases_case_standing")],
            [migrations.AddIndex("case", STANDING)],
        ),
        migrations.RunSQL(
            [gone("cases_case_status")],
            built("cases_case_status", "(status, reported_at DESC, id DESC)"),
            [migrations.RemoveIndex("case", "cases_case_status")],
        ),
        migrations.RunSQL(
            [
                "ALTER TABLE cases_case DROP CONSTRAINT IF EXISTS cases_case_number_bears_id",
                "ALTER TABLE cases_case ADD CONSTRAINT cases_case_number_bears_id"
                " CHECK (split_part(number, '-', 2)::bigint = id) NOT VALID",
                "ALTER TABLE cases_case DROP CONSTRAINT IF EXISTS cases_case_number",
            ],
            [
                "ALTER TABLE cases_case ADD CONSTRAINT cases_case_number UNIQUE (number)",
                "ALTER TABLE cases_case DROP CONSTRAINT cases_case_number_bears_id",
            ],
            [migrations.RemoveConstraint("case", "cases_case_number")],
        ),
    ]
