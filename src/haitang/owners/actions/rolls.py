"""The roll of a decision: drawn at the notice, drawn anew after an objection, codes for it, what has reached whom."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from haitang.core import history, ids, wall
from haitang.core.access import Actor
from haitang.core.constraints import refusing
from haitang.owners import policies, queries
from haitang.owners.actions.shared import audience_of, recorded_as, text_of
from haitang.owners.facts import BallotsDelivered, ObjectionRaised, ObjectionSettled, RollRedrawn, VotingCodesIssued
from haitang.owners.lifecycle import OBJECTED_IN, Deed, ObjectionStatus, Status, check_move
from haitang.owners.models import Decision, Objection, Owner, RollEntry, RollUnit, Unit
from haitang.owners.values import (
    CODE_LENGTH,
    NAME_LENGTH_MAX,
    BadDecision,
    DecisionNotFound,
    Head,
    NothingCorrected,
    NotVotingNow,
    ObjectedEnough,
    VoterNotFound,
    WrongDecisionState,
    hash_code,
)

_LABELLED = 3
_VOTED_ON = (Status.NOTICE, Status.OPEN)


def write_roll(decision: Decision, now: datetime) -> None:
    """Freeze who may vote as the register stands now, with areas; sets the totals, which the caller saves.

    Sets corrected_at where the roll is another than before. Raises BadDecision where no unit counts.
    """
    heads = queries.draw_heads(decision.estate_id)
    if not heads:
        raise BadDecision(_("小区还没有计入表决的房屋，请先导入房屋和业主"))
    former_roll = list(RollEntry.objects.filter(decision=decision).order_by("number"))
    kept = {(tuple(row.owner_ids), row.is_builder, row.label): row for row in former_roll}
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
    if [_said(row) for row in former_roll] != [_said(row) for row in entries]:
        decision.corrected_at = now


def _said(entry: RollEntry) -> tuple[object, ...]:
    """Return what a roll says of a head: where any of it differs, the roll is another."""
    return entry.number, entry.label, entry.names, entry.owner_ids, entry.size, entry.is_builder


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
    write_roll(decision, now)
    decision.save(update_fields=["total_size", "total_heads", "drawn_by_id", "corrected_at"])
    fact = RollRedrawn(decision.pk, decision.total_heads, decision.total_size)
    history.record(actor=actor, fact=fact, at=now, audience=audience_of(decision))
    return decision


@wall.opened("the caller has made sure whose entry it is, or the desk is asked")
@transaction.atomic
def raise_objection(
    *, actor: Actor, decision_id: int, text: str, now: datetime, by: str = "", entry_id: int | None = None
) -> Objection:
    """
    Object to the roll during the notice; afterwards, before the close, to how ballots are taken and counted.

    by: who objects, as the desk takes it down. entry_id: of an owner who has shown the code or is tied to the entry;
    the caller has made sure of it. One of the two. The vote is not opened, stopped or closed over an open objection;
    hence an owner has one at a time, and no more for a decision than the settings allow.
    Raises DecisionNotFound, VoterNotFound, NotAllowed (not staff there), WrongDecisionState, ObjectedEnough,
    BadDecision.
    """
    decision = queries.lock_decision(decision_id, share=True)
    unit_id = None
    if entry_id is None:
        policies.check_can_prepare(actor, decision.area_path)
        named = text_of(by, "by", NAME_LENGTH_MAX, missing=_("请填写提出人"), refusal=BadDecision)
    else:
        entry = queries.lock_entry(entry_id)
        if entry.decision_id != decision_id:
            raise VoterNotFound(_("名册上没有这一户"))
        named, unit_id = entry.label, _check_may_object(entry)
    if decision.status not in OBJECTED_IN:
        raise WrongDecisionState(_("公示以后、结束以前才能提出异议"))
    told = text_of(text, "text", missing=_("请写明异议"), refusal=BadDecision)
    with refusing({"owners_objection_open_once": ObjectedEnough(_("上一条异议还没有答复，答复以后才能再提"))}):
        row = Objection.objects.create(
            decision=decision, unit_id=unit_id, by=named, text=told, raised_at=now, status=ObjectionStatus.RAISED
        )
    fact = ObjectionRaised(decision.pk, row.pk)
    history.record(actor=recorded_as(actor), fact=fact, at=now, audience=audience_of(decision))
    return row


def _check_may_object(entry: RollEntry) -> int:
    """Return the first home of an entry, locked, that may still object. Raises ObjectedEnough."""
    unit_ids = list(entry.units.order_by("unit_id").values_list("unit_id", flat=True))
    most = queries.rules()["objections_max"]
    if Objection.objects.filter(decision_id=entry.decision_id, unit__in=unit_ids).count() >= most:
        raise ObjectedEnough(_("每一户对同一项表决最多提 %(n)d 条异议，请到社区当面说明") % {"n": most})
    return unit_ids[0]


@transaction.atomic
def settle_objection(*, actor: Actor, objection_id: int, upheld: bool, answer: str, now: datetime) -> Objection:
    """
    Answer an objection. upheld: something was corrected since it was raised, and it says so.

    During the notice that is a roll drawn anew that is another than before; afterwards a paper ballot taken back or a
    code replaced: an objection is never upheld on paper alone while the vote goes on as it was.
    Raises DecisionNotFound, NotAllowed (no PREPARE there), WrongDecisionState (settled), NothingCorrected, BadDecision
    (no answer).
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
    if upheld and (decision.corrected_at is None or decision.corrected_at <= row.raised_at):
        raise NothingCorrected(_to_be_corrected(decision.status))
    row.status, row.settled_at = ObjectionStatus.UPHELD if upheld else ObjectionStatus.REJECTED, now
    row.save(update_fields=["answer", "status", "settled_at"])
    fact = ObjectionSettled(decision.pk, row.pk, upheld)
    history.record(actor=actor, fact=fact, at=now, audience=audience_of(decision))
    return row


def _to_be_corrected(status: str) -> str:
    if status == Status.NOTICE:
        return _("采纳异议要先改正小区登记，再按最新登记更正名册；名册没有变化的，不能按采纳答复")
    if status == Status.CLOSING:
        return _("采纳异议要先退回计票，再退回纸质票重录或重发表决码")
    return _("采纳异议要先更正：退回纸质票重录，或重发表决码请业主重投")


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
        if anew and decision.status == Status.OPEN:
            decision.corrected_at = now
            decision.save(update_fields=["corrected_at"])
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
