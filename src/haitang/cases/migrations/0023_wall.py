"""Who reported is kept behind the second wall: it is for whom the case is for."""

from django.db import migrations

from haitang.core.wall import follows, is_of, is_with, lies_in, wall

WALLS = [
    wall(
        "cases_reporter",
        follows(
            "cases_case",
            "cases_case.id = case_id AND ("
            + " OR ".join(
                (
                    lies_in("area_ids", "cases", "callbacks"),
                    is_with("organization_id", "cases", "callbacks"),
                    is_of("reported_by_id"),
                )
            )
            + ")",
        ),
    ),
]


class Migration(migrations.Migration):
    dependencies = [("core", "0007_wall"), ("cases", "0022_verification_counted")]
    operations = [migrations.RunSQL(forward, backward) for forward, backward in WALLS]
