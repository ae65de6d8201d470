"""The roll of a vote: who has a vote, looked up at the desk; what a voting code opens; the papers to reconcile."""

import hashlib
from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from haitang.core import access, crypto, wall
from haitang.core.access import Actor
from haitang.core.ids import normalize_code
from haitang.core.privacy import mask_address, mask_name
from haitang.core.scoping import path_of
from haitang.voting import policies
from haitang.voting.models import DOCUMENT, HOME, Entry, Envelope, PaperSheet, Vote
from haitang.voting.values import Permission, Standing, Via, VoteNotFound, WrongVotingCode

PAGE = 50


@dataclass(frozen=True, slots=True)
class RollLine:
    """An entry as the desk reads it. voted: in which way, "" for not at all.

    has_paper: paper was handed in, and not counted yet.
    """

    entry: Entry
    name: str
    household: str
    voted: str
    has_paper: bool


@dataclass(frozen=True, slots=True)
class Ticket:
    """What a voting code opens. counts: whether the ballot counts without more. voted: in which way already."""

    entry_id: int
    counts: bool
    voted: str


def code_hash(vote_id: int, code: str) -> bytes:
    """Return the digest under which a voting code is kept: 80 random bits need no slow one."""
    return hashlib.sha256(f"haitang voting code\n{vote_id}\n{normalize_code(code)}".encode()).digest()


def document_index(vote_id: int, document: str) -> bytes:
    """Return by which the database keeps people of one vote apart."""
    return crypto.whole_index(normalize_code(document), f"{DOCUMENT}.{vote_id}")


def household_index(vote_id: int, household: str) -> bytes:
    """Return by which the database keeps the homes of one vote apart; written alike but for spaces and full width."""
    plain = normalize_code(household).translate({ord(wide): ord(wide) - 0xFEE0 for wide in _WIDE})
    return crypto.whole_index(plain, f"{HOME}.{vote_id}")


_WIDE = "".join(chr(each) for each in range(0xFF01, 0xFF5F))


@wall.opened("the code proves who votes")
def read_ticket(*, vote_id: int, code: str) -> Ticket:
    """Return what the code opens. Raises WrongVotingCode."""
    found = Entry.objects.filter(vote_id=vote_id, code_hash=code_hash(vote_id, code)).exclude(standing=Standing.REFUSED)
    row = found.select_related("envelope").first() if code.strip() else None
    if row is None:
        raise WrongVotingCode(_("投票码不正确"), {"code": _("投票码不正确，请核对后再输入")})
    return Ticket(row.pk, row.standing != Standing.PROVISIONAL, getattr(getattr(row, "envelope", None), "via", ""))


def list_roll(
    *, viewer: Actor, vote: Vote, document: str = "", waiting: bool = False, start: int = 0
) -> list[RollLine]:
    """Return a page of the roll from a number on, or who has this document, or who has to prove residence.

    Names are shortened unless the viewer keeps the roll. Raises NotAllowed.
    """
    policies.check_may(viewer, Permission.VIEW, vote)
    rows: QuerySet[Entry] = Entry.objects.filter(vote=vote, number__gte=start).order_by("number")
    if document:
        rows = rows.filter(document_index=document_index(vote.pk, document))
    if waiting:
        rows = rows.filter(standing=Standing.PROVISIONAL)
    full = access.allows(policies.check_may, viewer, Permission.ROLL, vote)
    found = list(rows[:PAGE])
    voted = dict(Envelope.objects.filter(entry__in=found).values_list("entry_id", "via"))
    return [
        RollLine(
            row, row.name if full else mask_name(row.name), row.household if full else mask_address(row.household),
            str(Via(voted[row.pk]).label) if row.pk in voted else (str(_("已投票")) if row.has_voted else ""),
            voted.get(row.pk) == Via.PAPER,
        )
        for row in found
    ]  # fmt: skip


def get_entry(*, viewer: Actor, entry_id: int) -> Entry:
    """Return an entry of a vote whose roll the viewer keeps. Raises VoteNotFound."""
    row = Entry.objects.select_related("vote").filter(pk=entry_id).first()
    if row is None or not viewer.holds(Permission.VIEW, area_path=path_of(row.vote.area_ids)):
        raise VoteNotFound(_("名册里没有这一条"))
    return row


def list_sheets(*, viewer: Actor, vote: Vote) -> list[PaperSheet]:
    """Return the papers that are not reconciled: entered once, or differing. Raises NotAllowed."""
    policies.check_may(viewer, Permission.PAPER, vote)
    return list(PaperSheet.objects.filter(vote=vote, agreed__isnull=True).order_by("serial")[:PAGE])
