"""What happens because of services, and the clock's own work. Every job may run twice and does its work once."""

from procrastinate.contrib.django import app

from haitang.core import clock
from haitang.core.access import system
from haitang.core.history import reacts_to
from haitang.points import actions
from haitang.volunteers.facts import ServiceRecorded

CLOCK = system("积分")


@reacts_to(ServiceRecorded)
@app.task(queue="default", name="points.credit")
def credit(*, volunteer_id: int, **_: object) -> None:
    """Credit a volunteer's services, where there are points and they have agreed."""
    actions.credit_services(actor=CLOCK, volunteer_id=volunteer_id, now=clock.now())


@app.periodic(cron="20 19 * * *")
@app.task(queue="clock", name="points.recount", queueing_lock="points.recount", pass_context=False)
def recount(timestamp: int) -> None:
    """Once a night (03:20 in Shanghai): let lapse what is too old, then compare the ledger with its sources."""
    now = clock.now()
    actions.expire_points(actor=CLOCK, now=now)
    actions.recount_points(actor=CLOCK, now=now)
