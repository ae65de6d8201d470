"""What happens because of merging. Every job may run twice and does its work once."""

from procrastinate.contrib.django import app

from haitang.cases.facts import CaseClosed, CaseForceClosed, CaseRefused, CaseReopened, CaseReturned, CaseReworked
from haitang.core import clock
from haitang.core.access import system
from haitang.core.history import reacts_to
from haitang.merging import actions

MERGER = system("并单")
JUDGE = system("疑难识别")


@reacts_to(CaseClosed, CaseForceClosed, CaseRefused)
@app.task(queue="default", name="merging.end_along")
def end_along(*, case_id: int, **_: object) -> None:
    """End what goes along with a case that has ended. Whoever had a part in it is told by the residents' pages."""
    actions.close_along(actor=MERGER, main_id=case_id, now=clock.now())


@reacts_to(CaseReopened)
@app.task(queue="default", name="merging.leave_main")
def leave_main(*, case_id: int, **_: object) -> None:
    """Let a case that is done over go its own way."""
    actions.leave_main(actor=MERGER, case_id=case_id, now=clock.now())


@reacts_to(CaseReturned, CaseReworked, CaseReopened)
@app.task(queue="default", name="merging.judge_case")
def judge_case(*, case_id: int, **_: object) -> None:
    """Flag a case that proves difficult."""
    actions.judge_case(actor=JUDGE, case_id=case_id, now=clock.now())


@app.periodic(cron="10 * * * *")
@app.task(queue="clock", name="merging.flag_old_cases", queueing_lock="merging.flag_old_cases", pass_context=False)
def flag_old_cases(timestamp: int) -> None:
    """Every hour: flag cases that have been open for too long."""
    while actions.flag_old_cases(actor=JUDGE, now=clock.now()):
        pass
