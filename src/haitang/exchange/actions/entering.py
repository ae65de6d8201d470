"""Needs and resources: entered one by one or many at once, published, denied, closed."""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import Any, TypeVar

from django.db import transaction
from django.utils.translation import gettext as _

from haitang.core import crypto, history, limits
from haitang.core.access import Actor
from haitang.core.clock import local_date
from haitang.core.errors import Refusal
from haitang.core.facts import Fact
from haitang.core.scoping import path_of
from haitang.exchange import policies, queries
from haitang.exchange.facts import (
    NeedClosed,
    NeedDenied,
    NeedEntered,
    NeedPublished,
    NeedUnmasked,
    ResourceClosed,
    ResourceDenied,
    ResourceOffered,
    ResourcePublished,
)
from haitang.exchange.lifecycle import LIVE, EntryDeed, check_entry_move
from haitang.exchange.models import CONTACT, PHONE, Agreement, Need, Resource
from haitang.exchange.queries import rules
from haitang.exchange.values import (
    CAPACITY_MAX,
    COST_FEN_MAX,
    NAME_LENGTH_MAX,
    PEOPLE_MAX,
    PLACE_LENGTH_MAX,
    TITLE_LENGTH_MAX,
    WORDS_LENGTH_MAX,
    BadEntry,
    Channel,
    Hours,
    NewNeed,
    NewResource,
    Permission,
    Repeats,
    WrongState,
)
from haitang.organizations.queries import organizations
from haitang.organizations.values import Kind
from haitang.territory.queries import territory
from haitang.territory.values import AreaRef

ASKED_A_DAY = 10
_DAY_S = 86_400
_Row = TypeVar("_Row", Need, Resource)


def audience_of(row: Need | Resource | Agreement) -> history.Audience:
    """Return who may hear at once of what happens to an entry or an agreement."""
    offices = (row.organization_id,) if row.organization_id else ()
    return history.Audience(path_of(row.area_ids), offices, Permission.VIEW)


def text_of(given: str, name: str, length: int, *, missing: str = "") -> str:
    """Return what was typed without outer spaces. Raises BadEntry where it is too long, or missing and may not be."""
    given = given.replace("\x00", "").strip()
    if missing and not given:
        raise BadEntry(missing, {name: missing})
    if len(given) > length:
        too_long = _("最多 %(n)d 字") % {"n": length}
        raise BadEntry(too_long, {name: too_long})
    return given


def number_of(given: int, name: str, least: int, most: int) -> int:
    """Return the number. Raises BadEntry where it is out of bounds."""
    if not least <= given <= most:
        sentence = _("应在 %(least)d 到 %(most)d 之间") % {"least": least, "most": most}
        raise BadEntry(sentence, {name: sentence})
    return given


def area_named(code: str) -> AreaRef:
    """Return the valid area. Raises BadEntry."""
    area = territory().by_code(code)
    if area is None:
        raise BadEntry(_("没有这个区域"), {"area": _("没有这个区域")})
    return area


def _hours(given: Iterable[str]) -> list[str]:
    if not set(given) <= set(Hours.values):
        raise BadEntry(_("请选择时段"), {"hours": _("请选择时段")})
    return [each for each in Hours.values if each in set(given)]


def _shared(new: NewNeed | NewResource, now: datetime) -> dict[str, Any]:
    """Return what a need and a resource have in common, checked."""
    known, area = rules(), area_named(new.area_code)
    round_ = known.round(new.round_code)
    if round_ is not None and not round_.is_open(local_date(now)):
        raise BadEntry(_("这个征集批次不在征集期内"), {"round": _("这个征集批次不在征集期内")})
    return {
        "title": text_of(new.title, "title", TITLE_LENGTH_MAX, missing=_("请填写标题")),
        "words": text_of(new.words, "words", WORDS_LENGTH_MAX),
        "category_id": known.category(new.category).id,
        "area_id": area.id, "area_ids": list(area.ids), "hours": _hours(new.hours),
        "round_id": round_.id if round_ else None, "entered_at": now,
    }  # fmt: skip


def _office(organization_id: int | None, now: datetime) -> int | None:
    if organization_id is not None:
        office = organizations().by_id(organization_id)
        if office is None or not office.exists(local_date(now)):
            raise BadEntry(_("没有这个单位"), {"organization": _("没有这个单位")})
    return organization_id


def build_need(new: NewNeed, *, actor: Actor, channel: str, now: datetime) -> Need:
    """Return the need as it would be written; writes nothing. Raises BadEntry."""
    shared = _shared(new, now)
    if channel not in Channel.values:
        raise BadEntry(_("请选择来源"), {"channel": _("请选择来源")})
    if new.wished_by is not None and new.wished_by < local_date(now):
        raise BadEntry(_("希望完成日期已过"), {"wished_by": _("希望完成日期已过")})
    asker = organizations().serving(tuple(shared["area_ids"]), Kind.COMMUNITY, local_date(now))
    name = text_of(new.contact_name, "contact_name", NAME_LENGTH_MAX)
    phone = text_of(new.contact_phone, "contact_phone", NAME_LENGTH_MAX)
    return Need(
        **shared, channel=channel, entered_by_id=actor.id,
        organization_id=_office(new.organization_id, now) or (asker.id if asker else None),
        beneficiaries=text_of(new.beneficiaries, "beneficiaries", NAME_LENGTH_MAX),
        place=text_of(new.place, "place", PLACE_LENGTH_MAX),
        people=number_of(new.people, "people", 1, PEOPLE_MAX), wished_by=new.wished_by,
        contact_sealed=crypto.seal(name, CONTACT) if name else None,
        phone_sealed=crypto.seal(phone, PHONE) if phone else None,
    )  # fmt: skip


def build_resource(new: NewResource, *, actor: Actor, channel: str, now: datetime) -> Resource:
    """Return the resource as it would be written; writes nothing. Raises BadEntry."""
    if channel not in Channel.values or new.repeats not in Repeats.values:
        raise BadEntry(_("请选择频次"), {"repeats": _("请选择频次")})
    if new.from_date and new.until_date and new.until_date < new.from_date:
        raise BadEntry(_("截止日期早于起始日期"), {"until_date": _("截止日期早于起始日期")})
    _office(new.organization_id, now)
    return Resource(
        **_shared(new, now), channel=channel, entered_by_id=actor.id,
        organization_id=new.organization_id, repeats=new.repeats,
        capacity=number_of(new.capacity, "capacity", 1, CAPACITY_MAX),
        people_max=number_of(new.people_max, "people_max", 0, PEOPLE_MAX),
        cost_fen=number_of(new.cost_fen, "cost", 0, COST_FEN_MAX),
        from_date=new.from_date, until_date=new.until_date,
    )  # fmt: skip


def write_rows(rows: Sequence[Need | Resource], *, actor: Actor, now: datetime) -> None:
    """Write checked rows with what the history says of each, in the caller's transaction: a few statements for all."""
    told: list[tuple[Fact, history.Audience]] = []
    Need.objects.bulk_create([row for row in rows if isinstance(row, Need)])
    Resource.objects.bulk_create([row for row in rows if isinstance(row, Resource)])
    for row in rows:
        fact = (
            NeedEntered(row.pk, row.title, row.channel)
            if isinstance(row, Need)
            else ResourceOffered(row.pk, row.title, row.organization_id)
        )
        told.append((fact, audience_of(row)))
    history.record_each(actor=actor, facts=told, at=now)


@transaction.atomic
def enter_needs(
    *, actor: Actor, news: Sequence[NewNeed], now: datetime, channel: str = Channel.PAGE.value
) -> list[Need]:
    """
    Enter needs, as drafts: all of them or none. A few statements for any number.

    Raises NotAllowed (no ENTER over one of the areas), BadEntry (its `fields` say where).
    """
    rows = [build_need(new, actor=actor, channel=channel, now=now) for new in news]
    for path in {path_of(row.area_ids) for row in rows}:
        policies.check_can_enter(actor, path)
    write_rows(rows, actor=actor, now=now)
    return rows


def ask_need(*, actor: Actor, new: NewNeed, now: datetime) -> Need:
    """
    Enter a need of one's own, as a draft that the community looks at before it is published.

    Raises NotSignedIn, TooMany (past ASKED_A_DAY), BadEntry.
    """
    policies.check_can_ask(actor)
    limits.hit(f"exchange.ask:{actor.id}", limit=ASKED_A_DAY, window_s=_DAY_S, now=now)
    try:
        with transaction.atomic():
            row = build_need(new, actor=actor, channel=Channel.PAGE, now=now)
            write_rows([row], actor=actor, now=now)
    except Refusal:
        limits.give_back(f"exchange.ask:{actor.id}")
        raise
    return row


@transaction.atomic
def offer_resources(
    *, actor: Actor, news: Sequence[NewResource], now: datetime, channel: str = Channel.PAGE.value
) -> list[Resource]:
    """
    Enter resources, as drafts: all of them or none. A few statements for any number.

    Raises NotAllowed (neither OFFER over the unit nor ENTER over the area), BadEntry (its `fields` say where).
    """
    rows = [build_resource(new, actor=actor, channel=channel, now=now) for new in news]
    for organization_id, path in {(row.organization_id, path_of(row.area_ids)) for row in rows}:
        policies.check_can_offer(actor, organization_id, path)
    write_rows(rows, actor=actor, now=now)
    return rows


def _locked(model: type[_Row], ids: Iterable[int], missing: Callable[[int], Any]) -> list[_Row]:
    wanted = sorted(set(ids))
    rows: list[_Row] = list(model._default_manager.select_for_update(no_key=True).filter(pk__in=wanted).order_by("pk"))
    if len(rows) != len(wanted):
        missing(next(iter(set(wanted) - {row.pk for row in rows})))
    return rows


def _move(
    actor: Actor, rows: Sequence[Any], deed: EntryDeed, make: Callable[[int], Fact], now: datetime, reason: str = ""
) -> None:
    """Lead locked rows of one kind to where the deed leads, and write it down."""
    today = local_date(now)
    for row in rows:
        row.status, row.reason = check_entry_move(row.status, deed), reason
        if deed is EntryDeed.PUBLISH:
            row.published_on = row.published_on or today
    if rows:
        type(rows[0]).objects.filter(pk__in=[row.pk for row in rows]).update(
            status=rows[0].status, reason=reason, **({"published_on": today} if deed is EntryDeed.PUBLISH else {})
        )
    history.record_each(actor=actor, facts=[(make(row.pk), audience_of(row)) for row in rows], at=now)


@transaction.atomic
def publish_needs(*, actor: Actor, need_ids: Iterable[int], now: datetime) -> list[Need]:
    """
    Put needs on the public list, all or none. Raises NeedUnknown, NotAllowed (no PUBLISH there), WrongState.
    """
    rows = _locked(Need, need_ids, queries.lock_need)
    for path in {path_of(row.area_ids) for row in rows}:
        policies.check_can_publish(actor, path)
    _move(actor, rows, EntryDeed.PUBLISH, NeedPublished, now)
    return rows


@transaction.atomic
def publish_resources(*, actor: Actor, resource_ids: Iterable[int], now: datetime) -> list[Resource]:
    """
    Put resources on the public list, all or none. Raises ResourceUnknown, NotAllowed (no PUBLISH there), WrongState.
    """
    rows = _locked(Resource, resource_ids, queries.lock_resource)
    for path in {path_of(row.area_ids) for row in rows}:
        policies.check_can_publish_resource(actor, path)
    _move(actor, rows, EntryDeed.PUBLISH, ResourcePublished, now)
    return rows


@transaction.atomic
def deny_need(*, actor: Actor, need_id: int, reason: str, now: datetime) -> Need:
    """Keep a need off the public list, or take it off; whoever asked reads the reason. Raises as publish_needs."""
    row = queries.lock_need(need_id)
    policies.check_can_publish(actor, path_of(row.area_ids))
    reason = _reason(reason)
    _move(actor, [row], EntryDeed.DENY, lambda pk: NeedDenied(pk, reason), now, reason)
    return row


@transaction.atomic
def deny_resource(*, actor: Actor, resource_id: int, reason: str, now: datetime) -> Resource:
    """Keep a resource off the public list, or take it off; the unit reads the reason. Raises as publish_resources."""
    row = queries.lock_resource(resource_id)
    policies.check_can_publish_resource(actor, path_of(row.area_ids))
    reason = _reason(reason)
    _move(actor, [row], EntryDeed.DENY, lambda pk: ResourceDenied(pk, reason), now, reason)
    return row


@transaction.atomic
def close_need(*, actor: Actor, need_id: int, reason: str, now: datetime) -> Need:
    """Take a need off the list for good, with the reason. Raises as publish_needs."""
    row = queries.lock_need(need_id)
    policies.check_can_publish(actor, path_of(row.area_ids))
    reason = _reason(reason)
    _move(actor, [row], EntryDeed.CLOSE, lambda pk: NeedClosed(pk, reason), now, reason)
    return row


@transaction.atomic
def close_resource(*, actor: Actor, resource_id: int, reason: str, now: datetime) -> Resource:
    """
    Take a resource off the list for good; the unit itself may, too.

    Raises ResourceUnknown, NotAllowed, WrongState (orders or agreements are not over).
    """
    row = queries.lock_resource(resource_id)
    if not actor.holds(Permission.OFFER, organization_id=row.organization_id):
        policies.check_can_publish_resource(actor, path_of(row.area_ids))
    if Agreement.objects.filter(resource=row, stage__in=LIVE).exists():
        raise WrongState(_("还有未完成的对接单，不能关闭"))
    reason = _reason(reason)
    _move(actor, [row], EntryDeed.CLOSE, lambda pk: ResourceClosed(pk, reason), now, reason)
    return row


def _reason(given: str) -> str:
    return text_of(given, "reason", PLACE_LENGTH_MAX, missing=_("请写明理由"))


@transaction.atomic
def unmask_need(*, actor: Actor, need_id: int, reason: str, now: datetime) -> tuple[str, str]:
    """
    Return who asks, name and telephone in full; the reason is kept.

    Raises NeedUnknown, NotAllowed (no ENTER there), BadEntry (no reason).
    """
    need = queries.get_need(viewer=actor, need_id=need_id)
    policies.check_can_unmask_need(actor, need)
    history.record(actor=actor, fact=NeedUnmasked(need.pk, _reason(reason)), at=now, audience=audience_of(need))
    return queries.open_contact(need)
