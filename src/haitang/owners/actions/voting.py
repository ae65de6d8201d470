"""Ballots: given on the phone by code or account, typed in from paper by two people, and which of two counts."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from haitang.core import history, wall
from haitang.core.access import Actor
from haitang.core.constraints import refusing
from haitang.core.errors import Conflict
from haitang.owners import policies, queries
from haitang.owners.actions.shared import audience_of, reason_of, recorded_as
from haitang.owners.facts import BallotGiven, PaperRead, PaperReconciled, PaperTakenBack
from haitang.owners.lifecycle import SheetStatus, Status
from haitang.owners.models import Ballot, Decision, PaperSheet, Question, RollEntry
from haitang.owners.values import (
    AlreadyVoted,
    BadBallot,
    Channel,
    Choice,
    Choices,
    NotVotingNow,
    Precedence,
    VoterNotFound,
)


@wall.opened("the code, or the account tied to the entry, proves who votes")
@transaction.atomic
def give_ballot(*, actor: Actor, choices: Choices, now: datetime, proof: bytes = b"", entry_id: int = 0) -> RollEntry:
    """
    Vote, as the owner who has the code, or who is signed in and tied to the entry; again, where the vote allows it.

    proof: `values.hash_code` of the code; b"" for who is signed in, with entry_id.
    choices: by question id, every question of the decision answered. The last ballot before the end is the one that
    stands. Raises VoterNotFound, NotVotingNow, AlreadyVoted, BadBallot.
    """
    found = queries.find_entry(proof) if proof else _own_entry(actor, entry_id)
    decision = queries.lock_decision(found.decision_id, share=True)
    entry = queries.lock_entry(found.pk)
    if proof and bytes(entry.code_hash) != proof:
        raise VoterNotFound(_("表决码已经更换，请用新的表决码"))
    if not queries.is_voting(decision, now):
        raise NotVotingNow(_("现在不在表决时间内"))
    answers = _checked(decision, choices, complete=True)
    held = list(entry.ballots.all())
    again = any(row.channel == Channel.ELECTRONIC for row in held)
    if again and not decision.may_change:
        raise AlreadyVoted(_("您已经投过票，本次表决不能改票"))
    _write(decision, entry, held, answers, Channel.ELECTRONIC, now, now)
    fact = BallotGiven(decision.pk, entry.pk, Channel.ELECTRONIC.value, again)
    history.record(actor=recorded_as(actor), fact=fact, at=now, audience=audience_of(decision))
    return entry


def _own_entry(actor: Actor, entry_id: int) -> RollEntry:
    for entry in queries.list_entries_of(actor.id):
        if entry.pk == entry_id:
            return entry
    raise VoterNotFound(_("您的账号没有绑定这一户，请用表决码或联系社区"))


def _checked(decision: Decision, choices: Mapping[int, str], *, complete: bool) -> dict[int, str]:
    """Return the answers by question. Raises BadBallot: an unknown question or answer, or one that is due missing."""
    questions = set(Question.objects.filter(decision=decision).values_list("pk", flat=True))
    fields = {f"question_{each}": _("请选择") for each in questions - choices.keys()} if complete else {}
    if choices.keys() - questions or not all(value in Choice.values for value in choices.values()):
        raise BadBallot(_("表决票与表决事项不符"))
    if fields:
        raise BadBallot(_("每个事项都要选一项"), fields)
    return dict(choices)


def _write(
    decision: Decision, entry: RollEntry, held: list[Ballot], answers: Mapping[int, str], channel: Channel,
    given_at: datetime, now: datetime,
) -> None:  # fmt: skip
    """Write one way's ballots of a locked entry, and let of each question the one count that the rule says.

    held: all that the entry has given. One statement for who votes for the first time.
    """
    own = {row.question_id: row for row in held if row.channel == channel}
    changed = [own[each] for each in answers if each in own]
    for row in changed:
        row.choice, row.changed_at = answers[row.question_id], now
    fresh = [
        Ballot(
            entry=entry, question_id=each, channel=channel, choice=choice, counts=False, given_at=given_at,
            changed_at=now,
        )
        for each, choice in answers.items() if each not in own
    ]  # fmt: skip
    by_question: dict[int, list[Ballot]] = {}
    for row in sorted([*held, *fresh], key=lambda row: (row.given_at, row.pk is None, row.pk)):
        by_question.setdefault(row.question_id, []).append(row)
    winners = {id(_winner(decision, rows)) for rows in by_question.values()}
    # The losers first: two that count on one question are refused by the database, for an instant, too.
    _mark([row for row in held if row.counts and id(row) not in winners], counts=False)
    for row in fresh:
        row.counts = id(row) in winners
    Ballot.objects.bulk_create(fresh)
    _mark([row for row in held if not row.counts and id(row) in winners], counts=True)
    Ballot.objects.bulk_update(changed, ["choice", "changed_at"])


def _mark(rows: list[Ballot], *, counts: bool) -> None:
    if rows:
        Ballot.objects.filter(pk__in=[row.pk for row in rows]).update(counts=counts)


def _winner(decision: Decision, rows: list[Ballot]) -> Ballot:
    if decision.precedence == Precedence.FIRST:
        return rows[0]
    return next((row for row in rows if row.channel == decision.precedence), rows[0])


@transaction.atomic
def read_paper(*, actor: Actor, entry_id: int, choices: Choices, handed_in_at: datetime, now: datetime) -> PaperSheet:
    """
    Type a paper ballot in: once each by two people, the second without seeing what the first has read.

    choices: by question id; a question left blank or not readable is left out, and the head takes no part in it.
    handed_in_at: when the desk has got it, within the time of voting. Where both readings are alike, the time to the
    minute, the ballot counts as the rule says; where they differ, it waits for `reconcile_paper`.
    Raises VoterNotFound, NotAllowed (no ENTER there), TakesTwo (the same person twice), NotVotingNow, BadBallot,
    Conflict (it was read twice already).
    """
    found = RollEntry.objects.filter(pk=entry_id).values_list("decision_id", flat=True).first()
    if found is None:
        raise VoterNotFound(_("名册上没有这一户"))
    decision = queries.lock_decision(found, share=True)
    entry = queries.lock_entry(entry_id)
    policies.check_can_enter(actor, decision.area_path)
    by = policies.check_is_somebody(actor)
    if decision.status != Status.OPEN:
        raise NotVotingNow(_("表决开始以后、申请结束以前才能录入"))
    _check_received(decision, handed_in_at, now)
    answers = _checked(decision, choices, complete=False)
    stored = {str(each): choice for each, choice in answers.items()}
    sheet = PaperSheet.objects.filter(entry=entry).first()
    if sheet is None:
        with refusing({"owners_papersheet_entry_id_key": Conflict(_("这张票刚刚由别人录入"))}):
            sheet = PaperSheet.objects.create(
                entry=entry, handed_in_at=handed_in_at, status=SheetStatus.ONCE, first=stored, first_by_id=by
            )
    else:
        policies.check_is_another(by, sheet.first_by_id)
        if sheet.status != SheetStatus.ONCE:
            raise Conflict(_("这张票已经录过两遍"))
        sheet.second, sheet.second_by_id, sheet.second_handed_in_at = stored, by, handed_in_at
        alike = stored == sheet.first and not sheet.times_differ
        sheet.status = SheetStatus.DONE if alike else SheetStatus.DIFFERS
        sheet.save(update_fields=["second", "second_by_id", "second_handed_in_at", "status"])
        if sheet.status == SheetStatus.DONE:
            _count_paper(actor, decision, entry, answers, sheet, now)
    fact = PaperRead(decision.pk, entry.pk)
    history.record(actor=actor, fact=fact, at=now, audience=audience_of(decision))
    return sheet


def _check_received(decision: Decision, at: datetime, now: datetime) -> None:
    """Raise BadBallot unless a paper ballot may have been handed in then."""
    if not (decision.opened_at or now) <= at < decision.votes_until or at > now:
        sentence = _("收到时间应在表决期内，且不晚于现在")
        raise BadBallot(sentence, {"handed_in_at": sentence})


def _count_paper(
    actor: Actor, decision: Decision, entry: RollEntry, answers: Mapping[int, str], sheet: PaperSheet, now: datetime
) -> None:
    """Let a paper ballot that two have read alike be a ballot; whoever has handed one in has been reached by it."""
    _write(decision, entry, list(entry.ballots.all()), answers, Channel.PAPER, sheet.handed_in_at, now)
    if entry.delivered_at is None:
        entry.delivered_at = sheet.handed_in_at
        entry.save(update_fields=["delivered_at"])
    fact = BallotGiven(decision.pk, entry.pk, Channel.PAPER.value, again=False)
    history.record(actor=actor, fact=fact, at=now, audience=audience_of(decision))


@transaction.atomic
def reconcile_paper(
    *, actor: Actor, entry_id: int, choices: Choices, reason: str, now: datetime, handed_in_at: datetime | None = None
) -> PaperSheet:
    """
    Settle two different readings of a paper ballot as a third person, as the one or the other or as neither.

    reason: what was seen on the paper. handed_in_at: None where both have read the same time.
    Raises VoterNotFound, NotAllowed (no CLOSE there), TakesTwo (one of the readers), NotVotingNow, Conflict (the
    readings do not differ), BadBallot, Invalid (no reason).
    """
    found = RollEntry.objects.filter(pk=entry_id).values_list("decision_id", flat=True).first()
    if found is None:
        raise VoterNotFound(_("名册上没有这一户"))
    decision = queries.lock_decision(found, share=True)
    entry = queries.lock_entry(entry_id)
    by = policies.check_can_close(actor, decision)
    if decision.status != Status.OPEN:
        raise NotVotingNow(_("申请结束以前才能核对"))
    sheet = PaperSheet.objects.filter(entry=entry, status=SheetStatus.DIFFERS).first()
    if sheet is None:
        raise Conflict(_("这张票没有不一致的录入"))
    policies.check_is_another(by, sheet.first_by_id, sheet.second_by_id)
    if handed_in_at is None and sheet.times_differ:
        raise BadBallot(_("两遍的收到时间不同，请填写"), {"handed_in_at": _("请填写")})
    sheet.handed_in_at = handed_in_at or sheet.handed_in_at
    _check_received(decision, sheet.handed_in_at, now)
    answers, told = _checked(decision, choices, complete=False), reason_of(reason)
    sheet.status, sheet.settled, sheet.settled_by_id = SheetStatus.DONE, told, by
    sheet.save(update_fields=["status", "handed_in_at", "settled", "settled_by_id"])
    _count_paper(actor, decision, entry, answers, sheet, now)
    fact = PaperReconciled(decision.pk, entry.pk, told)
    history.record(actor=actor, fact=fact, at=now, audience=audience_of(decision))
    return sheet


@transaction.atomic
def take_paper_back(*, actor: Actor, entry_id: int, reason: str, now: datetime) -> Decision:
    """
    Take back a paper ballot that was read wrongly by both, as a third person: it counts no more, and is read anew.

    What the same head has given electronically counts again meanwhile. reason: what was seen on the paper.
    Raises VoterNotFound, NotAllowed (no CLOSE there), TakesTwo (one of the readers, or who settled it), NotVotingNow,
    Conflict (it was not read twice yet), Invalid (no reason).
    """
    found = RollEntry.objects.filter(pk=entry_id).values_list("decision_id", flat=True).first()
    if found is None:
        raise VoterNotFound(_("名册上没有这一户"))
    decision = queries.lock_decision(found)
    entry = queries.lock_entry(entry_id)
    by = policies.check_can_close(actor, decision)
    if decision.status != Status.OPEN:
        raise NotVotingNow(_("申请结束以前才能退回纸质票"))
    sheet = PaperSheet.objects.filter(entry=entry, status=SheetStatus.DONE).first()
    if sheet is None:
        raise Conflict(_("这张票还没有核对完"))
    policies.check_is_another(by, sheet.first_by_id, sheet.second_by_id, sheet.settled_by_id)
    told = reason_of(reason)
    entry.ballots.filter(channel=Channel.PAPER).delete()
    entry.ballots.update(counts=True)
    sheet.delete()
    decision.corrected_at = now
    decision.save(update_fields=["corrected_at"])
    fact = PaperTakenBack(decision.pk, entry.pk, told)
    history.record(actor=actor, fact=fact, at=now, audience=audience_of(decision))
    return decision
