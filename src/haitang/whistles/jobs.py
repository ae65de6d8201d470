"""What happens because of whistles, and the clock's own work. Every job may run twice and does its work once."""

from collections.abc import Iterable
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_noop
from procrastinate.contrib.django import app

from haitang.cases.values import Permission as CasePermission
from haitang.core import clock
from haitang.core.access import system
from haitang.core.history import reacts_to
from haitang.organizations.queries import organizations
from haitang.organizations.values import Kind
from haitang.people.actions import send_notices
from haitang.people.queries import get_actor, list_accounts_holding, list_responsible
from haitang.whistles import actions, queries
from haitang.whistles.facts import (
    CallClimbed,
    CallInsisted,
    CallRefused,
    CallReleased,
    CallReworked,
    CallSignedOff,
    DecisionClimbed,
    DepartmentsAdded,
    MeetingHeld,
    MeetingTaskGiven,
    MeetingTaskLate,
    MeetingTaskNear,
    WhistleAnswered,
    WhistleBlown,
    WhistleDeclined,
    WhistleDrafted,
)
from haitang.whistles.lifecycle import Status
from haitang.whistles.values import Over, Permission, Role, Rung, Stage

CLOCK = system("吹哨提醒")
TEXTS = {
    "WhistleDrafted": gettext_noop("有新的哨单待审批：{number}"),
    "WhistleDeclined": gettext_noop("哨单未获批准：{number}"),
    "WhistleBlown": gettext_noop("街道吹哨，请本单位签收并按时报到：{number}"),
    "CallRefused": gettext_noop("{name}拒哨，请裁定：{number}"),
    "CallReleased": gettext_noop("街道同意本单位拒哨，无需到场：{number}"),
    "CallInsisted": gettext_noop("街道不同意本单位拒哨，请按时报到：{number}"),
    "CallSignedOff": gettext_noop("{name}已销哨，请评价：{number}"),
    "CallReworked": gettext_noop("街道否决销哨，请返工：{number}"),
    "CallClimbed": gettext_noop("{name}应哨超时（{rung}）：{number}"),
    "DecisionClimbed:approve": gettext_noop("哨单超时未审批（{rung}）：{number}"),
    "DecisionClimbed:rule": gettext_noop("{name}拒哨超时未裁定（{rung}）：{number}"),
    "DepartmentsAdded": gettext_noop("街道增加协同单位{name}：{number}"),
    "MeetingTaskGiven": gettext_noop("会商议定了本单位的任务，请办理：{number}"),
    "MeetingTaskNear": gettext_noop("会商任务将于 {day} 到期，请办理并登记：{number}"),
    "MeetingTaskLate": gettext_noop("会商任务已逾期（期限 {day}），请尽快办理并登记：{number}"),
    "MeetingTaskLate:street": gettext_noop("{name}的会商任务已逾期（期限 {day}），请催办：{number}"),
    "MeetingHeld": gettext_noop("会商纪要已记录，请查看任务分工：{number}"),
    "WhistleAnswered": gettext_noop("您反映的问题，参与的部门均已处理完毕，正在核查结案：{number}"),
}


def _trusted(case: Any, accounts: Iterable[int], **scope: Any) -> set[int]:
    """Leave out those who may not know of a denunciation; every account may know of another case it is told of."""
    found = set(accounts)
    if case.is_confidential:
        found &= set(list_accounts_holding(CasePermission.VIEW_CONFIDENTIAL, **scope))
    return found


def _holders(case: Any, permission: str, **scope: Any) -> set[int]:
    return _trusted(case, list_accounts_holding(permission, **scope), **scope)


def _send(fact: str, whistle: Any, accounts: Iterable[int], key: str, **parts: str) -> None:
    send_notices(
        actor=CLOCK,
        account_ids=accounts,
        key=key,
        text=TEXTS[fact],
        parts={"number": whistle.number, **parts},
        url=reverse("whistles:whistle", args=[whistle.pk]),
        subject_type="whistle",
        subject_id=whistle.pk,
        now=clock.now(),
    )


def _street(fact: str, whistle_id: int, permission: str, entry_id: int, **parts: str) -> None:
    """Tell those of the case's area who hold the permission."""
    whistle = queries.get_whistle_for_job(whistle_id)
    if whistle is not None:
        accounts = _holders(whistle.case, permission, area_path=whistle.case.area_path)
        _send(fact, whistle, accounts, f"entry:{entry_id}", **parts)


def _department(fact: str, whistle_id: int, organization_id: int, entry_id: int, **parts: str) -> None:
    """Tell those who answer for the department."""
    whistle = queries.get_whistle_for_job(whistle_id)
    if whistle is not None:
        accounts = _holders(whistle.case, Permission.RESPOND, organization_id=organization_id)
        _send(fact, whistle, accounts, f"entry:{entry_id}:{organization_id}", **parts)


@reacts_to(WhistleDrafted)
@app.task(queue="notices", name="whistles.tell_drafted")
def tell_drafted(*, whistle_id: int, entry_id: int, **_: object) -> None:
    """Tell those who may approve that a whistle waits, if it still does."""
    whistle = queries.get_whistle_for_job(whistle_id)
    if whistle is not None and whistle.status == Status.PENDING:
        _street("WhistleDrafted", whistle_id, Permission.APPROVE, entry_id)


@reacts_to(WhistleDeclined)
@app.task(queue="notices", name="whistles.tell_declined")
def tell_declined(*, whistle_id: int, entry_id: int, **_: object) -> None:
    """Tell whoever drafted the whistle that it was declined."""
    whistle = queries.get_whistle_for_job(whistle_id)
    if whistle is not None and whistle.drafted_by_id is not None:
        _send("WhistleDeclined", whistle, [whistle.drafted_by_id], f"entry:{entry_id}")


@reacts_to(WhistleBlown, MeetingHeld)
@app.task(queue="notices", name="whistles.tell_departments")
def tell_departments(*, whistle_id: int, entry_id: int, meeting_id: int = 0, **_: object) -> None:
    """Tell every department that it is called, or that a meeting was held."""
    whistle = queries.get_whistle_for_job(whistle_id)
    for call in whistle.calls.all() if whistle is not None else ():
        _department("MeetingHeld" if meeting_id else "WhistleBlown", whistle_id, call.organization_id, entry_id)


@reacts_to(CallRefused)
@app.task(queue="notices", name="whistles.tell_refused")
def tell_refused(*, whistle_id: int, organization_name: str, entry_id: int, **_: object) -> None:
    """Tell the street that a department refuses."""
    _street("CallRefused", whistle_id, Permission.EVALUATE, entry_id, name=organization_name)


@reacts_to(CallSignedOff)
@app.task(queue="notices", name="whistles.tell_signed_off")
def tell_signed_off(*, whistle_id: int, organization_name: str, entry_id: int, **_: object) -> None:
    """Tell the street that a department has signed off and waits to be judged."""
    _street("CallSignedOff", whistle_id, Permission.EVALUATE, entry_id, name=organization_name)


@reacts_to(CallReleased)
@app.task(queue="notices", name="whistles.tell_released")
def tell_released(*, whistle_id: int, organization_id: int, entry_id: int, **_: object) -> None:
    """Tell the department that it need not come."""
    _department("CallReleased", whistle_id, organization_id, entry_id)


@reacts_to(CallInsisted)
@app.task(queue="notices", name="whistles.tell_insisted")
def tell_insisted(*, whistle_id: int, organization_id: int, entry_id: int, **_: object) -> None:
    """Tell the department that it is to come all the same."""
    _department("CallInsisted", whistle_id, organization_id, entry_id)


@reacts_to(CallReworked)
@app.task(queue="notices", name="whistles.tell_reworked")
def tell_reworked(*, whistle_id: int, organization_id: int, entry_id: int, **_: object) -> None:
    """Tell the department that its work was not enough."""
    _department("CallReworked", whistle_id, organization_id, entry_id)


@reacts_to(DepartmentsAdded)
@app.task(queue="notices", name="whistles.tell_added")
def tell_added(
    *, whistle_id: int, organization_ids: list[int], departments: list[str], entry_id: int, **_: object
) -> None:
    """Tell the departments added that they are called, and the lead that they are."""
    whistle = queries.get_whistle_for_job(whistle_id)
    for call in whistle.calls.all() if whistle is not None else ():
        if call.organization_id in organization_ids:
            _department("WhistleBlown", whistle_id, call.organization_id, entry_id)
        elif call.role == Role.LEAD:
            _department("DepartmentsAdded", whistle_id, call.organization_id, entry_id, name="、".join(departments))


@reacts_to(MeetingTaskGiven)
@app.task(queue="notices", name="whistles.tell_task")
def tell_task(*, whistle_id: int, organization_id: int, entry_id: int, **_: object) -> None:
    """Tell the unit that a meeting gave it a task."""
    _unit("MeetingTaskGiven", whistle_id, organization_id, entry_id)


@reacts_to(MeetingTaskNear)
@app.task(queue="notices", name="whistles.tell_task_near")
def tell_task_near(*, whistle_id: int, organization_id: int, due_on: str, entry_id: int, **_: object) -> None:
    """Tell the unit that the day of its task is near."""
    _unit("MeetingTaskNear", whistle_id, organization_id, entry_id, day=due_on)


@reacts_to(MeetingTaskLate)
@app.task(queue="notices", name="whistles.tell_task_late")
def tell_task_late(
    *, whistle_id: int, organization_id: int, organization_name: str, due_on: str, entry_id: int, **_: object
) -> None:
    """Tell the unit, and the street that convened the meeting, that the day of a task has passed."""
    told = _unit("MeetingTaskLate", whistle_id, organization_id, entry_id, day=due_on)
    whistle = queries.get_whistle_for_job(whistle_id)
    if whistle is not None:
        others = _holders(whistle.case, Permission.EVALUATE, area_path=whistle.case.area_path) - told
        _send("MeetingTaskLate:street", whistle, others, f"entry:{entry_id}", name=organization_name, day=due_on)


def _unit(fact: str, whistle_id: int, organization_id: int, entry_id: int, **parts: str) -> set[int]:
    """Tell those who answer for a unit, called or the one that blew the whistle; return whom."""
    whistle = queries.get_whistle_for_job(whistle_id)
    if whistle is None:
        return set()
    accounts = _holders(whistle.case, Permission.RESPOND, organization_id=organization_id)
    if organization_id == whistle.organization_id:
        drafting = _holders(whistle.case, Permission.DRAFT, area_path=whistle.case.area_path)
        accounts |= {account for account in drafting if get_actor(account).organization_id == organization_id}
    _send(fact, whistle, accounts, f"entry:{entry_id}:{organization_id}", **parts)
    return accounts


@reacts_to(CallClimbed)
@app.task(queue="notices", name="whistles.tell_climbed")
def tell_climbed(
    *, whistle_id: int, organization_id: int, organization_name: str, level: int, entry_id: int, **_: object
) -> None:
    """Tell whoever stands on the step of the ladder that was climbed."""
    whistle = queries.get_whistle_for_job(whistle_id)
    if whistle is not None:
        ladder = queries.rules_of(whistle.rules_id).ladder
        rung, accounts = _first_with_people(whistle, ladder, level, Permission.RESPOND, organization_id)
        _send("CallClimbed", whistle, accounts, f"entry:{entry_id}", name=organization_name, rung=rung)


@reacts_to(DecisionClimbed)
@app.task(queue="notices", name="whistles.tell_undecided")
def tell_undecided(
    *, whistle_id: int, organization_name: str, stage: str, level: int, entry_id: int, **_: object
) -> None:
    """Tell whoever stands on the step of the street's ladder that was climbed."""
    whistle = queries.get_whistle_for_job(whistle_id)
    if whistle is not None:
        ladder = queries.rules_of(whistle.rules_id).street_ladder
        decides = Permission.APPROVE if stage == Stage.APPROVE else Permission.EVALUATE
        rung, accounts = _first_with_people(whistle, ladder, level, decides, None)
        _send(f"DecisionClimbed:{stage}", whistle, accounts, f"entry:{entry_id}", name=organization_name, rung=rung)


def _first_with_people(
    whistle: Any, ladder: tuple[Rung, ...], level: int, decides: str, department_id: int | None
) -> tuple[str, set[int]]:
    """Return the name of the step climbed with its people; where it has none, the next step that has some.

    decides: what those hold whom a step without posts and permission calls.
    """
    at = min(level, len(ladder)) - 1
    for step in ladder[at:]:
        accounts = _standing_on(whistle.case, step, decides, department_id)
        if accounts:
            return step.name, accounts
    return ladder[at].name, set()


def _standing_on(case: Any, step: Rung, decides: str, department_id: int | None) -> set[int]:
    desk_id = department_id
    if step.over is Over.STREET:
        today = clock.local_date(clock.now())
        office = organizations().serving(tuple(case.area_ids), Kind.STREET_OFFICE, today)
        desk_id = office.id if office else None
    scope: dict[str, Any] = {"organization_id": desk_id}
    if step.over is Over.AREA or desk_id is None:
        scope = {"area_path": case.area_path}
    if step.posts and desk_id is not None and step.over is not Over.AREA:
        held = [account for post in step.posts for account in list_responsible(desk_id, post)]
        return _trusted(case, held, **scope)
    return _holders(case, step.permission or decides, **scope)


@reacts_to(WhistleAnswered)
@app.task(queue="notices", name="whistles.tell_reporter")
def tell_reporter(*, whistle_id: int, **_: object) -> None:
    """Tell the reporter once, for all departments together, that they have done their part."""
    whistle = queries.get_whistle_for_job(whistle_id)
    if whistle is None or whistle.case.reported_by_id is None or whistle.status == Status.BLOWN:
        return
    send_notices(
        actor=CLOCK,
        account_ids=[whistle.case.reported_by_id],
        key=f"whistle:{whistle_id}:answered",
        text=TEXTS["WhistleAnswered"],
        parts={"number": whistle.case.number},
        url=reverse("cases:case", args=[whistle.case_id]),
        subject_type="case",
        subject_id=whistle.case_id,
        now=clock.now(),
    )


@app.periodic(cron="* * * * *")
@app.task(queue="clock", name="whistles.watch_ladder", queueing_lock="whistles.watch_ladder", pass_context=False)
def watch_ladder(timestamp: int) -> None:
    """Every minute: climb the ladder where a department's deadline was missed."""
    while actions.climb_whistle_ladder(actor=CLOCK, now=clock.now()):
        pass


@app.periodic(cron="*/5 * * * *")
@app.task(queue="clock", name="whistles.remind_tasks", queueing_lock="whistles.remind_tasks", pass_context=False)
def remind_tasks(timestamp: int) -> None:
    """Every five minutes: remind of tasks of joint meetings whose day is near or has passed."""
    while actions.remind_of_meeting_tasks(actor=CLOCK, now=clock.now()):
        pass
