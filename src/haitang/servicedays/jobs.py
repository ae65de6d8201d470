"""What happens because of service days, and the clock's own work. Every job may run twice and does its work once."""

from collections.abc import Iterable
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_noop
from procrastinate.contrib.django import app

from haitang.core import clock
from haitang.core.access import system
from haitang.core.history import reacts_to
from haitang.people.actions import send_notices
from haitang.servicedays import actions, queries
from haitang.servicedays.facts import (
    ServiceDayCancelled,
    ShiftClosed,
    ShiftPromoted,
    ShiftReleased,
    ShiftReminded,
)
from haitang.territory.facts import AreaEnded, AreaReplaced
from haitang.volunteers.facts import VolunteerWithdrew

CLOCK = system("服务日")
NEWS = {
    "promoted": gettext_noop("候补成功：{theme}，{task}（{at}，{place}）"),
    "released": gettext_noop("您没有确认能到，名额已给候补：{theme}，{task}（{at}）"),
    "reminded": gettext_noop("服务日提醒：{theme}，{task}（{at}，{place}）"),
    "assure": gettext_noop("请确认您能到：{theme}，{task}（{at}，{place}）"),
    "cancelled": gettext_noop("服务日已取消，不用来了：{theme}（{at}）。{reason}"),
    "closed": gettext_noop("谢谢您参加：{theme}，{task}。服务时长已记到您名下"),
}


def _tell(news: str, shift: Any, accounts: Iterable[int | None], entry_id: int, url: str = "") -> None:
    """Tell these accounts of a shift, each once for the same entry and news."""
    at = shift.begins_at.astimezone(clock.LOCAL)
    send_notices(
        actor=CLOCK, account_ids=[each for each in accounts if each], key=f"entry:{entry_id}:{news}", text=NEWS[news],
        parts={"theme": shift.day.theme, "task": shift.task, "place": shift.place, "at": f"{at:%m-%d %H:%M}"},
        url=url or reverse("servicedays:shift", args=[shift.pk]), subject_type="serviceday",
        subject_id=shift.day_id, now=clock.now(),
    )  # fmt: skip


def _tell_one(news: str, signup_id: int, entry_id: int) -> None:
    row = queries.get_signup_for_job(signup_id)
    if row is not None:
        asks = news == "reminded" and row.assured_at is None
        _tell("assure" if asks else news, row.shift, [row.volunteer.account_id], entry_id)


@reacts_to(ShiftPromoted)
@app.task(queue="notices", name="servicedays.tell_promoted")
def tell_promoted(*, signup_id: int, entry_id: int, **_: object) -> None:
    """Tell somebody of the wait list that a place is theirs."""
    _tell_one("promoted", signup_id, entry_id)


@reacts_to(ShiftReleased)
@app.task(queue="notices", name="servicedays.tell_released")
def tell_released(*, signup_id: int, entry_id: int, **_: object) -> None:
    """Tell somebody who has not confirmed to come that the place went to another."""
    _tell_one("released", signup_id, entry_id)


@reacts_to(ShiftReminded)
@app.task(queue="notices", name="servicedays.tell_reminded")
def tell_reminded(*, signup_id: int, entry_id: int, **_: object) -> None:
    """Remind somebody; who has not confirmed to come is asked to."""
    _tell_one("reminded", signup_id, entry_id)


@reacts_to(ServiceDayCancelled)
@app.task(queue="notices", name="servicedays.tell_cancelled")
def tell_cancelled(*, day_id: int, entry_id: int, **_: object) -> None:
    """Tell everybody who has signed up that the day is off."""
    day = queries.get_day_for_job(day_id)
    if day is None:
        return
    parts = {"theme": day.theme, "at": f"{day.on:%m-%d}", "reason": day.reason}
    send_notices(
        actor=CLOCK, account_ids=queries.accounts_of_day(day_id), key=f"entry:{entry_id}:cancelled",
        text=NEWS["cancelled"], parts=parts, url=reverse("servicedays:shifts"), subject_type="serviceday",
        subject_id=day_id, now=clock.now(),
    )  # fmt: skip


@reacts_to(ShiftClosed)
@app.task(queue="notices", name="servicedays.thank")
def thank(*, shift_id: int, entry_id: int, **_: object) -> None:
    """Thank those who came, and tell them that their hours are theirs."""
    shift = queries.get_shift_for_job(shift_id)
    if shift is not None:
        _tell("closed", shift, queries.accounts_here(shift_id), entry_id, reverse("volunteers:mine"))


@reacts_to(VolunteerWithdrew)
@app.task(queue="default", name="servicedays.forget_withdrawn")
def forget_withdrawn(*, volunteer_id: int, **_: object) -> None:
    """Free the places of somebody who has left the register."""
    for shift_id in queries.signed_up_ahead(volunteer_id):
        actions.forget_signed(actor=CLOCK, shift_id=shift_id, volunteer_id=volunteer_id, now=clock.now())


@reacts_to(AreaReplaced)
@app.task(queue="default", name="servicedays.follow_replaced_area")
def follow_replaced_area(*, area_id: int, new_area_id: int, **_: object) -> None:
    """Tie service days of an area to its new version."""
    actions.move_servicedays(actor=CLOCK, area_id=area_id, new_area_id=new_area_id, now=clock.now())


@reacts_to(AreaEnded)
@app.task(queue="default", name="servicedays.follow_ended_area")
def follow_ended_area(*, area_id: int, replaced_by_id: int | None, **_: object) -> None:
    """Tie service days of an area that ceased to the one in its place, if there is one."""
    if replaced_by_id is not None:
        actions.move_servicedays(actor=CLOCK, area_id=area_id, new_area_id=replaced_by_id, now=clock.now())


@app.periodic(cron="*/5 * * * *")
@app.task(queue="clock", name="servicedays.release", queueing_lock="servicedays.release", pass_context=False)
def release(timestamp: int) -> None:
    """Every five minutes: release the places of those who have not confirmed to come."""
    while actions.release_unassured(actor=CLOCK, now=clock.now()):
        pass


@app.periodic(cron="5 * * * *")
@app.task(queue="clock", name="servicedays.remind", queueing_lock="servicedays.remind", pass_context=False)
def remind(timestamp: int) -> None:
    """Hourly, from 08:00 to 20:00 in Shanghai: remind those signed up, on the days of the setting."""
    now = clock.now()
    if 8 <= now.astimezone(clock.LOCAL).hour <= 20:
        while actions.remind_signed(actor=CLOCK, now=now):
            pass


@app.periodic(cron="10 17 * * *")
@app.task(queue="clock", name="servicedays.make_days", queueing_lock="servicedays.make_days", pass_context=False)
def make_days(timestamp: int) -> None:
    """Once a night (01:10 in Shanghai): make the days to come of every rule."""
    actions.make_days(actor=CLOCK, now=clock.now())
