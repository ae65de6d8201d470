"""The clock's own work for the whole platform: sealing, jobs left behind by a dead worker, tidying."""

import logging

from procrastinate import JobContext
from procrastinate.contrib.django import app

from haitang.core import clock, housekeeping, seal

STALLED_AFTER_S = 60.0
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


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="core.retry_stalled_jobs", name="core.retry_stalled_jobs", pass_context=True)
async def retry_stalled_jobs(context: JobContext, timestamp: int) -> None:
    """Put jobs whose worker has died back into the queue: procrastinate finds them, and leaves them where they are."""
    manager = context.app.job_manager
    for job in await manager.get_stalled_jobs(seconds_since_heartbeat=STALLED_AFTER_S):
        log.warning("job %s %s was left by a dead worker and is run again", job.id, job.task_name)
        await manager.retry_job(job)


@app.periodic(cron="40 18 * * *")
@app.task(queueing_lock="core.tidy_up", name="core.tidy_up")
def tidy_up(timestamp: int) -> None:
    """Remove, once a night (02:40 in Shanghai), what has served its time."""
    housekeeping.tidy_up(now=clock.now())
