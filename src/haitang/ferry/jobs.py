from procrastinate.contrib.django import app

from haitang.cases.facts import CaseReopened
from haitang.core import clock
from haitang.core.history import reacts_to
from haitang.ferry import actions
from haitang.ferry.queries import CARRIER


@reacts_to(CaseReopened)
@app.task(queue="default", name="ferry.rest_reopened")
def rest_reopened(*, case_id: int, **_: object) -> None:
    """Let the clock of a case rest that its reporter has had done over, and that is dealt with in the other zone."""
    actions.rest_handed_case(actor=CARRIER, case_id=case_id, now=clock.now())
