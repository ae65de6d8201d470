"""Owners, rolls and ballots are kept behind the second wall; who votes proves it by a code or an account."""

from django.db import migrations

from haitang.core.wall import follows, is_of, lies_in, wall

WALLS = [
    wall(
        "owners_owner",
        follows("owners_estate", f"owners_estate.id = estate_id AND {lies_in('area_ids', 'owners')}"),
        is_of("account_id"),
    ),
    wall("owners_share", follows("owners_owner", "owners_owner.id = owner_id")),
    wall(
        "owners_rollentry",
        follows("owners_decision", f"owners_decision.id = decision_id AND {lies_in('area_ids', 'owners')}"),
    ),
    wall("owners_ballot", follows("owners_rollentry", "owners_rollentry.id = entry_id")),
    wall("owners_papersheet", follows("owners_rollentry", "owners_rollentry.id = entry_id")),
]


class Migration(migrations.Migration):
    dependencies = [("core", "0007_wall"), ("owners", "0003_objections")]
    operations = [migrations.RunSQL(forward, backward) for forward, backward in WALLS]
