from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    """Tasks of joint meetings are reminded of; those that wait already, from nine o'clock on the day before theirs."""

    dependencies = [("whistles", "0003_call_handler")]

    operations = [
        migrations.AddField(
            model_name="task", name="remind_at", field=models.DateTimeField(null=True, verbose_name="下次提醒")
        ),
        migrations.AddField(
            model_name="task",
            name="reminded",
            field=models.SmallIntegerField(db_default=0, default=0, verbose_name="已提醒次数"),
        ),
        migrations.RunSQL(
            "UPDATE whistles_task SET remind_at = (due_on - 1 + time '09:00') AT TIME ZONE 'Asia/Shanghai' "
            "WHERE is_done IS NULL",
            migrations.RunSQL.noop,
        ),
        migrations.AddIndex(
            model_name="task",
            index=models.Index(
                fields=["remind_at"], name="whistles_task_remind", condition=Q(remind_at__isnull=False)
            ),
        ),
        migrations.AddIndex(
            model_name="task",
            index=models.Index(fields=["organization", "due_on"], name="whistles_task_open", condition=Q(is_done=None)),
        ),
    ]
