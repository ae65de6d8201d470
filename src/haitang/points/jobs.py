"""What happens because of services, and the clock's own work. Every job may run twice and does its work once."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from django.urls import reverse
from django.utils.translation import gettext_noop
from procrastinate.contrib.django import app

from haitang.core import clock
from haitang.core.access import system
from haitang.core.history import reacts_to
from haitang.people.actions import send_notices
from haitang.points import actions, queries
from haitang.points.facts import PointsEarned, RewardCancelled, RewardHanded, RewardOrdered
from haitang.points.values import RewardKind
from haitang.volunteers.facts import ServiceRecorded

CLOCK = system("积分")
NEWS = {
    "lapsing": gettext_noop("您有 {points} 积分将在 {day} 到期，请在此之前使用；服务时长不受影响"),
    "earned": gettext_noop("记入积分 {points}：{services} 次服务"),
    "ordered": gettext_noop("已用积分 {price} 兑换“{title}”，凭“我的积分”里的领取码到 {place} 领取"),
    "noted": gettext_noop("已用积分 {price} 登记“{title}”"),
    "handed": gettext_noop("“{title}”已领取"),
    "cancelled": gettext_noop("“{title}”已取消兑换，退回积分 {price}"),
}


def _tell(news: str, account_id: int | None, parts: Mapping[str, str | int], entry_id: int) -> None:
    """Tell a volunteer what happened to their own points, once; of points turned off nobody hears."""
    if account_id is None or not queries.is_on():
        return
    send_notices(
        actor=CLOCK, account_ids=[account_id], key=f"entry:{entry_id}:{news}", text=NEWS[news], parts=parts,
        url=reverse("points:mine"), now=clock.now(),
    )  # fmt: skip


def _tell_of(news: str, redemption_id: int, entry_id: int) -> None:
    row = queries.get_redemption_for_job(redemption_id)
    if row is not None:
        named = "noted" if news == "ordered" and row.reward.kind == RewardKind.NOTE else news
        parts: dict[str, str | int] = {"title": row.reward.title, "price": row.price, "place": row.reward.place}
        _tell(named, row.holder.volunteer.account_id, parts, entry_id)


@reacts_to(PointsEarned)
@app.task(queue="notices", name="points.tell_earned")
def tell_earned(*, holder_id: int, services: int, points: int, entry_id: int, **_: object) -> None:
    """Tell a volunteer that services were credited."""
    _tell("earned", queries.account_of(holder_id), {"points": points, "services": services}, entry_id)


@reacts_to(RewardOrdered)
@app.task(queue="notices", name="points.tell_ordered")
def tell_ordered(*, redemption_id: int, entry_id: int, **_: object) -> None:
    """Tell a volunteer what they have spent points on, and where it is fetched; the code stands on their page alone."""
    _tell_of("ordered", redemption_id, entry_id)


@reacts_to(RewardHanded)
@app.task(queue="notices", name="points.tell_handed")
def tell_handed(*, redemption_id: int, entry_id: int, **_: object) -> None:
    """Tell a volunteer that it was handed out, should somebody else have had the code."""
    _tell_of("handed", redemption_id, entry_id)


@reacts_to(RewardCancelled)
@app.task(queue="notices", name="points.tell_cancelled")
def tell_cancelled(*, redemption_id: int, entry_id: int, **_: object) -> None:
    """Tell a volunteer that the exchange was cancelled and the points are back."""
    _tell_of("cancelled", redemption_id, entry_id)


@reacts_to(ServiceRecorded)
@app.task(queue="default", name="points.credit")
def credit(*, volunteer_id: int, **_: object) -> None:
    """Credit a volunteer's services, where there are points and they have agreed."""
    actions.credit_services(actor=CLOCK, volunteer_id=volunteer_id, now=clock.now())


@app.periodic(cron="20 19 * * *")
@app.task(queue="clock", name="points.recount", queueing_lock="points.recount", pass_context=False)
def recount(timestamp: int) -> None:
    """Once a night (03:20 in Shanghai): let lapse what is too old, compare the ledger with its sources, warn."""
    now = clock.now()
    actions.expire_points(actor=CLOCK, now=now)
    actions.recount_points(actor=CLOCK, now=now)
    warn_of_lapse(now)


def warn_of_lapse(now: datetime) -> int:
    """Tell those whose points are about to lapse, once for each day on which some do; return how many were told now.

    Not past the days of the setting, and nobody where points are off.
    """
    known, today = queries.rules(), clock.local_date(now)
    day = queries.next_lapse(today)
    if not known.is_on or not known.warn_days or day - today > timedelta(days=known.warn_days):
        return 0
    due, told = queries.lapsing_on(day), 0
    for holder_id, account_id in sorted(queries.accounts_of(due).items()):
        told += send_notices(
            actor=CLOCK, account_ids=[account_id], key=f"points:lapse:{day.isoformat()}", text=NEWS["lapsing"],
            parts={"points": due[holder_id], "day": day.isoformat()}, url=reverse("points:mine"), now=now,
        )  # fmt: skip
    return told
