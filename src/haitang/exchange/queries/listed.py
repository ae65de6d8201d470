"""Reads over needs and resources."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

from haitang.core import access, crypto, history, paging
from haitang.core.access import Actor
from haitang.core.keyset import page_by_instant
from haitang.core.models import Entry
from haitang.core.privacy import mask_name, mask_phone
from haitang.core.scoping import path_of
from haitang.exchange import policies
from haitang.exchange.lifecycle import OPEN, PUBLIC, STANDING, EntryDeed, entry_deeds
from haitang.exchange.models import CONTACT, PHONE, Agreement, Need, Resource
from haitang.exchange.queries.rules import rules
from haitang.exchange.values import Hours, NeedUnknown, Permission, ResourceUnknown
from haitang.organizations.queries import organizations
from haitang.territory.queries import territory

PAGE_ROWS = 50
TOTAL_MAX = 10_000


@dataclass(frozen=True, slots=True)
class ListFilter:
    """Which entries are wanted. status: a state, "open" for what can be ordered, "" for all.

    without_agreement: only those with no agreement that stands. organization_id: who offers or asks.
    """

    status: str = ""
    category_id: int | None = None
    area_path: str = ""
    round_id: int | None = None
    organization_id: int | None = None
    without_agreement: bool = False
    text: str = ""


@dataclass(frozen=True, slots=True)
class EntryView:
    """A need or a resource with the names that pages show."""

    row: Any
    area_name: str
    organization_name: str
    category_name: str
    round_name: str
    hours: str


@dataclass(frozen=True, slots=True)
class EntryPage:
    """What the page of one need or resource shows. deeds: what this viewer may do to it.

    contact: who asks, masked, ("", "") where nothing was left. may_unmask: it may be seen in full, with a reason.
    """

    view: EntryView
    entries: list[Entry]
    deeds: list[EntryDeed]
    contact: tuple[str, str] = ("", "")
    may_unmask: bool = False
    may_order: bool = False
    may_claim: tuple[int, ...] = field(default=())


def hours_text(hours: Sequence[str]) -> str:
    """Return when something suits, in words."""
    return "、".join(str(Hours(each).label) for each in hours) or _("时间不限")


def lock_need(need_id: int) -> Need:
    """Return the need, locked. For actions; raises NeedUnknown."""
    found = Need.objects.select_for_update(no_key=True).filter(pk=need_id).first()
    if found is None:
        raise NeedUnknown(_("没有这条需求"))
    return found


def lock_resource(resource_id: int) -> Resource:
    """Return the resource, locked. For actions; raises ResourceUnknown."""
    found = Resource.objects.select_for_update(no_key=True).filter(pk=resource_id).first()
    if found is None:
        raise ResourceUnknown(_("没有这条资源"))
    return found


def get_need(*, viewer: Actor, need_id: int) -> Need:
    """Return the need. Raises NeedUnknown, also where the viewer may not know of it."""
    found = Need.objects.filter(pk=need_id).first()
    if found is None:
        raise NeedUnknown(_("没有这条需求"))
    policies.check_may_see_need(viewer, found)
    return found


def get_resource(*, viewer: Actor, resource_id: int) -> Resource:
    """Return the resource. Raises ResourceUnknown, also where the viewer may not know of it."""
    found = Resource.objects.filter(pk=resource_id).first()
    if found is None:
        raise ResourceUnknown(_("没有这条资源"))
    policies.check_may_see_resource(viewer, found)
    return found


def get_need_for_job(need_id: int) -> Need | None:
    """Return a need as it stands, or None. For jobs only, which tell others of it and show nobody anything."""
    return Need.objects.filter(pk=need_id).first()


def describe_entries(rows: Iterable[Any]) -> list[EntryView]:
    """Return needs or resources with their names; no query."""
    areas, offices, known = territory(), organizations(), rules()
    views = []
    for row in rows:
        office, round_ = offices.by_id(row.organization_id), known.round_of(row.round_id)
        views.append(
            EntryView(
                row, areas.full_name(row.area_id), office.name if office else "",
                known.category_of(row.category_id).name, round_.name if round_ else "", hours_text(row.hours),
            )
        )  # fmt: skip
    return views


def _narrow(rows: Any, wanted: ListFilter, link: str) -> Any:
    rows = rows.of_status(wanted.status)
    if wanted.area_path:
        rows = rows.below(wanted.area_path)
    if wanted.category_id:
        rows = rows.filter(category_id=wanted.category_id)
    if wanted.round_id:
        rows = rows.filter(round_id=wanted.round_id)
    if wanted.organization_id:
        rows = rows.filter(organization_id=wanted.organization_id)
    if wanted.text:
        rows = rows.filter(title__icontains=wanted.text)
    if wanted.without_agreement:
        standing = Agreement.objects.filter(stage__in=STANDING, **{link: OuterRef("pk")})
        rows = rows.exclude(Exists(standing))
    return rows


def filter_needs(*, viewer: Actor, wanted: ListFilter) -> Any:
    """Return the needs that the viewer may see and wants, as rows still to be read."""
    return _narrow(Need.objects.visible_to(viewer), wanted, "need_id")


def filter_resources(*, viewer: Actor, wanted: ListFilter) -> Any:
    """Return the resources that the viewer may see and wants, as rows still to be read."""
    return _narrow(Resource.objects.visible_to(viewer), wanted, "resource_id")


def list_needs(*, viewer: Actor, wanted: ListFilter, cursor: str = "") -> paging.Page:
    """Return a page of needs that the viewer may see, the latest entered first."""
    rows = filter_needs(viewer=viewer, wanted=wanted)
    return page_by_instant(rows, instant="entered_at", cursor=cursor, limit=PAGE_ROWS, total_max=TOTAL_MAX)


def list_resources(*, viewer: Actor, wanted: ListFilter, cursor: str = "") -> paging.Page:
    """Return a page of resources that the viewer may see, the latest entered first."""
    rows = filter_resources(viewer=viewer, wanted=wanted)
    return page_by_instant(rows, instant="entered_at", cursor=cursor, limit=PAGE_ROWS, total_max=TOTAL_MAX)


def list_public(*, kind: str, wanted: ListFilter, cursor: str = "") -> paging.Page:
    """Return a page of what anybody may read of needs ("needs") or resources; without who asked or entered it."""
    model = Need if kind == "needs" else Resource
    rows = _narrow(model.objects.filter(status__in=PUBLIC), wanted, "need_id")
    return page_by_instant(rows, instant="entered_at", cursor=cursor, limit=PAGE_ROWS, total_max=TOTAL_MAX)


def list_own_needs(*, viewer: Actor) -> list[Need]:
    """Return what the viewer has asked for, the latest first, at most 100."""
    if viewer.id is None:
        return []
    return list(Need.objects.filter(entered_by_id=viewer.id).order_by("-entered_at", "-id")[:100])


def open_contact(need: Need) -> tuple[str, str]:
    """Return name and telephone of who asks, in full. For actions and for masking; the caller has asked who may."""
    return (
        crypto.open_(need.contact_sealed, CONTACT) if need.contact_sealed else "",
        crypto.open_(need.phone_sealed, PHONE) if need.phone_sealed else "",
    )


def get_need_page(*, viewer: Actor, need_id: int) -> EntryPage:
    """Return the need with all that its page shows; raise NeedUnknown as `get_need` does."""
    need = get_need(viewer=viewer, need_id=need_id)
    path = path_of(need.area_ids)
    may_publish = access.allows(policies.check_can_publish, viewer, path)
    inside = viewer.holds(Permission.VIEW, area_path=path)
    name, phone = open_contact(need) if inside else ("", "")
    return EntryPage(
        view=describe_entries([need])[0],
        entries=history.timeline("exchange_need", need.pk) if inside else [],
        deeds=entry_deeds(need.status) if may_publish else [],
        contact=(mask_name(name), mask_phone(phone) if phone else ""),
        may_unmask=bool(name or phone) and access.allows(policies.check_can_unmask_need, viewer, need),
        may_order=need.status in OPEN and viewer.holds(Permission.ORDER, area_path=path),
        may_claim=tuple(sorted(viewer.organizations(Permission.OFFER))) if need.status in OPEN else (),
    )


def get_resource_page(*, viewer: Actor, resource_id: int) -> EntryPage:
    """Return the resource with all that its page shows; raise ResourceUnknown as `get_resource` does."""
    resource = get_resource(viewer=viewer, resource_id=resource_id)
    path = path_of(resource.area_ids)
    own = viewer.holds(Permission.OFFER, organization_id=resource.organization_id)
    inside = own or viewer.holds(Permission.VIEW, area_path=path)
    deeds = entry_deeds(resource.status) if access.allows(policies.check_can_publish_resource, viewer, path) else []
    if own and EntryDeed.CLOSE not in deeds and EntryDeed.CLOSE in entry_deeds(resource.status):
        deeds = [*deeds, EntryDeed.CLOSE]
    return EntryPage(
        view=describe_entries([resource])[0],
        entries=history.timeline("exchange_resource", resource.pk) if inside else [],
        deeds=deeds,
        may_order=resource.status in OPEN and resource.left > 0 and viewer.holds(Permission.ORDER),
    )


def is_late(need: Need, today: date) -> bool:
    """Tell whether a need that waits is past the day by which it was wished for."""
    return need.status in OPEN and need.wished_by is not None and need.wished_by < today
