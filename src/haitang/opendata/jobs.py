"""The clock's work of open data: publishing by night, and at once when a rule has changed."""

from procrastinate.contrib.django import app

from haitang.core import clock
from haitang.core.access import EVERYWHERE, Grant, system
from haitang.core.history import reacts_to
from haitang.opendata import actions
from haitang.opendata.facts import OpenDataRuleChanged
from haitang.opendata.values import Permission

PUBLISHER = system("数据开放", Grant(Permission.MANAGE, area_path=EVERYWHERE))


@app.periodic(cron="10 19 * * *")
@app.task(
    queue="clock", name="opendata.publish", lock="opendata.publish", queueing_lock="opendata.publish",
    pass_context=False,
)  # fmt: skip
def publish(timestamp: int) -> None:
    """Once a night (03:10 in Shanghai): make the months anew and publish what has changed."""
    actions.publish_open_data(actor=PUBLISHER, now=clock.now())


@reacts_to(OpenDataRuleChanged)
@app.task(queue="default", name="opendata.follow_rule", lock="opendata.publish")
def follow_rule(**_: object) -> None:
    """Make what is published what the rules now say, without waiting for the night."""
    actions.publish_open_data(actor=PUBLISHER, now=clock.now())
