"""Reads of those called: what I am called to, one call, my calendar."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from secrets import compare_digest

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from haitang.callups.lifecycle import Status
from haitang.callups.models import Call, CallUp
from haitang.callups.queries.rules import callup_rules
from haitang.callups.values import COMES, Answer, NotCalled, WrongReportCode
from haitang.core.access import Actor
from haitang.core.rows import Joined
from haitang.core.schemas import ID_MAX
from haitang.organizations.queries import organizations
from haitang.territory.queries import territory
from haitang.volunteers.queries import get_volunteer_of, promised_between
from haitang.volunteers.values import CalendarEntry

SHOWN_MAX = 50
_PROMISED = Joined(
    Call, CallUp,
    "JOIN callups_callup ON callups_callup.id = callups_call.callup_id WHERE callups_call.volunteer_id = ANY(%s) "
    "AND callups_call.answer = ANY(%s) AND callups_call.turn IS NULL AND callups_callup.begins_at < %s "
    "AND callups_callup.ends_at > %s ORDER BY callups_callup.begins_at, callups_call.id",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class MyCall:
    """A call to the viewer. ahead: how many of the wait list come before them. busy: what they have promised then."""

    call: Call
    callup: CallUp
    area_name: str
    organization_name: str
    ahead: int
    busy: tuple[CalendarEntry, ...] = ()


def _going_on(now: datetime) -> Q:
    """Return the condition of call-ups that still concern those called."""
    since = now - timedelta(hours=callup_rules()["close_after_hours"])
    return Q(callup__status=Status.OPEN, callup__ends_at__gt=since)


def _mine(viewer: Actor) -> QuerySet[Call]:
    volunteer = get_volunteer_of(viewer.id)
    if volunteer is None:
        return Call.objects.none()
    return Call.objects.filter(volunteer=volunteer).select_related("callup")


def is_registered(viewer: Actor) -> bool:
    """Tell whether the viewer stands in the register of helpers, and can be called."""
    return get_volunteer_of(viewer.id) is not None


def count_unanswered(*, viewer: Actor, now: datetime) -> int:
    """Return how many calls wait for the viewer's answer."""
    if viewer.id is None:
        return 0
    waiting = _mine(viewer).filter(_going_on(now), answer=Answer.NONE, callup__answer_by__gt=now)
    return waiting.count()


def list_my_calls(*, viewer: Actor, now: datetime) -> tuple[list[MyCall], list[MyCall]]:
    """Return the calls to the viewer that go on, the soonest first, and those that are over, the latest first."""
    rows = _mine(viewer)
    going = rows.filter(_going_on(now)).order_by("callup__begins_at", "callup_id")[:SHOWN_MAX]
    over = rows.exclude(_going_on(now)).order_by("-callup__begins_at", "-callup_id")[:SHOWN_MAX]
    return [_view(row) for row in going], [_view(row) for row in over]


def _view(row: Call, busy: tuple[CalendarEntry, ...] = ()) -> MyCall:
    callup = row.callup
    office = organizations().by_id(callup.organization_id)
    ahead = Call.objects.filter(callup=callup, turn__lt=row.turn).count() if row.turn is not None else 0
    name = territory().full_name(callup.area_id)
    return MyCall(row, callup, name, office.name if office else "", ahead, busy)


def get_my_call(*, viewer: Actor, callup_id: int) -> MyCall:
    """Return the call of that call-up to the viewer, with what else they have promised then. Raises NotCalled."""
    row = _mine(viewer).filter(callup_id=callup_id).first() if 0 < callup_id <= ID_MAX else None
    if row is None:
        raise NotCalled(_("没有这次召唤，或没有召唤您"))
    callup = row.callup
    promised = promised_between([row.volunteer_id], callup.begins_at, callup.ends_at).get(row.volunteer_id, [])
    return _view(row, tuple(in_the_way(row, promised)))


def in_the_way(call: Call, promised: Iterable[CalendarEntry], *, late: bool = False) -> list[CalendarEntry]:
    """Return those of somebody's promises that keep them from coming to the call, which lie in its time.

    late: who comes late can have something else before; only what is not over before the call-up ends is in the way.
    """
    ends_at = call.callup.ends_at
    return [each for each in promised if each.uid != uid_of(call) and not (late and each.ended_at < ends_at)]


def get_to_report(*, callup_id: int, code: str) -> CallUp:
    """Return the call-up whose code was scanned, for whoever holds it in their hand. Raises WrongReportCode."""
    row = CallUp.objects.filter(pk=callup_id).first() if 0 < callup_id <= ID_MAX else None
    if row is None or not fits_code(row, code):
        raise WrongReportCode(_("这个报到码无效，请扫现场的二维码"))
    return row


def fits_code(row: CallUp, code: str) -> bool:
    """Tell whether this is the code of the call-up."""
    return compare_digest(row.code.encode(), code.encode())


def uid_of(row: Call) -> str:
    """Return under what name a call stands in calendars."""
    return f"call-{row.pk}"


def calendar_of(volunteer_ids: Collection[int], began_at: datetime, ended_at: datetime) -> Iterable[CalendarEntry]:
    """Return what people have promised to come to between two instants, cancelled ones marked, for their calendars."""
    return [
        CalendarEntry(
            row.volunteer_id, uid_of(row), callup.purpose, callup.begins_at, callup.ends_at, callup.place,
            reverse("callups:call", args=[row.callup_id]), callup.status == Status.CANCELLED,
        )
        for row, callup in _PROMISED.all(list(volunteer_ids), [answer.value for answer in COMES], ended_at, began_at)
    ]  # fmt: skip
