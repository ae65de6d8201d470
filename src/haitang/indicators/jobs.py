"""What follows from deeds on cases that are left out of the figures. Every job may run twice."""

from procrastinate.contrib.django import app

from haitang.callbacks.facts import CallbackAnswered
from haitang.core import clock
from haitang.core.access import system
from haitang.core.history import reacts_to
from haitang.indicators import actions, queries

FOLLOWER = system("指标剔除")
_AT_ONCE = 500


@app.periodic(cron="*/5 * * * *")
@app.task(
    queue="clock", name="indicators.follow_exclusions", queueing_lock="indicators.follow_exclusions",
    pass_context=False,
)  # fmt: skip
def follow_exclusions(timestamp: int) -> None:
    """Every five minutes: leave out what cases that are left out have come to count for."""
    for case_id, exclusion_id in queries.exclusions_behind(_AT_ONCE):
        actions.follow_exclusion(actor=FOLLOWER, case_id=case_id, exclusion_id=exclusion_id, now=clock.now())


@reacts_to(CallbackAnswered)
@app.task(queue="default", name="indicators.follow_answer")
def follow_answer(*, case_id: int, **_: object) -> None:
    """Leave out the answer to a call-back, too, where the case is left out."""
    for exclusion_id in queries.live_exclusions(case_id):
        actions.follow_exclusion(actor=FOLLOWER, case_id=case_id, exclusion_id=exclusion_id, now=clock.now())
