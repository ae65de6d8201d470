"""The clock's own work for the whole platform: sealing, jobs left behind by a dead worker, tidying."""

import logging
import time
from datetime import UTC, datetime
from typing import Any

from procrastinate import JobContext
from procrastinate.contrib.django import app
from procrastinate.exceptions import UniqueViolation
from procrastinate.jobs import Status

from haitang.core import clock, housekeeping, seal

HEARTBEAT_S = 5.0
STALLED_AFTER_S = 30.0
"""A worker that has not been heard of for so long is taken as dead. What it was at may run twice if it is not."""
_ENDED_AFTER_S = 30.0
_IS_DOING = "SELECT id FROM procrastinate_jobs WHERE status = 'doing' AND id = ANY(%(ids)s)"
_ended: dict[int, float] = {}
"""Jobs that have come to their end in this process, and when (monotonic seconds)."""
log = logging.getLogger(__name__)


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="core.seal_history", name="core.seal_history")
def seal_history(timestamp: int) -> None:
    """Seal what can be sealed, once a minute."""
    seal.seal(now=clock.now())


@app.periodic(cron="20 19 * * *")
@app.task(queueing_lock="core.verify_history", name="core.verify_history")
def verify_history(timestamp: int) -> None:
    """Compare the history with its seal once a night (03:20 in Shanghai), and log every finding as an error."""
    for finding in seal.verify().findings:
        log.error("history: %s", finding.sentence)


async def note_end(call_next: Any, context: JobContext, worker: Any) -> Any:
    """Remember that a job has come to its end here: whether that could be written down is seen afterwards."""
    try:
        return await call_next()
    finally:
        if context.job.id is not None:
            _ended[context.job.id] = time.monotonic()


@app.periodic(cron="* * * * * */10")  # seconds stand last
@app.task(queueing_lock="core.retry_stalled_jobs", name="core.retry_stalled_jobs", pass_context=True)
async def retry_stalled_jobs(context: JobContext, timestamp: int) -> None:
    """Put jobs that nobody is at back into the queue, every ten seconds.

    Jobs whose worker has died: procrastinate finds them, and leaves them where they are. And jobs that ended here while
    the database was away, so that nobody learned of it: their worker lives, and they would be in progress for ever.
    """
    manager = context.app.job_manager
    for job in await manager.get_stalled_jobs(seconds_since_heartbeat=STALLED_AFTER_S):
        log.warning("job %s %s was left by a dead worker and is run again", job.id, job.task_name)
        await _again(context, job.id)
    past = [pk for pk, at in _ended.items() if time.monotonic() - at > _ENDED_AFTER_S]
    for row in await context.app.connector.execute_query_all_async(_IS_DOING, ids=past) if past else ():
        log.warning("job %s ended while the database was away and is run again", row["id"])
        await _again(context, row["id"])
    for pk in past:
        _ended.pop(pk, None)


async def _again(context: JobContext, job_id: int | None) -> None:
    """Put a job back; one of the clock's, of which the next is waiting already, is let go."""
    manager = context.app.job_manager
    if job_id is None:
        return
    try:
        await manager.retry_job_by_id_async(job_id=job_id, retry_at=datetime.now(UTC))  # noqa: TID251 - the queue's own
    except UniqueViolation:
        await manager.finish_job_by_id_async(job_id=job_id, status=Status.ABORTED, delete_job=True)


@app.periodic(cron="40 18 * * *")
@app.task(queueing_lock="core.tidy_up", name="core.tidy_up")
def tidy_up(timestamp: int) -> None:
    """Remove, once a night (02:40 in Shanghai), what has served its time."""
    housekeeping.tidy_up(now=clock.now())
