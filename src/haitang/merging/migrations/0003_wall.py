"""Whoever said “me too” is kept behind the second wall: it is for whom the case is for."""

from django.db import migrations

from haitang.core.wall import follows, is_of, is_with, lies_in, wall

WALLS = [
    wall(
        "merging_voice",
        follows(
            "cases_case",
            "cases_case.id = case_id AND ("
            + " OR ".join(
                (lies_in("area_ids", "cases", "merging"), is_with("organization_id", "cases", "merging"))
            )
            + ")",
        ),
        is_of("account_id"),
    ),
]


class Migration(migrations.Migration):
    dependencies = [("core", "0007_wall"), ("merging", "0002_channel_open311")]
    operations = [migrations.RunSQL(forward, backward) for forward, backward in WALLS]
