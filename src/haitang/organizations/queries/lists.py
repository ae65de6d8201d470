"""Organizations in lists: filtered, by code, a page at a time."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from haitang.core import paging, periods
from haitang.core.access import Actor
from haitang.core.errors import Invalid
from haitang.organizations import models
from haitang.organizations.queries.registry import OrganizationRef, organizations
from haitang.organizations.queries.rows import area_paths
from haitang.organizations.values import PAGE_ROWS, PAGE_ROWS_MAX, AreaRelation, Hierarchy

FORTH, BACK = "f", "b"


@dataclass(frozen=True)
class OrganizationRow:
    """One line of a list. serves: the areas it serves that day. above: its administrative parent that day."""

    organization: models.Organization
    serves: tuple[models.AreaLink, ...]
    above: OrganizationRef | None


def list_organizations(
    *,
    viewer: Actor,
    on: date,
    kind: str = "",
    q: str = "",
    area_id: int | None = None,
    limit: int = PAGE_ROWS,
    cursor: str = "",
) -> paging.Page[OrganizationRow]:
    """Return one page of the organizations that exist on that day, by code.

    q: part of the name, the short name or the code, whatever the case of letters.
    area_id: only those tied on that day to this area or to one below it, in whatever relation.
    limit: at most 200. cursor: from the page before or after; see `core.paging`.
    Raises Invalid (a cursor that is none), AreaNotFound.
    """
    limit = min(max(limit, 1), PAGE_ROWS_MAX)
    found = models.Organization.objects.visible_to(viewer).filter(
        periods.on(on, from_field="valid_from", to_field="valid_to")
    )
    if kind:
        found = found.filter(kind=kind)
    if q:
        found = found.filter(Q(name__icontains=q) | Q(short_name__icontains=q) | Q(code__icontains=q))
    if area_id is not None:
        path = area_paths([area_id])[area_id]
        ties = models.AreaLink.objects.filter(periods.on(on), organization=OuterRef("pk"), area__path__startswith=path)
        found = found.filter(Exists(ties))
    rows, previous, following = _slice(found, limit, cursor)
    return paging.Page(_tell(rows, on), total=found.count(), previous=previous, next=following)


def _slice(found: QuerySet, limit: int, cursor: str) -> tuple[list[models.Organization], str, str]:
    direction, code = paging.decode(cursor, str, str) if cursor else (FORTH, "")
    if direction not in (FORTH, BACK):
        raise Invalid(_("翻页参数无效，请从第一页重新查看"))
    if direction == FORTH:
        rows = list(found.filter(code__gt=code).order_by("code")[: limit + 1])
        before, after = bool(code), len(rows) > limit
        rows = rows[:limit]
    else:
        rows = list(found.filter(code__lt=code).order_by("-code")[: limit + 1])
        before, after = len(rows) > limit, True
        rows = rows[:limit][::-1]
    previous = paging.encode(BACK, rows[0].code) if rows and before else ""
    following = paging.encode(FORTH, rows[-1].code) if rows and after else ""
    return rows, previous, following


def _tell(rows: list[models.Organization], on: date) -> list[OrganizationRow]:
    links = models.AreaLink.objects.filter(
        periods.on(on), relation=AreaRelation.SERVES, organization__in=rows
    ).select_related("area")
    serves: dict[int, list[models.AreaLink]] = {}
    for link in links.defer("area__boundary").order_by("area__path"):
        serves.setdefault(link.organization_id, []).append(link)
    registry = organizations()
    told = []
    for row in rows:
        known = registry.by_id(row.pk)
        above = known and registry.by_id(known.parent_id(Hierarchy.ADMINISTRATIVE, on))
        told.append(OrganizationRow(row, tuple(serves.get(row.pk, ())), above))
    return told
