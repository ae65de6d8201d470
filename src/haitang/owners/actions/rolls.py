"""The roll of a decision: drawn at the notice, drawn anew after an objection, codes for it, what has reached whom."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from haitang.core import history, ids
from haitang.core.access import Actor
from haitang.owners import policies, queries
from haitang.owners.actions.shared import audience_of, text_of
from haitang.owners.facts import BallotsDelivered, ObjectionRaised, ObjectionSettled, RollRedrawn, VotingCodesIssued
from haitang.owners.lifecycle import Deed, ObjectionStatus, Status, check_move
from haitang.owners.models import Decision, Objection, Owner, RollEntry, RollUnit, Unit
from haitang.owners.values import (
    CODE_LENGTH,
    NAME_LENGTH_MAX,
    BadDecision,
    DecisionNotFound,
    Head,
    NotVotingNow,
    VoterNotFound,
    WrongDecisionState,
    hash_code,
)

_LABELLED = 3
_VOTED_ON = (Status.NOTICE, Status.OPEN)


def write_roll(decision: Decision) -> None:
    """Freeze who may vote as the register stands now, with areas; sets the totals, which the caller saves.

    Raises BadDecision where no unit counts.
    """
    heads = queries.draw_heads(decision.estate_id)
    if not heads:
        raise BadDecision(_("小区还没有计入表决的房屋，请先导入房屋和业主"))
    kept = {
        (tuple(row.owner_ids), row.is_builder, row.label): row for row in RollEntry.objects.filter(decision=decision)
    }  # fmt: skip
    RollEntry.objects.filter(decision=decision).delete()
    names = dict(Owner.objects.filter(estate_id=decision.estate_id).values_list("pk", "name"))
    labels = {unit.pk: unit.label for unit in Unit.objects.filter(estate_id=decision.estate_id)}
    builder = decision.estate.builder or _("建设单位")
    entries = []
    for number, head in enumerate(heads, start=1):
        entry = RollEntry(
            decision=decision, number=number, size=head.size, label=_label(head, labels),
            names=builder if head.is_builder else "、".join(names[each] for each in sorted(head.owner_ids)),
            owner_ids=sorted(head.owner_ids), is_builder=head.is_builder,
        )  # fmt: skip
        if former := kept.get((tuple(entry.owner_ids), entry.is_builder, entry.label)):
            entry.code_hash, entry.delivered_at = former.code_hash, former.delivered_at
        entries.append(entry)
    RollEntry.objects.bulk_create(entries)
    RollUnit.objects.bulk_create(
        RollUnit(decision=decision, entry=entry, unit_id=unit.unit_id, size=unit.size)
        for entry, head in zip(entries, heads, strict=True) for unit in head.units
    )  # fmt: skip
    decision.total_size, decision.total_heads = sum(head.size for head in heads), len(heads)


def _label(head: Head, labels: dict[int, str]) -> str:
    shown = "、".join(labels[unit.unit_id] for unit in head.units[:_LABELLED])
    more = len(head.units) - _LABELLED
    return shown if more <= 0 else _("%(units)s 等 %(n)d 处") % {"units": shown, "n": len(head.units)}


@transaction.atomic
def redraw_roll(*, actor: Actor, decision_id: int, now: datetime) -> Decision:
    """
    Draw the roll anew from the corrected register, before voting; codes of those who stay as they were stay good.

    Whoever draws it is not the one who opens the vote. Raises DecisionNotFound, NotAllowed (no PREPARE there),
    NotSignedIn, WrongDecisionState, BadDecision.
    """
    decision = queries.lock_decision(decision_id)
    policies.check_can_prepare(actor, decision.area_path)
    decision.status = check_move(decision.status, Deed.REDRAW)
    decision.drawn_by_id = policies.check_is_somebody(actor)
    write_roll(decision)
    decision.save(update_fields=["total_size", "total_heads", "drawn_by_id"])
    fact = RollRedrawn(decision.pk, decision.total_heads, decision.total_size)
    history.record(actor=actor, fact=fact, at=now, audience=audience_of(decision))
    return decision


@transaction.atomic
def raise_objection(
    *, actor: Actor, decision_id: int, text: str, now: datetime, by: str = "", entry_id: int | None = None
) -> Objection:
    """
    Object to the roll, or to how the vote is run, during the notice.

    by: who objects, as the desk takes it down. entry_id: of an owner who has shown the code or is tied to the entry;
    the caller has made sure of it. One of the two.
    Raises DecisionNotFound, NotAllowed (neither staff there nor an owner), WrongDecisionState, BadDecision.
    """
    decision = queries.lock_decision(decision_id, share=True)
    if entry_id is None:
        policies.check_can_prepare(actor, decision.area_path)
        named = text_of(by, "by", NAME_LENGTH_MAX, missing=_("请填写提出人"), refusal=BadDecision)
    else:
        entry = RollEntry.objects.filter(decision=decision, pk=entry_id).first()
        if entry is None:
            raise VoterNotFound(_("名册上没有这一户"))
        named = entry.label
    if decision.status != Status.NOTICE:
        raise WrongDecisionState(_("公示期内才能对名册提出异议"))
    told = text_of(text, "text", missing=_("请写明异议"), refusal=BadDecision)
    row = Objection.objects.create(
        decision=decision, by=named, text=told, raised_at=now, status=ObjectionStatus.RAISED
    )  # fmt: skip
    fact = ObjectionRaised(decision.pk, row.pk)
    history.record(actor=actor, fact=fact, at=now, audience=audience_of(decision))
    return row


@transaction.atomic
def settle_objection(*, actor: Actor, objection_id: int, upheld: bool, answer: str, now: datetime) -> Objection:
    """
    Answer an objection. upheld: the register was corrected and the roll drawn anew.

    Raises DecisionNotFound, NotAllowed (no PREPARE there), WrongDecisionState (settled), BadDecision (no answer).
    """
    found = Objection.objects.filter(pk=objection_id).values_list("decision_id", flat=True).first()
    if found is None:
        raise DecisionNotFound(_("没有这条异议"))
    decision = queries.lock_decision(found)
    policies.check_can_prepare(actor, decision.area_path)
    row = Objection.objects.get(pk=objection_id)
    if row.status != ObjectionStatus.RAISED:
        raise WrongDecisionState(_("这条异议已经答复"))
    row.answer = text_of(answer, "answer", missing=_("请写明答复"), refusal=BadDecision)
    row.status, row.settled_at = ObjectionStatus.UPHELD if upheld else ObjectionStatus.REJECTED, now
    row.save(update_fields=["answer", "status", "settled_at"])
    fact = ObjectionSettled(decision.pk, row.pk, upheld)
    history.record(actor=actor, fact=fact, at=now, audience=audience_of(decision))
    return row


@transaction.atomic
def issue_voting_codes(
    *, actor: Actor, decision_id: int, now: datetime, entry_ids: Iterable[int] | None = None
) -> list[tuple[RollEntry, str]]:
    """
    Make voting codes and return them, this once: what is stored is a keyed digest. A few statements for any number.

    entry_ids: for these, whose former codes open nothing any more (lost, handed out at the desk); None for all that
    have none yet, to be posted. Raises DecisionNotFound, NotAllowed (no PREPARE there), WrongDecisionState.
    """
    decision = queries.lock_decision(decision_id)
    policies.check_can_prepare(actor, decision.area_path)
    _check_votes_on(decision)
    rows = RollEntry.objects.select_for_update(no_key=True).filter(decision=decision).order_by("pk")
    rows = rows.filter(code_hash=b"") if entry_ids is None else rows.filter(pk__in=list(entry_ids))
    entries = sorted(rows, key=lambda entry: entry.number)
    codes = ids.query_codes(len(entries), CODE_LENGTH)
    for entry, code in zip(entries, codes, strict=True):
        entry.code_hash = hash_code(code)
    RollEntry.objects.bulk_update(entries, ["code_hash"], batch_size=1000)
    if entries:
        anew = [] if entry_ids is None else [entry.number for entry in entries]
        fact = VotingCodesIssued(decision.pk, len(entries), anew)
        history.record(actor=actor, fact=fact, at=now, audience=audience_of(decision))
    return list(zip(entries, codes, strict=True))


def _check_votes_on(decision: Decision) -> None:
    if decision.status not in _VOTED_ON:
        raise WrongDecisionState(_("公示期和表决期内才能办理"))


@transaction.atomic
def note_delivered(
    *, actor: Actor, decision_id: int, now: datetime, entry_ids: Iterable[int] | None = None
) -> int:  # fmt: skip
    """
    Note that ballots have reached these owners, None for all on the roll; return how many had not been noted yet.

    Only an owner whom the ballot has reached in time can be counted as silent. Raises DecisionNotFound, NotAllowed (no
    ENTER there), WrongDecisionState, NotVotingNow (it is over: nobody is made silent once the ballots are in).
    """
    decision = queries.lock_decision(decision_id)
    policies.check_can_enter(actor, decision.area_path)
    _check_votes_on(decision)
    if now >= decision.votes_until:
        raise NotVotingNow(_("表决已经截止，不能再登记送达"))
    rows = RollEntry.objects.filter(decision=decision, delivered_at=None)
    if entry_ids is not None:
        rows = rows.filter(pk__in=list(entry_ids))
    noted = rows.update(delivered_at=now)
    if noted:
        fact = BallotsDelivered(decision.pk, noted)
        history.record(actor=actor, fact=fact, at=now, audience=audience_of(decision))
    return noted
