"""Owners' committees and joint meetings, as the estate's page shows them."""

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from haitang.core.access import Actor
from haitang.core.schemas import ID_MAX
from haitang.owners.models import Committee, CommitteeMember, JointMeeting, Resolution
from haitang.owners.queries.estates import get_estate
from haitang.owners.values import EstateNotFound, OwnerNotFound

MEETINGS_MAX = 50


@dataclass(frozen=True, slots=True)
class CommitteeView:
    """A committee with who serves and who has left. is_serving: whether its term runs."""

    committee: Committee
    members: list[CommitteeMember]
    former: list[CommitteeMember]
    is_serving: bool
    is_over: bool


@dataclass(frozen=True, slots=True)
class MeetingView:
    """A joint meeting with what it has agreed on."""

    meeting: JointMeeting
    resolutions: list[Resolution]


def list_committees(*, viewer: Actor, estate_id: int, on: date) -> list[CommitteeView]:
    """Return the committees of an estate, the latest term first. Raises EstateNotFound."""
    estate = get_estate(viewer=viewer, estate_id=estate_id)
    views = []
    for row in Committee.objects.filter(estate=estate).order_by("-from_date").prefetch_related("members"):
        members = sorted(row.members.all(), key=lambda each: (_RANKS.index(each.seat), each.pk))
        serving = row.from_date <= on <= row.until
        views.append(
            CommitteeView(
                row, [each for each in members if each.until is None], [each for each in members if each.until],
                serving, on > row.until,
            )
        )  # fmt: skip
    return views


def has_serving_committee(estate_id: int, on: date) -> bool:
    """Tell whether a term of an owners' committee runs that day. For actions."""
    return Committee.objects.filter(estate_id=estate_id, from_date__lte=on, until__gte=on).exists()


_RANKS = ("chair", "deputy", "member", "reserve")


def list_meetings(*, viewer: Actor, estate_id: int) -> list[MeetingView]:
    """Return the joint meetings of an estate, the latest first; at most 50. Raises EstateNotFound."""
    estate = get_estate(viewer=viewer, estate_id=estate_id)
    rows = JointMeeting.objects.filter(estate=estate).order_by("-at").prefetch_related("resolutions")[:MEETINGS_MAX]
    return [MeetingView(row, sorted(row.resolutions.all(), key=lambda each: each.pk)) for row in rows]


def get_committee(committee_id: int) -> Committee:
    """Return a committee with its estate, locked; raise EstateNotFound. For actions."""
    rows = Committee.objects.select_for_update(no_key=True, of=("self",)).select_related("estate")
    found = rows.filter(pk=committee_id).first() if 0 < committee_id <= ID_MAX else None
    if found is None:
        raise EstateNotFound(_("没有这个业主委员会"))
    return found


def lock_member(member_id: int) -> CommitteeMember:
    """Return a member with committee and estate, locked; raise OwnerNotFound. For actions."""
    rows = CommitteeMember.objects.select_for_update(no_key=True, of=("self",)).select_related("committee__estate")
    found = rows.filter(pk=member_id).first() if 0 < member_id <= ID_MAX else None
    if found is None:
        raise OwnerNotFound(_("没有这位成员"))
    return found


def lock_meeting(meeting_id: int) -> JointMeeting:
    """Return a joint meeting with its estate, locked; raise EstateNotFound. For actions."""
    rows = JointMeeting.objects.select_for_update(no_key=True, of=("self",)).select_related("estate")
    found = rows.filter(pk=meeting_id).first() if 0 < meeting_id <= ID_MAX else None
    if found is None:
        raise EstateNotFound(_("没有这次会议"))
    return found


def lock_resolution(resolution_id: int) -> Resolution:
    """Return what a meeting has agreed on, with meeting and estate, locked; raise EstateNotFound. For actions."""
    rows = Resolution.objects.select_for_update(no_key=True, of=("self",)).select_related("meeting__estate")
    found = rows.filter(pk=resolution_id).first() if 0 < resolution_id <= ID_MAX else None
    if found is None:
        raise EstateNotFound(_("没有这个议定事项"))
    return found
