"""Estates, their register, and the heads that follow from it."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q, Sum
from django.utils.translation import gettext as _

from haitang.core.access import Actor
from haitang.core.privacy import mask_name, mask_phone
from haitang.core.schemas import ID_MAX
from haitang.core.scoping import below
from haitang.organizations.queries import organizations
from haitang.owners import policies
from haitang.owners.models import Estate, Owner, Share, Unit
from haitang.owners.queries.rules import rules
from haitang.owners.values import EstateNotFound, Head, Held, OwnerNotFound, Permission, UnitState, heads_of
from haitang.territory.queries import territory

ESTATES_MAX, UNITS_ON_PAGE, BUILDINGS_MAX = 500, 200, 500


@dataclass(frozen=True, slots=True)
class EstateView:
    """An estate as lists show it. size: of the units that count, in 0.01 m²."""

    estate: Estate
    area_name: str
    company_name: str
    units: int
    counted: int
    size: int


@dataclass(frozen=True, slots=True)
class OwnerView:
    """An owner with names and telephone masked."""

    id: int
    name: str
    phone: str
    share: str
    has_account: bool


@dataclass(frozen=True, slots=True)
class UnitView:
    """A unit with those who own it, masked."""

    unit: Unit
    counts: bool
    owners: list[OwnerView]


def lock_estate(estate_id: int) -> Estate:
    """Return the estate, locked; raise EstateNotFound. For actions, which check what the actor may do with it."""
    rows = Estate.objects.select_for_update(no_key=True, of=("self",))
    found = rows.filter(pk=estate_id).first() if 0 < estate_id <= ID_MAX else None
    if found is None:
        raise EstateNotFound(_("没有这个小区"))
    return found


def get_estate(*, viewer: Actor, estate_id: int) -> Estate:
    """Return the estate. Raises EstateNotFound, also where the viewer does not work there."""
    found = Estate.objects.filter(pk=estate_id).first() if 0 < estate_id <= ID_MAX else None
    if found is None:
        raise EstateNotFound(_("没有这个小区"))
    policies.check_may_see(viewer, found)
    return found


def has_estates() -> bool:
    """Tell whether any estate was entered. For set-up."""
    return Estate.objects.exists()


def counted() -> Q:
    """Return the condition that a unit counts in votes."""
    return Q(is_gone=False) & ~Q(kind__in=rules()["uncounted_kinds"])


def list_estates(*, viewer: Actor) -> list[EstateView]:
    """Return the estates that the viewer may see, by area and name; at most 500."""
    return describe_estates(Estate.objects.visible_to(viewer).order_by("area_ids", "name")[:ESTATES_MAX])


def list_deciding_estates(*, viewer: Actor, area_path: str) -> list[Estate]:
    """Return the estates of an area whose owners' decisions the viewer may prepare, by name; at most 500."""
    rows = Estate.objects.visible_to(viewer).filter(below([area_path])).order_by("name", "id")[:ESTATES_MAX]
    return [row for row in rows if viewer.holds(Permission.PREPARE, area_path=row.area_path)]


def describe_estates(rows: Iterable[Estate]) -> list[EstateView]:
    """Return estates as lists show them, in their order; one count for all."""
    found = list(rows)
    sums: dict[int, Any] = {
        row["estate"]: row
        for row in Unit.objects.filter(estate__in=found, is_gone=False).order_by().values("estate").annotate(
            units=Count("id"), counted=Count("id", filter=counted()), total=Sum("size", filter=counted())
        )
    }  # fmt: skip
    views = []
    for row in found:
        each = sums.get(row.pk, {})
        company = organizations().by_id(row.company_id)
        views.append(
            EstateView(
                row, territory().full_name(row.area_id), company.name if company else "", each.get("units", 0),
                each.get("counted", 0), each.get("total") or 0,
            )
        )  # fmt: skip
    return views


def draw_heads(estate_id: int) -> list[Head]:
    """Return the heads of an estate as the register stands, by building and number. For actions and figures."""
    units = list(Unit.objects.filter(counted(), estate_id=estate_id).order_by("building", "number"))
    owned: dict[int, set[int]] = {}
    for unit_id, owner_id in Share.objects.filter(unit__in=units).values_list("unit_id", "owner_id"):
        owned.setdefault(unit_id, set()).add(owner_id)
    return heads_of(
        Held(unit.pk, unit.size, frozenset(owned.get(unit.pk, ())), unit.state != UnitState.DELIVERED)
        for unit in units
    )  # fmt: skip


def list_buildings(*, viewer: Actor, estate_id: int) -> list[tuple[str, int]]:
    """Return the buildings of an estate with how many units each has. Raises EstateNotFound."""
    estate = get_estate(viewer=viewer, estate_id=estate_id)
    rows = Unit.objects.filter(estate=estate, is_gone=False).order_by("building").values_list("building")
    return [(name, many) for name, many in rows.annotate(n=Count("id"))[:BUILDINGS_MAX]]


def list_units(*, viewer: Actor, estate_id: int, building: str) -> list[UnitView]:
    """Return the units of a building with those who own them, masked; at most 200. Raises EstateNotFound."""
    estate = get_estate(viewer=viewer, estate_id=estate_id)
    rows = Unit.objects.filter(estate=estate, building=building, is_gone=False).order_by("number")
    units, uncounted = list(rows[:UNITS_ON_PAGE]), set(rules()["uncounted_kinds"])
    owners: dict[int, list[OwnerView]] = {}
    for share in Share.objects.filter(unit__in=units).select_related("owner").order_by("id"):
        owners.setdefault(share.unit_id, []).append(_owner_view(share.owner, f"{share.part}/{share.of}"))
    return [UnitView(unit, unit.kind not in uncounted, owners.get(unit.pk, [])) for unit in units]


def _owner_view(owner: Owner, share: str) -> OwnerView:
    return OwnerView(owner.pk, mask_name(owner.name), mask_phone(owner.phone), share, owner.account_id is not None)


def get_owner(*, viewer: Actor, owner_id: int) -> tuple[Estate, Owner]:
    """Return an owner with the estate. Raises OwnerNotFound, EstateNotFound."""
    found = Owner.objects.select_related("estate").filter(pk=owner_id).first() if 0 < owner_id <= ID_MAX else None
    if found is None:
        raise OwnerNotFound(_("没有这位业主"))
    policies.check_may_see(viewer, found.estate)
    return found.estate, found


def list_owned_estates(account_id: int | None) -> list[tuple[int, int]]:
    """Return the ids of the owners tied to an account, with their estates'."""
    if account_id is None:
        return []
    return list(Owner.objects.filter(account_id=account_id).order_by("id").values_list("pk", "estate_id"))
