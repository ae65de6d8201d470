"""Indexes that Django cannot write: one for each level of the territory, so that any area's list is one ordered scan."""

from django.db import migrations

LEVELS = range(1, 7)
FORWARD = "\n".join(
    f"CREATE INDEX cases_case_area_{level} ON cases_case ((area_ids[{level}]), reported_at DESC, id DESC);"
    for level in LEVELS
)
BACKWARD = "\n".join(f"DROP INDEX cases_case_area_{level};" for level in LEVELS)


class Migration(migrations.Migration):
    dependencies = [("cases", "0001_initial")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
