"""What happens because of patrols, and the clock's own work. Every job may run twice and does its work once."""

from django.urls import reverse
from django.utils.translation import gettext_noop
from procrastinate.contrib.django import app

from haitang.cases.facts import CaseClosed
from haitang.core import clock
from haitang.core.access import EVERYWHERE, Grant, system
from haitang.core.clock import local_date
from haitang.core.history import reacts_to
from haitang.core.scoping import path_of
from haitang.patrols import actions, queries
from haitang.patrols.facts import (
    FollowUpDue,
    HazardAssigned,
    HazardFound,
    HazardOverdue,
    HazardRechecked,
    HazardRectified,
)
from haitang.patrols.values import Level, Permission
from haitang.people.actions import send_notices
from haitang.people.queries import list_accounts_holding
from haitang.territory.facts import AreaEnded, AreaReplaced

CLOCK = system("巡查走访", Grant(Permission.MANAGE, area_path=EVERYWHERE))
NEWS = {
    "major": gettext_noop("发现重大隐患：{number}"),
    "assigned": gettext_noop("有隐患请贵单位督促整改：{number}"),
    "rectified": gettext_noop("隐患已整改，请复查：{number}"),
    "failed": gettext_noop("隐患复查未通过，请继续整改：{number}"),
    "overdue": gettext_noop("隐患整改超期：{number}"),
    "follow_up": gettext_noop("调解协议到期回访：{number}"),
}


def _tell(news: str, hazard_id: int, entry_id: int, permission: str = "") -> None:
    """Tell those who hold the permission where the hazard lies, and the office that sees to it."""
    hazard = queries.get_hazard_for_job(hazard_id)
    if hazard is None:
        return
    accounts: set[int] = set()
    if permission:
        accounts |= set(list_accounts_holding(permission, area_path=path_of(hazard.area_ids)))
    if hazard.organization_id and permission != Permission.CHECK_HAZARD:
        accounts |= set(list_accounts_holding(Permission.HANDLE_HAZARD, organization_id=hazard.organization_id))
    send_notices(
        actor=CLOCK, account_ids=accounts, key=f"entry:{entry_id}", text=NEWS[news],
        parts={"number": hazard.number}, url=reverse("patrols:hazard", args=[hazard.pk]), subject_type="hazard",
        subject_id=hazard.pk, now=clock.now(),
    )  # fmt: skip


@reacts_to(HazardFound)
@app.task(queue="notices", name="patrols.tell_found")
def tell_found(*, hazard_id: int, entry_id: int, level: str, **_: object) -> None:
    """Tell those who check hazards there of a grave one; the others stand in their list."""
    if level == Level.MAJOR:
        _tell("major", hazard_id, entry_id, Permission.CHECK_HAZARD)


@reacts_to(HazardAssigned)
@app.task(queue="notices", name="patrols.tell_assigned")
def tell_assigned(*, hazard_id: int, entry_id: int, **_: object) -> None:
    """Tell the office that is to see to it."""
    _tell("assigned", hazard_id, entry_id)


@reacts_to(HazardRectified)
@app.task(queue="notices", name="patrols.tell_rectified")
def tell_rectified(*, hazard_id: int, entry_id: int, **_: object) -> None:
    """Tell those who look again that it is said to be put right."""
    _tell("rectified", hazard_id, entry_id, Permission.CHECK_HAZARD)


@reacts_to(HazardRechecked)
@app.task(queue="notices", name="patrols.tell_rechecked")
def tell_rechecked(*, hazard_id: int, entry_id: int, passed: bool, **_: object) -> None:
    """Tell the grid and the office that it was not put right yet."""
    if not passed:
        _tell("failed", hazard_id, entry_id, Permission.HANDLE_HAZARD)


@reacts_to(HazardOverdue)
@app.task(queue="notices", name="patrols.tell_overdue")
def tell_overdue(*, hazard_id: int, entry_id: int, **_: object) -> None:
    """Tell the grid, the office, and those above who check, that its day has passed."""
    _tell("overdue", hazard_id, entry_id, Permission.HANDLE_HAZARD)


@reacts_to(FollowUpDue)
@app.task(queue="notices", name="patrols.tell_follow_up")
def tell_follow_up(*, dispute_id: int, entry_id: int, **_: object) -> None:
    """Tell a dispute's mediators, and nobody else, to ask whether the agreement is kept."""
    found = queries.get_dispute_for_job(dispute_id)
    if found is None:
        return
    dispute, mediators = found
    may = list_accounts_holding(Permission.MEDIATE, area_path=path_of(dispute.area_ids))
    send_notices(
        actor=CLOCK, account_ids=set(mediators) & set(may), key=f"entry:{entry_id}", text=NEWS["follow_up"],
        parts={"number": dispute.number}, url=reverse("patrols:dispute", args=[dispute.pk]), subject_type="dispute",
        subject_id=dispute.pk, now=clock.now(),
    )  # fmt: skip


@reacts_to(CaseClosed)
@app.task(queue="default", name="patrols.rectify_hazard_of_case")
def rectify_hazard_of_case(*, case_id: int, **_: object) -> None:
    """Let the hazard that became the case wait to be looked at again."""
    actions.rectify_hazard_of_case(actor=CLOCK, case_id=case_id, now=clock.now())


@reacts_to(AreaReplaced)
@app.task(queue="default", name="patrols.follow_replaced_area")
def follow_replaced_area(*, area_id: int, new_area_id: int, **_: object) -> None:
    """Tie what lies in an area to its new version."""
    actions.move_patrols(actor=CLOCK, area_id=area_id, new_area_id=new_area_id, now=clock.now())


@reacts_to(AreaEnded)
@app.task(queue="default", name="patrols.follow_ended_area")
def follow_ended_area(*, area_id: int, replaced_by_id: int | None, **_: object) -> None:
    """Tie what lies in an area that ceased to the one in its place, if there is one."""
    if replaced_by_id is not None:
        actions.move_patrols(actor=CLOCK, area_id=area_id, new_area_id=replaced_by_id, now=clock.now())


@app.periodic(cron="10 16 * * *")
@app.task(queue="clock", name="patrols.generate_rounds", queueing_lock="patrols.generate_rounds", pass_context=False)
def generate_rounds(timestamp: int) -> None:
    """Once a day (00:10 in Shanghai): make what is missing of the month's checklists, for new grids too."""
    now = clock.now()
    actions.generate_rounds(actor=CLOCK, month=local_date(now), now=now)


@app.periodic(cron="0 0 * * *")
@app.task(queue="clock", name="patrols.watch_hazards", queueing_lock="patrols.watch_hazards", pass_context=False)
def watch_hazards(timestamp: int) -> None:
    """Once a day (08:00 in Shanghai): record the hazards that were not put right by their day."""
    while actions.tell_overdue_hazards(actor=CLOCK, now=clock.now()):
        pass


@app.periodic(cron="5 0 * * *")
@app.task(queue="clock", name="patrols.watch_follow_ups", queueing_lock="patrols.watch_follow_ups", pass_context=False)
def watch_follow_ups(timestamp: int) -> None:
    """Once a day (08:05 in Shanghai): record the agreements that are to be asked about."""
    while actions.tell_due_follow_ups(actor=CLOCK, now=clock.now()):
        pass


@app.periodic(cron="30 18 * * *")
@app.task(queue="clock", name="patrols.forget_expired", queueing_lock="patrols.forget_expired", pass_context=False)
def forget_expired(timestamp: int) -> None:
    """Once a night (02:30 in Shanghai): delete what households left, and visits, that have served their time."""
    actions.forget_expired_visits(actor=CLOCK, now=clock.now())
