from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("office", "0004_feedback_columns")]

    operations = [
        migrations.AddField(
            model_name="upload",
            name="is_whole",
            field=models.BooleanField(default=False, verbose_name="整体导入"),
        ),
    ]
