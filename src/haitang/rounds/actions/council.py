"""A sitting of the council: its members, who is present, hands given, and what they come to."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from haitang.core import history
from haitang.core.access import Actor
from haitang.core.constraints import refusing
from haitang.rounds import policies, queries
from haitang.rounds.actions.shared import check_phase, text_of, told
from haitang.rounds.facts import CouncilDecided, SittingClosed, SittingOpened
from haitang.rounds.lifecycle import Deed, Status, check_move
from haitang.rounds.models import Agenda, Hand, Proposal, Seat, Sitting
from haitang.rounds.values import (
    MEMBERS_MAX,
    NAME_LENGTH_MAX,
    PLACE_LENGTH_MAX,
    BadSitting,
    Choice,
    Permission,
    SeatDraft,
    SittingNotFound,
    Task,
    WrongRoundState,
)
from haitang.tallying.deciding import Of, Verdict, motion


@transaction.atomic
def open_sitting(
    *, actor: Actor, pot_id: int, members: Sequence[SeatDraft], held_on: date, place: str = "", now: datetime
) -> Sitting:  # fmt: skip
    """
    Open a sitting of the council about the proposals of a pot that wait for it.

    Every one of them has an officer's opinion. Raises RoundNotFound, NotAllowed, NotInPhase, BadSitting,
    WrongRoundState (one is open, or nothing waits).
    """
    pot = queries.lock_pot(pot_id)
    policies.check_may(actor, Permission.COUNCIL, pot)
    check_phase(pot.round, Task.REVIEW, now)
    names = [text_of(each.name, "members", BadSitting, NAME_LENGTH_MAX) for each in members]
    accounts = [each.account_id for each in members if each.account_id is not None]
    if not 1 <= len(members) <= MEMBERS_MAX or not all(names) or len(set(accounts)) < len(accounts):
        fault = _("请填写 1 到 %(n)d 位成员，不能重复") % {"n": MEMBERS_MAX}
        raise BadSitting(fault, {"members": fault})
    waiting = queries.list_to_review(pot)
    if not waiting:
        raise WrongRoundState(_("没有等待评议的提案"))
    if unpriced := [each for each in waiting if not each.feasibility]:
        told_ = {"titles": "、".join(each.title for each in unpriced[:3]), "n": len(unpriced)}
        raise WrongRoundState(_("还有 %(n)d 件提案没有部门意见和造价：%(titles)s") % told_)
    with refusing({"rounds_one_open_sitting": WrongRoundState(_("这笔资金已有一次评议没有结束"))}):
        row = Sitting.objects.create(
            pot=pot, held_on=held_on, opened_at=now, place=text_of(place, "place", BadSitting, PLACE_LENGTH_MAX)
        )
    Seat.objects.bulk_create(
        Seat(sitting=row, position=at, name=name, account_id=each.account_id)
        for at, (name, each) in enumerate(zip(names, members, strict=True), start=1)
    )
    Agenda.objects.bulk_create(Agenda(sitting=row, proposal=each) for each in waiting)
    fact = SittingOpened(pot.round_id, row.pk, len(waiting))
    history.record(actor=actor, fact=fact, at=now, audience=told(pot))
    return row


def _kept(actor: Actor, sitting_id: int) -> Sitting:
    """Return an open sitting that the actor keeps, locked."""
    row = queries.lock_sitting(sitting_id)
    policies.check_may(actor, Permission.COUNCIL, row.pot)
    if row.closed_at is not None:
        raise WrongRoundState(_("会议已经结束"))
    return row


@transaction.atomic
def mark_present(*, actor: Actor, sitting_id: int, seat_ids: Iterable[int], now: datetime) -> Sitting:
    """
    Say who of the members is present; who is not has no hand. Nothing of it is kept but the number.

    Raises SittingNotFound, NotAllowed, WrongRoundState.
    """
    row = _kept(actor, sitting_id)
    here = set(seat_ids)
    seats = Seat.objects.filter(sitting=row)
    seats.filter(pk__in=here).update(is_present=True)
    seats.exclude(pk__in=here).update(is_present=False)
    Hand.objects.filter(seat__sitting=row, seat__is_present=False).delete()
    return row


@transaction.atomic
def note_hands(
    *, actor: Actor, sitting_id: int, given: Mapping[int, Mapping[int, str]], now: datetime
) -> None:  # fmt: skip
    """
    Enter the hands of members who do not give them on a telephone. given: by seat, a Choice by proposal.

    Raises SittingNotFound (also of members with an account: they speak for themselves), NotAllowed, WrongRoundState,
    BadSitting.
    """
    row = _kept(actor, sitting_id)
    seats = list(Seat.objects.filter(sitting=row, pk__in=given, account_id=None))
    if len(seats) < len(given):
        raise SittingNotFound(_("没有这位成员，或者由成员自己在手机上表决"))
    _write_hands(row, [(seat, given[seat.pk]) for seat in seats])


@transaction.atomic
def give_hand(*, actor: Actor, sitting_id: int, hands: Mapping[int, str], now: datetime) -> None:
    """
    Say as a member of the council what one thinks of the proposals; whoever does so is present.

    May be changed until the sitting is closed. Raises SittingNotFound, WrongRoundState, BadSitting.
    """
    row = queries.lock_sitting(sitting_id)
    seat = Seat.objects.filter(sitting=row, account_id=actor.id or 0).first()
    policies.check_seat(actor, seat)
    if row.closed_at is not None or seat is None:
        raise WrongRoundState(_("会议已经结束"))
    if not seat.is_present:
        seat.is_present = True
        seat.save(update_fields=["is_present"])
    _write_hands(row, [(seat, hands)])


def _write_hands(row: Sitting, given: Sequence[tuple[Seat, Mapping[int, str]]]) -> None:
    known = set(row.agenda.values_list("proposal_id", flat=True))
    for seat, hands in given:
        if not seat.is_present:
            raise WrongRoundState(_("请先登记到会"))
        if not set(hands) <= known or not set(hands.values()) <= set(Choice.values):
            raise BadSitting(_("请对议程上的提案选择赞成、反对或弃权"))
    Hand.objects.bulk_create(
        [
            Hand(seat=seat, proposal_id=each, choice=choice)
            for seat, hands in given
            for each, choice in hands.items()
        ],
        update_conflicts=True, unique_fields=["seat", "proposal"], update_fields=["choice"],
    )  # fmt: skip


@transaction.atomic
def close_sitting(*, actor: Actor, sitting_id: int, minutes: str = "", now: datetime) -> Sitting:
    """
    Close a sitting and count: with enough present, what more than the share of them is for is published.

    With too few present nothing is decided, and everything waits for the next sitting. Hands are removed; the numbers
    stay. Raises SittingNotFound, NotAllowed, WrongRoundState, BadSitting.
    """
    row = _kept(actor, sitting_id)
    seats = list(Seat.objects.filter(sitting=row))
    present = sum(seat.is_present for seat in seats)
    row.minutes = text_of(minutes, "minutes", BadSitting)
    hands: dict[int, list[str]] = {}
    for proposal_id, choice in Hand.objects.filter(seat__sitting=row).values_list("proposal_id", "choice"):
        hands.setdefault(proposal_id, []).append(choice)
    agenda = list(row.agenda.all())
    rows = {each.pk: each for each in queries.lock_proposals([each.proposal_id for each in agenda])}
    for each in agenda:
        said = hands.get(each.proposal_id, [])
        verdict = _judge(len(seats), present, said.count(Choice.YES), said.count(Choice.NO))
        row.needed = verdict.took_part_needed
        _note(each, rows[each.proposal_id], verdict, present, said)
    Agenda.objects.bulk_update(agenda, ["yes", "no", "abstained", "passed"])
    decided = [each for each in agenda if each.passed is not None]
    for status in (Status.SHORTLISTED, Status.DECLINED):
        moved = [each.proposal_id for each in decided if rows[each.proposal_id].status == status]
        Proposal.objects.filter(pk__in=moved).update(status=status)
    facts = [CouncilDecided(each.proposal_id, bool(each.passed), each.yes, each.no, each.abstained) for each in decided]
    history.record_many(actor=actor, facts=facts, at=now, audience=told(row.pot))
    passed = sum(bool(each.passed) for each in decided)
    Hand.objects.filter(seat__sitting=row).delete()
    row.members, row.present, row.closed_at = len(seats), present, now
    row.save(update_fields=["minutes", "members", "present", "needed", "closed_at"])
    fact = SittingClosed(row.pot.round_id, row.pk, row.members, present, passed)
    history.record(actor=actor, fact=fact, at=now, audience=told(row.pot))
    return row


def _judge(members: int, present: int, yes: int, no: int) -> Verdict:
    return motion(
        entitled=members, yes=yes, no=no, abstained=present - yes - no, of=Of.TAKING_PART,
        least_turnout=queries.share_of("council_quorum"), more_than=queries.share_of("council_majority"),
    )  # fmt: skip


def _note(item: Agenda, proposal: Proposal, verdict: Verdict, present: int, said: list[str]) -> None:
    """Note what the council has come to about one proposal; one taken back meanwhile stays as it is."""
    item.yes, item.no = said.count(Choice.YES), said.count(Choice.NO)
    item.abstained = present - item.yes - item.no
    if verdict.quorate and proposal.status == Status.ADMITTED:
        item.passed = verdict.carried
        proposal.status = check_move(proposal.status, Deed.SHORTLIST if verdict.carried else Deed.DECLINE)
