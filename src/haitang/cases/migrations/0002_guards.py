"""Indexes that Django cannot write: one for each level of the territory, so that any area's list is one ordered scan.

They carry what lists are narrowed by besides: which cases are on a page, and how many there are, is read from the
index alone. The open cases have one of their own, being few. Statistics are finer than usual where a coarse guess
makes PostgreSQL walk through the whole city: how common an area is (of a partial index none are used), and a word.
"""

from django.db import migrations

LEVELS = range(1, 7)
CARRIED = (
    "INCLUDE (area_ids, status, channel, category_id, kind, organization_id, reported_by_id, is_confidential, due_at)"
)
FORWARD = (
    "\n".join(
        f"""
    CREATE INDEX cases_case_area_{level} ON cases_case ((area_ids[{level}]), reported_at DESC, id DESC) {CARRIED}
        WHERE area_ids[{level}] IS NOT NULL;
    CREATE STATISTICS cases_case_area_{level} ON (area_ids[{level}]) FROM cases_case;
    ALTER STATISTICS cases_case_area_{level} SET STATISTICS 1000;
    """
        for level in LEVELS
    )
    + f"""
    CREATE INDEX cases_case_open ON cases_case (reported_at DESC, id DESC) {CARRIED} WHERE stage IS NOT NULL;
    ALTER TABLE cases_case ALTER COLUMN search SET STATISTICS 1000;
"""
)
BACKWARD = "DROP INDEX cases_case_open;" + "\n".join(
    f"DROP STATISTICS cases_case_area_{level}; DROP INDEX cases_case_area_{level};" for level in LEVELS
)


class Migration(migrations.Migration):
    dependencies = [("cases", "0001_initial")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
