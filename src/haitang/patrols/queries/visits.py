"""Reads over households and visits: what is known is shown, so that it need not be asked again."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, F, Q, QuerySet, Window
from django.db.models.functions import RowNumber
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from haitang.cases.queries import get_case
from haitang.core import paging
from haitang.core.access import Actor, require
from haitang.core.crypto import blind_index
from haitang.core.errors import NotFound
from haitang.core.keyset import page_by_instant
from haitang.core.privacy import mask_name, mask_phone
from haitang.core.scoping import path_of
from haitang.organizations.queries import organizations
from haitang.patrols import policies
from haitang.patrols.models import Asked, Hazard, Household, KnownField, Need, Visit
from haitang.patrols.models.visit import ROOM, VALUE
from haitang.patrols.queries.rules import rules
from haitang.patrols.values import (
    HouseholdNotFound,
    NeedKind,
    Permission,
    VisitField,
    VisitNotFound,
    normal_room,
    visit_fields,
)
from haitang.territory.queries import territory

PAGE_ROWS = 50


@dataclass(frozen=True, slots=True)
class KnownView:
    """A field that a visit may ask for, and what is known of it: "" and None where nothing is. value: masked."""

    field: VisitField
    label: str
    value: str = ""
    learned_on: date | None = None
    confirmed_on: date | None = None
    source: str = ""

    @property
    def is_known(self) -> bool:
        """Whether the household has told it before."""
        return self.learned_on is not None


@dataclass(frozen=True, slots=True)
class HouseholdPage:
    """What the page of a household shows. room: in full, for those who visit there."""

    household: Household
    area_name: str
    room: str
    fields: list[KnownView]
    visits: list[Visit]
    may_unmask: bool


@dataclass(frozen=True, slots=True)
class VisitView:
    """A visit as a list shows it. room: its first character only. outcomes: cases, wishes, hazards."""

    visit: Visit
    area_name: str
    room: str
    outcomes: tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class VisitPage:
    """What became of one entry. needs: with the number of the case, where the viewer may see it."""

    visit: Visit
    area_name: str
    room: str
    needs: list[tuple[Need, str]]
    hazards: list[Hazard]
    learned: list[str]


@dataclass(frozen=True, slots=True)
class Repeat:
    """How often a form of an organization asked for a field, and how often that had been told before."""

    label: str
    form: str
    organization_name: str
    asked: int
    repeated: int


def label_of_field(field: VisitField) -> str:
    """Return what a field is called, in the reader's language."""
    return field.label if (get_language() or "zh").startswith("zh") else field.label_en


def fields_in_use() -> list[VisitField]:
    """Return what a visit asks for here: of all that may be asked, what the office has not left out."""
    known = visit_fields()
    return [known[key] for key in rules().setting("visit_fields") if key in known]


def mask_value(kind: str, value: str) -> str:
    """Return a known value as it is shown: names and telephones in part, the rest as it is."""
    return {"name": mask_name, "phone": mask_phone}.get(kind, str)(value)


def index_of_room(area_id: int, room: str) -> bytes:
    """Return by what a room is looked up; a hit is confirmed by opening the room."""
    return blind_index(f"{area_id}:{normal_room(room)}", ROOM)


def index_of_phone(phone: str) -> bytes:
    """Return by what a household is looked up whose telephone is known."""
    return blind_index(phone, VALUE)


def find_household(area_id: int, room: str) -> Household | None:
    """Return the household of that room, or None. For actions."""
    rows = Household.objects.filter(area_id=area_id, room_index=index_of_room(area_id, room))
    return next((row for row in rows if normal_room(row.room) == normal_room(room)), None)


def find_household_by_phone(phone: str) -> Household | None:
    """Return the household that has left this telephone, or None. For actions."""
    rows = KnownField.objects.filter(value_index=index_of_phone(phone), key="contact_phone")
    return next((row.household for row in rows.select_related("household") if row.value == phone), None)


def lock_household(household_id: int) -> Household:
    """Return the household, locked. For actions; raises HouseholdNotFound."""
    found = Household.objects.select_for_update(no_key=True).filter(pk=household_id).first()
    if found is None:
        raise HouseholdNotFound(_("没有这个住户"))
    return found


def lock_need(need_id: int) -> Need:
    """Return the need, locked. For actions; raises VisitNotFound."""
    found = Need.objects.select_for_update(no_key=True, of=("self",)).filter(pk=need_id).select_related("visit").first()
    if found is None:
        raise VisitNotFound(_("没有这个微心愿"))
    return found


def get_heard(*, viewer: Actor, need_id: int) -> Need:
    """Return a wish heard at a visit that waits to be granted. Raises VisitNotFound, HouseholdNotFound."""
    waiting = Need.objects.filter(kind=NeedKind.WISH, granted_on=None, pk=need_id)
    found = waiting.select_related("visit__household").first()
    if found is None:
        raise VisitNotFound(_("没有这个微心愿"))
    policies.check_may_know_household(viewer, found.visit.household)
    return found


def get_household(*, viewer: Actor, household_id: int) -> Household:
    """Return the household. Raises HouseholdNotFound, also where the viewer may not know of it."""
    found = Household.objects.filter(pk=household_id).first()
    if found is None:
        raise HouseholdNotFound(_("没有这个住户"))
    policies.check_may_know_household(viewer, found)
    return found


def known_of(household: Household) -> list[KnownView]:
    """Return every field in use with what is known of it, masked. The caller has asked whether it may be known."""
    rows = {row.key: row for row in KnownField.objects.filter(household=household)}
    offices = organizations()
    views = []
    for field in fields_in_use():
        row, label = rows.get(field.key), label_of_field(field)
        if row is None:
            views.append(KnownView(field, label))
            continue
        office = offices.by_id(row.organization_id)
        source = f"{form_name(row.form)} {office.short_name or office.name if office else ''}".strip()
        value = mask_value(field.kind, row.value)
        views.append(KnownView(field, label, value, row.learned_on, row.confirmed_on, source))
    return views


def form_name(form: str) -> str:
    """Return what a form is called; of other systems the name under which they are told of."""
    return {"visit": _("入户走访"), "dispute": _("矛盾纠纷登记")}.get(form, form)


def get_household_page(*, viewer: Actor, household_id: int) -> HouseholdPage:
    """Return the household with what is known of it; raise HouseholdNotFound as `get_household` does."""
    row = get_household(viewer=viewer, household_id=household_id)
    return HouseholdPage(
        household=row,
        area_name=territory().full_name(row.area_id),
        room=row.room,
        fields=known_of(row),
        visits=list(Visit.objects.filter(household=row).order_by("-entered_at")[:20]),
        may_unmask=viewer.holds(Permission.UNMASK, area_path=path_of(row.area_ids)),
    )


def list_visits(*, viewer: Actor, area_path: str = "", cursor: str = "") -> paging.Page[Any]:
    """Return a page of visits within the viewer's reach, newest first, as VisitView."""
    rows: QuerySet[Any] = Visit.objects.visible_to(viewer)
    if area_path:
        rows = Visit.objects.visible_to(viewer).below(area_path)
    page = page_by_instant(rows.select_related("household"), instant="entered_at", cursor=cursor, limit=PAGE_ROWS)
    ids = [visit.pk for visit in page.rows]
    needs = dict(_counted(Need.objects.filter(visit_id__in=ids, kind=NeedKind.CASE)))
    wishes = dict(_counted(Need.objects.filter(visit_id__in=ids, kind=NeedKind.WISH)))
    found = dict(_counted(Hazard.objects.filter(visit_id__in=ids)))
    tree = territory()
    views = [
        VisitView(
            visit, tree.full_name(visit.household.area_id), mask_name(visit.household.room),
            (needs.get(visit.pk, 0), wishes.get(visit.pk, 0), found.get(visit.pk, 0)),
        )
        for visit in page.rows
    ]  # fmt: skip
    return paging.Page(views, page.total, page.total_is_more, page.previous, page.next)


def _counted(rows: QuerySet[Any]) -> Iterable[tuple[int, int]]:
    return rows.order_by().values_list("visit_id").annotate(n=Count("id"))


def get_visit_page(*, viewer: Actor, visit_id: int) -> VisitPage:
    """Return a visit with everything that came of it. Raises VisitNotFound."""
    visit = Visit.objects.visible_to(viewer).filter(pk=visit_id).select_related("household").first()
    if visit is None:
        raise VisitNotFound(_("没有这次走访"))
    fields = visit_fields()
    return VisitPage(
        visit=visit,
        area_name=territory().full_name(visit.household.area_id),
        room=visit.household.room,
        needs=[(need, _number(viewer, need)) for need in Need.objects.filter(visit=visit).order_by("id")],
        hazards=list(Hazard.objects.visible_to(viewer).filter(visit=visit).order_by("id")),
        learned=[label_of_field(fields[key]) for key in visit.learned if key in fields],
    )


def _number(viewer: Actor, need: Need) -> str:
    if need.case_id is None:
        return ""
    try:
        return get_case(viewer=viewer, case_id=need.case_id).number
    except NotFound:
        return ""


def list_wishes(*, viewer: Actor, open_only: bool = True) -> list[tuple[Need, str]]:
    """Return the wishes heard within the viewer's reach with their areas' names, oldest first; at most 200."""
    rows = Need.objects.filter(kind=NeedKind.WISH, visit__in=Visit.objects.visible_to(viewer).values("pk"))
    if open_only:
        rows = rows.filter(granted_on__isnull=True)
    tree = territory()
    rows = rows.select_related("visit__household").order_by("id")
    return [(need, tree.full_name(need.visit.household.area_id)) for need in rows[:200]]


def list_repeats(*, viewer: Actor, from_day: date, to_day: date) -> list[Repeat]:
    """
    Return what households were asked more than once in the period, by field, form and organization; never by person.

    from_day, to_day: both included. Repeated is what had been known when it was asked, and every asking of the same
    household for the same field after the first one in the period. Raises NotAllowed.
    """
    require(viewer, Permission.MONITOR)
    reach = Household.objects.all().within(viewer, Permission.MONITOR)
    rows = Asked.objects.filter(on__range=(from_day, to_day), household__in=reach.values("pk")).annotate(
        nth=Window(RowNumber(), partition_by=[F("household_id"), F("key")], order_by=[F("on"), F("id")])
    )
    counted: dict[tuple[str, str, int | None], list[int]] = {}
    for key, form, office_id, was_known, nth in rows.values_list(
        "key", "form", "organization_id", "was_known", "nth"
    ).iterator():
        line = counted.setdefault((key, form, office_id), [0, 0])
        line[0] += 1
        line[1] += int(was_known or nth > 1)
    fields, offices = visit_fields(), organizations()
    found = []
    for (key, form, organization_id), (asked, repeated) in counted.items():
        office = offices.by_id(organization_id)
        label = label_of_field(fields[key]) if key in fields else key
        found.append(Repeat(label, form_name(form), office.name if office else "", asked, repeated))
    return sorted(found, key=lambda line: (-line.repeated, line.label, line.form, line.organization_name))


def expired_known(today: date) -> QuerySet[KnownField]:
    """Return what is known beyond its day. For actions."""
    return KnownField.objects.filter(Q(keep_until__lt=today))
