"""Counters of categories by quarter, from those by month: a year of them is a third of the rows."""

from django.db import migrations

FORWARD = """
    INSERT INTO cases_count (area_id, dimension, grain, start, value, measure, n)
    SELECT area_id, dimension, 'q', date_trunc('quarter', start)::date AS quarter, value, measure, sum(n)
    FROM cases_count WHERE grain = 'm' AND dimension = 'category'
    GROUP BY area_id, dimension, quarter, value, measure
"""
BACKWARD = "DELETE FROM cases_count WHERE grain = 'q'"


class Migration(migrations.Migration):
    dependencies = [("cases", "0016_pending_warning")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
