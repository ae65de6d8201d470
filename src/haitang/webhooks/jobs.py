"""The clock's work of webhooks: reading on, sending, tidying; and following areas. Every job may run twice."""

from procrastinate.contrib.django import app

from haitang.core import clock
from haitang.core.access import system
from haitang.core.history import reacts_to
from haitang.territory.facts import AreaReplaced
from haitang.webhooks import actions

WEBHOOKS = system("事件推送")


@app.periodic(cron="* * * * * */5")
@app.task(
    queue="default", name="webhooks.deliver", lock="webhooks.deliver", queueing_lock="webhooks.deliver",
    pass_context=False,
)  # fmt: skip
def deliver(timestamp: int) -> None:
    """Every five seconds: put down what was committed, and send what is due. Without subscriptions, one short query."""
    if actions.read_events(actor=WEBHOOKS, now=clock.now()) is not None:
        actions.deliver_events(actor=WEBHOOKS, now=clock.now())


@app.periodic(cron="50 18 * * *")
@app.task(queue="clock", name="webhooks.tidy", queueing_lock="webhooks.tidy", pass_context=False)
def tidy(timestamp: int) -> None:
    """Once a night (02:50 in Shanghai): remove what has served its time."""
    while actions.tidy_deliveries(actor=WEBHOOKS, now=clock.now()):
        pass


@reacts_to(AreaReplaced)
@app.task(queue="default", name="webhooks.follow_replaced_area")
def follow_replaced_area(*, area_id: int, new_area_id: int, **_: object) -> None:
    """Tie the subscriptions of an area to its new version."""
    actions.move_subscriptions(actor=WEBHOOKS, area_id=area_id, new_area_id=new_area_id, now=clock.now())
