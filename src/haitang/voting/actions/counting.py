"""Papers entered twice and reconciled; the box opened with both keys, counted and published."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

from haitang.core import history
from haitang.core.access import Actor
from haitang.core.ids import normalize_code, query_codes
from haitang.voting import policies
from haitang.voting.actions.shared import lock_vote, told
from haitang.voting.facts import PaperDecided, PapersPrinted, VoteCounted
from haitang.voting.lifecycle import TAKING, Status
from haitang.voting.models import Entry, Envelope, PaperSheet, PublishedBallot, Vote
from haitang.voting.queries import entitled_to, rules
from haitang.voting.values import (
    BLANKS_MAX,
    COUNTING,
    RECEIPT_LENGTH,
    VOID,
    BadVote,
    Box,
    NotReconciled,
    Permission,
    SamePerson,
    Unopened,
    Via,
    VoteNotFound,
    WrongKey,
    WrongVoteState,
    check_marks,
    new_secret,
    public_half,
    receipt_hash,
    result_of,
    root_of,
)

_BATCH = 2000
_SERIAL_LENGTH_MAX = 20


@transaction.atomic
def print_papers(*, actor: Actor, vote_id: int, count: int, now: datetime) -> list[str]:
    """
    Return numbers for so many blank ballots of paper. A number is a receipt: random, and kept nowhere.

    Raises NotAllowed, VoteNotFound, WrongVoteState, BadVote.
    """
    vote = lock_vote(vote_id, shared=True)
    policies.check_may(actor, Permission.PAPER, vote)
    policies.check_in(vote, TAKING)
    if not 1 <= count <= BLANKS_MAX:
        raise BadVote(_("一次打印 1 到 %(n)d 张") % {"n": BLANKS_MAX})
    history.record(actor=actor, fact=PapersPrinted(vote.pk, count), at=now, audience=told(vote))
    return query_codes(count, RECEIPT_LENGTH)


@transaction.atomic
def enter_paper(*, actor: Actor, vote_id: int, serial: str, marks: Mapping[str, int], now: datetime) -> PaperSheet:
    """
    Enter what stands on a ballot of paper: first one person, then another; alike, it counts, else a third decides.

    serial: the number printed on it. marks: `VOID` for what the rules make void.
    Raises NotAllowed, VoteNotFound, WrongVoteState, BadVote, BadBallot, SamePerson.
    """
    vote = lock_vote(vote_id, shared=True)
    policies.check_may(actor, Permission.PAPER, vote)
    policies.check_in(vote, (*TAKING, Status.CLOSED))
    serial = normalize_code(serial)
    if not 1 <= len(serial) <= _SERIAL_LENGTH_MAX or "\x00" in serial:
        raise BadVote(_("请填写纸质票上的编号"), {"serial": _("请填写纸质票上的编号")})
    sound = _read(vote, marks)
    row = PaperSheet.objects.select_for_update().filter(vote=vote, serial=serial).first()
    if row is None:
        return PaperSheet.objects.create(vote=vote, serial=serial, first=sound, first_by_id=_person(actor))
    if row.first_by_id == actor.id:
        raise SamePerson(_("这张票您录过了，第二遍要由另一个人录入"))
    if row.second is not None:
        raise WrongVoteState(_("这张票已经录过两遍"))
    row.second, row.second_by_id = sound, _person(actor)
    row.agreed = sound if sound == row.first else None
    row.save(update_fields=["second", "second_by_id", "agreed"])
    return row


def _read(vote: Vote, marks: Mapping[str, int]) -> dict[str, int]:
    return dict(VOID) if marks == VOID else check_marks(vote.paper, marks)


def _person(actor: Actor) -> int:
    if actor.id is None:
        raise SamePerson(_("纸质票要由有账号的工作人员录入"))
    return actor.id


@transaction.atomic
def decide_paper(*, actor: Actor, sheet_id: int, marks: Mapping[str, int], now: datetime) -> PaperSheet:
    """
    Decide as a third person what stands on a paper that two people have read differently.

    Raises NotAllowed, VoteNotFound, WrongVoteState, BadBallot, SamePerson.
    """
    vote_id = PaperSheet.objects.filter(pk=sheet_id).values_list("vote_id", flat=True).first()
    if vote_id is None:
        raise VoteNotFound(_("没有这张纸质票"))
    vote = lock_vote(vote_id, shared=True)
    policies.check_may(actor, Permission.PAPER, vote)
    policies.check_in(vote, (*TAKING, Status.CLOSED))
    row = PaperSheet.objects.select_for_update().get(pk=sheet_id)
    if row.second is None or row.agreed is not None:
        raise WrongVoteState(_("这张票不需要复核"))
    if _person(actor) in (row.first_by_id, row.second_by_id):
        raise SamePerson(_("复核要由没有录过这张票的第三个人来做"))
    row.agreed, row.third_by_id = _read(vote, marks), actor.id
    row.save(update_fields=["agreed", "third_by_id"])
    history.record(actor=actor, fact=PaperDecided(vote.pk, row.serial), at=now, audience=told(vote))
    return row


@transaction.atomic
def count_vote(*, actor: Actor, vote_id: int, codes: Sequence[str], now: datetime) -> Vote:
    """
    Open the box with both key holders' codes, count, publish, and remove every envelope: all of it or nothing.

    Ballots are written in the order of their receipts' hashes, all in this one transaction, so that neither place nor
    transaction leads back to an envelope. Ballots of people who have not proven residence are not opened. Where fewer
    than the setting `apart_least` came on paper, or electronically, no ballot says which way it came.

    Raises NotAllowed, VoteNotFound, WrongVoteState, WrongKey, NotReconciled.
    """
    vote = lock_vote(vote_id)
    policies.check_may(actor, Permission.ADMINISTER, vote)
    policies.check_in(vote, [Status.CLOSED])
    box = Box(vote.pk, _in_order(vote, codes))
    papers, void = _papers(vote)
    envelopes = Envelope.objects.filter(vote=vote)
    sealed = envelopes.filter(entry__standing__in=COUNTING, via=Via.ELECTRONIC).values_list("sealed", flat=True)
    ballots = _mixed(vote, papers, [_opened(vote, box, bytes(each)) for each in sealed])
    entitled, set_aside = entitled_to(vote), envelopes.exclude(entry__standing__in=COUNTING).count()
    PublishedBallot.objects.bulk_create(
        [PublishedBallot(vote=vote, receipt=each["r"], marks=each["m"], via=each["via"]) for each in ballots],
        batch_size=_BATCH,
    )
    voted = Exists(Envelope.objects.filter(entry_id=OuterRef("pk")).exclude(via=Via.ASIDE))
    Entry.objects.filter(voted, vote=vote, standing__in=COUNTING).update(has_voted=True)
    envelopes._raw_delete("default")
    PaperSheet.objects.filter(vote=vote)._raw_delete("default")
    vote.tally = {
        "entitled": entitled, "electronic": len(ballots) - len(papers), "paper": len(papers), "void": void,
        "set_aside": set_aside, "mixed": int(any(each["via"] == Via.MIXED for each in ballots)),
    }  # fmt: skip
    vote.root, vote.result = root_of(ballots), result_of(vote.paper, ballots, entitled)
    vote.status, vote.counted_at = Status.COUNTED, now
    vote.save(update_fields=["tally", "root", "result", "status", "counted_at"])
    fact = VoteCounted(vote.pk, vote.root, len(ballots), set_aside)
    history.record(actor=actor, fact=fact, at=now, audience=told(vote))
    return vote


def _in_order(vote: Vote, codes: Sequence[str]) -> list[str]:
    by_half = {public_half(each): each for each in codes}
    try:
        return [by_half[bytes(vote.key_one)], by_half[bytes(vote.key_two)]]
    except KeyError as missing:
        raise WrongKey(_("钥匙码不正确：需要两位保管人各自的钥匙码")) from missing


def _papers(vote: Vote) -> tuple[list[tuple[str, dict[str, int]]], int]:
    """Return the numbers of the papers with what stands on them, and how many are void. Raises NotReconciled."""
    rows = list(PaperSheet.objects.filter(vote=vote))
    if any(row.agreed is None for row in rows):
        raise NotReconciled(_("还有纸质票只录了一遍或两遍不一致，请先复核"))
    taken = Envelope.objects.filter(vote=vote, via=Via.PAPER).count()
    if taken != len(rows):
        told_ = {"taken": taken, "rows": len(rows)}
        raise NotReconciled(_("名册上收到 %(taken)d 张纸质票，录入了 %(rows)d 张，请先核对") % told_)
    valid = [(row.serial, row.agreed) for row in rows if row.agreed is not None and row.agreed != VOID]
    return valid, len(rows) - len(valid)


def _mixed(
    vote: Vote, papers: list[tuple[str, dict[str, int]]], opened: list[tuple[str, dict[str, int]]]
) -> list[dict[str, Any]]:
    """Return all ballots as they are published, in the order of their hashes. Raises NotReconciled.

    A short number on a paper could be guessed: among few it is replaced by chance, and finds nothing.
    """
    few = 0 < min(len(papers), len(opened)) < rules()["apart_least"]
    ways = (Via.MIXED, Via.MIXED) if few else (Via.PAPER, Via.ELECTRONIC)
    numbered = [
        (receipt_hash(vote.pk, new_secret(RECEIPT_LENGTH) if few and len(serial) < RECEIPT_LENGTH else serial), marks)
        for serial, marks in papers
    ]
    ballots = [
        {"r": r, "m": marks, "via": way.value}
        for way, part in zip(ways, (numbered, opened), strict=True)
        for r, marks in part
    ]
    if len({each["r"] for each in ballots}) != len(ballots):
        raise NotReconciled(_("有选票被复制过，请先查明"))
    return sorted(ballots, key=lambda ballot: str(ballot["r"]))


def _opened(vote: Vote, box: Box, sealed: bytes) -> tuple[str, dict[str, int]]:
    try:
        found: dict[str, Any] = box.open(sealed)
    except Unopened as damage:
        raise NotReconciled(_("有封存的选票打不开，可能已被改动，请先查明")) from damage
    return found["r"], check_marks(vote.paper, found["m"])
