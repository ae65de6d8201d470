"""The clock's own work for the residents' pages."""

from django.urls import reverse
from procrastinate.contrib.django import app

from haitang.cases.actions import forget_unused_photos
from haitang.cases.facts import CaseClosed, CaseForceClosed, CaseRefused
from haitang.core import clock
from haitang.core.access import system
from haitang.core.history import reacts_to
from haitang.merging.actions import tell_solved


@app.periodic(cron="10 * * * *")
@app.task(queueing_lock="portal.forget_unused_photos", name="portal.forget_unused_photos", pass_context=False)
def forget_photos(timestamp: int) -> None:
    """Every hour: remove the photos of reports that were begun and never sent."""
    forget_unused_photos(actor=system("上报草稿"), now=clock.now())


@reacts_to(CaseClosed, CaseForceClosed, CaseRefused)
@app.task(queue="notices", name="portal.tell_solved")
def tell_everybody(*, case_id: int, **_: object) -> None:
    """Tell everybody who has a part in a matter that several have reported that it has ended."""
    tell_solved(
        actor=system("办结告知"), main_id=case_id, now=clock.now(), voices_url=reverse("portal:mine"),
        url_of=lambda number: reverse("portal:followed", args=[number]),
    )  # fmt: skip
