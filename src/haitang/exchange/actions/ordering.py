"""Orders and agreements: capacity is held from the order on, and given back when nothing comes of it."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from haitang.core import history
from haitang.core.access import Actor
from haitang.core.clock import local_date
from haitang.core.constraints import refusing
from haitang.core.errors import Refusal
from haitang.core.scoping import path_of
from haitang.exchange import policies
from haitang.exchange.actions.entering import area_named, audience_of, number_of, text_of
from haitang.exchange.actions.holding import fail, lock_by_id, ready, take, tell
from haitang.exchange.actions.projecting import start_projects_of
from haitang.exchange.facts import (
    AgreementAnswered,
    AgreementDeclined,
    AgreementExpired,
    AgreementReached,
    AgreementWithdrawn,
    ResourceOrdered,
)
from haitang.exchange.lifecycle import LIVE, OPEN, AgreementDeed, Stage, Status, check_agreement_deed
from haitang.exchange.models import Agreement, Need, Resource
from haitang.exchange.queries import rules
from haitang.exchange.values import (
    PEOPLE_MAX,
    PLACE_LENGTH_MAX,
    ROWS_MAX,
    WORDS_LENGTH_MAX,
    AlreadyOrdered,
    BadEntry,
    NeedUnknown,
    NewOrder,
    NoCapacity,
    ResourceUnknown,
    Side,
    Terms,
    TermsChanged,
    WrongState,
)
from haitang.organizations.queries import organizations
from haitang.organizations.values import Kind

EXPIRED_AT_ONCE = 500


@transaction.atomic
def order_resource(*, actor: Actor, order: NewOrder, now: datetime, side: str = Side.COMMUNITY.value) -> Agreement:
    """
    Order a resource with one press, for a need or without one; the order is this side's yes, the other's is waited for.

    side: the community's (ORDER over the area), or the unit's (OFFER over the unit), which takes up a need.
    Raises NeedUnknown, ResourceUnknown, NotAllowed, WrongState (not published), NoCapacity, AlreadyOrdered, BadEntry.
    """
    (placed,) = _place(actor, side, [order], now)
    if isinstance(placed, Refusal):
        raise placed
    return placed


@transaction.atomic
def order_resources(
    *, actor: Actor, orders: Sequence[NewOrder], now: datetime, side: str = Side.COMMUNITY.value
) -> list[Agreement | Refusal]:
    """
    Order many at once, as a plan proposes them: for each the agreement, or why it could not be made.

    Whoever comes later does not take what is gone: the rest is ordered all the same. At most ROWS_MAX.
    """
    if len(orders) > ROWS_MAX:
        raise BadEntry(_("一次最多 %(n)d 条") % {"n": ROWS_MAX})
    return _place(actor, side, orders, now)


def look_at_orders(actor: Actor, side: str, orders: Sequence[NewOrder], now: datetime) -> list[Agreement | Refusal]:
    """Return for each order the agreement that it would make, not written down, or why it cannot be; what they are
    about is locked until the end of the transaction."""
    needs = lock_by_id(Need, (order.need_id for order in orders))
    resources = lock_by_id(Resource, (order.resource_id for order in orders))
    standing = Agreement.objects.filter(need__in=needs, stage__in=LIVE)
    live: set[tuple[int | None, int]] = set(standing.values_list("need_id", "resource_id"))
    found: list[Agreement | Refusal] = []
    for order in orders:
        try:
            row = _build(actor, side, order, needs, resources, live, now)
        except Refusal as refusal:
            found.append(refusal)
            continue
        live.add((row.need_id, row.resource_id))
        resources[row.resource_id].taken += 1
        found.append(row)
    return found


def _place(actor: Actor, side: str, orders: Sequence[NewOrder], now: datetime) -> list[Agreement | Refusal]:
    found = look_at_orders(actor, side, orders, now)
    rows = [row for row in found if isinstance(row, Agreement)]
    with refusing({"exchange_agreement_once": AlreadyOrdered(_("这条资源已为该需求下单，请勿重复"))}):
        Agreement.objects.bulk_create(rows)
    take(rows)
    history.record_each(
        actor=actor, facts=[(ResourceOrdered(row.pk, row.resource_id, side), audience_of(row)) for row in rows], at=now
    )
    return found


def _build(
    actor: Actor, side: str, order: NewOrder, needs: dict[int, Need], resources: dict[int, Resource],
    live: set[tuple[int | None, int]], now: datetime,
) -> Agreement:  # fmt: skip
    resource = resources.get(order.resource_id)
    if resource is None:
        raise ResourceUnknown(_("没有这条资源"))
    need = needs.get(order.need_id or 0)
    if order.need_id is not None and need is None:
        raise NeedUnknown(_("没有这条需求"))
    if side == Side.UNIT and need is None:
        raise BadEntry(_("请选择要认领的需求"))
    area_id, area_ids = (need.area_id, need.area_ids) if need else _area(order.area_code)
    path = path_of(area_ids)
    policies.check_side(actor, resource.organization_id, path, side)
    policies.check_may_see_resource(actor, resource)
    if need is not None:
        policies.check_may_see_need(actor, need)
        if need.status not in OPEN:
            raise WrongState(_("需求当前为“%(status)s”，不能下单") % {"status": Status(need.status).label})
    if resource.status not in OPEN:
        raise WrongState(_("资源当前为“%(status)s”，不能下单") % {"status": Status(resource.status).label})
    if need is not None and (need.pk, resource.pk) in live:
        raise AlreadyOrdered(_("这条资源已为该需求下单，请勿重复"))
    if resource.left <= 0:
        raise NoCapacity(_("这条资源已约满"))
    people = order.terms.people if order.terms.people > 1 or need is None else _fitting(need, resource)
    terms = _checked(Terms(order.terms.on, people, order.terms.words), resource, now)
    community = need.organization_id if need else None
    if community is None:
        asker = organizations().serving(tuple(area_ids), Kind.COMMUNITY, local_date(now))
        community = asker.id if asker else None
    is_community = side == Side.COMMUNITY
    return Agreement(
        round_id=need.round_id or resource.round_id if need else resource.round_id, need=need, resource=resource,
        community_id=community, organization_id=resource.organization_id, area_id=area_id, area_ids=area_ids,
        ordered_by=side, ordered_by_id=actor.id, ordered_at=now, answer_by=_answer_by(now), on=terms.on,
        people=terms.people, words=terms.words, community_at=now if is_community else None,
        unit_at=None if is_community else now,
    )  # fmt: skip


def _area(code: str) -> tuple[int, list[int]]:
    area = area_named(code)
    return area.id, list(area.ids)


def _fitting(need: Need, resource: Resource) -> int:
    return min(need.people, resource.people_max) if resource.people_max else need.people


def _answer_by(now: datetime) -> datetime:
    return now + timedelta(days=rules().setting("answer_days"))


def _checked(terms: Terms, resource: Resource, now: datetime) -> Terms:
    """Return the terms. Raises BadEntry where the resource cannot be had so."""
    if terms.on is not None:
        if terms.on < local_date(now):
            raise BadEntry(_("约定日期已过"), {"on": _("约定日期已过")})
        early = resource.from_date is not None and terms.on < resource.from_date
        if early or (resource.until_date is not None and terms.on > resource.until_date):
            raise BadEntry(_("约定日期不在资源可约期内"), {"on": _("约定日期不在资源可约期内")})
    people = number_of(terms.people, "people", 1, PEOPLE_MAX)
    if resource.people_max and people > resource.people_max:
        sentence = _("每次最多 %(n)d 人") % {"n": resource.people_max}
        raise BadEntry(sentence, {"people": sentence})
    return Terms(terms.on, people, text_of(terms.words, "words", WORDS_LENGTH_MAX))


@transaction.atomic
def confirm_agreement(
    *, actor: Actor, agreement_id: int, side: str, now: datetime, terms: Terms | None = None, version: int | None = None
) -> Agreement:
    """
    Say yes for one side: to the terms as they stand, or to other ones, to which the other side then says yes again.

    version: of the terms as they were read; None for whatever stands. With the second yes to the same terms the
    agreement is reached and, where its round makes projects, becomes one.
    Raises AgreementUnknown, NotAllowed, WrongState, TermsChanged, BadEntry.
    """
    row = ready(actor, agreement_id, AgreementDeed.CONFIRM, side)
    if version is not None and version != row.version:
        raise TermsChanged(_("对方刚刚修改了约定，请看过后再确认"))
    if terms is not None:
        terms = _checked(terms, Resource.objects.get(pk=row.resource_id), now)
        if terms != Terms(row.on, row.people, row.words):
            row.on, row.people, row.words = terms.on, terms.people, terms.words
            row.version, row.answer_by = row.version + 1, _answer_by(now)
            row.community_at = row.unit_at = None
    if side == Side.COMMUNITY:
        row.community_at = now
    else:
        row.unit_at = now
    row.save(update_fields=["on", "people", "words", "version", "answer_by", "community_at", "unit_at"])
    tell(actor, [(row, _answered(row, side))], now)
    if row.community_at and row.unit_at:
        _reach(actor, [row], now)
    return row


def _answered(row: Agreement, side: str) -> AgreementAnswered:
    return AgreementAnswered(row.pk, side, row.on.isoformat() if row.on else "", row.people, row.words)


@transaction.atomic
def confirm_agreements(*, actor: Actor, agreement_ids: Iterable[int], side: str, now: datetime) -> list[Agreement]:
    """
    Say yes for one side to the terms of many agreements as they stand, all or none. Raises as confirm_agreement does.
    """
    rows = list(lock_by_id(Agreement, agreement_ids).values())
    for row in rows:
        policies.check_side(actor, row.organization_id, path_of(row.area_ids), side)
        check_agreement_deed(row.stage, AgreementDeed.CONFIRM)
    name = "community_at" if side == Side.COMMUNITY else "unit_at"
    for row in rows:
        setattr(row, name, now)
    Agreement.objects.filter(pk__in=[row.pk for row in rows]).update(**{name: now})
    tell(actor, [(row, _answered(row, side)) for row in rows], now)
    _reach(actor, [row for row in rows if row.community_at and row.unit_at], now)
    return rows


def _reach(actor: Actor, rows: Sequence[Agreement], now: datetime) -> None:
    """Both sides have said yes: the agreement is reached, and becomes a project where its round makes projects."""
    for row in rows:
        row.stage = Stage.CONFIRMED
    Agreement.objects.filter(pk__in=[row.pk for row in rows]).update(stage=Stage.CONFIRMED)
    start_projects_of(rows, now=now)
    tell(actor, [(row, AgreementReached(row.pk, row.organization_id, row.project_id)) for row in rows], now)


@transaction.atomic
def decline_agreement(*, actor: Actor, agreement_id: int, side: str, reason: str, now: datetime) -> Agreement:
    """
    Say no for the side that is asked, with a reason; the capacity is free again.

    Raises AgreementUnknown, NotAllowed, WrongState (it is not this side's turn), BadEntry (no reason).
    """
    row = ready(actor, agreement_id, AgreementDeed.DECLINE, side)
    if row.waits_for != side:
        raise WrongState(_("现在等待对方答复，要取消请撤回"))
    reason = text_of(reason, "reason", PLACE_LENGTH_MAX, missing=_("请写明婉拒的理由"))
    fail([row], Stage.DECLINED, reason)
    tell(actor, [(row, AgreementDeclined(row.pk, side, reason))], now)
    return row


@transaction.atomic
def withdraw_agreement(*, actor: Actor, agreement_id: int, side: str, now: datetime, reason: str = "") -> Agreement:
    """
    Take an order back before both have said yes; the capacity is free again.

    Raises AgreementUnknown, NotAllowed, WrongState (the other side ordered, or it is agreed on).
    """
    row = ready(actor, agreement_id, AgreementDeed.WITHDRAW, side)
    if row.ordered_by != side:
        raise WrongState(_("由对方下单，请确认或婉拒"))
    reason = text_of(reason, "reason", PLACE_LENGTH_MAX)
    fail([row], Stage.WITHDRAWN, reason)
    tell(actor, [(row, AgreementWithdrawn(row.pk, reason))], now)
    return row


@transaction.atomic
def expire_agreements(*, actor: Actor, now: datetime) -> int:
    """
    End the orders that nobody answered in time and return how many; at most EXPIRED_AT_ONCE a call.

    Run by two at once, each takes others.
    """
    late = Agreement.objects.filter(stage=Stage.ORDERED, answer_by__lte=now).order_by("pk")
    rows = list(late.select_for_update(skip_locked=True, no_key=True)[:EXPIRED_AT_ONCE])
    fail(rows, Stage.EXPIRED, "")
    tell(actor, [(row, AgreementExpired(row.pk)) for row in rows], now)
    return len(rows)
