"""What happens because of areas, and the clock's own work. Every job may run twice and does its work once."""

from datetime import timedelta

from procrastinate.contrib.django import app

from haitang.core import clock
from haitang.core.access import EVERYWHERE, Grant, system
from haitang.core.history import reacts_to
from haitang.territory.facts import AreaEnded, AreaReplaced
from haitang.volunteers import actions
from haitang.volunteers.values import Permission

CLOCK = system("志愿登记", Grant(Permission.MANAGE, area_path=EVERYWHERE))
FILES_KEPT = timedelta(days=7)


@reacts_to(AreaReplaced)
@app.task(queue="default", name="volunteers.follow_replaced_area")
def follow_replaced_area(*, area_id: int, new_area_id: int, **_: object) -> None:
    """Tie who lives in an area to its new version."""
    actions.move_volunteers(actor=CLOCK, area_id=area_id, new_area_id=new_area_id, now=clock.now())


@reacts_to(AreaEnded)
@app.task(queue="default", name="volunteers.follow_ended_area")
def follow_ended_area(*, area_id: int, replaced_by_id: int | None, **_: object) -> None:
    """Tie who lives in an area that ceased to the one in its place, if there is one."""
    if replaced_by_id is not None:
        actions.move_volunteers(actor=CLOCK, area_id=area_id, new_area_id=replaced_by_id, now=clock.now())


@app.periodic(cron="50 18 * * *")
@app.task(queue="clock", name="volunteers.forget_files", queueing_lock="volunteers.forget_files", pass_context=False)
def forget_files(timestamp: int) -> None:
    """Once a night (02:50 in Shanghai): remove files of people that were brought more than a week ago."""
    now = clock.now()
    actions.forget_volunteer_files(actor=CLOCK, now=now, before=now - FILES_KEPT)
