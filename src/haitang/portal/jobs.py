"""The clock's own work for the residents' pages."""

from procrastinate.contrib.django import app

from haitang.cases.actions import forget_unused_photos
from haitang.core import clock
from haitang.core.access import system


@app.periodic(cron="10 * * * *")
@app.task(queueing_lock="portal.forget_unused_photos", name="portal.forget_unused_photos", pass_context=False)
def forget_photos(timestamp: int) -> None:
    """Every hour: remove the photos of reports that were begun and never sent."""
    forget_unused_photos(actor=system("上报草稿"), now=clock.now())
