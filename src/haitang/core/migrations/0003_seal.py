"""The seal says how far it reaches; entries carry a salt, and an index by which the unsealed are found."""

import django.contrib.postgres.indexes
from django.db import migrations, models
from django.db.models.expressions import RawSQL


class Migration(migrations.Migration):
    dependencies = [("core", "0002_guards")]
    operations = [
        migrations.AddField(
            "entry", "salt", models.UUIDField(verbose_name="盐", db_default=RawSQL("gen_random_uuid()", ()))
        ),
        migrations.AddIndex(
            "entry",
            django.contrib.postgres.indexes.BrinIndex(fields=["xid"], autosummarize=True, name="core_entry_xid"),
        ),
        migrations.AddField(
            "seal", "system", models.TextField(verbose_name="数据库系统", default=""), preserve_default=False
        ),
        migrations.AddField(
            "seal", "id_above", models.BigIntegerField(verbose_name="条目下限", default=0), preserve_default=False
        ),
        migrations.AddField(
            "seal", "xid_below", models.BigIntegerField(verbose_name="事务上限", default=0), preserve_default=False
        ),
    ]
