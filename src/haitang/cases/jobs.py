"""What happens because of cases, and the clock's own work. Every job may run twice and does its work once."""

from collections import defaultdict
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_noop
from procrastinate.contrib.django import app

from haitang.cases import actions, policies, queries
from haitang.cases.facts import (
    CaseDispatched,
    CaseReopened,
    CaseReported,
    CaseReturned,
    CaseReworked,
    DeadlineMissed,
    DeadlineNear,
)
from haitang.cases.lifecycle import MOVES, NEXT_DEED, Status
from haitang.cases.values import Permission
from haitang.core import access, clock
from haitang.core.access import system
from haitang.core.history import reacts_to
from haitang.people.actions import send_notices
from haitang.people.queries import get_actor, list_accounts_holding
from haitang.territory.facts import AreaEnded, AreaReplaced

CLOCK = system("时限提醒")
COUNTER = system("统计")
NEWS = {
    "CaseReported": gettext_noop("有新的上报待核实：{number}"),
    "CaseDispatched": gettext_noop("有新案件派给本单位，请签收：{number}"),
    "CaseReturned": gettext_noop("案件被退回，请重新派遣：{number}"),
    "CaseReworked": gettext_noop("核查未通过，请返工：{number}"),
    "CaseReopened": gettext_noop("诉求人反映未解决，请重办：{number}"),
}
NEAR = gettext_noop("案件即将超期：{number}"), gettext_noop("{n} 件案件即将超期")
MISSED = gettext_noop("案件已超期：{number}"), gettext_noop("{n} 件案件已超期")
"""Of one case, and of several together."""


def _hearers(case: Any, **scope: Any) -> set[int]:
    """Return the accounts within the scope that may know of the case and do what it waits for.

    A denunciation that nobody trusted can act on waits for all who are trusted with it, and for nobody else.
    """
    deed = MOVES[NEXT_DEED[Status(case.status)]].permission
    if not case.is_confidential:
        return set(list_accounts_holding(deed, **scope)) & set(list_accounts_holding(Permission.VIEW, **scope))
    trusted = set(list_accounts_holding(Permission.VIEW_CONFIDENTIAL, **scope))
    trusted &= set(list_accounts_holding(Permission.VIEW, **scope))
    return trusted & set(list_accounts_holding(deed, **scope)) or trusted


def _may_act(accounts: set[int], case: Any) -> set[int]:
    """Return those who really may do what the case waits for: of its desk, and not of another one in the same area."""
    deed = NEXT_DEED[Status(case.status)]
    return {account for account in accounts if access.allows(policies.check_can, get_actor(account), deed, case)}


def _nearest(accounts: set[int], case: Any) -> set[int]:
    """Return those who look first: whose own area is the narrowest around the case, the grid worker before others."""
    path, reach = case.area_path, {}
    for account in accounts:
        held = get_actor(account).areas(Permission.VERIFY)
        reach[account] = max((len(area) for area in held if path.startswith(area)), default=0)
    return {account for account, length in reach.items() if length == max(reach.values())}


def _asked(case: Any) -> set[int]:
    """Return whom the case waits for: those of its desk; where it is on none, or nobody is there, of its area."""
    desk = case.organization_id
    accounts = _may_act(_hearers(case, organization_id=desk), case) if desk else set()
    if not accounts:
        around = _hearers(case, area_path=case.area_path)
        accounts = _may_act(around, case) or (around if case.is_confidential else set())
    return _nearest(accounts, case) if case.status == Status.VERIFYING else accounts


def _tell_together(entry_ids: list[int], text: tuple[str, str], url: str) -> None:
    """Tell those whose deed the cases of these entries wait for, each once, of all their cases in one notice.

    Where a case has gone on to another deadline meanwhile, nobody is told of it.
    """
    waiting: dict[int, int] = defaultdict(int)
    first: dict[int, queries.Waiting] = {}
    for group in queries.list_waiting(entry_ids):
        if group.status in {status.value for status in NEXT_DEED}:
            for account in _asked(group):
                waiting[account] += group.n
                first.setdefault(account, group)
    alike: dict[tuple[int, int], list[int]] = defaultdict(list)
    for account, n in waiting.items():
        alike[(n, first[account].case_id if n == 1 else 0)].append(account)
    for (n, case_id), accounts in alike.items():
        single = first[accounts[0]] if case_id else None
        send_notices(
            actor=CLOCK,
            account_ids=accounts,
            key=f"entries:{entry_ids[0]}",
            text=text[0] if single else text[1],
            parts={"number": single.number} if single else {"n": n},
            url=reverse("cases:case", args=[case_id]) if single else url,
            subject_type="case" if single else "",
            subject_id=case_id or None,
            now=clock.now(),
        )


def _tell(fact: str, case_id: int, entry_id: int, *, status: Status | None = None, desk_id: int = 0) -> None:
    """Tell those whose deed the case now waits for, each once for this entry.

    status, desk_id: the state and desk that the news is about; where the case has moved on meanwhile, nobody is told.
    """
    case = queries.get_case_for_job(case_id)
    if case is None or case.status not in {status.value for status in NEXT_DEED}:
        return
    if (status is not None and case.status != status) or (desk_id and case.organization_id != desk_id):
        return
    accounts = _asked(case)
    send_notices(
        actor=CLOCK,
        account_ids=accounts,
        key=f"entry:{entry_id}",
        text=NEWS[fact],
        parts={"number": case.number},
        url=reverse("cases:case", args=[case.pk]),
        subject_type="case",
        subject_id=case.pk,
        now=clock.now(),
    )


@reacts_to(CaseReported)
@app.task(queue="notices", name="cases.tell_reported")
def tell_reported(*, case_id: int, entry_id: int, status: str, **_: object) -> None:
    """Tell the grid worker of a public report that wants looking at; nobody of the others, whose list shows it."""
    if status == Status.VERIFYING:
        _tell("CaseReported", case_id, entry_id, status=Status.VERIFYING)


@reacts_to(CaseDispatched)
@app.task(queue="notices", name="cases.tell_dispatched")
def tell_dispatched(*, case_id: int, entry_id: int, organization_id: int, **_: object) -> None:
    """Tell the desk that a case has come."""
    _tell("CaseDispatched", case_id, entry_id, status=Status.DISPATCHED, desk_id=organization_id)


@reacts_to(CaseReturned)
@app.task(queue="notices", name="cases.tell_returned")
def tell_returned(*, case_id: int, entry_id: int, **_: object) -> None:
    """Tell the dispatcher that a case has come back."""
    _tell("CaseReturned", case_id, entry_id, status=Status.REGISTERED)


@reacts_to(CaseReworked)
@app.task(queue="notices", name="cases.tell_reworked")
def tell_reworked(*, case_id: int, entry_id: int, **_: object) -> None:
    """Tell the desk that its work did not pass."""
    _tell("CaseReworked", case_id, entry_id, status=Status.HANDLING)


@reacts_to(CaseReopened)
@app.task(queue="notices", name="cases.tell_reopened")
def tell_reopened(*, case_id: int, entry_id: int, **_: object) -> None:
    """Tell the desk that the reporter is not satisfied."""
    _tell("CaseReopened", case_id, entry_id, status=Status.HANDLING)


@reacts_to(DeadlineNear, batched=True)
@app.task(queue="notices", name="cases.tell_near")
def tell_near(*, entry_ids: list[int], **_: object) -> None:
    """Tell whoever answers for the stage that its deadline is near, of all such cases together."""
    _tell_together(entry_ids, NEAR, reverse("cases:todo"))


@reacts_to(DeadlineMissed, batched=True)
@app.task(queue="notices", name="cases.tell_missed")
def tell_missed(*, entry_ids: list[int], **_: object) -> None:
    """Tell whoever answers for the stage that its deadline has passed, of all such cases together."""
    _tell_together(entry_ids, MISSED, f"{reverse('cases:list')}?overdue=1")


@app.periodic(cron="* * * * *")
@app.task(queue="clock", name="cases.watch_deadlines", queueing_lock="cases.watch_deadlines", pass_context=False)
def watch_deadlines(timestamp: int) -> None:
    """Every minute: record the deadlines that are near or missed."""
    while actions.tell_missed_deadlines(actor=CLOCK, now=clock.now()):
        pass


@app.periodic(cron="* * * * * */10")
@app.task(queue="clock", name="cases.fold_counts", queueing_lock="cases.fold_counts", pass_context=False)
def fold_counts(timestamp: int) -> None:
    """Every ten seconds: fold the counters' changes into the rollups."""
    while actions.fold_counts(actor=COUNTER, now=clock.now()):
        pass


@reacts_to(AreaReplaced)
@app.task(queue="default", name="cases.follow_replaced_area")
def follow_replaced_area(*, area_id: int, new_area_id: int, **_: object) -> None:
    """Tie the cases of an area to its new version."""
    actions.follow_area(actor=COUNTER, area_id=area_id, new_area_id=new_area_id, now=clock.now())


@reacts_to(AreaReplaced)
@app.task(queue="default", name="cases.move_rules")
def move_rules(*, area_id: int, new_area_id: int, **_: object) -> None:
    """Let the routing rules of an area hold for its new version."""
    actions.move_rules(actor=COUNTER, area_id=area_id, new_area_id=new_area_id, now=clock.now())


@reacts_to(AreaEnded)
@app.task(queue="default", name="cases.follow_ended_area")
def follow_ended_area(*, area_id: int, replaced_by_id: int | None, **_: object) -> None:
    """Tie the cases of an area that ceased to the one in its place, if there is one."""
    if replaced_by_id is not None:
        actions.follow_area(actor=COUNTER, area_id=area_id, new_area_id=replaced_by_id, now=clock.now())
