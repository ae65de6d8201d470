"""Permissions for some hours: who may ask for which, who has one, and what was done under it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from django.db.models import Q
from django.utils.translation import gettext as _

from haitang.core.access import Actor, require
from haitang.core.errors import NotFound
from haitang.core.facts import label_of
from haitang.core.history import Entry
from haitang.core.looks import LOOKS, is_look
from haitang.people.models import Elevation
from haitang.people.queries import rows
from haitang.people.queries.signing import sign_in_rules
from haitang.people.values import DUTY_OF, Permission, matches, permission_names

SHOWN = 100
DEEDS_SHOWN = 300


class State(StrEnum):
    """Where an elevation stands at an instant."""

    WAITING = "waiting"
    REFUSED = "refused"
    RUNNING = "running"
    OVER = "over"


@dataclass(frozen=True, slots=True)
class ElevationView:
    """An elevation as its pages show it. name: the permission's, in Chinese, to be translated."""

    row: Elevation
    name: str
    state: State


@dataclass(frozen=True, slots=True)
class Deed:
    """Something done while an elevation ran: when, what, and whether hidden data were looked at."""

    at: datetime
    label: str
    subject_type: str
    subject_id: int
    is_unmasking: bool


@dataclass(frozen=True, slots=True)
class ElevationPage:
    """An elevation with what its holder did meanwhile, the latest first. unmaskings: looks at hidden data, all of them.

    may_decide, may_end: what the viewer may do about it.
    """

    view: ElevationView
    deeds: Sequence[Deed]
    unmaskings: int
    may_decide: bool
    may_end: bool


def may_ask_for(viewer: Actor) -> list[str]:
    """Return the permissions that the viewer may ask for: those of the rule, which it does not hold already.

    The three administrators may ask for none: they would be something else besides, for a while.
    """
    if viewer.id is None or viewer.standing_in_for is not None or any(viewer.holds(each) for each in DUTY_OF):
        return []
    patterns = sign_in_rules()["elevation_permissions"]
    known = [each for each in permission_names() if each not in DUTY_OF and matches(each, patterns)]
    return [each for each in known if not viewer.holds(each)] if viewer.permissions else []


def list_own_elevations(*, viewer: Actor, now: datetime) -> list[ElevationView]:
    """Return what the viewer has asked for, the latest first; at most SHOWN."""
    found = Elevation.objects.filter(account_id=viewer.id or 0).select_related("account", "decided_by")
    return [_view(row, now) for row in found.order_by("-asked_at", "-id")[:SHOWN]]


def list_elevations(*, viewer: Actor, now: datetime) -> list[ElevationView]:
    """Return what was asked for by anybody, undecided ones first; raise NotAllowed without GRANT_MANAGE."""
    require(viewer, Permission.GRANT_MANAGE)
    found = Elevation.objects.select_related("account", "decided_by").order_by("-asked_at", "-id")[:SHOWN]
    order = {State.WAITING: 0, State.RUNNING: 1}
    return sorted((_view(row, now) for row in found), key=lambda each: order.get(each.state, 2))


def get_elevation_page(*, viewer: Actor, elevation_id: int, now: datetime) -> ElevationPage:
    """Return an elevation with what was done under it, to its holder and to security administrators.

    Raises NotFound for anybody else.
    """
    missing = NotFound(_("没有找到这次临时权限"))
    row = rows.one(Elevation.objects.select_related("account", "decided_by"), elevation_id, missing)
    is_own, may_grant = row.account_id == viewer.id, viewer.holds(Permission.GRANT_MANAGE)
    if not is_own and not may_grant:
        raise missing
    view = _view(row, now)
    entries = Entry.objects.none()
    if row.granted_at is not None:
        entries = Entry.objects.filter(actor_id=row.account_id, at__gte=row.granted_at, at__lt=row.until)
    shown = entries.order_by("-id")[:DEEDS_SHOWN]
    return ElevationPage(
        view=view,
        deeds=[
            Deed(each.at, label_of(each.fact), each.subject_type, each.subject_id, is_look(each.fact, each.data))
            for each in shown
        ],
        unmaskings=entries.filter(LOOKS).count(),
        may_decide=view.state is State.WAITING and may_grant and not is_own,
        may_end=(view.state is State.RUNNING and (is_own or may_grant)) or (view.state is State.WAITING and is_own),
    )


def list_ended_elevations(now: datetime) -> list[Elevation]:
    """Return those that have ended and were not reported yet, locked, the longest ago first. For jobs."""
    ended = Elevation.objects.select_for_update(of=("self",), skip_locked=True).select_related("account")
    return list(ended.filter(Q(until__lte=now), reported_at=None).order_by("until", "id")[:SHOWN])


def count_unmaskings(row: Elevation) -> int:
    """Return how often its holder looked at hidden data while it ran. For jobs."""
    ran = Entry.objects.filter(actor_id=row.account_id, at__gte=row.granted_at, at__lt=row.until)
    return ran.filter(LOOKS).count()


def lock_elevation(elevation_id: int) -> Elevation:
    """Return an elevation, locked until the end of the transaction. Raises NotFound."""
    return rows.one(
        Elevation.objects.select_for_update(of=("self",)), elevation_id, NotFound(_("没有找到这次临时权限"))
    )


def _view(row: Elevation, now: datetime) -> ElevationView:
    state = State.WAITING
    if row.until is not None:
        state = State.RUNNING if row.until > now else State.OVER
    elif row.decided_at is not None:
        state = State.REFUSED
    return ElevationView(row, permission_names().get(row.permission, row.permission), state)
