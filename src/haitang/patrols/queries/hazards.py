"""Reads over hazards."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from haitang.cases.queries import get_case
from haitang.cases.values import Permission as CasePermission
from haitang.core import access, history, paging
from haitang.core.access import Actor
from haitang.core.errors import NotFound
from haitang.core.keyset import page_by_instant
from haitang.core.models import Entry
from haitang.core.scoping import path_of
from haitang.organizations.queries import organizations
from haitang.patrols import policies
from haitang.patrols.lifecycle import HazardDeed, HazardStatus, next_hazard_deed
from haitang.patrols.models import Hazard, HazardPhoto
from haitang.patrols.values import HazardNotFound, Permission
from haitang.territory.queries import territory

TOTAL_MAX = 10_000
PAGE_ROWS = 50


@dataclass(frozen=True, slots=True)
class HazardFilter:
    """Which hazards are wanted. status: a state, "unsettled", or "" for all. overdue: its day has passed."""

    status: str = ""
    level: str = ""
    area_path: str = ""
    overdue: bool = False


@dataclass(frozen=True, slots=True)
class HazardView:
    """A hazard with the names that a page shows. case_number: "" where there is none or the viewer may not see it."""

    hazard: Hazard
    area_name: str
    organization_name: str
    case_number: str = ""

    def is_overdue(self, today: date) -> bool:
        """Tell whether it waits to be put right after its day."""
        return self.hazard.status == HazardStatus.OPEN and self.hazard.until_on < today


@dataclass(frozen=True, slots=True)
class HazardPage:
    """What the page of one hazard shows. deed: what may be done now, None for this viewer or where it is closed."""

    view: HazardView
    entries: list[Entry]
    photos: list[HazardPhoto]
    deed: HazardDeed | None
    may_assign: bool
    may_make_case: bool


def lock_hazard(hazard_id: int) -> Hazard:
    """Return the hazard, locked. For actions; raises HazardNotFound."""
    found = Hazard.objects.select_for_update(no_key=True).filter(pk=hazard_id).first()
    if found is None:
        raise HazardNotFound(_("没有这条隐患"))
    return found


def get_hazard(*, viewer: Actor, hazard_id: int) -> Hazard:
    """Return the hazard. Raises HazardNotFound, also where the viewer may not know of it."""
    found = Hazard.objects.filter(pk=hazard_id).first()
    if found is None:
        raise HazardNotFound(_("没有这条隐患"))
    policies.check_may_see_hazard(viewer, found)
    return found


def describe_hazards(hazards: Iterable[Hazard]) -> list[HazardView]:
    """Return the hazards with their names; no query."""
    areas, offices = territory(), organizations()
    views = []
    for hazard in hazards:
        office = offices.by_id(hazard.organization_id)
        views.append(HazardView(hazard, areas.full_name(hazard.area_id), office.name if office else ""))
    return views


def list_hazards(*, viewer: Actor, wanted: HazardFilter, today: date, cursor: str = "") -> paging.Page:
    """Return a page of hazards that the viewer may see, newest first. today: by which one is overdue."""
    rows = Hazard.objects.visible_to(viewer)
    if wanted.area_path:
        rows = rows.below(wanted.area_path)
    if wanted.overdue:
        rows = rows.filter(status=HazardStatus.OPEN, until_on__lt=today)
    elif wanted.status == "unsettled":
        rows = rows.unsettled()
    elif wanted.status:
        rows = rows.filter(status=wanted.status)
    if wanted.level:
        rows = rows.filter(level=wanted.level)
    return page_by_instant(rows, instant="found_at", cursor=cursor, limit=PAGE_ROWS, total_max=TOTAL_MAX)


def get_hazard_page(*, viewer: Actor, hazard_id: int) -> HazardPage:
    """Return the hazard with all that its page shows; raise HazardNotFound as `get_hazard` does."""
    hazard = get_hazard(viewer=viewer, hazard_id=hazard_id)
    view = describe_hazards([hazard])[0]
    if hazard.case_id:
        try:
            number = get_case(viewer=viewer, case_id=hazard.case_id).number
        except NotFound:
            number = ""
        view = HazardView(hazard, view.area_name, view.organization_name, number)
    deed = next_hazard_deed(hazard.status)
    may = deed is not None and access.allows(policies.check_can_on_hazard, viewer, deed, hazard)
    settled = hazard.status == HazardStatus.CLOSED
    path = path_of(hazard.area_ids)
    return HazardPage(
        view=view,
        entries=history.timeline("hazard", hazard.pk),
        photos=list(HazardPhoto.objects.filter(hazard=hazard).order_by("id")),
        deed=deed if may else None,
        may_assign=not settled and access.allows(policies.check_can_assign, viewer, hazard),
        may_make_case=hazard.status == HazardStatus.OPEN
        and hazard.case_id is None
        and viewer.holds(Permission.HANDLE_HAZARD, area_path=path)
        and viewer.holds(CasePermission.REPORT, area_path=path),
    )


def get_hazard_photo(*, viewer: Actor, hazard_id: int, photo_id: int) -> HazardPhoto:
    """Return one photo of a hazard that the viewer may see; raise HazardNotFound, also where it is none of it."""
    hazard = get_hazard(viewer=viewer, hazard_id=hazard_id)
    photo = HazardPhoto.objects.filter(hazard=hazard, pk=photo_id).first()
    if photo is None:
        raise HazardNotFound(_("没有这张照片"))
    return photo


def find_hazard_of_case(*, viewer: Actor, case_id: int) -> HazardView | None:
    """Return the hazard that became this case, if the viewer may see it."""
    found = Hazard.objects.visible_to(viewer).filter(case_id=case_id).first()
    return describe_hazards([found])[0] if found else None


def get_hazard_for_job(hazard_id: int) -> Hazard | None:
    """Return a hazard as it stands, or None. For jobs only, which tell others of it and show nobody anything."""
    return Hazard.objects.filter(pk=hazard_id).first()


def count_hazards_to_do(*, viewer: Actor) -> int:
    """Return how many hazards wait for a deed that the viewer's permissions allow there, counted up to 100."""
    if viewer.holds(Permission.CHECK_HAZARD):
        rows = Hazard.objects.within(viewer, Permission.CHECK_HAZARD).exclude(status=HazardStatus.CLOSED)
    else:
        rows = Hazard.objects.within(viewer, Permission.HANDLE_HAZARD).filter(status=HazardStatus.OPEN)
    return rows.order_by()[:100].count()
