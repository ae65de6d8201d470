"""Only what an office has set is kept; all else follows the release, and so does where it comes from."""

from django.db import migrations

from haitang.core.shipped import read_shipped


def follow_the_release(apps, _schema_editor):
    """Let go of what is still as shipped."""
    settings = apps.get_model("oversight", "Setting").objects
    for key, each in read_shipped("oversight", "settings.toml").items():
        settings.filter(key=key, value=each["value"]).delete()


class Migration(migrations.Migration):
    dependencies = [("oversight", "0001_initial")]
    operations = [
        migrations.RunPython(follow_the_release, migrations.RunPython.noop),
        migrations.RemoveField(model_name="setting", name="source"),
    ]
