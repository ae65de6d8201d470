"""Writes to the tree: areas begin, are renamed, go on as another version, and end."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from haitang.core import history
from haitang.core.access import EVERYWHERE, Actor
from haitang.territory import policies, queries
from haitang.territory.actions import boundaries, shared
from haitang.territory.facts import AreaChanged, AreaCreated, AreaEnded, AreaReplaced
from haitang.territory.models import Area, Population
from haitang.territory.values import AreaHasChildren, CodeTaken, InvalidPlacement, Kind, codes

_BATCH = 1000


def create_area(
    *, actor: Actor, code: str, name: str, kind: str, now: datetime, parent_id: int | None = None,
    valid_from: date | None = None, boundary: dict | None = None, boundary_source: str = "", crs: str = "wgs84",
) -> Area:  # fmt: skip
    """Begin an area under a parent, or as a root.

    valid_from: first day, not in the future; today if left out. boundary: GeoJSON geometry in `crs`.
    Unusual codes pass; `queries.code_warnings` says what is unusual.

    Raises NotAllowed, AreaNotFound (the parent), AreaClosed (the parent), InvalidPlacement, InvalidCode, CodeTaken,
    InvalidDate, InvalidBoundary.
    """
    row = {
        "code": code, "name": name, "kind": kind, "parent_id": parent_id, "valid_from": valid_from,
        "boundary": boundary, "boundary_source": boundary_source, "crs": crs,
    }  # fmt: skip
    return create_areas(actor=actor, rows=[row], now=now)[0]


@transaction.atomic
def create_areas(*, actor: Actor, rows: Iterable[dict[str, Any]], now: datetime) -> list[Area]:
    """Begin many areas at once, parents before their children: all of them or none.

    rows: `code`, `name`, `kind`, and as wanted `parent_id` (an existing area) or `parent_code` (an existing area or
    one earlier in `rows`), `valid_from`, `boundary` with `boundary_source` and `crs`; see `create_area`.
    Returns the areas in the order given. One AreaCreated each.

    Raises what `create_area` raises, on the first row at fault.
    """
    shared.lock_tree()
    wanted = list(rows)
    rules = queries.code_rules()
    tree = queries.territory()
    ids = iter(shared.new_ids(len(wanted)))
    allowed: set[str] = set()
    new: dict[str, Area] = {}
    drawn: list[boundaries.Drawn] = []
    for row in wanted:
        parent = _parent(row, new, tree)
        above = EVERYWHERE if parent is None else parent.path
        if above not in allowed:
            policies.check_can_manage(actor, above)
            allowed.add(above)
        area = _new_area(next(ids), row, parent, rules, now)
        if area.code in new or tree.by_code(area.code) is not None:
            raise _taken(area.code)
        new[area.code] = area
        if row.get("boundary") is not None:
            drawn.append(
                boundaries.draw(area, row["boundary"], row.get("boundary_source", ""), row.get("crs", "wgs84"))
            )
    boundaries.check(drawn)
    areas = list(new.values())
    Area.objects.bulk_create(areas, batch_size=_BATCH)
    shared.touch(boundaries=bool(drawn))
    facts = [
        AreaCreated(area.pk, area.code, area.name, area.kind, area.parent_id, area.valid_from.isoformat())
        for area in areas
    ]
    history.record_many(
        actor=actor, facts=[*facts, *map(boundaries.fact, drawn)], at=now, audience=shared.told(a.path for a in areas)
    )
    return areas


@transaction.atomic
def change_area(*, actor: Actor, area_id: int, now: datetime, name: str | None = None, kind: str | None = None) -> Area:
    """Correct an area's name, or its kind within the same level (street or town, community or village).

    Anything else (code, parent, level) is another version: `replace_area`.

    Raises AreaNotFound, AreaClosed, NotAllowed, Invalid (name), InvalidPlacement (another level).
    """
    shared.lock_tree()
    area = shared.valid_area(area_id)
    policies.check_can_manage(actor, area.path)
    before = (area.name, area.kind)
    area.name = area.name if name is None else shared.check_text(name, _("名称"), "name", shared.NAME_MAX)
    area.kind = area.kind if kind is None else shared.check_kind(kind, None)
    if Kind(area.kind).level != Kind(before[1]).level:
        raise InvalidPlacement(_("只能改为同一层级的类型；层级变化请办理更替"), {"kind": _("层级不同")})
    if (area.name, area.kind) != before:
        area.save(update_fields=["name", "kind"])
        shared.touch(boundaries=False)
        fact = AreaChanged(area.pk, area.name, area.kind, *before)
        history.record(actor=actor, fact=fact, at=now, audience=shared.told([area.path]))
    return area


@transaction.atomic
def replace_area(
    *, actor: Actor, area_id: int, now: datetime, effective: date | None = None, code: str | None = None,
    name: str | None = None, kind: str | None = None, parent_id: int | None = None,
) -> Area:  # fmt: skip
    """Close an area and open its next version, with another code, name, kind or parent; return the new version.

    Everything valid below goes on as new versions too, with the same codes and names: a path says where an area
    stands, and never changes. Boundaries and population figures are carried over, since the ground stays the same.
    One AreaReplaced for each pair; whatever is tied to the old ids follows by reacting to it.
    To merge areas, replace what is below with another parent, `close_area` the emptied one, and draw the heir's
    boundary anew: until then `queries.boundary_report` tells what lies outside, and nothing refuses it.

    effective: first day of the new version, not in the future; today if left out.
    parent_id: of the new version; left out, the present one.

    Raises AreaNotFound, AreaClosed, NotAllowed (over the area and over the new parent), InvalidDate, InvalidPlacement,
    InvalidCode, CodeTaken, Invalid (name).
    """
    shared.lock_tree()
    area = shared.valid_area(area_id)
    policies.check_can_manage(actor, area.path)
    parent = area.parent if parent_id is None else shared.valid_area(parent_id)
    if parent is not None and parent.pk != area.parent_id:
        policies.check_can_manage(actor, parent.path)
        if parent.path.startswith(area.path):
            raise InvalidPlacement(_("区域不能移到自己之下"), {"parent_id": _("区域不能移到自己之下")})
    day = shared.check_day(effective, now, area.valid_from)
    below = list(
        Area.objects.filter(path__startswith=area.path, valid_to=None).exclude(pk=area.pk).order_by("depth", "id")
    )
    row = {"code": code or area.code, "name": name or area.name, "kind": kind or area.kind, "valid_from": day}
    ids = shared.new_ids(1 + len(below))
    first = _new_area(ids[0], row, parent, queries.code_rules(), now)
    if first.code != area.code and queries.territory().by_code(first.code) is not None:
        raise _taken(first.code)
    for child in below:
        if child.parent_id == area.pk:
            shared.check_kind(child.kind, first.kind)
    versions = {area.pk: first}
    for child, new_id in zip(below, ids[1:], strict=True):
        row = {"code": child.code, "name": child.name, "kind": child.kind, "valid_from": max(day, child.valid_from)}
        versions[child.pk] = _version(new_id, row, versions[child.parent_id])  # type: ignore[index]  # what lies below has a parent
    old = [area, *below]
    for each in old:
        boundaries.copy(each, versions[each.pk])
        each.valid_to = max(day, each.valid_from)
    Area.objects.bulk_update(old, ["valid_to"], batch_size=_BATCH)
    Area.objects.bulk_create(versions.values(), batch_size=_BATCH)
    for each in old:
        each.replaced_by_id = versions[each.pk].pk
    Area.objects.bulk_update(old, ["replaced_by"], batch_size=_BATCH)
    _carry_populations({each.pk: versions[each.pk].pk for each in old})
    shared.touch(boundaries=True)
    facts = [
        AreaReplaced(each.pk, versions[each.pk].pk, each.path, versions[each.pk].path, day.isoformat()) for each in old
    ]
    paths = [each.path for each in old] + [first.path]
    history.record_many(actor=actor, facts=facts, at=now, audience=shared.told(paths))
    return first


@transaction.atomic
def close_area(
    *, actor: Actor, area_id: int, now: datetime, effective: date | None = None, replaced_by_id: int | None = None
) -> Area:
    """End an area, naming the one that takes over its ground if there is one (a merger).

    effective: first day on which it is no longer valid, not in the future; today if left out.

    Raises AreaNotFound, AreaClosed, NotAllowed, AreaHasChildren (something valid below), InvalidDate,
    InvalidPlacement (it cannot take over from itself).
    """
    shared.lock_tree()
    area = shared.valid_area(area_id)
    policies.check_can_manage(actor, area.path)
    heir = None if replaced_by_id is None else shared.valid_area(replaced_by_id)
    if heir is not None and heir.pk == area.pk:
        raise InvalidPlacement(_("区域不能由自己接替"), {"replaced_by_id": _("区域不能由自己接替")})
    if Area.objects.filter(parent_id=area.pk, valid_to=None).exists():
        raise AreaHasChildren(_("“%(name)s”之下还有有效区域，请先移走或停用") % {"name": area.name})
    area.valid_to = shared.check_day(effective, now, area.valid_from)
    area.replaced_by = heir
    area.save(update_fields=["valid_to", "replaced_by"])
    shared.touch(boundaries=True)
    fact = AreaEnded(area.pk, heir.pk if heir else None, area.valid_to.isoformat())
    history.record(actor=actor, fact=fact, at=now, audience=shared.told([area.path]))
    return area


def _parent(row: dict[str, Any], new: dict[str, Area], tree: Any) -> Any:
    """Return the parent (an Area of this batch or an AreaRef) that a row names, or None for a root."""
    if row.get("parent_code"):
        parent = new.get(row["parent_code"]) or tree.by_code(row["parent_code"])
        return parent or shared.valid_area(queries.get_area_by_code(row["parent_code"]).pk)
    if row.get("parent_id") is None:
        return None
    parent = tree.get(row["parent_id"])
    return parent if parent is not None and parent.open else shared.valid_area(row["parent_id"])


def _new_area(area_id: int, row: dict[str, Any], parent: Any, rules: tuple, now: datetime) -> Area:
    kind = shared.check_kind(row["kind"], parent.kind if parent is not None else None)
    code = str(row["code"]).strip()
    codes.check_code(kind, code, rules)
    name = shared.check_text(row["name"], _("名称"), "name", shared.NAME_MAX)
    day = shared.check_day(row.get("valid_from"), now)
    return _version(area_id, {"code": code, "name": name, "kind": kind, "valid_from": day}, parent)


def _version(area_id: int, row: dict[str, Any], parent: Any) -> Area:
    above, depth, parent_id = (EVERYWHERE, 0, None) if parent is None else (parent.path, parent.depth, parent.id)
    return Area(id=area_id, parent_id=parent_id, path=f"{above}{area_id}/", depth=depth + 1, **row)


def _carry_populations(versions: dict[int, int]) -> None:
    figures = list(Population.objects.filter(area_id__in=versions))
    for figure in figures:
        figure.pk, figure.area_id = None, versions[figure.area_id]
        figure._state.adding = True
    Population.objects.bulk_create(figures, batch_size=_BATCH)


def _taken(code: str) -> CodeTaken:
    return CodeTaken(_("编码“%(code)s”已被使用") % {"code": code})
