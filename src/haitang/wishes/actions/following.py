"""What lies in an area follows it when it goes on as another version."""

from datetime import datetime

from django.db import transaction

from haitang.core import history
from haitang.core.access import Actor
from haitang.territory.queries import territory
from haitang.wishes.facts import WishesMoved
from haitang.wishes.models import Wish


@transaction.atomic
def move_wishes(*, actor: Actor, area_id: int, new_area_id: int, now: datetime) -> int:
    """Tie to an area's new version what lay in the old one, and return how many rows. Run again, it moves nothing."""
    ids = list(territory().area(new_area_id).ids)
    moved = Wish.objects.filter(area_id=area_id).update(area_id=new_area_id, area_ids=ids)
    if moved:
        history.record(actor=actor, fact=WishesMoved(area_id, new_area_id, moved), at=now)
    return moved
