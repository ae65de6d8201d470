"""What is still to be told of a deadline leaves the case, whose many indexes every warning wrote to."""

import django.db.models.deletion
from django.db import migrations, models

FORWARD = """
INSERT INTO cases_pendingwarning (case_id, at, given)
SELECT id, warn_at, told FROM cases_case WHERE due_at IS NOT NULL AND warn_at IS NOT NULL AND told < 100;
SET CONSTRAINTS ALL IMMEDIATE;
"""
BACKWARD = """
UPDATE cases_case c SET told = coalesce(w.given, 100), warn_at = coalesce(w.at, c.due_at)
FROM cases_case o LEFT JOIN cases_pendingwarning w ON w.case_id = o.id WHERE o.id = c.id AND c.due_at IS NOT NULL;
SET CONSTRAINTS ALL IMMEDIATE;
"""


class Migration(migrations.Migration):
    dependencies = [("cases", "0011_marks")]
    operations = [
        migrations.CreateModel(
            name="PendingWarning",
            fields=[
                ("case", models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name="warning", serialize=False, to="cases.case")),
                ("at", models.DateTimeField(db_index=True, verbose_name="预警时间")),
                ("given", models.SmallIntegerField(default=0, verbose_name="已提醒")),
            ],
        ),
        migrations.RunSQL(FORWARD, BACKWARD),
        migrations.RemoveIndex(model_name="case", name="cases_case_warn"),
        migrations.RemoveField(model_name="case", name="warn_at"),
        migrations.RemoveField(model_name="case", name="told"),
    ]
