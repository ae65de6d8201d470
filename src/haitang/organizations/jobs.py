"""What follows from news of lower apps."""

from datetime import date

from procrastinate.contrib.django import app

from haitang.core import clock
from haitang.core.access import EVERYWHERE, Grant, system
from haitang.core.history import reacts_to
from haitang.organizations import actions
from haitang.organizations.values import Permission
from haitang.territory.facts import AreaEnded, AreaReplaced

_ACTOR = system("系统", Grant(Permission.MANAGE, EVERYWHERE))


@reacts_to(AreaReplaced)
@app.task(queue="default", name="organizations.follow_replaced_area")
def follow_replaced_area(*, area_id: int, new_area_id: int, effective: str, **_: object) -> None:
    """Tie to an area's new version whatever organizations and posts were tied to the old one."""
    actions.carry_area(
        actor=_ACTOR, area_id=area_id, new_area_id=new_area_id, effective=date.fromisoformat(effective), now=clock.now()
    )


@reacts_to(AreaEnded)
@app.task(queue="default", name="organizations.follow_ended_area")
def follow_ended_area(*, area_id: int, replaced_by_id: int | None, effective: str, **_: object) -> None:
    """Hand over what was tied to an area that ended to its heir, or end it."""
    actions.carry_area(
        actor=_ACTOR, area_id=area_id, new_area_id=replaced_by_id, effective=date.fromisoformat(effective),
        now=clock.now(),
    )  # fmt: skip
