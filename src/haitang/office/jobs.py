"""What happens in the office because of cases. Every job may run twice and does its work once."""

from django.urls import reverse
from django.utils.translation import gettext_noop
from procrastinate.contrib.django import app

from haitang.cases import queries as case_queries
from haitang.cases.facts import FACT_OF
from haitang.cases.lifecycle import Status
from haitang.core import clock
from haitang.core.access import system
from haitang.core.errors import NotFound
from haitang.core.history import reacts_to
from haitang.office import queries
from haitang.people.actions import send_notices
from haitang.people.queries import get_actor

TELLER = system("关注提醒")
STEP = gettext_noop("您关注的案件 {number} 有新进展，现为“{status}”")


@reacts_to(*FACT_OF.values())
@app.task(queue="notices", name="office.tell_watchers")
def tell_watchers(*, case_id: int, entry_id: int, to_status: str, **_: object) -> None:
    """Tell those who watch the case of a step, as far as they may still know of it."""
    told = []
    number = ""
    for account_id in queries.list_watchers(case_id):
        try:
            number = case_queries.get_case(viewer=get_actor(account_id), case_id=case_id).number
        except NotFound:
            continue
        told.append(account_id)
    if told:
        send_notices(
            actor=TELLER, account_ids=told, key=f"watch:{entry_id}", text=STEP,
            parts={"number": number, "status": str(Status(to_status).label)},
            url=reverse("cases:case", args=[case_id]), subject_type="case", subject_id=case_id, now=clock.now(),
        )  # fmt: skip
