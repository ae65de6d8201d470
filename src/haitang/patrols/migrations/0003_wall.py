"""Families and those who quarrel are kept behind the second wall."""

from django.db import migrations

from haitang.core.wall import follows, lies_in, wall

WALLS = [
    wall("patrols_household", lies_in("area_ids", "patrols")),
    wall("patrols_visit", lies_in("area_ids", "patrols")),
    wall("patrols_knownfield", follows("patrols_household", "patrols_household.id = household_id")),
    wall("patrols_asked", follows("patrols_household", "patrols_household.id = household_id")),
    wall("patrols_need", follows("patrols_visit", "patrols_visit.id = visit_id")),
    wall("patrols_dispute", lies_in("area_ids", "patrols")),
    wall("patrols_party", follows("patrols_dispute", "patrols_dispute.id = dispute_id")),
    wall("patrols_mediator", follows("patrols_dispute", "patrols_dispute.id = dispute_id")),
    wall("patrols_session", follows("patrols_dispute", "patrols_dispute.id = dispute_id")),
    wall("patrols_followup", follows("patrols_dispute", "patrols_dispute.id = dispute_id")),
]


class Migration(migrations.Migration):
    dependencies = [("core", "0007_wall"), ("patrols", "0002_visits_and_disputes")]
    operations = [migrations.RunSQL(forward, backward) for forward, backward in WALLS]
