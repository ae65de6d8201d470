"""What lies in an area follows it when it goes on as another version."""

from datetime import datetime

from django.db import transaction

from haitang.core import history
from haitang.core.access import Actor
from haitang.patrols.facts import PatrolsMoved
from haitang.patrols.models import Dispute, Hazard, Household, Round, Visit
from haitang.patrols.queries import index_of_room
from haitang.territory.queries import territory

FOLLOWERS = (Round, Hazard, Dispute, Household)


@transaction.atomic
def move_patrols(*, actor: Actor, area_id: int, new_area_id: int, now: datetime) -> int:
    """
    Tie to an area's new version what lay in the old one, and return how many rows. Run again, it moves nothing.

    A round of which the new version has its own already stays where it is.
    """
    ids = list(territory().area(new_area_id).ids)
    moved = 0
    for model in FOLLOWERS:
        rows = model._default_manager.select_for_update().filter(area_id=area_id)
        if model is Round:
            there = set(Round.objects.filter(area_id=new_area_id).values_list("code", "month"))
            kept = [row.pk for row in Round.objects.filter(area_id=area_id) if (row.code, row.month) in there]
            rows = rows.exclude(pk__in=kept)
        if model is Household:
            homes = list(Household.objects.select_for_update().filter(area_id=area_id))
            _move_homes(homes, new_area_id, ids)
            moved += len(homes)
            continue
        moved += rows.update(area_id=new_area_id, area_ids=ids)
    if moved:
        history.record(actor=actor, fact=PatrolsMoved(area_id, new_area_id, moved), at=now)
    return moved


def _move_homes(homes: list[Household], area_id: int, ids: list[int]) -> None:
    """Homes are looked up by area and room, so each gets its index anew; their visits go with them."""
    for home in homes:
        home.area_id, home.area_ids, home.room_index = area_id, ids, index_of_room(area_id, home.room)
    Household.objects.bulk_update(homes, ["area", "area_ids", "room_index"])
    Visit.objects.filter(household__in=homes).update(area_ids=ids)
