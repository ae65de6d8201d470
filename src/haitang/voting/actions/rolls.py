"""The roll: people listed, codes printed and handed out, residence proven after the vote."""

from collections.abc import Sequence
from datetime import datetime

from django.db import connection, transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from haitang.core import crypto, history, limits, wall
from haitang.core.access import Actor
from haitang.core.constraints import refusing
from haitang.core.ids import normalize_code, query_codes
from haitang.voting import policies
from haitang.voting.actions.shared import lock_vote, told
from haitang.voting.facts import CodeHandedOut, CodesPrinted, ResidenceJudged, RollsErased, VotersListed
from haitang.voting.lifecycle import BEFORE, PUBLIC, TAKING, Status
from haitang.voting.models import DOCUMENT, HOME, NAME, Entry, Envelope, Vote
from haitang.voting.queries import code_hash, document_index, household_index, rules
from haitang.voting.values import (
    NAME_LENGTH_MAX,
    ROLL_MAX,
    AlreadyListed,
    AlreadyVoted,
    BadVote,
    Basis,
    Permission,
    Sheet,
    Standing,
    VoteNotFound,
    Voter,
    WrongVoteState,
)

CODE_LENGTH = 16
HOUR_S = 3600
_BATCH = 2000


def _listed_already() -> AlreadyListed:
    return AlreadyListed(_("名册里已经有同一证件（电话）的人"))


def _voted_already() -> AlreadyVoted:
    return AlreadyVoted(_("这一户已经投过票"))


def _entry(vote: Vote, number: int, voter: Voter, standing: str) -> Entry:
    return Entry(
        vote=vote, number=number, standing=standing, name_sealed=crypto.seal(voter.name.strip(), NAME),
        document_sealed=crypto.seal(voter.document.strip(), DOCUMENT),
        household_sealed=crypto.seal(voter.household.strip(), HOME),
        document_index=document_index(vote.pk, voter.document),
        household_index=household_index(vote.pk, voter.household),
    )  # fmt: skip


def _check_voter(vote: Vote, voter: Voter, line: int = 0) -> None:
    faults = {}
    if not 1 <= len(voter.name.strip()) <= NAME_LENGTH_MAX or "\x00" in voter.name:
        faults["name"] = _("请填写姓名")
    if not 4 <= len(normalize_code(voter.document)) <= NAME_LENGTH_MAX or "\x00" in voter.document:
        faults["document"] = _("请填写证件号或电话")
    if len(voter.household) > 200 or "\x00" in voter.household or (
        vote.basis == Basis.HOUSEHOLD and not normalize_code(voter.household)
    ):  # fmt: skip
        faults["household"] = _("请填写住址")
    if faults:
        words = "；".join(faults.values())
        raise BadVote(_("第 %(n)d 行：%(words)s") % {"n": line, "words": words} if line else words, faults)


def _next_number(vote: Vote) -> int:
    return (Entry.objects.filter(vote=vote).aggregate(last=Max("number"))["last"] or 0) + 1


@transaction.atomic
def list_voters(*, actor: Actor, vote_id: int, voters: Sequence[Voter], now: datetime) -> int:
    """
    Put people on the roll before the vote opens; all or nothing. Return how many.

    Raises NotAllowed, VoteNotFound, WrongVoteState, BadVote (naming the line), AlreadyListed.
    """
    vote = lock_vote(vote_id)
    policies.check_may(actor, Permission.ROLL, vote)
    policies.check_in(vote, BEFORE)
    if not 1 <= len(voters) <= ROLL_MAX:
        raise BadVote(_("名册是空的，或者太长"))
    for at, voter in enumerate(voters, start=1):
        _check_voter(vote, voter, at)
    number = _next_number(vote)
    rows = [_entry(vote, number + at, voter, Standing.LISTED) for at, voter in enumerate(voters)]
    with refusing({"voting_one_person": _listed_already()}):
        Entry.objects.bulk_create(rows, batch_size=_BATCH)
    history.record(actor=actor, fact=VotersListed(vote.pk, len(rows)), at=now, audience=told(vote))
    return len(rows)


_CODES = """
UPDATE voting_entry AS e SET code_hash = given.hash
FROM unnest(%s::bigint[], %s::bytea[]) AS given(id, hash) WHERE e.id = given.id
"""


@transaction.atomic
def print_codes(*, actor: Actor, vote_id: int, now: datetime) -> list[Sheet]:
    """
    Make codes for everybody listed who has none, to be printed and sent; only their digests stay.

    Raises NotAllowed, VoteNotFound, WrongVoteState.
    """
    vote = lock_vote(vote_id, shared=True)
    policies.check_may(actor, Permission.ROLL, vote)
    policies.check_in(vote, (*BEFORE, *TAKING))
    rows = list(Entry.objects.filter(vote=vote, standing=Standing.LISTED, code_hash=b"").order_by("number"))
    codes = query_codes(len(rows), CODE_LENGTH)
    with connection.cursor() as cursor:
        cursor.execute(_CODES, [[row.pk for row in rows], [code_hash(vote.pk, code) for code in codes]])
    if rows:
        history.record(actor=actor, fact=CodesPrinted(vote.pk, len(rows)), at=now, audience=told(vote))
    return [Sheet(row.number, row.name, row.household, code) for row, code in zip(rows, codes, strict=True)]


def _lock_entry(entry_id: int, permission: str, actor: Actor) -> tuple[Vote, Entry]:
    """Return an entry with its vote; the vote cannot change its state meanwhile. Raises VoteNotFound, NotAllowed."""
    vote_id = Entry.objects.filter(pk=entry_id).values_list("vote_id", flat=True).first()
    if vote_id is None:
        raise VoteNotFound(_("名册里没有这一条"))
    vote = lock_vote(vote_id, shared=True)
    policies.check_may(actor, permission, vote)
    return vote, Entry.objects.select_for_update().get(pk=entry_id)


@transaction.atomic
def hand_out_code(*, actor: Actor, entry_id: int, now: datetime) -> Sheet:
    """
    Make a new code for somebody at the desk whose document was looked at; an earlier one opens nothing any more.

    Who has voted gets none: the desk could otherwise replace a ballot. Raises NotAllowed, VoteNotFound,
    WrongVoteState, AlreadyVoted.
    """
    vote, row = _lock_entry(entry_id, Permission.ROLL, actor)
    policies.check_in(vote, (*BEFORE, *TAKING))
    if row.standing == Standing.REFUSED:
        raise WrongVoteState(_("此人不予核实，不发投票码"))
    if Envelope.objects.filter(entry=row).exists():
        raise AlreadyVoted(_("此人已经投票，不能再发投票码；改投请用原来的投票码"))
    code = query_codes(1, CODE_LENGTH)[0]
    row.code_hash = code_hash(vote.pk, code)
    row.save(update_fields=["code_hash"])
    history.record(actor=actor, fact=CodeHandedOut(vote.pk, row.pk), at=now, audience=told(vote))
    return Sheet(row.number, row.name, row.household, code)


@wall.opened("anybody may ask for a code, and is told nothing of the roll")
@transaction.atomic
def register_stranger(*, actor: Actor, vote_id: int, voter: Voter, party: str, now: datetime) -> str:
    """
    Give somebody who is not on the roll a code: their vote counts once residence is proven. Anybody may ask.

    Whether the roll has them is not told. party: the network address, for the limit. Raises VoteNotFound,
    WrongVoteState, BadVote, TooMany.
    """
    limits.hit(f"voting.register:{party}", limit=rules()["registrations_an_hour"], window_s=HOUR_S, now=now)
    vote = lock_vote(vote_id, shared=True)
    if vote.status not in PUBLIC:
        raise VoteNotFound(_("没有这次投票"))
    if vote.status not in TAKING or not vote.opens_at <= now < vote.closes_at or not vote.takes_strangers:
        raise WrongVoteState(_("现在不能登记投票"))
    _check_voter(vote, voter)
    row = _entry(vote, _next_number(vote), voter, Standing.PROVISIONAL)
    code = query_codes(1, CODE_LENGTH)[0]
    row.code_hash = code_hash(vote.pk, code)
    row.save()
    return code


@transaction.atomic
def judge_residence(*, actor: Actor, entry_id: int, proven: bool, reason: str = "", now: datetime) -> Entry:
    """
    Take somebody's proof of residence, or refuse it: from now on the vote counts, or never does.

    Raises NotAllowed, VoteNotFound, WrongVoteState, BadVote (no reason), AlreadyListed (the person is on the roll),
    AlreadyVoted (the household has voted).
    """
    vote, row = _lock_entry(entry_id, Permission.ROLL, actor)
    policies.check_in(vote, (*TAKING, Status.CLOSED))
    if row.standing != Standing.PROVISIONAL:
        raise WrongVoteState(_("此人已经核实过"))
    if not proven and not 1 <= len(reason.strip()) <= 200:
        raise BadVote(_("请写明原因"), {"reason": _("请写明原因")})
    row.standing, row.reason = (Standing.PROVEN, "") if proven else (Standing.REFUSED, reason.strip())
    with refusing({"voting_one_person": _listed_already(), "voting_one_household": _voted_already()}):
        row.save(update_fields=["standing", "reason"])
        if proven and vote.basis == Basis.HOUSEHOLD:
            Envelope.objects.filter(entry=row).update(household_index=row.household_index)
    fact = ResidenceJudged(vote.pk, row.pk, row.standing, row.reason)
    history.record(actor=actor, fact=fact, at=now, audience=told(vote))
    return row


@transaction.atomic
def erase_rolls(*, actor: Actor, now: datetime) -> int:
    """Remove names, documents and homes from rolls of votes counted long enough ago. Return of how many votes."""
    keep = rules()["roll_keep_days"]
    old = [
        row
        for row in Vote.objects.select_for_update().filter(status=Status.COUNTED, erased_at=None)
        if row.counted_at is not None and (now - row.counted_at).days >= keep
    ]
    for vote in old:
        count = Entry.objects.filter(vote=vote).update(
            name_sealed=b"", document_sealed=b"", household_sealed=b"", document_index=b"", household_index=b"",
            code_hash=b"", reason="",
        )  # fmt: skip
        vote.erased_at = now
        vote.save(update_fields=["erased_at"])
        history.record(actor=actor, fact=RollsErased(vote.pk, count), at=now, audience=told(vote))
    return len(old)
