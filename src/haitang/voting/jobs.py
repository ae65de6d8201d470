"""The clock's own work. It may run twice and does its work once."""

from procrastinate.contrib.django import app

from haitang.core import clock
from haitang.core.access import system
from haitang.voting import actions


@app.periodic(cron="40 19 * * *")
@app.task(queue="clock", name="voting.erase", queueing_lock="voting.erase", pass_context=False)
def erase(timestamp: int) -> None:
    """Once a night (03:40 in Shanghai): remove who was on the rolls of votes counted long ago."""
    actions.erase_rolls(actor=system("投票"), now=clock.now())
