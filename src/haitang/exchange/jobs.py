"""What happens because of agreements, and the clock's own work. Every job may run twice and does its work once."""

from django.urls import reverse
from django.utils.translation import gettext_noop
from procrastinate.contrib.django import app

from haitang.core import clock
from haitang.core.access import system
from haitang.core.history import reacts_to
from haitang.core.scoping import path_of
from haitang.exchange import actions, queries
from haitang.exchange.facts import (
    AgreementAnswered,
    AgreementDeclined,
    AgreementDelivered,
    AgreementExpired,
    AgreementGivenUp,
    AgreementReached,
    AgreementWithdrawn,
    NeedDenied,
    ResourceOrdered,
)
from haitang.exchange.values import Permission, Side
from haitang.people.actions import send_notices
from haitang.people.queries import list_accounts_holding
from haitang.projects.facts import ProjectAccepted, ProjectGivenUp
from haitang.territory.facts import AreaEnded, AreaReplaced

CLOCK = system("三张清单")
NEWS = {
    "ordered": gettext_noop("有资源对接等待贵方确认：{number}"),
    "answered": gettext_noop("对方修改了约定，请确认：{number}"),
    "reached": gettext_noop("双方已确认对接：{number}"),
    "declined": gettext_noop("对方婉拒了对接：{number}"),
    "withdrawn": gettext_noop("对方撤回了下单：{number}"),
    "expired": gettext_noop("下单逾期未答复，名额已释放：{number}"),
    "given_up": gettext_noop("项目已终止，名额已释放：{number}"),
    "delivered": gettext_noop("对接已交付，请评价：{number}"),
    "denied": gettext_noop("您提的需求未予发布，请查看理由：{number}"),
}
_BOTH = (Side.COMMUNITY, Side.UNIT)


def _tell(news: str, agreement_id: int, entry_id: int, sides: tuple[Side, ...]) -> None:
    """Tell those who speak for the sides."""
    row = queries.get_agreement_for_job(agreement_id)
    if row is None:
        return
    accounts: set[int] = set()
    if Side.COMMUNITY in sides:
        accounts |= set(list_accounts_holding(Permission.ORDER, area_path=path_of(row.area_ids)))
    if Side.UNIT in sides:
        accounts |= set(list_accounts_holding(Permission.OFFER, organization_id=row.organization_id))
    send_notices(
        actor=CLOCK, account_ids=accounts, key=f"entry:{entry_id}", text=NEWS[news], parts={"number": row.number},
        url=reverse("exchange:agreement", args=[row.pk]), subject_type="exchange_agreement", subject_id=row.pk,
        now=clock.now(),
    )  # fmt: skip


def _other(side: str) -> tuple[Side, ...]:
    return (Side.UNIT,) if side == Side.COMMUNITY else (Side.COMMUNITY,)


@reacts_to(ResourceOrdered)
@app.task(queue="notices", name="exchange.tell_ordered")
def tell_ordered(*, agreement_id: int, side: str, entry_id: int, **_: object) -> None:
    """Tell the side that is to answer."""
    _tell("ordered", agreement_id, entry_id, _other(side))


@reacts_to(AgreementAnswered)
@app.task(queue="notices", name="exchange.tell_answered")
def tell_answered(*, agreement_id: int, side: str, entry_id: int, **_: object) -> None:
    """Tell the other side of changed terms; where both have said yes, the next fact tells."""
    row = queries.get_agreement_for_job(agreement_id)
    if row is not None and row.waits_for and row.waits_for != side:
        _tell("answered", agreement_id, entry_id, _other(side))


@reacts_to(AgreementReached)
@app.task(queue="notices", name="exchange.tell_reached")
def tell_reached(*, agreement_id: int, entry_id: int, **_: object) -> None:
    """Tell both sides."""
    _tell("reached", agreement_id, entry_id, _BOTH)


@reacts_to(AgreementDeclined)
@app.task(queue="notices", name="exchange.tell_declined")
def tell_declined(*, agreement_id: int, side: str, entry_id: int, **_: object) -> None:
    """Tell the side that had asked."""
    _tell("declined", agreement_id, entry_id, _other(side))


@reacts_to(AgreementWithdrawn)
@app.task(queue="notices", name="exchange.tell_withdrawn")
def tell_withdrawn(*, agreement_id: int, entry_id: int, **_: object) -> None:
    """Tell the side that had been asked."""
    row = queries.get_agreement_for_job(agreement_id)
    if row is not None:
        _tell("withdrawn", agreement_id, entry_id, _other(row.ordered_by))


@reacts_to(AgreementExpired)
@app.task(queue="notices", name="exchange.tell_expired")
def tell_expired(*, agreement_id: int, entry_id: int, **_: object) -> None:
    """Tell both sides that the order is void and the capacity free."""
    _tell("expired", agreement_id, entry_id, _BOTH)


@reacts_to(AgreementDelivered)
@app.task(queue="notices", name="exchange.tell_delivered")
def tell_delivered(*, agreement_id: int, entry_id: int, **_: object) -> None:
    """Ask both sides what they say of each other."""
    _tell("delivered", agreement_id, entry_id, _BOTH)


@reacts_to(AgreementGivenUp)
@app.task(queue="notices", name="exchange.tell_given_up")
def tell_given_up(*, agreement_id: int, entry_id: int, **_: object) -> None:
    """Tell both sides that nothing comes of it, and that the capacity is free."""
    _tell("given_up", agreement_id, entry_id, _BOTH)


@reacts_to(ProjectAccepted, ProjectGivenUp)
@app.task(queue="default", name="exchange.follow_project")
def follow_project(*, project_id: int, **_: object) -> None:
    """Bring the agreement that the project comes from to where the project stands."""
    actions.follow_projects(actor=CLOCK, project_ids=[project_id], now=clock.now())


@reacts_to(NeedDenied)
@app.task(queue="notices", name="exchange.tell_denied")
def tell_denied(*, need_id: int, entry_id: int, **_: object) -> None:
    """Tell whoever asked."""
    need = queries.get_need_for_job(need_id)
    if need is not None and need.entered_by_id is not None:
        send_notices(
            actor=CLOCK, account_ids={need.entered_by_id}, key=f"entry:{entry_id}", text=NEWS["denied"],
            parts={"number": need.number}, url=reverse("exchange:asked"), subject_type="exchange_need",
            subject_id=need.pk, now=clock.now(),
        )  # fmt: skip


@reacts_to(AreaReplaced)
@app.task(queue="default", name="exchange.follow_replaced_area")
def follow_replaced_area(*, area_id: int, new_area_id: int, **_: object) -> None:
    """Tie what lies in an area to its new version."""
    actions.move_lists(actor=CLOCK, area_id=area_id, new_area_id=new_area_id, now=clock.now())


@reacts_to(AreaEnded)
@app.task(queue="default", name="exchange.follow_ended_area")
def follow_ended_area(*, area_id: int, replaced_by_id: int | None, **_: object) -> None:
    """Tie what lies in an area that ceased to the one in its place, if there is one."""
    if replaced_by_id is not None:
        actions.move_lists(actor=CLOCK, area_id=area_id, new_area_id=replaced_by_id, now=clock.now())


@app.periodic(cron="20 * * * *")
@app.task(queue="clock", name="exchange.expire_agreements", queueing_lock="exchange.expire", pass_context=False)
def expire_agreements(timestamp: int) -> None:
    """Once an hour: end the orders that nobody answered in time."""
    while actions.expire_agreements(actor=CLOCK, now=clock.now()):
        pass
