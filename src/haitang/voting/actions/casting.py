"""A ballot put into the box, replaced until the end, or superseded by paper."""

from collections.abc import Mapping
from datetime import datetime

from django.db import IntegrityError, connection, transaction
from django.utils.translation import gettext as _

from haitang.core import wall
from haitang.core.access import Actor
from haitang.core.constraints import refusing
from haitang.core.errors import Refusal
from haitang.voting import policies
from haitang.voting.actions.rolls import _lock_entry, _voted_already
from haitang.voting.lifecycle import TAKING
from haitang.voting.models import Envelope
from haitang.voting.queries import code_hash, fixed_paper
from haitang.voting.values import (
    COUNTING,
    RECEIPT_LENGTH,
    AlreadyVoted,
    Basis,
    Both,
    Permission,
    Receipt,
    Standing,
    Via,
    WrongVoteState,
    WrongVotingCode,
    check_marks,
    new_secret,
    receipt_hash,
    seal_ballot,
)

_TICKET = """
SELECT e.id, e.standing, e.household_index, v.status, v.opens_at, v.closes_at, v.basis, v.digest
FROM voting_entry e JOIN voting_vote v ON v.id = e.vote_id
WHERE e.vote_id = %s AND e.code_hash = %s FOR NO KEY UPDATE OF e FOR KEY SHARE OF v
"""
_CAST = """
INSERT INTO voting_envelope (entry_id, vote_id, household_index, via, sealed) VALUES (%s, %s, %s, %s, %s)
ON CONFLICT (entry_id) DO UPDATE SET via = excluded.via, household_index = excluded.household_index,
    sealed = CASE WHEN excluded.sealed = '' THEN voting_envelope.sealed ELSE excluded.sealed END
WHERE voting_envelope.via <> excluded.via AND %s OR voting_envelope.via = excluded.via AND %s
RETURNING 1
"""
"""What replaces what is said by the last two parameters: another way of voting, and the same once more. Under paper
stays what was sealed, unopened."""


@wall.opened("the code proves who votes")
@transaction.atomic
def cast_ballot(*, actor: Actor, vote_id: int, code: str, marks: Mapping[str, int], now: datetime) -> Receipt:
    """
    Put a ballot into the box, sealed for both key holders; one that is there by the same code is replaced.

    One transaction of two statements: a crash leaves the ballot in the box or not, and casting again with the same code
    is the same ballot of the same person. What it says is nowhere but inside; nothing is recorded, not even the hour.

    Raises WrongVotingCode, WrongVoteState, BadBallot, AlreadyVoted (paper has come, or the household has voted).
    """
    with connection.cursor() as cursor:
        cursor.execute(_TICKET, [vote_id, code_hash(vote_id, code)])
        found = cursor.fetchone() if code.strip() else None
        if found is None or found[1] == Standing.REFUSED:
            raise WrongVotingCode(_("投票码不正确"), {"code": _("投票码不正确，请核对后再输入")})
        entry_id, standing, home, status, opens_at, closes_at, basis, digest = found
        if status not in TAKING or not opens_at <= now < closes_at:
            raise WrongVoteState(_("投票还没有开始") if now < opens_at else _("投票已经截止"))
        paper, keys, room = fixed_paper(vote_id, digest)
        sound = check_marks(paper, marks)
        receipt = new_secret(RECEIPT_LENGTH)
        sealed = seal_ballot(vote_id, {"r": receipt_hash(vote_id, receipt), "m": sound}, keys, room)
        counts = standing in COUNTING
        home = home if counts and basis == Basis.HOUSEHOLD else None
        try:
            cursor.execute(_CAST, [entry_id, vote_id, home, Via.ELECTRONIC, sealed, False, True])
        except IntegrityError as violation:
            raise _refused(violation) from violation
        if cursor.fetchone() is None:
            raise AlreadyVoted(_("已经收到您的纸质票，不能再投电子票"))
    chosen = tuple((each["title"], sound[each["id"]]) for each in paper["options"] if each["id"] in sound)
    return Receipt(receipt, counts, chosen)


def _refused(violation: IntegrityError) -> Refusal:
    with refusing({"voting_one_household": _voted_already()}, savepoint=False):
        raise violation
    raise violation


@transaction.atomic
def take_paper(*, actor: Actor, entry_id: int, now: datetime) -> None:
    """
    Note that somebody has handed in a ballot of paper: their one vote, or their household's.

    By the rule fixed with the vote an electronic ballot gives way, or keeps the paper out. Raises NotAllowed,
    VoteNotFound, WrongVoteState (residence is to be proven first), AlreadyVoted.
    """
    vote, row = _lock_entry(entry_id, Permission.PAPER, actor)
    policies.check_in(vote, TAKING)
    if row.standing not in COUNTING:
        raise WrongVoteState(_("请先核实，再收纸质票"))
    home = bytes(row.household_index) if vote.basis == Basis.HOUSEHOLD else None
    gives_way = vote.both == Both.PAPER
    if gives_way and home:
        others = Envelope.objects.filter(vote=vote, household_index=home, via=Via.ELECTRONIC).exclude(entry=row)
        others.update(via=Via.ASIDE, household_index=None)
    try:
        with connection.cursor() as cursor:
            cursor.execute(_CAST, [row.pk, vote.pk, home, Via.PAPER, b"", gives_way, False])
            done = cursor.fetchone() is not None
    except IntegrityError as violation:
        raise _refused(violation) from violation
    if not done:
        raise AlreadyVoted(_("此人已经投票，按事先规定不再收纸质票"))


@transaction.atomic
def give_back_paper(*, actor: Actor, entry_id: int, now: datetime) -> None:
    """
    Take back that somebody handed in paper, where it was noted for the wrong person.

    An electronic ballot that the paper had replaced, theirs or their household's, is in the box again.
    Raises NotAllowed, VoteNotFound, WrongVoteState.
    """
    vote, row = _lock_entry(entry_id, Permission.PAPER, actor)
    policies.check_in(vote, TAKING)
    found = Envelope.objects.select_for_update().filter(entry=row, via=Via.PAPER).first()
    if found is None:
        raise WrongVoteState(_("没有收到此人的纸质票"))
    if bytes(found.sealed):
        found.via = Via.ELECTRONIC
        found.save(update_fields=["via"])
        return
    found.delete()
    if home := found.household_index:
        aside = Envelope.objects.filter(vote=vote, via=Via.ASIDE, entry__household_index=home)
        aside.update(via=Via.ELECTRONIC, household_index=home)
