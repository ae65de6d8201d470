"""Reads over councils, their members, meetings and what these resolved."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Count, F, Prefetch, Q
from django.utils.translation import gettext as _

from haitang.cases.queries import list_known
from haitang.core import history, paging, periods
from haitang.core.access import Actor, require
from haitang.core.keyset import page_by_instant
from haitang.core.models import Entry
from haitang.councils import policies
from haitang.councils.lifecycle import ResolutionStatus, SessionStatus
from haitang.councils.models import Council, Member, Resolution, Session, SessionItem
from haitang.councils.queries.rules import KindRef, rules
from haitang.councils.values import (
    VOTING,
    CouncilNotFound,
    MemberNotFound,
    Permission,
    ResolutionNotFound,
    SessionNotFound,
    VotingChoice,
)
from haitang.organizations.queries import organizations
from haitang.territory.queries import territory

PAGE_ROWS, SESSIONS_SHOWN, TOTAL_MAX = 30, 50, 10_000
LATE = "late"
"""As a status of resolutions: under way, and due before today."""


@dataclass(frozen=True, slots=True)
class CouncilView:
    """A council with what lists show: members of today, meetings held this year, resolutions under way and late."""

    row: Council
    kind: KindRef
    area_name: str
    organization_name: str
    members: int
    sessions: int
    open: int
    late: int

    @property
    def habit(self) -> str:
        """Return how often it meets: its own habit, or that of its kind."""
        return self.row.habit or self.kind.habit


@dataclass(frozen=True, slots=True)
class ResolutionView:
    """A resolution with its names. may_settle: whether this viewer may say what became of it.

    case: what it was handed over as, None where the viewer may not know of that.
    """

    row: Resolution
    council_name: str
    office_name: str
    is_late: bool
    may_settle: bool
    case: Any = None


@dataclass(frozen=True, slots=True)
class CouncilPage:
    """What the page of a council shows. members: with those who left; empty for the public."""

    view: CouncilView
    members: list[Member]
    sessions: list[Session]
    may_convene: bool
    entries: list[Entry]


@dataclass(frozen=True, slots=True)
class SessionPage:
    """What the page of a meeting shows. members: who may be there; resolutions in the order in which they were made."""

    row: Session
    kind: KindRef
    items: list[SessionItem]
    members: list[Member]
    resolutions: list[ResolutionView]
    may_convene: bool
    entries: list[Entry]


@dataclass(frozen=True, slots=True)
class ResolutionFilter:
    """Which resolutions are wanted. status: of ResolutionStatus, or LATE; "" for all."""

    today: date
    status: str = ""
    area_path: str = ""
    council_id: int | None = None


def _one(rows: Any, pk: int, otherwise: Exception) -> Any:
    found = rows.filter(pk=pk).first()
    if found is None:
        raise otherwise
    return found


def get_council(council_id: int) -> Council:
    """Return a council; anybody may know of it. Raises CouncilNotFound."""
    found: Council = _one(Council.objects, council_id, CouncilNotFound(_("没有这个议事组织")))
    return found


def lock_council(council_id: int) -> Council:
    """Return a council, locked. For actions; raises CouncilNotFound."""
    rows = Council.objects.select_for_update(no_key=True)
    found: Council = _one(rows, council_id, CouncilNotFound(_("没有这个议事组织")))
    return found


def lock_councils(council_ids: Iterable[int]) -> dict[int, Council]:
    """Return these councils, locked in the order of their ids. For actions; raises CouncilNotFound."""
    wanted = set(council_ids)
    rows = Council.objects.select_for_update(no_key=True).filter(pk__in=wanted).order_by("pk")
    found = {row.pk: row for row in rows}
    if wanted - found.keys():
        raise CouncilNotFound(_("没有这个议事组织"))
    return found


def lock_member(member_id: int) -> Member:
    """Return a member who has not left, locked after the council. For actions; raises MemberNotFound."""
    known = Member.objects.filter(pk=member_id).values_list("council_id", flat=True).first()
    council = lock_council(known) if known else None
    row = Member.objects.select_for_update(no_key=True).filter(pk=member_id, to_date=None).first()
    if row is None or council is None:
        raise MemberNotFound(_("没有这名成员，或已经离任"))
    row.council = council
    return row


def lock_sessions(session_ids: Iterable[int]) -> dict[int, Session]:
    """Return these meetings with their councils, locked by id. For actions; raises SessionNotFound."""
    wanted = set(session_ids)
    rows = Session.objects.select_for_update(no_key=True, of=("self",)).select_related("council")
    found = {row.pk: row for row in rows.filter(pk__in=wanted).order_by("pk")}
    if wanted - found.keys():
        raise SessionNotFound(_("没有这次会议"))
    return found


def lock_resolution(resolution_id: int) -> Resolution:
    """Return a resolution with meeting and council, locked. For actions; raises ResolutionNotFound."""
    rows = Resolution.objects.select_for_update(no_key=True, of=("self",)).select_related("session__council")
    found: Resolution = _one(rows, resolution_id, ResolutionNotFound(_("没有这项议定事项")))
    return found


def lock_carried_out(**where: Any) -> Resolution | None:
    """Return the resolution that became that case_id, project_id or voting_url, locked; None for none. For actions."""
    rows = Resolution.objects.select_for_update(no_key=True, of=("self",)).select_related("session__council")
    return rows.filter(**where).order_by("pk").first()


def members_on(council_id: int, today: date) -> list[Member]:
    """Return the members of that day, the convener first. For actions and pages of those who keep the council."""
    found = Member.objects.filter(periods.on(today), council_id=council_id)
    return list(found.order_by("post", "from_date", "id"))


def filter_councils(*, today: date, kind: str = "", area_path: str = "", ended: bool = False) -> Any:
    """Return councils, as rows still to be read; that they are there, anybody may know."""
    rows = Council.objects.all()
    if not ended:
        rows = rows.filter(Q(to_date=None) | Q(to_date__gt=today))
    if kind:
        rows = rows.filter(kind__code=kind)
    return rows.below(area_path) if area_path else rows


def list_councils(*, today: date, kind: str = "", area_path: str = "", cursor: str = "") -> paging.Page[Council]:
    """Return a page of councils, the latest entered first."""
    rows = filter_councils(today=today, kind=kind, area_path=area_path)
    return page_by_instant(rows, instant="entered_at", cursor=cursor, limit=PAGE_ROWS, total_max=TOTAL_MAX)


def list_councils_around(area_ids: Iterable[int], today: date) -> list[Council]:
    """Return the councils of an area's chain: which a matter of that area may come before; the nearest first."""
    rows = filter_councils(today=today).filter(area_id__in=list(area_ids))
    return sorted(rows, key=lambda row: (-len(row.area_ids), row.pk))


def describe_councils(rows: Iterable[Council], today: date) -> list[CouncilView]:
    """Return councils with their names and numbers; three statements for all."""
    councils = list(rows)
    ids = [row.pk for row in councils]
    areas, offices, known = territory(), organizations(), rules()

    def counted(found: Any, **more: Any) -> dict[int, dict[str, int]]:
        return {each.pop("c"): each for each in found.order_by().annotate(**more)}

    seats = counted(
        Member.objects.filter(periods.on(today), council__in=ids).values(c=F("council_id")), members=Count("pk")
    )
    held = counted(
        Session.objects.filter(council__in=ids, status=SessionStatus.HELD, at__year=today.year).values(
            c=F("council_id")
        ),
        sessions=Count("pk"),
    )  # fmt: skip
    due = counted(
        Resolution.objects.filter(session__council__in=ids, status=ResolutionStatus.OPEN).values(
            c=F("session__council_id")
        ),
        open=Count("pk"), late=Count("pk", filter=Q(due_on__lt=today)),
    )  # fmt: skip
    zero = {"members": 0, "sessions": 0, "open": 0, "late": 0}
    return [
        CouncilView(
            row, known.kind_by_id(row.kind_id), areas.full_name(row.area_id),
            office.name if (office := offices.by_id(row.organization_id)) else "",
            **{**zero, **seats.get(row.pk, {}), **held.get(row.pk, {}), **due.get(row.pk, {})},
        )
        for row in councils
    ]  # fmt: skip


def get_council_page(*, viewer: Actor, council_id: int, today: date) -> CouncilPage:
    """Return a council with all that its page shows this viewer. Raises CouncilNotFound."""
    row = get_council(council_id)
    is_staff = viewer.holds(Permission.VIEW, area_path=row.area_path)
    members = list(Member.objects.filter(council=row).order_by("post", "from_date", "id")) if is_staff else []
    sessions = Session.objects.filter(council=row).annotate(n=Count("resolutions")).order_by("-at", "-id")
    return CouncilPage(
        describe_councils([row], today)[0], members, list(sessions[:SESSIONS_SHOWN]),
        policies.may_convene(viewer, row), history.timeline("council", row.pk) if is_staff else [],
    )  # fmt: skip


def get_session(session_id: int) -> Session:
    """Return a meeting with its council; that it is called, anybody may know. Raises SessionNotFound."""
    rows = Session.objects.select_related("council")
    found: Session = _one(rows, session_id, SessionNotFound(_("没有这次会议")))
    return found


def get_session_page(*, viewer: Actor, session_id: int, today: date) -> SessionPage:
    """Return a meeting with all that its page shows staff. Raises SessionNotFound (or not theirs to see)."""
    row = get_session(session_id)
    if not viewer.holds(Permission.VIEW, area_path=row.council.area_path):
        raise SessionNotFound(_("没有这次会议"))
    resolutions = Resolution.objects.filter(session=row).select_related("session__council").order_by("id")
    if row.status == SessionStatus.HELD:
        members = list(Member.objects.filter(pk__in=row.present_ids).order_by("post", "id"))
    else:
        members = members_on(row.council_id, today)
    return SessionPage(
        row, rules().kind_by_id(row.council.kind_id), _items(row), members,
        describe_resolutions(resolutions, viewer=viewer, today=today), policies.may_convene(viewer, row.council),
        history.timeline("council_session", row.pk),
    )  # fmt: skip


def get_public_session(*, session_id: int, viewer: Actor, today: date) -> SessionPage:
    """Return a meeting as anybody reads it: agenda, then summary and resolutions. Raises SessionNotFound."""
    row = get_session(session_id)
    resolutions: list[ResolutionView] = []
    if row.published_at is not None:
        found = Resolution.objects.filter(session=row).select_related("session__council").order_by("id")
        resolutions = describe_resolutions(found, viewer=viewer, today=today)
    return SessionPage(row, rules().kind_by_id(row.council.kind_id), _items(row), [], resolutions, False, [])


def _items(row: Session) -> list[SessionItem]:
    return list(SessionItem.objects.filter(session=row).select_related("topic").order_by("order"))


def list_coming_sessions(*, now: datetime, area_path: str = "", limit: int = 10) -> list[Session]:
    """Return the next meetings, the earliest first; anybody may know of them."""
    councils = Council.objects.below(area_path) if area_path else Council.objects.all()
    rows = Session.objects.filter(council__in=councils.values("pk"), status=SessionStatus.CALLED, at__gt=now)
    items = Prefetch("items", SessionItem.objects.order_by("order"))
    return list(rows.select_related("council").prefetch_related(items).order_by("at", "id")[:limit])


def filter_resolutions(*, viewer: Actor, wanted: ResolutionFilter) -> Any:
    """Return the resolutions of councils that the viewer sees as staff, as rows still to be read. Raises NotAllowed."""
    require(viewer, Permission.VIEW)
    councils = Council.objects.visible_to(viewer)
    if wanted.area_path:
        councils = councils.below(wanted.area_path)
    rows = Resolution.objects.filter(session__council__in=councils.values("pk")).select_related("session__council")
    if wanted.council_id:
        rows = rows.filter(session__council_id=wanted.council_id)
    if wanted.status == LATE:
        return rows.filter(status=ResolutionStatus.OPEN, due_on__lt=wanted.today)
    return rows.filter(status=wanted.status) if wanted.status else rows


def list_resolutions(*, viewer: Actor, wanted: ResolutionFilter, cursor: str = "") -> paging.Page[Resolution]:
    """Return a page of resolutions, those of the latest meetings first."""
    rows = filter_resolutions(viewer=viewer, wanted=wanted)
    return page_by_instant(rows, instant="decided_at", cursor=cursor, limit=PAGE_ROWS, total_max=TOTAL_MAX)


def count_resolutions(*, viewer: Actor, wanted: ResolutionFilter) -> dict[str, int]:
    """Return how many resolutions stand so, by status, whatever status the filter names; with those LATE."""
    rows = filter_resolutions(viewer=viewer, wanted=ResolutionFilter(wanted.today, "", wanted.area_path))
    counts = {status: Count("pk", filter=Q(status=status)) for status in ResolutionStatus.values}
    late = Count("pk", filter=Q(status=ResolutionStatus.OPEN, due_on__lt=wanted.today))
    found: dict[str, int] = rows.order_by().aggregate(**counts, **{LATE: late})
    return found


def count_late(*, viewer: Actor, today: date) -> int:
    """Return how many resolutions of the viewer's councils are overdue, for the menu."""
    return filter_resolutions(viewer=viewer, wanted=ResolutionFilter(today, LATE))[:99].count()


def describe_resolutions(rows: Iterable[Resolution], *, viewer: Actor, today: date) -> list[ResolutionView]:
    """Return resolutions, read with meetings and councils, with their names; a query where some became cases."""
    rows, offices = list(rows), organizations()
    became = [row.case_id for row in rows if row.case_id]
    cases = {case.pk: case for case in list_known(viewer=viewer, case_ids=became)} if became else {}
    views = []
    for row in rows:
        council = row.session.council
        is_open = row.status == ResolutionStatus.OPEN
        may = policies.may_convene(viewer, council) or viewer.holds(Permission.CONVENE, organization_id=row.office_id)
        office = offices.by_id(row.office_id)
        views.append(
            ResolutionView(
                row, council.name, office.label if office else "",
                is_open and row.due_on is not None and row.due_on < today, is_open and may,
                cases.get(row.case_id or 0),
            )
        )  # fmt: skip
    return views


def find_resolution(*, viewer: Actor, today: date, **known: int) -> ResolutionView | None:
    """Return the resolution of that pk or case_id, if the viewer sees its council as staff."""
    rows = Resolution.objects.filter(
        session__council__in=Council.objects.visible_to(viewer).values("pk"), **known
    ).select_related("session__council")
    return next(iter(describe_resolutions(rows[:1], viewer=viewer, today=today)), None)


def get_resolution(*, viewer: Actor, resolution_id: int) -> Resolution:
    """Return a resolution with its council, to who keeps that. Raises ResolutionNotFound, NotAllowed."""
    rows = Resolution.objects.select_related("session__council")
    found: Resolution = _one(
        rows.filter(session__council__in=Council.objects.visible_to(viewer).values("pk")),
        resolution_id, ResolutionNotFound(_("没有这项议定事项")),
    )  # fmt: skip
    policies.check_can_convene(viewer, found.session.council)
    return found


def list_votings(*, viewer: Actor, area_path: str) -> list[VotingChoice]:
    """Return the votes to which the viewer can bring a resolution of a council of that area."""
    return [
        VotingChoice(f"{way.code}:{offer.place}" if offer.place else way.code, offer.label, way.matters())
        for way in VOTING
        for offer in way.offers(viewer, area_path)
    ]


def list_invited(session_ids: Iterable[int], now: datetime) -> list[tuple[Session, list[int]]]:
    """Return the meetings still to come with the accounts of their members. For jobs, which show nobody anything."""
    rows = Session.objects.filter(pk__in=list(session_ids), status=SessionStatus.CALLED, at__gt=now)
    found = list(rows.select_related("council").order_by("pk"))
    members = Member.objects.filter(council__in=[row.council_id for row in found], to_date=None)
    accounts: dict[int, list[int]] = {}
    for council_id, account_id in members.exclude(account=None).values_list("council_id", "account_id"):
        accounts.setdefault(council_id, []).append(account_id)
    return [(row, accounts.get(row.council_id, [])) for row in found]


def list_entries_of(entry_ids: Iterable[int]) -> list[Entry]:
    """Return these entries of the history. For jobs."""
    return list(Entry.objects.filter(pk__in=list(entry_ids)).order_by("pk"))
