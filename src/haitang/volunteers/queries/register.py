"""The register as staff see it: lists, one person, figures."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery
from django.utils.translation import gettext as _

from haitang.core import crypto, keyset, periods
from haitang.core.access import Actor, require
from haitang.core.paging import Page
from haitang.organizations.queries import organizations
from haitang.territory.queries import territory
from haitang.territory.values import AreaRef
from haitang.volunteers.models import PHONE, Membership, Volunteer
from haitang.volunteers.queries.catalogue import names_of
from haitang.volunteers.values import ItemKind, MemberClass, Permission

ROWS = 50
TOTAL_MAX = 20_000
NO_CLASS = "none"
"""The class, in filters and figures, of those who are tied to no branch."""


@dataclass(frozen=True, slots=True)
class RegisterFilter:
    """Which people. text: found in the name, or the whole telephone. area_path: where they live.

    member_class: of MemberClass, or NO_CLASS. branch_id: as home or as community branch.
    skill, language, force: a code. calls: only those who agreed to be called. consent: the version agreed to.
    """

    text: str = ""
    phone: str = ""
    area_path: str = ""
    unit_id: int | None = None
    branch_id: int | None = None
    member_class: str = ""
    management: str = ""
    skill: str = ""
    language: str = ""
    force: str = ""
    calls: bool = False
    consent: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """Somebody as lists show them; the telephone is masked."""

    volunteer: Volunteer
    membership: Membership | None
    area_name: str
    unit_name: str
    home_branch: str
    community_branch: str
    skills: list[str]
    forces: list[str]


def _filtered(viewer: Actor, wanted: RegisterFilter, today: date, permission: str) -> QuerySet[Volunteer]:
    rows = Volunteer.objects.visible_to(viewer, permission).standing()
    if wanted.phone:
        rows = rows.filter(phone_index=crypto.blind_index(wanted.phone, PHONE))
    elif wanted.text:
        rows = rows.filter(name__contains=wanted.text)
    if wanted.area_path:
        rows = rows.below(wanted.area_path)
    if wanted.unit_id is not None:
        rows = rows.filter(unit_id=wanted.unit_id)
    for field, code in (("skills", wanted.skill), ("languages", wanted.language), ("forces", wanted.force)):
        if code:
            rows = rows.filter(**{f"{field}__contains": [code]})
    if wanted.consent:
        rows = rows.filter(consent_version=wanted.consent)
    if wanted.calls:
        rows = rows.filter(wants_calls=True)
    ties = Membership.objects.filter(periods.on(today), volunteer=OuterRef("pk"))
    if wanted.member_class == NO_CLASS:
        return rows.filter(~Exists(ties))
    if wanted.member_class or wanted.management or wanted.branch_id is not None:
        if wanted.member_class:
            ties = ties.filter(member_class=wanted.member_class)
        if wanted.management:
            ties = ties.filter(management=wanted.management)
        if wanted.branch_id is not None:
            ties = ties.filter(Q(home_branch_id=wanted.branch_id) | Q(community_branch_id=wanted.branch_id))
        rows = rows.filter(Exists(ties))
    return rows


def list_volunteers(*, viewer: Actor, wanted: RegisterFilter, today: date, cursor: str = "") -> Page[Volunteer]:
    """Return a page of the people whom the viewer sees, who registered last first.

    Raises NotAllowed, Invalid (a bad cursor).
    """
    require(viewer, Permission.VIEW)
    rows = _filtered(viewer, wanted, today, Permission.VIEW)
    return keyset.page_by_instant(
        rows, instant="registered_at", cursor=cursor, limit=ROWS, total_max=TOTAL_MAX
    )  # fmt: skip


def list_for_export(*, viewer: Actor, wanted: RegisterFilter, today: date, limit: int) -> list[Volunteer]:
    """Return all of them, by registration, at most so many; who sees the register but may not take it away: nobody."""
    rows = _filtered(viewer, wanted, today, Permission.EXPORT)
    return list(rows.order_by("registered_at", "pk")[:limit])


def lock_without_code(*, viewer: Actor, wanted: RegisterFilter, today: date, limit: int) -> list[Volunteer]:
    """Return those of a list whom nobody has given a way to their entry yet, locked, at most so many. For actions.

    They have neither an account nor a code; only where the viewer keeps the register.
    """
    rows = _filtered(viewer, wanted, today, Permission.MANAGE).filter(account=None, code_hash=b"")
    return list(rows.select_for_update(no_key=True, of=("self",)).order_by("pk")[:limit])


def describe(rows: Iterable[Volunteer], today: date) -> list[Line]:
    """Return what lists show beside each person; costs one statement for all of them."""
    people = list(rows)
    ties = {
        tie.volunteer_id: tie
        for tie in Membership.objects.filter(periods.on(today), volunteer_id__in=[each.pk for each in people])
    }
    tree = territory()

    def name(organization_id: int | None) -> str:
        found = organizations().by_id(organization_id)
        return found.label if found else ""

    found = []
    for each in people:
        tie = ties.get(each.pk)
        found.append(
            Line(
                each, tie, tree.full_name(each.area_id), name(each.unit_id), name(tie.home_branch_id if tie else None),
                name(tie.community_branch_id if tie else None), names_of(ItemKind.SKILL, each.skills),
                names_of(ItemKind.FORCE, each.forces),
            )
        )  # fmt: skip
    return found


@dataclass(frozen=True, slots=True)
class Figure:
    """How many people stand in a part: each counted once. by_class: for MemberClass in order, then NO_CLASS.

    key: an area's code or a unit's id, by which the rows are found; "" for those of no unit, or of the area itself.
    """

    key: str
    name: str
    total: int
    by_class: tuple[int, ...]
    calls: int
    forces: int


def figures_by_area(*, viewer: Actor, area: AreaRef | None, today: date) -> tuple[list[Figure], Figure]:
    """Return the figures of each area directly below one (of the whole, for None), and their sum.

    Who lives in the area itself, and in none below it, stands in a line of its own. Everybody is counted by where they
    live and by the one tie that they have today.
    """
    depth = area.depth if area else 0
    rows = Volunteer.objects.visible_to(viewer).standing()
    if area is not None:
        rows = rows.below(area.path)
    counted = _counted(rows, f"area_ids__{depth}", today)
    tree = territory()
    lines = []
    for below in (*tree.children(area.id if area else None), None):
        key = below.id if below else None
        if key in counted:
            name = below.name if below else _("（直接登记在本区域）")
            lines.append(_figure(below.code if below else "", name, counted.pop(key)))
    lines += [_figure("", tree.area(key).name, counted[key]) for key in sorted(counted)]  # areas that are no more
    return lines, _sum(lines)


def figures_by_unit(*, viewer: Actor, area: AreaRef | None, today: date) -> tuple[list[Figure], Figure]:
    """Return the figures of each unit, the largest first, of those who live in the area (anywhere, for None)."""
    rows = Volunteer.objects.visible_to(viewer).standing()
    if area is not None:
        rows = rows.below(area.path)
    counted = _counted(rows, "unit_id", today)
    lines = []
    for key, cells in counted.items():
        unit = organizations().by_id(key)
        lines.append(_figure(str(key or ""), unit.name if unit else _("（未填单位）"), cells))
    return sorted(lines, key=lambda line: (line.key == "", -line.total, line.name)), _sum(lines)


_Cells = dict[str, tuple[int, int, int]]


def _counted(rows: QuerySet[Volunteer], by: str, today: date) -> dict[Any, _Cells]:
    """Return by part, then by class: people, those who agreed to be called, those of the other forces."""
    tie = Membership.objects.filter(periods.on(today), volunteer=OuterRef("pk")).values("member_class")[:1]
    found: dict[Any, _Cells] = {}
    told = (
        rows.annotate(part_=F(by), class_=Subquery(tie))
        .values_list("part_", "class_")
        .annotate(
            people_=Count("pk"), calls_=Count("pk", filter=Q(wants_calls=True)),
            forces_=Count("pk", filter=~Q(forces=[])),
        )
        .order_by()
    )  # fmt: skip
    for part, member_class, people, calls, forces in told:
        found.setdefault(part, {})[member_class or NO_CLASS] = (people, calls, forces)
    return found


def _figure(key: str, name: str, cells: _Cells) -> Figure:
    by_class = tuple(cells.get(each, (0, 0, 0))[0] for each in (*MemberClass.values, NO_CLASS))
    return Figure(
        key, name, sum(by_class), by_class, sum(each[1] for each in cells.values()),
        sum(each[2] for each in cells.values()),
    )  # fmt: skip


def _sum(lines: Sequence[Figure]) -> Figure:
    classes = tuple(sum(column) for column in zip(*(line.by_class for line in lines), strict=True))
    return Figure(
        "", "", sum(line.total for line in lines), classes or (0,) * (len(MemberClass.values) + 1),
        sum(line.calls for line in lines), sum(line.forces for line in lines),
    )  # fmt: skip
