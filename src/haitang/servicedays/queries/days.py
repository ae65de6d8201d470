"""Reads of the office: service days within reach, one with its shifts, one shift with who has signed up."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count, F, Q
from django.utils.translation import gettext as _

from haitang.core import access
from haitang.core.access import Actor
from haitang.core.schemas import ID_MAX
from haitang.organizations.queries import organizations
from haitang.servicedays import policies
from haitang.servicedays.models import ServiceDay, ServiceRule, Shift, SignUp
from haitang.servicedays.values import HOLDS, DayNotFound
from haitang.territory.queries import territory
from haitang.volunteers.queries import names_of
from haitang.volunteers.values import ItemKind

DAYS_MAX = 60
EXPORT_MAX = 5_000


@dataclass(frozen=True, slots=True)
class ShiftView:
    """A shift as lists show it. here: how many have reported. waiting: how many wait."""

    shift: Shift
    skills: list[str]
    waiting: int
    here: int


@dataclass(frozen=True, slots=True)
class DayView:
    """A service day with its shifts, the first to begin first. may_lead: whether the viewer may change it."""

    day: ServiceDay
    area_name: str
    organization_name: str
    shifts: list[ShiftView]
    may_lead: bool

    @property
    def places(self) -> int:
        """Return how many can take part."""
        return sum(each.shift.places for each in self.shifts)

    @property
    def taken(self) -> int:
        """Return how many have signed up with a place."""
        return sum(each.shift.taken for each in self.shifts)


@dataclass(frozen=True, slots=True)
class SignUpLine:
    """Somebody signed up, as the office sees them; "" for the name of who has left the register since."""

    signup: SignUp
    name: str
    area_name: str
    has_account: bool


@dataclass(frozen=True, slots=True)
class ShiftPage:
    """A shift with its day and who has signed up: those with a place first, then those who wait by turn."""

    view: ShiftView
    day: DayView
    lines: list[SignUpLine]


@dataclass(frozen=True, slots=True)
class RuleView:
    """A day that comes again, as the office sees it."""

    rule: ServiceRule
    area_name: str
    may_lead: bool


def describe_shifts(shifts: Iterable[Shift]) -> list[ShiftView]:
    """Return shifts with their numbers, in one statement for any number."""
    shifts = list(shifts)
    rows = SignUp.objects.filter(shift__in=[shift.pk for shift in shifts]).order_by().values("shift_id")
    counted = rows.annotate(
        waiting=Count("id", filter=Q(turn__isnull=False)), here=Count("id", filter=Q(here_at__isnull=False))
    )
    numbers = {row["shift_id"]: (row["waiting"], row["here"]) for row in counted}
    return [
        ShiftView(shift, names_of(ItemKind.SKILL, shift.skills), *numbers.get(shift.pk, (0, 0))) for shift in shifts
    ]


def _describe(viewer: Actor, days: list[ServiceDay]) -> list[DayView]:
    shifts = Shift.objects.filter(day__in=[day.pk for day in days]).order_by("begins_at", "id")
    views: dict[int, list[ShiftView]] = {}
    for view in describe_shifts(shifts):
        views.setdefault(view.shift.day_id, []).append(view)
    tree, offices = territory(), organizations()
    found = []
    for day in days:
        office = offices.by_id(day.organization_id)
        may_lead = access.allows(policies.check_can_lead, viewer, day)
        found.append(
            DayView(day, tree.full_name(day.area_id), office.name if office else "", views.get(day.pk, []), may_lead)
        )
    return found


def list_days(*, viewer: Actor, today: date, past: bool = False) -> list[DayView]:
    """Return the service days within reach: those to come by date, or the last ones before today."""
    seen = ServiceDay.objects.visible_to(viewer)
    over, coming = seen.filter(on__lt=today).order_by("-on", "-id"), seen.filter(on__gte=today).order_by("on", "id")
    return _describe(viewer, list((over if past else coming)[:DAYS_MAX]))


def list_days_for_export(*, viewer: Actor, today: date, past: bool = False) -> list[DayView]:
    """Return the service days within reach for a file: all to come, or those of the last year; at most EXPORT_MAX."""
    seen = ServiceDay.objects.visible_to(viewer)
    since = today - timedelta(days=366)
    rows = seen.filter(on__lt=today, on__gte=since) if past else seen.filter(on__gte=today)
    return _describe(viewer, list(rows.order_by("on", "id")[:EXPORT_MAX]))


def list_rules(*, viewer: Actor) -> list[RuleView]:
    """Return the days that come again within reach, those stopped left out."""
    rows = ServiceRule.objects.visible_to(viewer).filter(ended_at=None).order_by(F("made_at").desc(), "id")
    tree = territory()
    return [
        RuleView(row, tree.full_name(row.area_id), access.allows(policies.check_can_lead, viewer, row))
        for row in rows[:DAYS_MAX]
    ]


def get_day(*, viewer: Actor, day_id: int) -> DayView:
    """Return one service day to who works with them there. Raises DayNotFound."""
    row = ServiceDay.objects.filter(pk=day_id).first() if 0 < day_id <= ID_MAX else None
    if row is None:
        raise DayNotFound(_("没有这个服务日"))
    policies.check_may_see(viewer, row)
    return _describe(viewer, [row])[0]


def get_shift_page(*, viewer: Actor, shift_id: int) -> ShiftPage:
    """Return one shift with who has signed up, to who works with service days there. Raises DayNotFound."""
    day_id = Shift.objects.filter(pk=shift_id).values_list("day_id", flat=True).first() if shift_id <= ID_MAX else None
    if day_id is None:
        raise DayNotFound(_("没有这个班次"))
    day = get_day(viewer=viewer, day_id=day_id)
    view = next(each for each in day.shifts if each.shift.pk == shift_id)
    rows = SignUp.objects.filter(shift_id=shift_id).select_related("volunteer")
    lines, tree = [], territory()
    for row in sorted(rows, key=lambda each: (each.state not in HOLDS, each.turn or 0, each.signed_at, each.pk)):
        person = row.volunteer
        lines.append(SignUpLine(row, person.name, tree.full_name(person.area_id), person.account_id is not None))
    return ShiftPage(view, day, lines)


def get_signup_for_job(signup_id: int) -> SignUp | None:
    """Return one sign-up with its person, shift and day, for jobs."""
    return SignUp.objects.select_related("volunteer", "shift__day").filter(pk=signup_id).first()


def accounts_of_day(day_id: int) -> list[int]:
    """Return the accounts of those who have signed up for a day and have not left, for jobs."""
    rows = SignUp.objects.filter(shift__day_id=day_id, state__in=HOLDS, volunteer__account__isnull=False)
    return list(rows.values_list("volunteer__account_id", flat=True).distinct())


def accounts_here(shift_id: int) -> list[int]:
    """Return the accounts of those who were there, for jobs."""
    rows = SignUp.objects.filter(shift_id=shift_id, here_at__isnull=False, volunteer__account__isnull=False)
    return list(rows.values_list("volunteer__account_id", flat=True))


def get_day_for_job(day_id: int) -> ServiceDay | None:
    """Return a service day, for jobs."""
    return ServiceDay.objects.filter(pk=day_id).first()


def get_shift_for_job(shift_id: int) -> Shift | None:
    """Return a shift with its day, for jobs."""
    return Shift.objects.select_related("day").filter(pk=shift_id).first()
