"""Reads over committees, their members, meetings and decisions."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Count, F, Q
from django.utils.translation import gettext as _

from haitang.alliances import policies
from haitang.alliances.lifecycle import DecisionStatus, MeetingStatus
from haitang.alliances.models import AgendaItem, Committee, Decision, Meeting, Seat
from haitang.alliances.values import (
    CommitteeNotFound,
    DecisionNotFound,
    MeetingNotFound,
    Permission,
    SeatKind,
    SeatNotFound,
)
from haitang.cases.queries import list_known
from haitang.core import history, paging, periods
from haitang.core.access import Actor
from haitang.core.keyset import page_by_instant
from haitang.core.models import Entry
from haitang.core.scoping import path_of
from haitang.organizations.queries import organizations
from haitang.territory.queries import territory

PAGE_ROWS = 50
TOTAL_MAX = 10_000
MEETINGS_SHOWN = 50
LATE = "late"
"""As a status of decisions: under way, and due before today."""


@dataclass(frozen=True, slots=True)
class CommitteeView:
    """A committee with what lists show: members of today, meetings held this year, decisions under way and late."""

    row: Committee
    organization_name: str
    area_name: str
    members: int
    part_time: int
    meetings: int
    open: int
    late: int


@dataclass(frozen=True, slots=True)
class SeatView:
    """A member. home_name: of the unit. is_over: the seat was left; is_overdue: the term has run out."""

    row: Seat
    home_name: str
    is_over: bool
    is_overdue: bool


@dataclass(frozen=True, slots=True)
class CommitteePage:
    """What the page of a committee shows. may_convene: whether this viewer keeps it."""

    view: CommitteeView
    seats: list[SeatView]
    meetings: list[Meeting]
    may_convene: bool
    entries: list[Entry]


@dataclass(frozen=True, slots=True)
class DecisionView:
    """A decision with its names. may_settle: whether this viewer may say what became of it.

    case: what it was handed over as, None where the viewer may not know of that.
    """

    row: Decision
    committee_name: str
    office_name: str
    is_late: bool
    may_settle: bool
    case: Any = None


@dataclass(frozen=True, slots=True)
class MeetingPage:
    """What the page of a meeting shows. agenda: (item, name of the unit that brings it up)."""

    row: Meeting
    agenda: list[tuple[AgendaItem, str]]
    decisions: list[DecisionView]
    may_convene: bool
    entries: list[Entry]


@dataclass(frozen=True, slots=True)
class DecisionFilter:
    """Which decisions are wanted. status: of DecisionStatus, or LATE; "" for all."""

    today: date
    status: str = ""
    area_path: str = ""
    committee_id: int | None = None
    office_id: int | None = None


def lock_committees(committee_ids: Iterable[int]) -> dict[int, Committee]:
    """Return these committees, locked in the order of their ids. For actions; raises CommitteeNotFound."""
    return _all_of(Committee.objects.select_for_update(no_key=True), committee_ids)


def lock_committee(committee_id: int) -> Committee:
    """Return the committee, locked. For actions; raises CommitteeNotFound."""
    return lock_committees([committee_id])[committee_id]


def read_committees(committee_ids: Iterable[int]) -> dict[int, Committee]:
    """Return these committees. For actions; raises CommitteeNotFound."""
    return _all_of(Committee.objects.all(), committee_ids)


def _all_of(rows: Any, committee_ids: Iterable[int]) -> dict[int, Committee]:
    wanted = set(committee_ids)
    found: dict[int, Committee] = {row.pk: row for row in rows.filter(pk__in=wanted).order_by("pk")}
    if wanted - found.keys():
        raise CommitteeNotFound(_("没有这个委员会"))
    return found


def lock_seat(seat_id: int) -> Seat:
    """Return a seat that is not left, locked after its committee. For actions; raises SeatNotFound."""
    known = Seat.objects.filter(pk=seat_id).values_list("committee_id", flat=True).first()
    committee = lock_committee(known) if known else None
    row = Seat.objects.select_for_update(no_key=True).filter(pk=seat_id, to_date=None).first() if committee else None
    if row is None or committee is None:
        raise SeatNotFound(_("没有这名委员，或已经离任"))
    row.committee = committee
    return row


def lock_meetings(meeting_ids: Iterable[int]) -> dict[int, Meeting]:
    """Return these meetings with their committees, locked by id. For actions; raises MeetingNotFound."""
    wanted = set(meeting_ids)
    rows = Meeting.objects.select_for_update(no_key=True, of=("self",)).select_related("committee")
    found = {row.pk: row for row in rows.filter(pk__in=wanted).order_by("pk")}
    if wanted - found.keys():
        raise MeetingNotFound(_("没有这次会议"))
    return found


def lock_decisions(decision_ids: Iterable[int]) -> dict[int, Decision]:
    """Return these decisions with meetings and committees, locked by id. For actions; raises DecisionNotFound."""
    wanted = set(decision_ids)
    rows = Decision.objects.select_for_update(no_key=True, of=("self",)).select_related("meeting__committee")
    found = {row.pk: row for row in rows.filter(pk__in=wanted).order_by("pk")}
    if wanted - found.keys():
        raise DecisionNotFound(_("没有这项决议"))
    return found


def filter_committees(*, viewer: Actor, today: date, kind: str = "", area_path: str = "", ended: bool = False) -> Any:
    """Return the committees that the viewer may see, as rows still to be read. ended: also those that are over."""
    rows = Committee.objects.visible_to(viewer)
    if not ended:
        rows = rows.filter(Q(to_date=None) | Q(to_date__gt=today))
    if kind:
        rows = rows.filter(kind=kind)
    return rows.below(area_path) if area_path else rows


def list_committees(
    *, viewer: Actor, today: date, kind: str = "", area_path: str = "", ended: bool = False, cursor: str = ""
) -> paging.Page[Committee]:
    """Return a page of the committees that the viewer may see, the latest entered first."""
    rows = filter_committees(viewer=viewer, today=today, kind=kind, area_path=area_path, ended=ended)
    return page_by_instant(rows, instant="entered_at", cursor=cursor, limit=PAGE_ROWS, total_max=TOTAL_MAX)


def describe_committees(rows: Iterable[Committee], today: date) -> list[CommitteeView]:
    """Return committees with their names and numbers; three statements for all."""
    committees = list(rows)
    ids = [row.pk for row in committees]
    areas, offices = territory(), organizations()

    def counted(found: Any, **more: Any) -> dict[int, dict[str, int]]:
        return {each.pop("c"): each for each in found.order_by().annotate(**more)}

    seats = counted(
        Seat.objects.filter(periods.on(today), committee__in=ids).values(c=F("committee_id")),
        members=Count("pk"), part_time=Count("pk", filter=Q(kind=SeatKind.PART_TIME)),
    )  # fmt: skip
    held = counted(
        Meeting.objects.filter(committee__in=ids, status=MeetingStatus.HELD, at__year=today.year).values(
            c=F("committee_id")
        ),
        meetings=Count("pk"),
    )  # fmt: skip
    due = counted(
        Decision.objects.filter(meeting__committee__in=ids, status=DecisionStatus.OPEN).values(
            c=F("meeting__committee_id")
        ),
        open=Count("pk"), late=Count("pk", filter=Q(due_on__lt=today)),
    )  # fmt: skip
    zero = {"members": 0, "part_time": 0, "meetings": 0, "open": 0, "late": 0}
    return [
        CommitteeView(
            row, office.name if (office := offices.by_id(row.organization_id)) else "", areas.full_name(row.area_id),
            **{**zero, **seats.get(row.pk, {}), **held.get(row.pk, {}), **due.get(row.pk, {})},
        )
        for row in committees
    ]  # fmt: skip


def get_committee_page(*, viewer: Actor, committee_id: int, today: date) -> CommitteePage:
    """Return a committee with all that its page shows. Raises CommitteeNotFound."""
    row = Committee.objects.filter(pk=committee_id).first()
    if row is None:
        raise CommitteeNotFound(_("没有这个委员会"))
    seats = list(Seat.objects.filter(committee=row).order_by("kind", "from_date", "id"))
    policies.check_may_see_committee(viewer, row, [seat.home_id for seat in seats])
    offices = organizations()
    views = [
        SeatView(
            seat, home.name if (home := offices.by_id(seat.home_id)) else "",
            seat.to_date is not None and seat.to_date <= today, seat.until is not None and seat.until < today,
        )
        for seat in sorted(seats, key=lambda seat: (seat.kind != SeatKind.PERMANENT, seat.from_date, seat.pk))
    ]  # fmt: skip
    meetings = Meeting.objects.filter(committee=row).annotate(n=Count("decisions")).order_by("-at", "-id")
    return CommitteePage(
        describe_committees([row], today)[0], views, list(meetings[:MEETINGS_SHOWN]), may_convene(viewer, row),
        history.timeline("alliance_committee", row.pk),
    )  # fmt: skip


def may_convene(viewer: Actor, row: Committee) -> bool:
    """Tell whether the viewer keeps the committee."""
    return viewer.holds(Permission.CONVENE, area_path=path_of(row.area_ids))


def get_meeting_page(*, viewer: Actor, meeting_id: int, today: date) -> MeetingPage:
    """Return a meeting with all that its page shows. Raises MeetingNotFound, CommitteeNotFound."""
    row = Meeting.objects.select_related("committee").filter(pk=meeting_id).first()
    if row is None:
        raise MeetingNotFound(_("没有这次会议"))
    homes = Seat.objects.filter(committee=row.committee).values_list("home_id", flat=True)
    decisions = list(Decision.objects.filter(meeting=row).select_related("meeting__committee").order_by("id"))
    policies.check_may_see_committee(viewer, row.committee, [*homes, *(each.office_id for each in decisions)])
    offices = organizations()
    agenda = [
        (item, office.name if (office := offices.by_id(item.proposer_id)) else "")
        for item in row.agenda.order_by("order")
    ]
    return MeetingPage(
        row, agenda, describe_decisions(decisions, viewer=viewer, today=today), may_convene(viewer, row.committee),
        history.timeline("alliance_meeting", row.pk),
    )  # fmt: skip


def filter_decisions(*, viewer: Actor, wanted: DecisionFilter) -> Any:
    """Return the decisions of committees that the viewer may see, and those that its units see to, still to be read."""
    committees = Committee.objects.visible_to(viewer)
    if wanted.area_path:
        committees = committees.below(wanted.area_path)
    own = Q() if wanted.area_path else Q(office_id__in=viewer.organizations(Permission.SPEAK))
    scope = Q(meeting__committee__in=committees.values("pk"))
    rows = Decision.objects.filter(scope | own if own else scope).select_related("meeting__committee")
    if wanted.status == LATE:
        rows = rows.filter(status=DecisionStatus.OPEN, due_on__lt=wanted.today)
    elif wanted.status:
        rows = rows.filter(status=wanted.status)
    given = {"meeting__committee_id": wanted.committee_id, "office_id": wanted.office_id}
    return rows.filter(**{name: value for name, value in given.items() if value})


def list_decisions(*, viewer: Actor, wanted: DecisionFilter, cursor: str = "") -> paging.Page[Decision]:
    """Return a page of decisions, those of the latest meetings first."""
    rows = filter_decisions(viewer=viewer, wanted=wanted)
    return page_by_instant(rows, instant="decided_at", cursor=cursor, limit=PAGE_ROWS, total_max=TOTAL_MAX)


def count_decisions(*, viewer: Actor, wanted: DecisionFilter) -> dict[str, int]:
    """Return how many decisions stand so, by status, whatever status the filter names; with those LATE."""
    rows = filter_decisions(
        viewer=viewer, wanted=DecisionFilter(wanted.today, "", wanted.area_path, wanted.committee_id)
    )
    counts = {status: Count("pk", filter=Q(status=status)) for status in DecisionStatus.values}
    late = Count("pk", filter=Q(status=DecisionStatus.OPEN, due_on__lt=wanted.today))
    found: dict[str, int] = rows.order_by().aggregate(**counts, **{LATE: late})
    return found


def describe_decisions(rows: Iterable[Decision], *, viewer: Actor, today: date) -> list[DecisionView]:
    """Return decisions, read with meetings and committees, with their names; a query where some became cases."""
    rows, offices = list(rows), organizations()
    became = [row.case_id for row in rows if row.case_id]
    cases = {case.pk: case for case in list_known(viewer=viewer, case_ids=became)} if became else {}
    views = []
    for row in rows:
        committee = row.meeting.committee
        is_open = row.status == DecisionStatus.OPEN
        may = may_convene(viewer, committee) or viewer.holds(Permission.SPEAK, organization_id=row.office_id)
        office = offices.by_id(row.office_id)
        is_late = is_open and row.due_on is not None and row.due_on < today
        label = office.label if office else ""
        views.append(DecisionView(row, committee.name, label, is_late, is_open and may, cases.get(row.case_id or 0)))
    return views


def list_called(meeting_ids: Iterable[int], now: datetime) -> list[tuple[Meeting, list[int]]]:
    """Return the meetings still to come with the units of their members. For jobs, which show nobody anything."""
    rows = Meeting.objects.filter(pk__in=list(meeting_ids), status=MeetingStatus.CALLED, at__gt=now)
    found = list(rows.select_related("committee").order_by("pk"))
    seats = Seat.objects.filter(committee__in=[row.committee_id for row in found], to_date=None, home__isnull=False)
    homes: dict[int, list[int]] = {}
    for committee_id, home_id in seats.values_list("committee_id", "home_id"):
        homes.setdefault(committee_id, []).append(home_id)
    return [(row, homes.get(row.committee_id, [])) for row in found]


def find_decision(*, viewer: Actor, today: date, **known: int) -> DecisionView | None:
    """Return the decision of that pk or case_id, if the viewer may see it."""
    rows = filter_decisions(viewer=viewer, wanted=DecisionFilter(today)).filter(**known)
    return next(iter(describe_decisions(rows[:1], viewer=viewer, today=today)), None)
