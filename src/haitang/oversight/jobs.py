"""What happens because of oversight, and the clock's own work. Every job may run twice and does its work once."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_noop
from procrastinate.contrib.django import app

from haitang.cases import queries as cases
from haitang.cases.facts import CaseDispatched
from haitang.cases.values import Permission as CasePermission
from haitang.core import clock
from haitang.core.access import system
from haitang.core.history import reacts_to
from haitang.oversight import actions, queries
from haitang.oversight.facts import (
    CaseSupervised,
    CaseUrged,
    ExtensionApproved,
    ExtensionRequested,
    PauseApproved,
    PauseRequested,
    RequestDeclined,
    ReturnApproved,
    ReturnRequested,
    SupervisionAnswered,
)
from haitang.oversight.values import Permission
from haitang.people.actions import send_notices
from haitang.people.queries import list_accounts_holding

CLOCK = system("督查")


@app.periodic(cron="* * * * *")
@app.task(queue="clock", name="oversight.resume", queueing_lock="oversight.resume", pass_context=False)
def resume(timestamp: int) -> None:
    """Every minute: let the clocks go on whose pause is over, and lapse requests that a case has left behind."""
    while actions.resume_due_cases(actor=CLOCK, now=clock.now()):
        pass
    while actions.lapse_requests(actor=CLOCK, now=clock.now()):
        pass


@app.periodic(cron="* * * * *")
@app.task(queue="clock", name="oversight.escalate", queueing_lock="oversight.escalate", pass_context=False)
def escalate(timestamp: int) -> None:
    """Every minute: let overdue cases climb their ladder."""
    actions.escalate_overdue_cases(actor=CLOCK, now=clock.now())


@reacts_to(CaseDispatched)
@app.task(queue="default", name="oversight.supervise_urgent")
def supervise_urgent(*, case_id: int, **_: object) -> None:
    """Put a case of an urgent category under supervision, where the rules say so."""
    if queries.rules().settings["supervise_urgent"]:
        actions.supervise_urgent_case(actor=CLOCK, case_id=case_id, now=clock.now())


def _tell(case_id: int, entry_id: int, text: str, accounts: set[int]) -> None:
    case: Any = cases.get_case_for_job(case_id)
    if case is None:
        return
    path, desk = case.area_path, case.organization_id
    trusted = [CasePermission.VIEW, *([CasePermission.VIEW_CONFIDENTIAL] if case.is_confidential else [])]
    for permission in trusted:
        accounts &= set(list_accounts_holding(permission, area_path=path, organization_id=desk))
    send_notices(
        actor=CLOCK, account_ids=accounts, key=f"oversight:{entry_id}", text=text, parts={"number": case.number},
        url=reverse("cases:case", args=[case_id]), subject_type="case", subject_id=case_id, now=clock.now(),
    )  # fmt: skip


def _holding(permission: str, case_id: int, *, at_desk: bool = False) -> set[int]:
    case: Any = cases.get_case_for_job(case_id)
    if case is None:
        return set()
    if at_desk and case.organization_id is not None:
        return set(list_accounts_holding(permission, organization_id=case.organization_id))
    return set(list_accounts_holding(permission, area_path=case.area_path))


@reacts_to(PauseRequested, ExtensionRequested, ReturnRequested)
@app.task(queue="notices", name="oversight.tell_asked")
def tell_asked(*, case_id: int, entry_id: int, **_: object) -> None:
    """Tell those who decide that something is asked for."""
    _tell(case_id, entry_id, gettext_noop("有申请待审批：{number}"), _holding(Permission.DECIDE, case_id))


@reacts_to(PauseApproved, ExtensionApproved, ReturnApproved, RequestDeclined)
@app.task(queue="notices", name="oversight.tell_decided")
def tell_decided(*, case_id: int, request_id: int, entry_id: int, **_: object) -> None:
    """Tell whoever asked what was decided."""
    asked_by = queries.asked_by(request_id)
    if asked_by is not None:
        _tell(case_id, entry_id, gettext_noop("您的申请已审批：{number}"), {asked_by})


@reacts_to(CaseUrged)
@app.task(queue="notices", name="oversight.tell_urged")
def tell_urged(*, case_id: int, entry_id: int, **_: object) -> None:
    """Tell the desk that it is asked to get on."""
    accounts = _holding(CasePermission.HANDLE, case_id, at_desk=True)
    _tell(case_id, entry_id, gettext_noop("案件被催办，请尽快办理：{number}"), accounts)


@reacts_to(CaseSupervised)
@app.task(queue="notices", name="oversight.tell_supervised")
def tell_supervised(*, case_id: int, entry_id: int, **_: object) -> None:
    """Tell the desk that an answer is demanded; what the ladder demands is told by the ladder."""
    accounts = _holding(CasePermission.HANDLE, case_id, at_desk=True)
    _tell(case_id, entry_id, gettext_noop("案件被督办，请按时答复：{number}"), accounts)


@reacts_to(SupervisionAnswered)
@app.task(queue="notices", name="oversight.tell_answered")
def tell_answered(*, case_id: int, entry_id: int, **_: object) -> None:
    """Tell those who supervise that the desk has answered."""
    accounts = _holding(Permission.SUPERVISE, case_id)
    _tell(case_id, entry_id, gettext_noop("督办已答复，请审阅：{number}"), accounts)
