"""What lies in an area follows it when it goes on as another version."""

from datetime import datetime

from django.db import transaction

from haitang.core import history
from haitang.core.access import Actor
from haitang.exchange.facts import ListsMoved
from haitang.exchange.models import Agreement, Need, Resource, Round
from haitang.exchange.queries import RULES
from haitang.territory.queries import territory


@transaction.atomic
def move_lists(*, actor: Actor, area_id: int, new_area_id: int, now: datetime) -> int:
    """Tie to an area's new version what lay in the old one, and return how many rows. Run again, it moves nothing."""
    ids = list(territory().area(new_area_id).ids)
    moved = 0
    for model in (Agreement, Need, Resource):
        rows = model._default_manager.select_for_update().filter(area_id=area_id)
        moved += rows.update(area_id=new_area_id, area_ids=ids)
    if rounds := Round.objects.filter(area_id=area_id).update(area_id=new_area_id):
        RULES.touch()
    if moved + rounds:
        history.record(actor=actor, fact=ListsMoved(area_id, new_area_id, moved + rounds), at=now)
    return moved + rounds
