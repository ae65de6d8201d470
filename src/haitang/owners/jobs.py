"""What happens because of owners' decisions. Every job may run twice and does its work once."""

from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import gettext_noop
from procrastinate.contrib.django import app

from haitang.core import clock
from haitang.core.access import system
from haitang.core.history import reacts_to
from haitang.owners import actions, queries
from haitang.owners.facts import DecisionAnnounced, DecisionClosed, DecisionOpened, ObjectionRaised, VotingStopped
from haitang.owners.values import Permission
from haitang.people.actions import send_notices
from haitang.people.queries import list_accounts_holding
from haitang.territory.facts import AreaEnded, AreaReplaced

CLOCK = system("业主表决")
NEWS = {
    "announced": gettext_noop("小区业主表决开始公示：{title}"),
    "opened": gettext_noop("小区业主表决开始投票：{title}"),
    "closed": gettext_noop("小区业主表决结果已公布：{title}"),
    "objection": gettext_noop("业主提出异议，请答复：{title}"),
    "stopped": gettext_noop("业主表决等待第二人确认结束：{title}"),
}


def _tell(news: str, decision_id: int, accounts: Iterable[int], entry_id: int, url: str) -> None:
    """Tell these accounts, each once for the same entry of the history and news."""
    decision = queries.get_decision_for_job(decision_id)
    send_notices(
        actor=CLOCK, account_ids=set(accounts), key=f"entry:{entry_id}:{news}", text=NEWS[news],
        parts={"title": decision.title}, url=url, subject_type="owners_decision", subject_id=decision_id,
        now=clock.now(),
    )  # fmt: skip


def _tell_owners(news: str, decision_id: int, entry_id: int) -> None:
    accounts = queries.list_owners_accounts(decision_id)
    _tell(news, decision_id, accounts, entry_id, reverse("owners:decision", args=[decision_id]))


def _tell_office(news: str, permission: Permission, decision_id: int, entry_id: int) -> None:
    path = queries.get_decision_for_job(decision_id).area_path
    accounts = list_accounts_holding(permission, area_path=path)
    _tell(news, decision_id, accounts, entry_id, reverse("owners:vote", args=[decision_id]))


@reacts_to(DecisionAnnounced)
@app.task(queue="notices", name="owners.tell_announced")
def tell_announced(*, decision_id: int, entry_id: int, **_: object) -> None:
    """Tell the owners who have an account."""
    _tell_owners("announced", decision_id, entry_id)


@reacts_to(DecisionOpened)
@app.task(queue="notices", name="owners.tell_opened")
def tell_opened(*, decision_id: int, entry_id: int, **_: object) -> None:
    """Tell the owners who have an account."""
    _tell_owners("opened", decision_id, entry_id)


@reacts_to(DecisionClosed)
@app.task(queue="notices", name="owners.tell_closed")
def tell_closed(*, decision_id: int, entry_id: int, **_: object) -> None:
    """Tell the owners who have an account."""
    _tell_owners("closed", decision_id, entry_id)


@reacts_to(ObjectionRaised)
@app.task(queue="notices", name="owners.tell_objection")
def tell_objection(*, decision_id: int, entry_id: int, **_: object) -> None:
    """Tell who prepares votes there."""
    _tell_office("objection", Permission.PREPARE, decision_id, entry_id)


@reacts_to(VotingStopped)
@app.task(queue="notices", name="owners.tell_stopped")
def tell_stopped(*, decision_id: int, entry_id: int, **_: object) -> None:
    """Tell who may confirm."""
    _tell_office("stopped", Permission.CLOSE, decision_id, entry_id)


@reacts_to(AreaReplaced)
@app.task(queue="default", name="owners.follow_replaced_area")
def follow_replaced_area(*, area_id: int, new_area_id: int, **_: object) -> None:
    """Tie what lies in an area to its new version."""
    actions.move_estates(actor=CLOCK, area_id=area_id, new_area_id=new_area_id, now=clock.now())


@reacts_to(AreaEnded)
@app.task(queue="default", name="owners.follow_ended_area")
def follow_ended_area(*, area_id: int, replaced_by_id: int | None, **_: object) -> None:
    """Tie what lies in an area that ceased to the one in its place, if there is one."""
    if replaced_by_id is not None:
        actions.move_estates(actor=CLOCK, area_id=area_id, new_area_id=replaced_by_id, now=clock.now())
