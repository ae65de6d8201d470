"""What follows from news of lower apps."""

from procrastinate.contrib.django import app

from haitang.core import clock
from haitang.core.access import EVERYWHERE, Grant, system
from haitang.core.history import reacts_to
from haitang.people import actions
from haitang.people.values import Permission
from haitang.territory.facts import AreaReplaced

_ACTOR = system("系统", Grant(Permission.GRANT_MANAGE, area_path=EVERYWHERE))


@reacts_to(AreaReplaced)
@app.task(queue="default", name="people.follow_replaced_area")
def follow_replaced_area(*, area_id: int, new_area_id: int, **_: object) -> None:
    """Tie to an area's new version the grants and the grid workers that were tied to the old one."""
    actions.move_grants(actor=_ACTOR, area_id=area_id, new_area_id=new_area_id, now=clock.now())


@app.periodic(cron="50 18 * * *")
@app.task(queueing_lock="people.tidy_up", name="people.tidy_up")
def tidy_up(timestamp: int) -> None:
    """Remove, once a night (02:50 in Shanghai), what of signing in has served its time."""
    actions.tidy_up_sign_ins(actor=_ACTOR, now=clock.now())


@app.periodic(cron="*/5 * * * *")
@app.task(queueing_lock="people.report_elevations", name="people.report_elevations")
def report_elevations(timestamp: int) -> None:
    """Report, every five minutes, the permissions for some hours that have ended."""
    actions.report_elevations(actor=_ACTOR, now=clock.now())
