"""What apps above find out about a case (marks, priority, voices), and where cases are found near one another."""

import django.contrib.postgres.fields
from django.db import migrations, models


CELLS = """
    CREATE INDEX cases_case_cell ON cases_case (
        (floor(lat * 500)::bigint * 1000000 + floor(lon * 500)::bigint), reported_at DESC
    ) WHERE lon IS NOT NULL AND lat IS NOT NULL;
"""
"""Which cases lie in a cell of the map, the newest first: see cases/queries/similar.py. Django cannot write it."""


class Migration(migrations.Migration):

    dependencies = [('cases', '0010_forms')]

    operations = [
        migrations.AddField(
            model_name='case',
            name='marks',
            field=django.contrib.postgres.fields.ArrayField(base_field=models.TextField(choices=[('main', '主案件'), ('joined', '已并入'), ('repeat', '重复'), ('difficult', '疑难')]), db_default=[], default=list, size=None, verbose_name='标记'),
        ),
        migrations.AddField(
            model_name='case',
            name='priority',
            field=models.SmallIntegerField(choices=[(0, '普通'), (1, '优先'), (2, '加急')], db_default=0, default=0, verbose_name='优先级'),
        ),
        migrations.AddField(
            model_name='case',
            name='voices',
            field=models.IntegerField(db_default=0, default=0, verbose_name='我也遇到'),
        ),
        migrations.AddIndex(
            model_name='case',
            index=models.Index(models.OrderBy(models.F('reported_at'), descending=True), models.OrderBy(models.F('id'), descending=True), condition=models.Q(('marks', []), _negated=True), name='cases_case_marked'),
        ),
        migrations.AddIndex(
            model_name='case',
            index=models.Index(models.OrderBy(models.F('priority'), descending=True), models.OrderBy(models.F('reported_at'), descending=True), models.OrderBy(models.F('id'), descending=True), condition=models.Q(('priority__gt', 0)), name='cases_case_priority'),
        ),
        migrations.RunSQL(CELLS, "DROP INDEX cases_case_cell"),
    ]
