"""The changes to the counters come and go all day, and every figure reads those that are there: sweep them often.

By the default, a table is swept once a fifth of it is dead, and slowly, so as not to be in the way of large ones.
"""

from django.db import migrations

FORWARD = """
    ALTER TABLE cases_countdelta SET (
        autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000, autovacuum_vacuum_cost_delay = 0)
"""
BACKWARD = """
    ALTER TABLE cases_countdelta RESET (
        autovacuum_vacuum_scale_factor, autovacuum_vacuum_threshold, autovacuum_vacuum_cost_delay)
"""


class Migration(migrations.Migration):
    dependencies = [("cases", "0007_due_counters")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
