"""Every installation has a calendar from the start: the shipped default, to be changed on its page."""

from django.db import migrations


def create_default(apps, schema_editor):
    week = ["08:00-12:00, 14:00-18:00"] * 5 + ["", ""]
    apps.get_model("worktime", "Calendar").objects.create(
        name="机关工作日历", week=week, day_end="office", roll_rule="holiday", is_default=True
    )


class Migration(migrations.Migration):
    dependencies = [("worktime", "0001_initial")]
    operations = [migrations.RunPython(create_default, migrations.RunPython.noop)]
