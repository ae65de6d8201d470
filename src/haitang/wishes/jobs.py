"""What happens because of wishes, and the clock's own work. Every job may run twice and does its work once."""

from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import gettext_noop
from procrastinate.contrib.django import app

from haitang.core import clock
from haitang.core.access import system
from haitang.core.history import reacts_to
from haitang.people.actions import send_notices
from haitang.people.queries import list_accounts_holding
from haitang.territory.facts import AreaEnded, AreaReplaced
from haitang.wishes import actions, queries
from haitang.wishes.facts import (
    ClaimConfirmed,
    ClaimDeclined,
    ClaimGivenBack,
    ClaimReleased,
    ClaimReminded,
    DeliveryContested,
    WishClaimed,
    WishDelivered,
    WishDenied,
    WishEntered,
    WishExpired,
    WishFulfilled,
    WishPublished,
    WishThanked,
    WishWithdrawn,
)
from haitang.wishes.values import Channel, Permission, Side

CLOCK = system("微心愿")
NEWS = {
    "entered": gettext_noop("有新的微心愿待审核：{number}"),
    "published": gettext_noop("您的心愿已发布（不显示您是谁）：{title}"),
    "denied": gettext_noop("您的心愿没有发布，请查看原因：{title}"),
    "claimed": gettext_noop("有人认领微心愿，请确认：{number}"),
    "confirmed": gettext_noop("社区已确认您的认领，可以查看联系方式了：{title}"),
    "declined": gettext_noop("社区没有确认您的认领，请查看原因：{title}"),
    "delivered": gettext_noop("心愿已送达，请您确认收到：{title}"),
    "delivered_office": gettext_noop("微心愿已送达，请联系家庭后代为确认：{number}"),
    "granted": gettext_noop("您认领的心愿已圆，谢谢您：{title}"),
    "contested": gettext_noop("家庭反映还没有收到，请再联系：{title}"),
    "contested_office": gettext_noop("家庭反映微心愿没有收到：{number}"),
    "given_back": gettext_noop("认领人放弃，微心愿已重新开放：{number}"),
    "released": gettext_noop("您认领的心愿没有进展，已重新开放：{title}"),
    "released_office": gettext_noop("认领逾期没有进展，微心愿已重新开放：{number}"),
    "remind_claimant": gettext_noop("您认领的心愿等着您，请尽快办理：{title}"),
    "remind_community": gettext_noop("有微心愿认领等待确认，请尽快答复：{number}"),
    "remind_family": gettext_noop("收到心愿物品了吗？请确认：{title}"),
    "thanked": gettext_noop("您圆了心愿的家庭有话对您说：{title}"),
    "withdrawn": gettext_noop("您认领的心愿已撤回，谢谢您：{title}"),
    "expired": gettext_noop("您的心愿暂时没有人认领，已下架，可联系社区再发布：{title}"),
    "expired_office": gettext_noop("微心愿到期无人认领，已下架：{number}"),
}


def _tell(news: str, wish_id: int, accounts: Iterable[int | None], entry_id: int, url: str) -> None:
    """Tell these accounts, each once for the same entry and news."""
    wish = queries.get_wish_for_job(wish_id)
    send_notices(
        actor=CLOCK, account_ids={each for each in accounts if each}, key=f"entry:{entry_id}:{news}", text=NEWS[news],
        parts={"number": wish.number, "title": wish.title}, url=url, subject_type="family_wish", subject_id=wish_id,
        now=clock.now(),
    )  # fmt: skip


def _tell_office(news: str, wish_id: int, entry_id: int) -> None:
    area_path = queries.get_wish_for_job(wish_id).area_path
    accounts = list_accounts_holding(Permission.CHECK, area_path=area_path)
    _tell(news, wish_id, accounts, entry_id, reverse("wishes:wish", args=[wish_id]))


def _tell_family(news: str, wish_id: int, entry_id: int) -> None:
    account_id = queries.get_wish_for_job(wish_id).account_id
    _tell(news, wish_id, [account_id], entry_id, reverse("wishes:my_wish", args=[wish_id]))


def _tell_claimant(news: str, wish_id: int, claim_id: int, entry_id: int) -> None:
    claim = queries.get_claim_for_job(claim_id)
    if claim is None:
        return
    accounts: Iterable[int] = [claim.account_id]
    if claim.organization_id is not None:
        accounts = list_accounts_holding(Permission.CLAIM, organization_id=claim.organization_id)
    _tell(news, wish_id, accounts, entry_id, reverse("wishes:claim", args=[claim_id]))


@reacts_to(WishEntered)
@app.task(queue="notices", name="wishes.tell_entered")
def tell_entered(*, wish_id: int, channel: str, entry_id: int, **_: object) -> None:
    """Tell those who check wishes of one that a family has entered itself."""
    if channel == Channel.FAMILY:
        _tell_office("entered", wish_id, entry_id)


@reacts_to(WishPublished)
@app.task(queue="notices", name="wishes.tell_published")
def tell_published(*, wish_id: int, entry_id: int, **_: object) -> None:
    """Tell the family."""
    _tell_family("published", wish_id, entry_id)


@reacts_to(WishDenied)
@app.task(queue="notices", name="wishes.tell_denied")
def tell_denied(*, wish_id: int, entry_id: int, **_: object) -> None:
    """Tell the family that there is a reason to read."""
    _tell_family("denied", wish_id, entry_id)


@reacts_to(WishClaimed)
@app.task(queue="notices", name="wishes.tell_claimed")
def tell_claimed(*, wish_id: int, entry_id: int, **_: object) -> None:
    """Tell those who confirm claimants."""
    _tell_office("claimed", wish_id, entry_id)


@reacts_to(ClaimConfirmed)
@app.task(queue="notices", name="wishes.tell_confirmed")
def tell_confirmed(*, wish_id: int, claim_id: int, entry_id: int, **_: object) -> None:
    """Tell the claimant that the contact is shown now."""
    _tell_claimant("confirmed", wish_id, claim_id, entry_id)


@reacts_to(ClaimDeclined)
@app.task(queue="notices", name="wishes.tell_declined")
def tell_declined(*, wish_id: int, claim_id: int, entry_id: int, **_: object) -> None:
    """Tell the claimant that there is a reason to read."""
    _tell_claimant("declined", wish_id, claim_id, entry_id)


@reacts_to(WishDelivered)
@app.task(queue="notices", name="wishes.tell_delivered")
def tell_delivered(*, wish_id: int, entry_id: int, **_: object) -> None:
    """Ask the family to confirm; where it has no account, the community."""
    if queries.get_wish_for_job(wish_id).account_id is None:
        _tell_office("delivered_office", wish_id, entry_id)
    else:
        _tell_family("delivered", wish_id, entry_id)


@reacts_to(WishFulfilled)
@app.task(queue="notices", name="wishes.tell_granted")
def tell_granted(*, wish_id: int, claim_id: int, entry_id: int, **_: object) -> None:
    """Tell the claimant."""
    _tell_claimant("granted", wish_id, claim_id, entry_id)


@reacts_to(DeliveryContested)
@app.task(queue="notices", name="wishes.tell_contested")
def tell_contested(*, wish_id: int, claim_id: int, entry_id: int, **_: object) -> None:
    """Tell the claimant and the community."""
    _tell_claimant("contested", wish_id, claim_id, entry_id)
    _tell_office("contested_office", wish_id, entry_id)


@reacts_to(ClaimGivenBack)
@app.task(queue="notices", name="wishes.tell_given_back")
def tell_given_back(*, wish_id: int, entry_id: int, **_: object) -> None:
    """Tell the community."""
    _tell_office("given_back", wish_id, entry_id)


@reacts_to(ClaimReleased)
@app.task(queue="notices", name="wishes.tell_released")
def tell_released(*, wish_id: int, claim_id: int, entry_id: int, by_clock: bool = False, **_: object) -> None:
    """Tell the claimant, and the community where the clock has done it."""
    _tell_claimant("released", wish_id, claim_id, entry_id)
    if by_clock:
        _tell_office("released_office", wish_id, entry_id)


@reacts_to(ClaimReminded)
@app.task(queue="notices", name="wishes.tell_reminded")
def tell_reminded(*, wish_id: int, claim_id: int, side: str, entry_id: int, **_: object) -> None:
    """Remind whose turn it is; of a delivery both the family and the community."""
    if side == Side.CLAIMANT:
        _tell_claimant("remind_claimant", wish_id, claim_id, entry_id)
    elif side == Side.COMMUNITY:
        _tell_office("remind_community", wish_id, entry_id)
    else:
        _tell_family("remind_family", wish_id, entry_id)
        _tell_office("delivered_office", wish_id, entry_id)


@reacts_to(WishThanked)
@app.task(queue="notices", name="wishes.tell_thanked")
def tell_thanked(*, wish_id: int, entry_id: int, **_: object) -> None:
    """Tell the claimant that there are words to read."""
    claim_id = queries.holding_claim_id(wish_id)
    if claim_id is not None:
        _tell_claimant("thanked", wish_id, claim_id, entry_id)


@reacts_to(WishWithdrawn)
@app.task(queue="notices", name="wishes.tell_withdrawn")
def tell_withdrawn(*, wish_id: int, entry_id: int, claim_id: int | None = None, **_: object) -> None:
    """Tell the claimant, if there was one."""
    if claim_id is not None:
        _tell_claimant("withdrawn", wish_id, claim_id, entry_id)


@reacts_to(WishExpired)
@app.task(queue="notices", name="wishes.tell_expired")
def tell_expired(*, wish_id: int, entry_id: int, **_: object) -> None:
    """Tell the family and the community."""
    _tell_family("expired", wish_id, entry_id)
    _tell_office("expired_office", wish_id, entry_id)


@reacts_to(AreaReplaced)
@app.task(queue="default", name="wishes.follow_replaced_area")
def follow_replaced_area(*, area_id: int, new_area_id: int, **_: object) -> None:
    """Tie what lies in an area to its new version."""
    actions.move_wishes(actor=CLOCK, area_id=area_id, new_area_id=new_area_id, now=clock.now())


@reacts_to(AreaEnded)
@app.task(queue="default", name="wishes.follow_ended_area")
def follow_ended_area(*, area_id: int, replaced_by_id: int | None, **_: object) -> None:
    """Tie what lies in an area that ceased to the one in its place, if there is one."""
    if replaced_by_id is not None:
        actions.move_wishes(actor=CLOCK, area_id=area_id, new_area_id=replaced_by_id, now=clock.now())


@app.periodic(cron="*/10 * * * *")
@app.task(queue="clock", name="wishes.watch_wishes", queueing_lock="wishes.watch_wishes", pass_context=False)
def watch_wishes(timestamp: int) -> None:
    """Every ten minutes: remind whose turn it is, open late ones again, take off what nobody has claimed."""
    now = clock.now()
    for deed in (actions.remind_of_wishes, actions.release_late_claims, actions.expire_wishes):
        while deed(actor=CLOCK, now=now):
            pass


@app.periodic(cron="40 18 * * *")
@app.task(queue="clock", name="wishes.forget_families", queueing_lock="wishes.forget_families", pass_context=False)
def forget_families(timestamp: int) -> None:
    """Once a night (02:40 in Shanghai): erase whose the wishes were that ended long ago."""
    while actions.erase_wishes(actor=CLOCK, now=clock.now()):
        pass
