"""Reads over alliances, action branches, contact points and workstations."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar

from django.db.models import Count, Exists, F, Max, OuterRef, Q
from django.utils.translation import gettext as _

from haitang.alliances.models import (
    ActionBranch,
    Alliance,
    BranchMember,
    ContactPoint,
    Instructor,
    Partner,
    PointVisit,
    Workstation,
)
from haitang.alliances.queries.rules import rules
from haitang.alliances.values import (
    AllianceNotFound,
    BranchNotFound,
    PartNotFound,
    Permission,
    PointNotFound,
    Running,
    StationNotFound,
)
from haitang.core import history, paging, periods
from haitang.core.access import Actor
from haitang.core.errors import NotFound
from haitang.core.keyset import page_by_instant
from haitang.core.models import Entry
from haitang.core.scoping import path_of
from haitang.organizations.queries import organizations
from haitang.territory.queries import territory
from haitang.volunteers.queries import describe as describe_volunteers

PAGE_ROWS = 50
TOTAL_MAX = 10_000
ALLIANCES, BRANCHES, POINTS, STATIONS = "alliances", "branches", "points", "stations"
Row = TypeVar("Row", Alliance, ActionBranch, ContactPoint, Workstation)
_MODELS: dict[str, Any] = {
    ALLIANCES: Alliance, BRANCHES: ActionBranch, POINTS: ContactPoint, STATIONS: Workstation,
}  # fmt: skip
_NAMED = {ALLIANCES: "name", BRANCHES: "name", POINTS: "leader", STATIONS: "name"}


@dataclass(frozen=True, slots=True)
class CircleFilter:
    """Which are wanted. state: of Running, "" for all. text: part of the name, of a contact point the leader's.

    few: of contact points, only those with fewer visits this year than the setting asks for.
    """

    today: date
    area_path: str = ""
    state: str = Running.NOW.value
    text: str = ""
    few: bool = False


@dataclass(frozen=True, slots=True)
class CircleView:
    """One of the four kinds with what lists show. parts: partners, members, instructors of today, or visits this year.

    office_name: who leads, forms or runs it, of a contact point the leader's unit. last: day of the last visit.
    is_few: of a contact point, fewer visits than there should be by the end of the year.
    """

    row: Any
    area_name: str
    office_name: str
    parts: int
    last: date | None
    is_over: bool
    is_overdue: bool
    is_few: bool


@dataclass(frozen=True, slots=True)
class PartView:
    """A partner, a member or an instructor. name, note: as shown. ended: None for who still takes part."""

    id: int
    name: str
    note: str
    from_date: date
    until: date | None
    ended: date | None


@dataclass(frozen=True, slots=True)
class CirclePage:
    """What the page of one of them shows. visits: of a contact point. may_keep: whether this viewer keeps it."""

    view: CircleView
    parts: list[PartView]
    visits: list[PointVisit]
    may_keep: bool
    entries: list[Entry]


def _locked(model: Any, ids: Iterable[int], missing: NotFound) -> dict[int, Any]:
    wanted = set(ids)
    rows = model.objects.select_for_update(no_key=True).filter(pk__in=wanted).order_by("pk")
    found = {row.pk: row for row in rows}
    if wanted - found.keys():
        raise missing
    return found


def lock_alliance(alliance_id: int) -> Alliance:
    """Return the alliance, locked. For actions; raises AllianceNotFound."""
    found: Alliance = _locked(Alliance, [alliance_id], AllianceNotFound(_("没有这个联盟")))[alliance_id]
    return found


def lock_branch(branch_id: int) -> ActionBranch:
    """Return the action branch, locked. For actions; raises BranchNotFound."""
    found: ActionBranch = _locked(ActionBranch, [branch_id], BranchNotFound(_("没有这个行动支部")))[branch_id]
    return found


def lock_points(point_ids: Iterable[int]) -> dict[int, ContactPoint]:
    """Return these contact points, locked by id. For actions; raises PointNotFound."""
    return _locked(ContactPoint, point_ids, PointNotFound(_("没有这个联系点")))


def lock_stations(station_ids: Iterable[int]) -> dict[int, Workstation]:
    """Return these workstations, locked by id. For actions; raises StationNotFound."""
    return _locked(Workstation, station_ids, StationNotFound(_("没有这个工作站")))


def _lock_part(model: Any, whole: str, part_id: int) -> Any:
    rows = model.objects.select_for_update(no_key=True, of=("self",)).select_related(whole)
    found = rows.filter(pk=part_id, to_date=None).first()
    if found is None:
        raise PartNotFound(_("没有这个成员，或已经结束"))
    return found


def lock_partner(partner_id: int) -> Partner:
    """Return a partner that takes part, with the alliance, locked. For actions; raises PartNotFound."""
    found: Partner = _lock_part(Partner, "alliance", partner_id)
    return found


def lock_member(member_id: int) -> BranchMember:
    """Return a member of a branch, with the branch, locked. For actions; raises PartNotFound."""
    found: BranchMember = _lock_part(BranchMember, "branch", member_id)
    return found


def lock_instructor(instructor_id: int) -> Instructor:
    """Return an instructor with the workstation, locked. For actions; raises PartNotFound."""
    found: Instructor = _lock_part(Instructor, "station", instructor_id)
    return found


def partner_name(row: Partner) -> str:
    """Return what a partner is called, with the city of one from elsewhere."""
    if row.organization_id is None:
        return f"{row.outside_name}（{row.outside_place}）" if row.outside_place else row.outside_name
    office = organizations().by_id(row.organization_id)
    return office.name if office else ""


def filter_circles(kind: str, *, viewer: Actor, wanted: CircleFilter) -> Any:
    """Return what of a kind (ALLIANCES …) the viewer may see and wants, as rows still to be read."""
    rows = _MODELS[kind].objects.visible_to(viewer)
    ended = Q(to_date__lte=wanted.today)
    if wanted.state == Running.ENDED:
        rows = rows.filter(ended)
    elif wanted.state:
        rows = rows.exclude(ended)
    if wanted.state == Running.OVERDUE:
        rows = rows.filter(until__lt=wanted.today) if kind == BRANCHES else rows.none()
    if wanted.area_path:
        rows = rows.below(wanted.area_path)
    if wanted.text:
        rows = rows.filter(**{f"{_NAMED[kind]}__icontains": wanted.text})
    if wanted.few and kind == POINTS:
        made = PointVisit.objects.filter(point=OuterRef("pk"), on__year=wanted.today.year).order_by()
        many = made.values("point").annotate(n=Count("pk")).filter(n__gte=rules().setting("visits_per_year"))
        rows = rows.filter(~Exists(many))
    return rows


def list_circles(kind: str, *, viewer: Actor, wanted: CircleFilter, cursor: str = "") -> paging.Page[Any]:
    """Return a page of what of a kind the viewer may see, the latest entered first."""
    rows = filter_circles(kind, viewer=viewer, wanted=wanted)
    return page_by_instant(rows, instant="entered_at", cursor=cursor, limit=PAGE_ROWS, total_max=TOTAL_MAX)


def _counted(kind: str, ids: list[int], today: date) -> dict[int, tuple[int, date | None]]:
    now = periods.on(today)
    found: Any
    if kind == ALLIANCES:
        found = Partner.objects.filter(now, alliance__in=ids).values(whole=F("alliance_id"))
    elif kind == BRANCHES:
        found = BranchMember.objects.filter(now, branch__in=ids).values(whole=F("branch_id"))
    elif kind == STATIONS:
        found = Instructor.objects.filter(now, station__in=ids).values(whole=F("station_id"))
    else:
        found = PointVisit.objects.filter(point__in=ids, on__year=today.year).values(whole=F("point_id"))
        rows = found.order_by().annotate(n=Count("pk"), last=Max("on"))
        return {each["whole"]: (each["n"], each["last"]) for each in rows}
    return {each["whole"]: (each["n"], None) for each in found.order_by().annotate(n=Count("pk"))}


def describe_circles(kind: str, rows: Iterable[Any], today: date) -> list[CircleView]:
    """Return rows of a kind with their names and numbers; one statement for all."""
    found = list(rows)
    counted = _counted(kind, [row.pk for row in found], today)
    areas, offices = territory(), organizations()
    office_of = {ALLIANCES: "lead_id", BRANCHES: "parent_id", POINTS: "home_id", STATIONS: "host_id"}[kind]
    views = []
    for row in found:
        office = offices.by_id(getattr(row, office_of))
        parts, last = counted.get(row.pk, (0, None))
        is_over = row.to_date is not None and row.to_date <= today
        is_overdue = kind == BRANCHES and not is_over and row.until < today
        is_few = kind == POINTS and not is_over and parts < rules().setting("visits_per_year")
        views.append(
            CircleView(
                row,
                areas.full_name(row.area_id),
                office.name if office else "",
                parts,
                last,
                is_over,
                is_overdue,
                is_few,
            )
        )
    return views


def count_branch_people(*, viewer: Actor, wanted: CircleFilter) -> int:
    """Return how many people are in the branches wanted today; who is in two of them is counted once."""
    branches = filter_circles(BRANCHES, viewer=viewer, wanted=wanted).values("pk")
    rows = BranchMember.objects.filter(periods.on(wanted.today), branch__in=branches)
    return rows.values("volunteer_id").distinct().count()


def get_circle_page(kind: str, *, viewer: Actor, row_id: int, today: date) -> CirclePage:
    """Return one of a kind with all that its page shows. Raises AllianceNotFound, BranchNotFound and their like."""
    row = _MODELS[kind].objects.visible_to(viewer).filter(pk=row_id).first()
    if row is None:
        raise {
            ALLIANCES: AllianceNotFound(_("没有这个联盟")), BRANCHES: BranchNotFound(_("没有这个行动支部")),
            POINTS: PointNotFound(_("没有这个联系点")), STATIONS: StationNotFound(_("没有这个工作站")),
        }[kind]  # fmt: skip
    subject = {
        ALLIANCES: "alliance_circle", BRANCHES: "alliance_branch",
        POINTS: "alliance_point", STATIONS: "alliance_station",
    }[kind]  # fmt: skip
    visits = list(PointVisit.objects.filter(point=row).order_by("-on", "-id")[:100]) if kind == POINTS else []
    return CirclePage(
        describe_circles(kind, [row], today)[0], _parts(kind, row, today), visits,
        viewer.holds(Permission.KEEP, area_path=path_of(row.area_ids)), history.timeline(subject, row.pk),
    )  # fmt: skip


def get_part(kind: str, *, viewer: Actor, row_id: int, part_id: int, today: date) -> tuple[CirclePage, PartView]:
    """Return one of a kind with one of those who take part in it still. Raises PartNotFound, AllianceNotFound …"""
    page = get_circle_page(kind, viewer=viewer, row_id=row_id, today=today)
    part = next((each for each in page.parts if each.id == part_id and each.ended is None), None)
    if part is None:
        raise PartNotFound(_("没有这个成员，或已经结束"))
    return page, part


def _parts(kind: str, row: Any, today: date) -> list[PartView]:
    offices = organizations()

    def name(organization_id: int | None) -> str:
        office = offices.by_id(organization_id)
        return office.name if office else ""

    def ended(part: Any) -> date | None:
        return part.to_date if part.to_date is not None and part.to_date <= today else None

    if kind == ALLIANCES:
        return [
            PartView(each.pk, partner_name(each), each.role, each.from_date, None, ended(each))
            for each in row.partners.order_by("from_date", "id")
        ]
    if kind == STATIONS:
        return [
            PartView(
                each.pk, f"{each.name} → {name(each.organization_id)}", name(each.home_id), each.from_date, each.until,
                ended(each),
            )
            for each in row.instructors.order_by("from_date", "id")
        ]  # fmt: skip
    if kind == BRANCHES:
        members = list(row.members.select_related("volunteer").order_by("from_date", "id"))
        lines = {line.volunteer.pk: line for line in describe_volunteers([each.volunteer for each in members], today)}
        return [
            PartView(
                each.pk, each.volunteer.name,
                " · ".join(filter(None, (line.home_branch or line.community_branch, line.unit_name))),
                each.from_date, None, ended(each),
            )
            for each in members if (line := lines[each.volunteer_id])
        ]  # fmt: skip
    return []
