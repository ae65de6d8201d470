"""Who is told of what happens in rounds, and the clock's own work. Every job may run twice and does its work once."""

from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import gettext_noop
from procrastinate.contrib.django import app

from haitang.core import clock
from haitang.core.access import system
from haitang.core.history import reacts_to
from haitang.people.actions import send_notices
from haitang.people.queries import list_accounts_holding
from haitang.rounds import actions, queries
from haitang.rounds.facts import (
    CouncilDecided,
    MergerBegun,
    MergerUndone,
    OutcomePublished,
    ProposalAdmitted,
    ProposalBecameProject,
    ProposalHandedIn,
    ProposalRemarked,
    ProposalsMerged,
    ProposalTurnedDown,
    RemarkAnswered,
    SittingOpened,
)
from haitang.rounds.values import Channel, Permission
from haitang.territory.facts import AreaEnded, AreaReplaced

CLOCK = system("微实事")
NEWS = {
    "handed_in": gettext_noop("有新的微实事提案待初审：{title}"),
    "admitted": gettext_noop("您的微实事提案通过初审，已公开：{title}"),
    "turned_down": gettext_noop("您的微实事提案没有通过初审，请查看原因：{title}"),
    "merging": gettext_noop("社区建议合并相似的微实事提案，请答复是否同意：{title}"),
    "merged": gettext_noop("您的微实事提案已与相似的提案合并：{title}"),
    "unmerged": gettext_noop("微实事提案的合并已取消，各提案恢复原样：{title}"),
    "judged": gettext_noop("议事会评议了您的微实事提案，请查看结果：{title}"),
    "counted": gettext_noop("微实事投票结果已公布，您的提案为什么入选或没有入选：{title}"),
    "project": gettext_noop("您的微实事提案已立项，可以跟踪进展：{title}"),
    "remarked": gettext_noop("有居民对公示的微实事提出意见，请答复：{title}"),
    "answered": gettext_noop("您对微实事的意见有了答复：{title}"),
    "sitting": gettext_noop("议事会开会，请对微实事提案表决：{title}"),
}


def _tell(news: str, proposal_id: int, accounts: Iterable[int | None], entry_id: int, page: str = "proposal") -> None:
    """Tell these accounts of a proposal, each once for the same entry and news."""
    row = queries.get_proposal_for_job(proposal_id)
    send_notices(
        actor=CLOCK, account_ids={each for each in accounts if each}, key=f"entry:{entry_id}:{news}:{proposal_id}",
        text=NEWS[news], parts={"title": row.title}, url=reverse(f"rounds:{page}", args=[row.pk]),
        subject_type="round_proposal", subject_id=row.pk, now=clock.now(),
    )  # fmt: skip


def _tell_author(news: str, proposal_id: int, entry_id: int) -> None:
    _tell(news, proposal_id, [queries.get_proposal_for_job(proposal_id).account_id], entry_id)


def _tell_office(news: str, proposal_id: int, entry_id: int) -> None:
    path = queries.get_proposal_for_job(proposal_id).pot.area_path
    accounts = list_accounts_holding(Permission.CHECK, area_path=path)
    _tell(news, proposal_id, accounts, entry_id, "staff_proposal")


@reacts_to(ProposalHandedIn)
@app.task(queue="notices", name="rounds.tell_handed_in")
def tell_handed_in(*, proposal_id: int, channel: str, entry_id: int, **_: object) -> None:
    """Tell those who check proposals of one that a resident has handed in."""
    if channel == Channel.ONLINE:
        _tell_office("handed_in", proposal_id, entry_id)


@reacts_to(ProposalAdmitted)
@app.task(queue="notices", name="rounds.tell_admitted")
def tell_admitted(*, proposal_id: int, entry_id: int, **_: object) -> None:
    """Tell the author."""
    _tell_author("admitted", proposal_id, entry_id)


@reacts_to(ProposalTurnedDown)
@app.task(queue="notices", name="rounds.tell_turned_down")
def tell_turned_down(*, proposal_id: int, entry_id: int, **_: object) -> None:
    """Tell the author that there is a reason to read."""
    _tell_author("turned_down", proposal_id, entry_id)


@reacts_to(MergerBegun)
@app.task(queue="notices", name="rounds.tell_merging")
def tell_merging(*, merger_id: int, entry_id: int, **_: object) -> None:
    """Ask every author."""
    for proposal_id in queries.list_merged_ids(merger_id):
        _tell_author("merging", proposal_id, entry_id)


@reacts_to(ProposalsMerged)
@app.task(queue="notices", name="rounds.tell_merged")
def tell_merged(*, merger_id: int, entry_id: int, **_: object) -> None:
    """Tell every author."""
    for proposal_id in queries.list_merged_ids(merger_id):
        _tell_author("merged", proposal_id, entry_id)


@reacts_to(MergerUndone)
@app.task(queue="notices", name="rounds.tell_unmerged")
def tell_unmerged(*, merger_id: int, entry_id: int, **_: object) -> None:
    """Tell every author."""
    for proposal_id in queries.list_merged_ids(merger_id):
        _tell_author("unmerged", proposal_id, entry_id)


@reacts_to(CouncilDecided)
@app.task(queue="notices", name="rounds.tell_judged")
def tell_judged(*, proposal_id: int, entry_id: int, **_: object) -> None:
    """Tell the author."""
    _tell_author("judged", proposal_id, entry_id)


@reacts_to(SittingOpened)
@app.task(queue="notices", name="rounds.tell_sitting")
def tell_sitting(*, sitting_id: int, entry_id: int, **_: object) -> None:
    """Tell the members who have an account."""
    title, accounts = queries.describe_sitting_for_job(sitting_id)
    send_notices(
        actor=CLOCK, account_ids=accounts, key=f"entry:{entry_id}:sitting", text=NEWS["sitting"],
        parts={"title": title}, url=reverse("rounds:own_sitting", args=[sitting_id]), subject_type="round_sitting",
        subject_id=sitting_id, now=clock.now(),
    )  # fmt: skip


@reacts_to(OutcomePublished)
@app.task(queue="notices", name="rounds.tell_counted")
def tell_counted(*, pot_id: int, entry_id: int, **_: object) -> None:
    """Tell the author of every project that was voted on."""
    for proposal_id in queries.list_counted_ids(pot_id):
        _tell_author("counted", proposal_id, entry_id)


@reacts_to(ProposalBecameProject)
@app.task(queue="notices", name="rounds.tell_project")
def tell_project(*, proposal_id: int, entry_id: int, **_: object) -> None:
    """Tell the author."""
    _tell_author("project", proposal_id, entry_id)


@reacts_to(ProposalRemarked)
@app.task(queue="notices", name="rounds.tell_remarked")
def tell_remarked(*, proposal_id: int, entry_id: int, **_: object) -> None:
    """Tell those who answer."""
    _tell_office("remarked", proposal_id, entry_id)


@reacts_to(RemarkAnswered)
@app.task(queue="notices", name="rounds.tell_answered")
def tell_answered(*, proposal_id: int, remark_id: int, entry_id: int, **_: object) -> None:
    """Tell whoever has said it."""
    _tell("answered", proposal_id, [queries.get_remarker_for_job(remark_id)], entry_id)


@reacts_to(AreaReplaced)
@app.task(queue="default", name="rounds.follow_replaced_area")
def follow_replaced_area(*, area_id: int, new_area_id: int, **_: object) -> None:
    """Tie what lies in an area to its new version."""
    actions.move_rounds(actor=CLOCK, area_id=area_id, new_area_id=new_area_id, now=clock.now())


@reacts_to(AreaEnded)
@app.task(queue="default", name="rounds.follow_ended_area")
def follow_ended_area(*, area_id: int, replaced_by_id: int | None, **_: object) -> None:
    """Tie what lies in an area that ceased to the one in its place, if there is one."""
    if replaced_by_id is not None:
        actions.move_rounds(actor=CLOCK, area_id=area_id, new_area_id=replaced_by_id, now=clock.now())


@app.periodic(cron="50 18 * * *")
@app.task(queue="clock", name="rounds.forget_authors", queueing_lock="rounds.forget_authors", pass_context=False)
def forget_authors(timestamp: int) -> None:
    """Once a night (02:50 in Shanghai): remove who has proposed in rounds that ended long ago."""
    actions.forget_authors(actor=CLOCK, now=clock.now())
