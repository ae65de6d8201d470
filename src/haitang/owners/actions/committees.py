"""Owners' committees with terms and members, and joint meetings with what they have agreed on."""

from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from haitang.core import history
from haitang.core.access import Actor
from haitang.core.clock import local_date
from haitang.core.constraints import refusing
from haitang.owners import policies, queries
from haitang.owners.actions.shared import audience_of, text_of
from haitang.owners.facts import (
    CommitteeFormed,
    CommitteeLeft,
    CommitteeSeated,
    JointMeetingCalled,
    JointMeetingMinuted,
    ResolutionDone,
)
from haitang.owners.models import Committee, CommitteeMember, Estate, JointMeeting, Resolution
from haitang.owners.values import (
    LINE_LENGTH_MAX,
    NAME_LENGTH_MAX,
    QUESTIONS_MAX,
    TEXT_LENGTH_MAX,
    TITLE_LENGTH_MAX,
    AlreadyThere,
    BadEstate,
    NewMeeting,
    NewResolution,
    Party,
    Seat,
)

_TERM_YEARS_MAX = 6


def _keep(actor: Actor, estate: Estate) -> None:
    policies.check_may_see(actor, estate)
    policies.check_can_keep(actor, estate.area_path)


@transaction.atomic
def form_committee(
    *, actor: Actor, estate_id: int, name: str, from_date: date, until: date, now: datetime
) -> Committee:  # fmt: skip
    """
    Enter an owners' committee for a term; terms of an estate do not overlap.

    Raises EstateNotFound, NotAllowed (no KEEP there), BadEstate (name, term).
    """
    estate = queries.lock_estate(estate_id)
    _keep(actor, estate)
    named = text_of(name, "name", NAME_LENGTH_MAX, missing=_("请填写名称"), refusal=BadEstate)
    wrong = ""
    if not from_date <= until or until.year - from_date.year > _TERM_YEARS_MAX:
        wrong = _("任期届满应晚于任期开始，最长 %(n)d 年") % {"n": _TERM_YEARS_MAX}
    elif Committee.objects.filter(estate=estate, from_date__lte=until, until__gte=from_date).exists():
        wrong = _("与另一届业主委员会的任期重叠")
    if wrong:
        raise BadEstate(wrong, {"until": wrong})
    row = Committee.objects.create(estate=estate, name=named, from_date=from_date, until=until)
    fact = CommitteeFormed(estate.pk, row.pk, named)
    history.record(actor=actor, fact=fact, at=now, audience=audience_of(estate))
    return row


@transaction.atomic
def seat_member(
    *, actor: Actor, committee_id: int, name: str, seat: str, from_date: date, now: datetime
) -> CommitteeMember:  # fmt: skip
    """
    Let somebody serve on a committee. Raises EstateNotFound, NotAllowed, BadEstate, AlreadyThere (the same name; a
    second chair).
    """
    committee = queries.get_committee(committee_id)
    _keep(actor, committee.estate)
    named = text_of(name, "name", NAME_LENGTH_MAX, missing=_("请填写姓名"), refusal=BadEstate)
    if seat not in Seat.values:
        raise BadEstate(_("请选择职务"), {"seat": _("请选择职务")})
    if not committee.from_date <= from_date <= committee.until:
        raise BadEstate(_("任职应在任期内"), {"from_date": _("任职应在任期内")})
    refusals = {
        "owners_member_once": AlreadyThere(_("这位成员已经在任")),
        "owners_one_chair": AlreadyThere(_("已有一位主任在任")),
    }
    with refusing(refusals):
        row = CommitteeMember.objects.create(committee=committee, name=named, seat=seat, from_date=from_date)
    fact = CommitteeSeated(committee.estate_id, committee.pk, row.pk)
    history.record(actor=actor, fact=fact, at=now, audience=audience_of(committee.estate))
    return row


@transaction.atomic
def leave_committee(*, actor: Actor, member_id: int, now: datetime) -> CommitteeMember:
    """Let a member leave today. Raises OwnerNotFound, EstateNotFound, NotAllowed, AlreadyThere (has left already)."""
    row = queries.lock_member(member_id)
    committee = row.committee
    _keep(actor, committee.estate)
    if row.until is not None:
        raise AlreadyThere(_("这位成员已经离任"))
    row.until = max(local_date(now), row.from_date)
    row.save(update_fields=["until"])
    fact = CommitteeLeft(committee.estate_id, committee.pk, row.pk)
    history.record(actor=actor, fact=fact, at=now, audience=audience_of(committee.estate))
    return row


@transaction.atomic
def call_meeting(*, actor: Actor, estate_id: int, new: NewMeeting, now: datetime) -> JointMeeting:
    """
    Call a joint meeting of community, committee and property company, with others who are asked (3+3+N).

    Raises EstateNotFound, NotAllowed (no KEEP there), BadEstate.
    """
    estate = queries.get_estate(viewer=actor, estate_id=estate_id)
    _keep(actor, estate)
    others = [text_of(each, "others", NAME_LENGTH_MAX, refusal=BadEstate) for each in new.others[:QUESTIONS_MAX]]
    row = JointMeeting.objects.create(
        estate=estate, at=new.at, others=[each for each in others if each],
        title=text_of(new.title, "title", TITLE_LENGTH_MAX, missing=_("请填写议题"), refusal=BadEstate),
        place=text_of(new.place, "place", LINE_LENGTH_MAX, refusal=BadEstate),
        agenda=text_of(new.agenda, "agenda", TEXT_LENGTH_MAX, missing=_("请填写议程"), refusal=BadEstate),
    )  # fmt: skip
    fact = JointMeetingCalled(estate.pk, row.pk, row.title)
    history.record(actor=actor, fact=fact, at=now, audience=audience_of(estate))
    return row


@transaction.atomic
def minute_meeting(
    *, actor: Actor, meeting_id: int, minutes: str, resolutions: Sequence[NewResolution], now: datetime
) -> JointMeeting:
    """
    Write the minutes of a meeting, once, with what it has agreed on.

    Raises EstateNotFound, NotAllowed (no KEEP there), AlreadyThere (minuted already), BadEstate.
    """
    meeting = queries.lock_meeting(meeting_id)
    _keep(actor, meeting.estate)
    if meeting.minuted_at is not None:
        raise AlreadyThere(_("纪要已经登记"))
    meeting.minutes = text_of(minutes, "minutes", TEXT_LENGTH_MAX, missing=_("请填写纪要"), refusal=BadEstate)
    meeting.minuted_at = now
    meeting.save(update_fields=["minutes", "minuted_at"])
    rows = []
    for each in resolutions[:QUESTIONS_MAX]:
        if each.party not in Party.values:
            raise BadEstate(_("请选择责任方"), {"resolutions": _("请选择责任方")})
        text = text_of(each.text, "resolutions", missing=_("请写明议定事项"), refusal=BadEstate)
        rows.append(Resolution(meeting=meeting, text=text, party=each.party, due_on=each.due_on))
    Resolution.objects.bulk_create(rows)
    fact = JointMeetingMinuted(meeting.estate_id, meeting.pk, len(rows))
    history.record(actor=actor, fact=fact, at=now, audience=audience_of(meeting.estate))
    return meeting


@transaction.atomic
def finish_resolution(*, actor: Actor, resolution_id: int, words: str, now: datetime) -> Resolution:
    """Note that what a meeting has agreed on is done. Raises EstateNotFound, NotAllowed, AlreadyThere, BadEstate."""
    row = queries.lock_resolution(resolution_id)
    estate = row.meeting.estate
    _keep(actor, estate)
    if row.done_at is not None:
        raise AlreadyThere(_("这个议定事项已经办结"))
    row.done = text_of(words, "words", missing=_("请写明办理情况"), refusal=BadEstate)
    row.done_at = now
    row.save(update_fields=["done", "done_at"])
    fact = ResolutionDone(estate.pk, row.meeting_id, row.pk)
    history.record(actor=actor, fact=fact, at=now, audience=audience_of(estate))
    return row
