"""Plans of the matching: drawn, and followed, changed or refused, order by order."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.utils.translation import gettext as _

from haitang.core import history
from haitang.core.access import Actor, require
from haitang.core.errors import Invalid, Refusal
from haitang.core.scoping import path_of
from haitang.orders import policies, queries
from haitang.orders.actions.offering import offer
from haitang.orders.actions.places import audience_of
from haitang.orders.facts import DispatchFollowed, DispatchProposed, ProposalRefused
from haitang.orders.lifecycle import ProposalStatus, Status
from haitang.orders.models import Dispatch, Proposal
from haitang.orders.queries import Drawn, order_rules
from haitang.orders.values import WORDS_LENGTH_MAX, HelperRef, Permission, ProposalClosed
from haitang.territory.queries import territory
from haitang.territory.values import AreaRef

_LONGEST = timedelta(hours=1)
"""After so long a job that follows a plan is taken for dead, and another may be started."""
_PLANS = 8_701_241
"""The advisory lock under which plans are written: two drawn at once do not propose two for one order."""


@dataclass(frozen=True, slots=True)
class Followed:
    """What became of proposals that were to be followed: offered, and the reasons why others could not be."""

    offered: int
    stale: list[str]


@transaction.atomic
def propose_helpers(*, actor: Actor, area_id: int, now: datetime) -> Dispatch:
    """
    Propose a person or organization for each open order of an area, all at once, and write the plan down; nobody is
    offered anything.

    Drawn again while nothing has changed, it is the same plan and no new one. Otherwise what an earlier plan left open
    for these orders is replaced. Orders are those that the actor hands out (community or hub), not begun.
    Raises AreaNotFound, NotAllowed, Invalid (there is no open order).
    """
    area = territory().area(area_id)
    if not actor.holds(Permission.HUB, area_path=area.path):
        require(actor, Permission.DISPATCH, area_path=area.path)
    _lock()
    drawn = queries.draw_plan(viewer=actor, now=now, area_path=area.path)
    if not drawn.orders:
        raise Invalid(_("这个区域没有待派的订单"), {"area": _("这个区域没有待派的订单")})
    return queries.latest_same(area.id, drawn) or _write(actor, area, drawn, now)


def confirm_proposals(
    *, actor: Actor, dispatch_id: int, now: datetime, proposal_ids: Iterable[int] | None = None
) -> Followed:
    """
    Offer the orders of a plan to those proposed; of all that are still open, or of these alone.

    Each in a transaction of its own. An order that was handed out, accepted or cancelled meanwhile is left as it is,
    and its proposal marked as stale with the reason; so is one whose person has become busy.
    Raises ProposalNotFound, NotAllowed.
    """
    queries.get_plan(viewer=actor, dispatch_id=dispatch_id)
    wanted = None if proposal_ids is None else set(proposal_ids)
    offered, stale = 0, []
    for proposal_id in queries.open_proposals(dispatch_id):
        if wanted is None or proposal_id in wanted:
            said = _follow(actor, proposal_id, now)
            offered += said is None
            stale += [said] if said else []
    return Followed(offered, stale)


@transaction.atomic
def start_following(*, actor: Actor, dispatch_id: int, now: datetime) -> Dispatch:
    """
    Have a job offer every order of a plan that is still open, in the actor's name; for plans of very many.

    Its progress is what is decided of the plan's proposals. While one is at work, nothing more is started.
    Raises ProposalNotFound, ProposalClosed (nothing is left to offer).
    """
    row = queries.lock_dispatch(viewer=actor, dispatch_id=dispatch_id)
    if row.following_since is not None and now - row.following_since < _LONGEST:
        return row
    left = len(queries.open_proposals(dispatch_id))
    if not left or actor.id is None:
        raise ProposalClosed(_("没有待确认的推荐"))
    row.following_since, row.following_by_id = now, actor.id
    row.save(update_fields=["following_since", "following_by_id"])
    fact = DispatchFollowed(row.pk, left, actor.id, actor.standing_in_for)
    history.record(actor=actor, fact=fact, at=now, audience=_audience(row.area_ids))
    return row


def follow_plan(*, actor: Actor, dispatch_id: int, now: datetime) -> Followed:
    """Offer every order of a plan that is still open, and say at its end that it was done. Raises ProposalNotFound."""
    try:
        return confirm_proposals(actor=actor, dispatch_id=dispatch_id, now=now)
    finally:
        Dispatch.objects.filter(pk=dispatch_id).update(following_since=None)


@transaction.atomic
def change_proposal(
    *,
    actor: Actor,
    proposal_id: int,
    now: datetime,
    volunteer_id: int | None = None,
    organization_id: int | None = None,
) -> Proposal:
    """
    Offer the order to somebody else than proposed: another person, or another organization.

    Raises ProposalNotFound, NotAllowed, ProposalClosed, and what `offer` raises (NotAFit, TooEarly …).
    """
    row = _locked_open(actor, proposal_id)
    if (volunteer_id, organization_id) == (row.volunteer_id, row.organization_id):
        raise Invalid(_("请选择另一方"), {"helper": _("请选择另一方")})
    helper = HelperRef(volunteer_id, organization_id, (_("由派单人改派"),))
    offer(actor=actor, order_id=row.order_id, helpers=[helper], now=now)
    row.instead_id, row.instead_office_id = volunteer_id, organization_id
    _decide(row, ProposalStatus.CHANGED, actor, now)
    _record_refusal(actor, row, now)
    return row


@transaction.atomic
def refuse_proposal(*, actor: Actor, proposal_id: int, reason: str, now: datetime) -> Proposal:
    """
    Do not follow a proposal; the order stays to be handed out. reason: 1 to 500 characters.

    Raises ProposalNotFound, NotAllowed, ProposalClosed, Invalid.
    """
    row = _locked_open(actor, proposal_id)
    reason = reason.strip()
    if not reason or len(reason) > WORDS_LENGTH_MAX:
        raise Invalid(_("请填写原因"), {"reason": _("请填写原因，最多 %(n)d 字") % {"n": WORDS_LENGTH_MAX}})
    row.reason = reason
    _decide(row, ProposalStatus.REFUSED, actor, now)
    _record_refusal(actor, row, now)
    return row


def dispatch_automatically(*, actor: Actor, now: datetime) -> int:
    """
    Propose helpers for the open orders of those types that are handed out automatically, and offer at once.

    Returns how many were offered. The actor holds DISPATCH and HUB wherever that may be. Who has been asked for an
    order and did not take it is not asked for it again.
    """
    offered = 0
    for area in territory().children(None):
        with transaction.atomic():
            _lock()
            drawn = queries.draw_plan(viewer=None, now=now, area_path=area.path, only_automatic=True)
            row = _write(actor, area, drawn, now) if drawn.found.proposals else None
        if row is not None:
            offered += confirm_proposals(actor=actor, dispatch_id=row.pk, now=now).offered
    return offered


def _audience(area_ids: list[int]) -> history.Audience:
    return history.Audience(path_of(area_ids), (), Permission.VIEW)


def _lock() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_PLANS])


def _write(actor: Actor, area: AreaRef, drawn: Drawn, now: datetime) -> Dispatch:
    """Write a plan down, in place of what is open for its orders."""
    found = drawn.found
    open_now = Proposal.objects.filter(order_id__in=[each.id for each in drawn.orders], status=ProposalStatus.OPEN)
    open_now.update(status=ProposalStatus.REPLACED, decided_at=now, decided_by_id=actor.id)
    row = Dispatch.objects.create(
        area_id=area.id, area_ids=list(area.ids), made_at=now, made_by_id=actor.id, weights=asdict(drawn.weights),
        figures=asdict(found.figures), greedy=asdict(found.greedy), orders=len(drawn.orders), people=drawn.people,
        fitting=found.fitting, left_out=found.left_out,
        unmet=[[each.task, each.why, {str(lack): n for lack, n in each.left.items()}] for each in found.unmet],
    )  # fmt: skip
    Proposal.objects.bulk_create(
        Proposal(
            dispatch=row,
            order_id=each.task,
            why=asdict(drawn.why[int(each.task)]),
            volunteer_id=each.person if int(each.person) > 0 else None,
            organization_id=None if int(each.person) > 0 else -int(each.person),
        )
        for each in found.proposals
    )
    fact = DispatchProposed(row.pk, area.id, len(found.proposals), len(found.unmet))
    history.record(actor=actor, fact=fact, at=now, audience=_audience(list(area.ids)))
    return row


@transaction.atomic
def _follow(actor: Actor, proposal_id: int, now: datetime) -> str | None:
    """Offer the order to whom is proposed; return why not where that cannot be, None where it is done."""
    row = queries.lock_proposal(proposal_id)
    if row.status != ProposalStatus.OPEN:
        return _("%(number)s：该推荐已处理") % {"number": row.order.number}
    if row.order.status != Status.ORDERED:
        row.reason = queries.stale_sentence(row.order.status)
    else:
        why = tuple(queries.sentences(queries.read_why(row.why), {}))
        try:
            helper = HelperRef(row.volunteer_id, row.organization_id, why)
            offer(actor=actor, order_id=row.order_id, helpers=[helper], now=now)
        except Refusal as refusal:
            if refusal.status == 403:
                raise
            row.reason = refusal.message
    if row.reason:
        _decide(row, ProposalStatus.STALE, actor, now)
        return f"{row.order.number}：{row.reason}"
    _decide(row, ProposalStatus.OFFERED, actor, now)
    return None


def _locked_open(actor: Actor, proposal_id: int) -> Proposal:
    """Return a proposal that is still to be decided, locked with its order, for an actor who hands the order out."""
    queries.get_proposal(viewer=actor, proposal_id=proposal_id)
    row = queries.lock_proposal(proposal_id)
    policies.check_can_hand_out(actor, row.order, order_rules().by_id[row.order.service.type_id].dispatcher)
    if row.status != ProposalStatus.OPEN:
        raise ProposalClosed(_("该推荐已处理（%(status)s）") % {"status": row.get_status_display()})
    if row.order.status != Status.ORDERED:
        raise ProposalClosed(queries.stale_sentence(row.order.status))
    return row


def _decide(row: Proposal, status: ProposalStatus, actor: Actor, now: datetime) -> None:
    row.status, row.decided_at, row.decided_by_id = status, now, actor.id
    row.save(update_fields=["status", "decided_at", "decided_by_id", "reason", "instead", "instead_office"])


def _record_refusal(actor: Actor, row: Proposal, now: datetime) -> None:
    fact = ProposalRefused(row.order_id, row.pk, row.volunteer_id, row.organization_id, row.reason)
    history.record(actor=actor, fact=fact, at=now, audience=audience_of(row.order))
