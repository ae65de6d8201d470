"""Meetings and what they decide: called, held or called off; each decision done or dropped.

Locks are taken in one order everywhere: committees, then meetings, then decisions, each by id.
"""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from haitang.alliances import policies, queries
from haitang.alliances.actions.shared import bounded, check_open, check_stands, day_of, office_of, tell, text_of
from haitang.alliances.facts import (
    CommitteeMet,
    DecisionReopened,
    DecisionsAdded,
    DecisionSettled,
    MeetingCalled,
    MeetingCalledOff,
)
from haitang.alliances.lifecycle import DecisionStatus, MeetingStatus
from haitang.alliances.models import AgendaItem, Committee, Decision, Meeting
from haitang.alliances.values import (
    AGENDA_MAX,
    LINE_LENGTH_MAX,
    MINUTES_LENGTH_MAX,
    TITLE_LENGTH_MAX,
    WORDS_LENGTH_MAX,
    BadWords,
    DecisionSettledAlready,
    Held,
    MeetingIsOver,
    NewDecision,
    NewItem,
    NewMeeting,
    Settled,
)
from haitang.core.access import Actor
from haitang.core.clock import local_date
from haitang.core.facts import Fact


@transaction.atomic
def call_meetings(*, actor: Actor, news: Sequence[NewMeeting], now: datetime) -> list[Meeting]:
    """
    Call committees to meetings, with a few statements for all; the members' units are told.

    Takes CONVENE. Raises CommitteeNotFound, NotAllowed, BadWords: then none is called.
    """
    bounded(news)
    committees = _committees(actor, {new.committee_id for new in news})
    for committee in committees.values():
        check_stands(committee.to_date, local_date(now))
    rows: list[Meeting] = []
    agenda: list[AgendaItem] = []
    for new in news:
        row = Meeting(committee=committees[new.committee_id])
        _write_call(row, new, now)
        rows.append(row)
        agenda += _agenda(row, new.agenda, now)
    Meeting.objects.bulk_create(rows)
    AgendaItem.objects.bulk_create(agenda)
    tell(actor, [(row.committee, _call(row)) for row in rows], now)
    return rows


@transaction.atomic
def change_meeting(*, actor: Actor, meeting_id: int, new: NewMeeting, now: datetime) -> Meeting:
    """
    Write the call to a meeting anew, agenda and all, before it is held.

    Raises MeetingNotFound, CommitteeNotFound, NotAllowed, MeetingIsOver, BadWords.
    """
    row = _called(actor, meeting_id)
    _write_call(row, new, now)
    row.save(update_fields=["title", "at", "place"])
    AgendaItem.objects.filter(meeting=row).delete()
    AgendaItem.objects.bulk_create(_agenda(row, new.agenda, now))
    tell(actor, [(row.committee, _call(row))], now)
    return row


@transaction.atomic
def call_off_meeting(*, actor: Actor, meeting_id: int, reason: str, now: datetime) -> Meeting:
    """Call a meeting off. Raises MeetingNotFound, CommitteeNotFound, NotAllowed, MeetingIsOver, BadWords."""
    row = _called(actor, meeting_id)
    row.reason = text_of(reason, "reason", LINE_LENGTH_MAX, missing=_("请写明理由"))
    row.status = MeetingStatus.CANCELLED
    row.save(update_fields=["status", "reason"])
    tell(actor, [(row.committee, MeetingCalledOff(row.pk, row.reason))], now)
    return row


@transaction.atomic
def hold_meetings(*, actor: Actor, held: Sequence[Held], now: datetime) -> list[Meeting]:
    """
    Take down the minutes and the decisions of meetings that were held, with a few statements for all.

    Raises MeetingNotFound, CommitteeNotFound, NotAllowed, MeetingIsOver, BadWords (not begun yet, no minutes): then
    none is.
    """
    bounded(held)
    rows = queries.lock_meetings(each.meeting_id for each in held)
    _committees(actor, {row.committee_id for row in rows.values()})
    decisions: list[Decision] = []
    facts: list[tuple[Committee, Fact]] = []
    for each in held:
        row = rows[each.meeting_id]
        _check_called(row)
        if row.at > now:
            raise BadWords(_("会议还没有开始"))
        row.status = MeetingStatus.HELD
        row.minutes = text_of(each.minutes, "minutes", MINUTES_LENGTH_MAX, missing=_("请填写会议纪要"))
        made = _decisions(row, each.decisions, now)
        decisions += made
        facts.append((row.committee, CommitteeMet(row.pk, row.committee_id, len(made))))
    Meeting.objects.bulk_update(rows.values(), ["status", "minutes"])
    Decision.objects.bulk_create(decisions)
    tell(actor, facts, now)
    return [rows[each.meeting_id] for each in held]


@transaction.atomic
def add_decisions(*, actor: Actor, meeting_id: int, decisions: Sequence[NewDecision], now: datetime) -> list[Decision]:
    """
    Add what a meeting that was held decided and nobody took down then.

    Raises MeetingNotFound, CommitteeNotFound, NotAllowed, MeetingIsOver (not held), BadWords.
    """
    (row,) = queries.lock_meetings([meeting_id]).values()
    _committees(actor, {row.committee_id})
    if row.status != MeetingStatus.HELD:
        raise MeetingIsOver(_("会议还没有召开，或已经取消"))
    made = Decision.objects.bulk_create(_decisions(row, decisions, now))
    tell(actor, [(row.committee, DecisionsAdded(row.pk, len(made)))], now)
    return made


@transaction.atomic
def settle_decisions(*, actor: Actor, settled: Sequence[Settled], now: datetime) -> list[Decision]:
    """
    Say of decisions that they are done, or why they are dropped, with a few statements for all.

    By who convenes the committee, or for the unit that sees to it.
    Raises DecisionNotFound, NotAllowed, DecisionSettledAlready, BadWords (no word on how it went): then of none.
    """
    bounded(settled)
    rows = queries.lock_decisions(each.decision_id for each in settled)
    today = local_date(now)
    facts: list[tuple[Committee, Fact]] = []
    for each in settled:
        row = rows[each.decision_id]
        check_open(actor, row)
        row.outcome = text_of(
            each.words,
            "words",
            WORDS_LENGTH_MAX,
            missing=_("请写明不再办理的理由") if each.dropped else _("请写明落实情况"),
        )
        row.status = DecisionStatus.DROPPED if each.dropped else DecisionStatus.DONE
        row.settled_on = today
        facts.append((row.meeting.committee, DecisionSettled(row.meeting_id, row.pk, each.dropped, row.outcome)))
    Decision.objects.bulk_update(rows.values(), ["status", "outcome", "settled_on"])
    tell(actor, facts, now)
    return [rows[each.decision_id] for each in settled]


@transaction.atomic
def reopen_decision(*, actor: Actor, decision_id: int, reason: str, now: datetime) -> Decision:
    """
    Let a decision that was said to be done or dropped be under way again; one that became a project goes on there.

    Takes CONVENE. Raises DecisionNotFound, NotAllowed, DecisionSettledAlready (open, or a project), BadWords.
    """
    row = queries.lock_decisions([decision_id])[decision_id]
    policies.check_can_convene_in(actor, row.meeting.committee)
    if row.status not in (DecisionStatus.DONE, DecisionStatus.DROPPED):
        raise DecisionSettledAlready(_("决议当前为“%(status)s”") % {"status": DecisionStatus(row.status).label})
    reason = text_of(reason, "reason", LINE_LENGTH_MAX, missing=_("请写明理由"))
    row.status, row.outcome, row.settled_on = DecisionStatus.OPEN, "", None
    row.save(update_fields=["status", "outcome", "settled_on"])
    tell(actor, [(row.meeting.committee, DecisionReopened(row.meeting_id, row.pk, reason))], now)
    return row


def _committees(actor: Actor, committee_ids: set[int]) -> dict[int, Committee]:
    """Return the committees, which the actor convenes. They are read, not locked: what meets changes no member."""
    rows = queries.read_committees(committee_ids)
    for row in rows.values():
        policies.check_may_see_committee(actor, row, ())
        policies.check_can_convene_in(actor, row)
    return rows


def _called(actor: Actor, meeting_id: int) -> Meeting:
    (row,) = queries.lock_meetings([meeting_id]).values()
    _committees(actor, {row.committee_id})
    _check_called(row)
    return row


def _check_called(row: Meeting) -> None:
    if row.status != MeetingStatus.CALLED:
        raise MeetingIsOver(_("会议当前为“%(status)s”") % {"status": MeetingStatus(row.status).label})


def _call(row: Meeting) -> Fact:
    return MeetingCalled(row.pk, row.committee_id, row.title, row.at.isoformat())


def _write_call(row: Meeting, new: NewMeeting, now: datetime) -> None:
    row.title = text_of(new.title, "title", TITLE_LENGTH_MAX, missing=_("请填写会议名称"))
    row.place = text_of(new.place, "place", LINE_LENGTH_MAX)
    day_of(local_date(new.at), "at", local_date(now))
    row.at = new.at


def _agenda(row: Meeting, items: Sequence[NewItem], now: datetime) -> list[AgendaItem]:
    if len(items) > AGENDA_MAX:
        raise BadWords(
            _("议题最多 %(n)d 项") % {"n": AGENDA_MAX}, {"agenda": _("议题最多 %(n)d 项") % {"n": AGENDA_MAX}}
        )
    return [
        AgendaItem(
            meeting=row, order=order, title=text_of(item.title, "agenda", LINE_LENGTH_MAX, missing=_("请填写议题")),
            proposer_id=office_of(item.proposer_id, "agenda", local_date(now)).id if item.proposer_id else None,
        )
        for order, item in enumerate(items, start=1)
    ]  # fmt: skip


def _decisions(row: Meeting, given: Sequence[NewDecision], now: datetime) -> list[Decision]:
    if len(given) > AGENDA_MAX:
        raise BadWords(_("决议最多 %(n)d 项") % {"n": AGENDA_MAX})
    today = local_date(now)
    return [
        Decision(
            meeting=row, text=text_of(each.text, "text", WORDS_LENGTH_MAX, missing=_("请填写决议")),
            office_id=office_of(each.office_id or row.committee.organization_id, "office", today).id,
            due_on=day_of(each.due_on, "due_on", today) if each.due_on else None, decided_at=row.at,
        )
        for each in given
    ]  # fmt: skip
