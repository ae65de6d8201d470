"""What lies in an area follows it when it goes on as another version."""

from datetime import datetime

from django.db import transaction

from haitang.alliances.facts import JointWorkMoved
from haitang.alliances.models import ActionBranch, Alliance, Committee, ContactPoint, Link, Workstation
from haitang.core import history
from haitang.core.access import Actor
from haitang.territory.queries import territory


@transaction.atomic
def move_joint_work(*, actor: Actor, area_id: int, new_area_id: int, now: datetime) -> int:
    """Tie to an area's new version what lay in the old one, and return how many rows. For the clock; again: nothing."""
    ids = list(territory().area(new_area_id).ids)
    moved = 0
    for model in (ActionBranch, Alliance, Committee, ContactPoint, Link, Workstation):
        moved += model._default_manager.filter(area_id=area_id).update(area_id=new_area_id, area_ids=ids)
    if moved:
        history.record(actor=actor, fact=JointWorkMoved(area_id, new_area_id, moved), at=now)
    return moved
