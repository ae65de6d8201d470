"""The clock's own work: erasing what was asked for and has come to its end, and what has been kept for its time."""

import logging

from procrastinate.contrib.django import app

from haitang.core import clock
from haitang.core.access import system
from haitang.core.errors import Refusal
from haitang.privacy import actions, queries

CLOCK = system("个人信息保护")
BATCH = 200
log = logging.getLogger(__name__)


@app.periodic(cron="50 17 * * *")
@app.task(queue="clock", name="privacy.go_on", queueing_lock="privacy.go_on", pass_context=False)
def go_on(timestamp: int) -> None:
    """Once a night (01:50 in Shanghai): go on with every erasure that waits for the end of something."""
    after = 0
    while found := queries.list_going(after=after, limit=BATCH):
        for request_id in found:
            try:
                actions.go_on_erasing(actor=CLOCK, request_id=request_id, now=clock.now())
            except Refusal as refusal:  # one request that a part refuses keeps no other from going on
                log.warning("privacy request %s: %s", request_id, type(refusal).__name__)
        after = found[-1]


@app.periodic(cron="10 18 * * *")
@app.task(queue="clock", name="privacy.carry_out_retention", queueing_lock="privacy.retention", pass_context=False)
def carry_out_retention(timestamp: int) -> None:
    """Once a night (02:10 in Shanghai): erase what has been kept for its months."""
    actions.carry_out_retention(actor=CLOCK, now=clock.now())
