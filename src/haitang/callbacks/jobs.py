"""What happens because of cases: call-backs are made, answered and withdrawn. Every job may run twice."""

from procrastinate.contrib.django import app

from haitang.callbacks import actions, queries
from haitang.cases.facts import CaseClosed, CaseForceClosed, CaseRated, CaseReopened
from haitang.core import clock
from haitang.core.access import system
from haitang.core.history import reacts_to

CALLBACKS = system("回访")
REPORTER = system("诉求人自评")


@reacts_to(CaseClosed, CaseForceClosed)
@app.task(queue="default", name="callbacks.make")
def make(*, case_id: int, entry_id: int, **_: object) -> None:
    """Have the reporter called back after a closure, by force or not."""
    actions.make_callback(actor=CALLBACKS, case_id=case_id, entry_id=entry_id, now=clock.now())


@reacts_to(CaseRated)
@app.task(queue="default", name="callbacks.take_rating")
def take_rating(*, case_id: int, entry_id: int, solved: bool, score: int, **_: object) -> None:
    """Take the reporter's own judgement as the answer, given when they judged, however late the job comes."""
    judged_at = queries.instant_of(case_id, entry_id) or clock.now()
    actions.record_answer_of_reporter(
        actor=REPORTER, case_id=case_id, entry_id=entry_id, solved=solved, score=score, now=judged_at
    )


@reacts_to(CaseReopened)
@app.task(queue="default", name="callbacks.withdraw")
def withdraw(*, case_id: int, entry_id: int, **_: object) -> None:
    """Call nobody about a case that is being done over."""
    actions.withdraw_callbacks(actor=CALLBACKS, case_id=case_id, entry_id=entry_id, now=clock.now())
