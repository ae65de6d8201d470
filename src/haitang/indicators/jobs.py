"""What follows from deeds on cases that are left out of the figures. Every job may run twice."""

import time

from procrastinate.contrib.django import app

from haitang.callbacks.facts import CallbackAnswered
from haitang.core import clock
from haitang.core.access import system
from haitang.core.history import reacts_to
from haitang.indicators import actions, queries

FOLLOWER = system("指标剔除")
COUNTER = system("部门指标")
_AT_ONCE = 500
COUNTING_MAX_S = 20.0
"""So long at most are organizations' figures counted in one go: the deadlines are watched from the same queue."""


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


@app.periodic(cron="* * * * *")
@app.task(queue="clock", name="indicators.count_desks", queueing_lock="indicators.count_desks", pass_context=False)
def count_desks(timestamp: int) -> None:
    """Every minute: bring the figures of organizations up to date."""
    until = time.monotonic() + COUNTING_MAX_S
    actions.note_touched_cases(actor=COUNTER, now=clock.now())
    while actions.count_desks(actor=COUNTER, now=clock.now()) and time.monotonic() < until:
        pass
