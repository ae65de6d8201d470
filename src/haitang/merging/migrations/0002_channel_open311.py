"""Repeats of what came in through the open interface."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [('merging', '0001_initial')]

    operations = [
        migrations.AlterField(
            model_name='repeat',
            name='channel',
            field=models.TextField(choices=[('patrol', '巡查'), ('phone', '电话'), ('wechat', '微信'), ('visit', '走访'), ('hotline', '12345'), ('web', '网页随手拍'), ('iot', '物联'), ('transfer', '部门转办'), ('open311', '开放接口')], verbose_name='来源'),
        ),
    ]
