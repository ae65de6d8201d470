"""The moments of the city's history, in the order in which they are carried out; how far an earlier run has come."""

from collections.abc import Iterator
from datetime import datetime

from django.db.models import Max

from haitang.cases.facts import DEED_OF
from haitang.cases.queries import CaseFilter
from haitang.cases.queries.cases import filter_cases
from haitang.cases.values import Permission as CasePermission
from haitang.core import clock
from haitang.core.models import Entry
from haitang.demo import playing
from haitang.demo.playing import Cast, Open, installer
from haitang.demo.timeline import Step, Story


def moments(stories: list[Story]) -> Iterator[tuple[datetime, Story, Step | None]]:
    """Yield everything to be done: each story's report (no step), then its steps."""
    for story in stories:
        yield story.at, story, None
        for step in story.steps:
            yield step.at, story, step


def do_step(cast: Cast, cases: dict[str, Open], story: Story, step: Step | None) -> None:
    """Carry one moment of the plan out, and remember the case that it enters."""
    if step is None:
        cases[story.external_id] = playing.report(cast, story)
    else:
        playing.do(cast, step, cases[story.external_id])


def last_deed(until: datetime) -> datetime | None:
    """Return when the last deed of the plan that was carried out took place; later ones are people's own."""
    deeds = Entry.objects.filter(subject_type="case", fact__in=["CaseReported", *DEED_OF], at__lte=until)
    return deeds.aggregate(last=Max("at"))["last"]


def entered(source: str) -> dict[str, Open]:
    """Return the cases that an earlier run entered or imported, by their number in the plan."""
    viewer = installer(CasePermission.VIEW, CasePermission.VIEW_CONFIDENTIAL)
    rows = filter_cases(viewer=viewer, wanted=CaseFilter(), now=clock.now()).filter(external_source=source)
    return {str(case.external_id): Open.of(case) for case in rows.defer("search")}
