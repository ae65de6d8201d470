from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("oversight", "0002_settings_over_shipped")]

    operations = [
        migrations.AddField(
            model_name="climb", name="since", field=models.DateTimeField(null=True, verbose_name="起算时间")
        ),
    ]
