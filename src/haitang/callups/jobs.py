"""What happens because of call-ups: everybody concerned is told, in a few statements for thousands."""

from collections.abc import Iterable
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_noop
from procrastinate.contrib.django import app

from haitang.callups import actions, queries
from haitang.callups.facts import CallPromoted, CallUpCancelled, CallUpClosed, CallUpStarted
from haitang.callups.values import Urgency
from haitang.core import clock
from haitang.core.access import system
from haitang.core.history import reacts_to
from haitang.people.actions import send_notices
from haitang.territory.facts import AreaEnded, AreaReplaced
from haitang.volunteers.facts import VolunteerWithdrew

CLOCK = system("一键召唤")
NEWS = {
    Urgency.EMERGENCY: gettext_noop("【紧急召唤】{purpose}：{at}，{place}，请马上答复"),
    Urgency.URGENT: gettext_noop("【加急召唤】{purpose}：{at}，{place}，请尽快答复"),
    Urgency.NORMAL: gettext_noop("【召唤】{purpose}：{at}，{place}，请答复能不能来"),
    "promoted": gettext_noop("候补转正，请来：{purpose}（{at}，{place}）"),
    "cancelled": gettext_noop("召唤已取消，不用来了：{purpose}（{at}）。{reason}"),
    "closed": gettext_noop("谢谢您参加：{purpose}。服务时长已记到您名下"),
}


def _tell(news: str, row: Any, accounts: Iterable[int | None], entry_id: int, url: str = "") -> None:
    """Tell these accounts, each once for the same entry and news."""
    at = row.begins_at.astimezone(clock.LOCAL)
    send_notices(
        actor=CLOCK, account_ids=[each for each in accounts if each], key=f"entry:{entry_id}:{news}", text=NEWS[news],
        parts={"purpose": row.purpose, "place": row.place, "at": f"{at:%m-%d %H:%M}", "reason": row.reason},
        url=url or reverse("callups:call", args=[row.pk]), subject_type="callup", subject_id=row.pk, now=clock.now(),
    )  # fmt: skip


@reacts_to(CallUpStarted)
@app.task(queue="notices", name="callups.tell_called", priority=10)
def tell_called(*, callup_id: int, entry_id: int, **_: object) -> None:
    """Tell everybody who was called and has an account, before other notices."""
    row = queries.get_callup_for_job(callup_id)
    if row is not None:
        _tell(row.urgency, row, queries.accounts_called(callup_id), entry_id)


@reacts_to(CallPromoted)
@app.task(queue="notices", name="callups.tell_promoted", priority=10)
def tell_promoted(*, call_id: int, entry_id: int, **_: object) -> None:
    """Tell somebody of the wait list that a place is theirs."""
    call = queries.get_call_for_job(call_id)
    if call is not None:
        _tell("promoted", call.callup, [call.volunteer.account_id], entry_id)


@reacts_to(CallUpCancelled)
@app.task(queue="notices", name="callups.tell_cancelled", priority=10)
def tell_cancelled(*, callup_id: int, entry_id: int, **_: object) -> None:
    """Tell everybody who was called that nobody is needed any more."""
    row = queries.get_callup_for_job(callup_id)
    if row is not None:
        _tell("cancelled", row, queries.accounts_called(callup_id), entry_id)


@reacts_to(CallUpClosed)
@app.task(queue="notices", name="callups.thank")
def thank(*, callup_id: int, entry_id: int, **_: object) -> None:
    """Thank those who came, and tell them that their hours are theirs."""
    row = queries.get_callup_for_job(callup_id)
    if row is not None:
        accounts = queries.accounts_called(callup_id, only_here=True)
        _tell("closed", row, accounts, entry_id, reverse("volunteers:mine"))


@reacts_to(VolunteerWithdrew)
@app.task(queue="default", name="callups.forget_withdrawn")
def forget_withdrawn(*, volunteer_id: int, **_: object) -> None:
    """Free the places of somebody who has left the register, and erase what they have said."""
    for callup_id in queries.open_calls_of(volunteer_id):
        actions.forget_called(actor=CLOCK, callup_id=callup_id, volunteer_id=volunteer_id, now=clock.now())


@reacts_to(AreaReplaced)
@app.task(queue="default", name="callups.follow_replaced_area")
def follow_replaced_area(*, area_id: int, new_area_id: int, **_: object) -> None:
    """Tie call-ups of an area to its new version."""
    actions.move_callups(actor=CLOCK, area_id=area_id, new_area_id=new_area_id, now=clock.now())


@reacts_to(AreaEnded)
@app.task(queue="default", name="callups.follow_ended_area")
def follow_ended_area(*, area_id: int, replaced_by_id: int | None, **_: object) -> None:
    """Tie call-ups of an area that ceased to the one in its place, if there is one."""
    if replaced_by_id is not None:
        actions.move_callups(actor=CLOCK, area_id=area_id, new_area_id=replaced_by_id, now=clock.now())
