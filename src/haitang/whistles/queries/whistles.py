"""Reads of single whistles and lists of them."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from haitang.cases.queries import catalog, get_case, lock_by
from haitang.cases.values import CaseNotFound
from haitang.core import access, history, paging
from haitang.core.access import Actor
from haitang.core.keyset import page_by_instant
from haitang.core.models import Entry
from haitang.core.rows import Joined
from haitang.core.scoping import below
from haitang.organizations.queries import OrganizationRef, organizations
from haitang.territory.queries import territory
from haitang.whistles import policies
from haitang.whistles.lifecycle import OPEN, Deed, Standing, Status, deeds_from
from haitang.whistles.models import CHAIN, UNBLOWN, Call, Meeting, Photo, Task, Whistle, WhistleQuerySet
from haitang.whistles.queries.rules import rules_of
from haitang.whistles.values import KindRule, Permission, WhistleNotFound

PAGE_ROWS_DEFAULT = 20
PAGE_ROWS_MAX = 200
TOTAL_MAX = 1000
BADGE_MAX = 99
TASKS_SHOWN_MAX = 30


@dataclass(frozen=True, slots=True)
class CallView:
    """A department's answer, with its name and what the viewer may do."""

    call: Call
    organization: OrganizationRef | None
    deeds: list[Deed]
    photos: list[Photo]
    may_add_photo: bool = False


@dataclass(frozen=True, slots=True)
class WhistleView:
    """A whistle with the names that stand for its ids."""

    whistle: Whistle
    kind: KindRule
    organization: OrganizationRef | None
    area_name: str
    category: Any
    calls: list[CallView]


@dataclass(frozen=True, slots=True)
class WhistlePage:
    """Everything that the page of one whistle shows to one viewer.

    may_decide: approve or decline. may_add: call more departments; which post it takes besides, the action asks.
    settles: tasks of meetings that the viewer may tick off. sees_case: whether the viewer may open the case itself.
    """

    view: WhistleView
    entries: list[Entry]
    meetings: list[Meeting]
    may_decide: bool
    may_withdraw: bool
    may_add: bool
    may_convene: bool
    sees_case: bool
    settles: frozenset[int]


def _read() -> WhistleQuerySet:
    deferred = ("case__search", "case__query_code")
    return Whistle.objects.select_related("case").defer(*deferred).prefetch_related("calls")


def get_whistle(*, viewer: Actor, whistle_id: int) -> Whistle:
    """Return one whistle with its case and calls; raise WhistleNotFound if the viewer may not know of it."""
    whistle = _read().filter(pk=whistle_id).first()
    if whistle is None:
        raise WhistleNotFound(_("没有这张哨单"))
    policies.check_may_know(viewer, whistle, whistle.case, [call.organization_id for call in whistle.calls.all()])
    return whistle


def get_whistle_for_job(whistle_id: int) -> Whistle | None:
    """Return a whistle with its case and calls, or None. For jobs only, which show nobody anything."""
    return _read().filter(pk=whistle_id).first()


_CASE = lock_by("SELECT case_id FROM whistles_whistle WHERE id = %s")
_WHOLE = Joined(
    Whistle, Call,
    "JOIN whistles_call ON whistles_call.whistle_id = whistles_whistle.id WHERE whistles_whistle.id = %s "
    "ORDER BY whistles_call.id",
)  # fmt: skip


def lock_whistle(whistle_id: int) -> tuple[Any, Whistle, list[Call]]:
    """Return the case, locked, with the whistle and its calls as they then stand; raise WhistleNotFound. For actions.

    Whoever changes a whistle locks its case first and needs no other lock: two departments that sign off at once, and
    a case about to be closed, wait for one another there. Two statements, in every deed about a whistle; a whistle has
    at least the call of its lead.
    """
    case, whole = _CASE(whistle_id), _WHOLE.all(whistle_id)
    if case is None or not whole:
        raise WhistleNotFound(_("没有这张哨单"))
    whistle, calls = whole[0][0], [call for _whistle, call in whole]
    for call in calls:
        call.whistle = whistle
    return case, whistle, calls


def list_open_calls(case_id: int) -> list[tuple[str, str]]:
    """Return what keeps a case from its end: (number of the whistle, name of the department still to sign off).

    A whistle that waits for approval has "" for the department. For the guard, which asks under the case's lock.
    """
    waiting = Whistle.objects.filter(case_id=case_id, status__in=(Status.PENDING, Status.BLOWN))
    found = list(waiting.values_list("number", "status", "calls__organization_id", "calls__status"))
    registry = organizations()
    names = []
    for number, status, organization_id, standing in found:
        if status == Status.PENDING:
            names.append((number, ""))
        elif Standing(standing) in OPEN:
            desk = registry.by_id(organization_id)
            names.append((number, desk.label if desk else ""))
    return list(dict.fromkeys(names))


BOXES = ("todo", "street", "called", "all")
"""What waits for the viewer; whistles of the viewer's areas; those to which the viewer's desk was called; all."""


def list_whistles(
    *, viewer: Actor, box: str = "all", status: str = "", cursor: str = "", limit: int = PAGE_ROWS_DEFAULT
) -> paging.Page:
    """Return a page of whistles, newest first. box: one of BOXES. Raises Invalid for a cursor that is none."""
    rows = _box(viewer, box)
    if status:
        rows = rows.filter(status=status)
    limit = max(1, min(limit, PAGE_ROWS_MAX))
    return page_by_instant(
        rows.select_related("case").defer("case__search", "case__query_code").prefetch_related("calls"),
        instant="drafted_at", cursor=cursor, limit=limit, total_max=TOTAL_MAX,
    )  # fmt: skip


def count_whistles_todo(*, viewer: Actor) -> int:
    """Return how many whistles wait for the viewer, counted up to one more than 99."""
    answering = (Permission.RESPOND, Permission.APPROVE, Permission.EVALUATE, Permission.DRAFT)
    if not any(viewer.holds(each) for each in answering):
        return 0
    return _box(viewer, "todo").order_by()[: BADGE_MAX + 1].count()


def count_open_tasks(*, viewer: Actor, whistles: list[Whistle]) -> dict[int, int]:
    """Return, by whistle, how many tasks of its meetings wait for the viewer's unit; none is left out."""
    given = _tasks_of(viewer).filter(meeting__whistle_id__in=[whistle.pk for whistle in whistles])
    return dict(given.values_list("meeting__whistle_id").annotate(n=Count("id")))


def list_open_tasks(*, viewer: Actor) -> list[tuple[Task, OrganizationRef | None]]:
    """Return the tasks of joint meetings that wait for the viewer's unit, those due first, at most TASKS_SHOWN_MAX."""
    seen = Whistle.objects.visible_to(viewer)
    rows = _tasks_of(viewer).filter(meeting__whistle__in=seen).select_related("meeting__whistle")
    registry = organizations()
    return [(task, registry.by_id(task.organization_id)) for task in rows.order_by("due_on", "id")[:TASKS_SHOWN_MAX]]


def _box(viewer: Actor, box: str) -> WhistleQuerySet:
    rows = Whistle.objects.visible_to(viewer)
    if box == "todo":
        return rows.filter(_waits_for(viewer))
    if box == "street":
        areas = viewer.areas(Permission.DRAFT) | viewer.areas(Permission.EVALUATE) | viewer.areas(Permission.APPROVE)
        return rows.filter(below(areas, CHAIN))
    if box == "called":
        desks = _desks(viewer)
        return rows.filter(Exists(_calls(organization_id__in=desks))).exclude(status__in=UNBLOWN)
    return rows


def _desks(viewer: Actor) -> frozenset[int]:
    own = viewer.organization_id if viewer.holds(Permission.RESPOND) else None
    return viewer.organizations(Permission.RESPOND) | ({own} if own is not None else set())


def _tasks_of(viewer: Actor) -> QuerySet[Task]:
    """Return the open tasks of departments that the viewer answers for, and of the street or community drafted for."""
    own = viewer.organization_id if viewer.holds(Permission.DRAFT) else None
    return Task.objects.filter(organization_id__in=_desks(viewer) | ({own} if own is not None else set()), is_done=None)


def _calls(**narrowed: Any) -> Any:
    return Call.objects.filter(whistle_id=OuterRef("pk"), **narrowed)


def _waits_for(viewer: Actor) -> Q:
    """Return the condition that a deed of the viewer is what the whistle, or one of its departments, waits for."""
    waits = Q(pk__in=[])
    if areas := viewer.areas(Permission.APPROVE):
        waits |= Q(status=Status.PENDING) & below(areas, CHAIN)
    if areas := viewer.areas(Permission.EVALUATE):
        asked = _calls(status__in=(Standing.REFUSING, Standing.SIGNED_OFF))
        waits |= Q(Exists(asked)) & below(areas, CHAIN)
    if desks := _desks(viewer):
        mine = _calls(organization_id__in=desks, status__in=OPEN - {Standing.REFUSING})
        waits |= Q(Exists(mine)) & Q(status=Status.BLOWN)
    waits |= Q(Exists(_tasks_of(viewer).filter(meeting__whistle_id=OuterRef("pk"))))
    return waits


def describe_whistles(whistles: list[Whistle], *, viewer: Actor | None = None) -> list[WhistleView]:
    """Return the whistles with their names; with a viewer also what that one may do to each department's answer."""
    areas, desks, known = territory(), organizations(), catalog()
    photos: dict[int, list[Photo]] = {}
    if viewer is not None:
        ids = [call.pk for whistle in whistles for call in whistle.calls.all()]
        for photo in Photo.objects.filter(call_id__in=ids).order_by("id"):
            photos.setdefault(photo.call_id, []).append(photo)
    views = []
    for whistle in whistles:
        case = whistle.case
        calls = sorted(whistle.calls.all(), key=lambda call: (call.role != "lead", call.pk))
        views.append(
            WhistleView(
                whistle=whistle,
                kind=rules_of(whistle.rules_id).kinds[whistle.kind],
                organization=desks.by_id(whistle.organization_id),
                area_name=areas.full_name(case.area_id),
                category=known.by_id.get(case.category_id) if case.category_id else None,
                calls=[
                    CallView(
                        call, desks.by_id(call.organization_id), _deeds(viewer, whistle, call) if viewer else [],
                        photos.get(call.pk, []), viewer is not None and _may_add_photo(viewer, whistle, call),
                    )
                    for call in calls
                ],
            )
        )  # fmt: skip
    return views


def describe_call(call: Call) -> CallView:
    """Return a department's answer with its name, for whoever has just changed it."""
    return CallView(call, organizations().by_id(call.organization_id), [], [])


def _deeds(viewer: Actor, whistle: Whistle, call: Call) -> list[Deed]:
    if whistle.status in UNBLOWN:
        return []
    possible = deeds_from(call.status)
    return [deed for deed in possible if access.allows(policies.check_can, viewer, deed, call, whistle.case)]


def _may_add_photo(viewer: Actor, whistle: Whistle, call: Call) -> bool:
    if whistle.status in UNBLOWN or Standing(call.status) not in (Standing.ARRIVED, Standing.HANDLED):
        return False
    return access.allows(policies.check_can_respond, viewer, call.organization_id, whistle.case)


def get_whistle_page(*, viewer: Actor, whistle_id: int) -> WhistlePage:
    """Return the whistle with all that its page shows; raise WhistleNotFound as `get_whistle` does."""
    whistle = get_whistle(viewer=viewer, whistle_id=whistle_id)
    case = whistle.case
    view = describe_whistles([whistle], viewer=viewer)[0]
    pending = whistle.status == Status.PENDING
    meetings = list(Meeting.objects.filter(whistle=whistle).prefetch_related("tasks").order_by("held_at", "id"))
    may_convene = access.allows(policies.check_can_convene, viewer, case) and whistle.status not in UNBLOWN
    tasks = [task for meeting in meetings for task in meeting.tasks.all() if task.is_done is None]
    return WhistlePage(
        view=view,
        entries=entries_of(whistle),
        meetings=meetings,
        may_decide=pending and access.allows(policies.check_can_decide, viewer, case),
        may_withdraw=pending and access.allows(policies.check_can_withdraw, viewer, whistle, case),
        may_add=whistle.status in (Status.BLOWN, Status.ANSWERED)
        and case.stage is not None
        and access.allows(policies.check_can_decide, viewer, case),
        may_convene=may_convene,
        sees_case=_sees_case(viewer, case),
        settles=frozenset(
            task.pk for task in tasks if access.allows(policies.check_can_settle, viewer, task.organization_id, case)
        ),
    )


def entries_of(whistle: Whistle) -> list[Entry]:
    """Return what was written down about the whistle, oldest first; the caller has checked that they know of it."""
    entries = history.timeline("case", whistle.case_id)
    return [entry for entry in entries if entry.data.get("whistle_id") == whistle.pk]


def _sees_case(viewer: Actor, case: Any) -> bool:
    try:
        get_case(viewer=viewer, case_id=case.pk)
    except CaseNotFound:
        return False
    return True


def list_whistles_of_case(*, viewer: Actor, case_id: int) -> list[WhistleView]:
    """Return the whistles of a case that the viewer may know of, newest first."""
    rows = _read().visible_to(viewer).filter(case_id=case_id).order_by("-drafted_at", "-id")
    return describe_whistles(list(rows))


def get_whistle_photo(*, viewer: Actor, whistle_id: int, photo_id: int) -> Photo:
    """Return one photo of a whistle that the viewer may know of; raise WhistleNotFound."""
    whistle = get_whistle(viewer=viewer, whistle_id=whistle_id)
    photo = Photo.objects.filter(pk=photo_id, call__whistle=whistle).first()
    if photo is None:
        raise WhistleNotFound(_("没有这张照片"))
    return photo
