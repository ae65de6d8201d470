"""Counters by thirds of a month, from those by day: so a year that begins on any day is a few rows for each class."""

from django.db import migrations

FORWARD = """
    INSERT INTO cases_count (area_id, dimension, grain, start, value, measure, n)
    SELECT area_id, dimension, 't',
        date_trunc('month', start)::date + 10 * least((extract(day FROM start)::int - 1) / 10, 2) AS third,
        value, measure, sum(n)
    FROM cases_count WHERE grain = 'd' AND dimension IN ('category', 'channel')
    GROUP BY area_id, dimension, third, value, measure
"""
BACKWARD = "DELETE FROM cases_count WHERE grain = 't'"


class Migration(migrations.Migration):
    dependencies = [("cases", "0004_number_once")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
