"""Rolls, envelopes and paper ballots are kept behind the second wall; who votes proves it by a code."""

from django.db import migrations

from haitang.core.wall import follows, lies_in, wall

WALLS = [
    wall("voting_entry", follows("voting_vote", f"voting_vote.id = vote_id AND {lies_in('area_ids', 'voting')}")),
    wall("voting_envelope", follows("voting_entry", "voting_entry.id = entry_id")),
    wall("voting_papersheet", follows("voting_vote", f"voting_vote.id = vote_id AND {lies_in('area_ids', 'voting')}")),
]


class Migration(migrations.Migration):
    dependencies = [("core", "0007_wall"), ("voting", "0001_votes")]
    operations = [migrations.RunSQL(forward, backward) for forward, backward in WALLS]
