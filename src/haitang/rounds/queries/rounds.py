"""Reads over rounds: phases, pots, what may be done today."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q
from django.utils.translation import gettext as _

from haitang.core.access import Actor, allows
from haitang.core.schemas import ID_MAX
from haitang.rounds import policies
from haitang.rounds.lifecycle import PUBLIC, Status
from haitang.rounds.models import Phase, Pot, Proposal, Round
from haitang.rounds.values import Permission, RoundNotFound

LISTED_MAX = 100


@dataclass(frozen=True, slots=True)
class PhaseLine:
    """A phase as the timetable shows it. stage: "past", "now" or "later"."""

    phase: Phase
    stage: str


@dataclass(frozen=True, slots=True)
class PotLine:
    """A pot with how many proposals it has. waiting: to be checked."""

    pot: Pot
    proposals: int
    waiting: int
    shortlisted: int


@dataclass(frozen=True, slots=True)
class RoundLine:
    """A round in a list. now: the names of the phases that last."""

    round: Round
    now: tuple[str, ...]
    proposals: int


def lock_round(round_id: int) -> Round:
    """Return a round, locked; whoever locks one of its pots as well locks it first. Raises RoundNotFound."""
    rows = Round.objects.select_for_update(no_key=True)
    row = rows.filter(pk=round_id).first() if 0 < round_id <= ID_MAX else None
    if row is None:
        raise RoundNotFound(_("没有这一轮微实事"))
    return row


def round_of_pot(pot_id: int) -> int:
    """Return the id of the round that a pot belongs to, 0 where there is no such pot."""
    found = Pot.objects.filter(pk=pot_id).values_list("round_id", flat=True) if 0 < pot_id <= ID_MAX else None
    return (found.first() if found is not None else None) or 0


def lock_pot(pot_id: int) -> Pot:
    """Return a pot, locked, with its round. Raises RoundNotFound. For actions."""
    rows = Pot.objects.select_for_update(no_key=True, of=("self",)).select_related("round")
    row = rows.filter(pk=pot_id).first() if 0 < pot_id <= ID_MAX else None
    if row is None:
        raise RoundNotFound(_("没有这笔资金"))
    return row


def phases_of(round_id: int) -> list[Phase]:
    """Return the phases of a round in their order."""
    return list(Phase.objects.filter(round_id=round_id).order_by("position"))


def timetable(phases: Iterable[Phase], today: date) -> list[PhaseLine]:
    """Return the phases with where the day stands."""
    return [
        PhaseLine(each, "past" if each.ends_on < today else "later" if each.begins_on > today else "now")
        for each in phases
    ]


def pots_of(round_id: int) -> list[PotLine]:
    """Return the pots of a round, in the order in which they were entered."""
    counted = Pot.objects.filter(round_id=round_id).annotate(
        n=Count("proposals", filter=Q(proposals__status__in=PUBLIC)),
        waiting=Count("proposals", filter=Q(proposals__status=Status.HANDED_IN)),
        ready=Count("proposals", filter=Q(proposals__status=Status.SHORTLISTED)),
    )
    rows = counted.select_related("area", "vote", "round").order_by("pk")
    return [PotLine(row, row.n, row.waiting, row.ready) for row in rows]


def _lines(rows: Iterable[Round], today: date) -> list[RoundLine]:
    found = list(rows)
    phases: dict[int, list[str]] = {}
    for each in Phase.objects.filter(round__in=found, begins_on__lte=today, ends_on__gte=today).order_by("position"):
        phases.setdefault(each.round_id, []).append(each.name)
    counted = Proposal.objects.filter(round__in=found, status__in=PUBLIC).values_list("round_id")
    counts = dict(counted.annotate(n=Count("pk")).order_by())
    return [RoundLine(row, tuple(phases.get(row.pk, ())), counts.get(row.pk, 0)) for row in found]


def describe_round(row: Round, *, today: date) -> RoundLine:
    """Return a round as a list shows it."""
    return _lines([row], today)[0]


def list_public_rounds(*, today: date) -> list[RoundLine]:
    """Return the published rounds, the latest first."""
    rows = Round.objects.public().select_related("area").order_by("-made_at", "-pk")[:LISTED_MAX]
    return _lines(rows, today)


def list_rounds(*, viewer: Actor, today: date) -> list[RoundLine]:
    """Return the rounds that the viewer works with, drafts included, the latest first."""
    rows = Round.objects.visible_to(viewer).select_related("area").order_by("-made_at", "-pk")[:LISTED_MAX]
    return _lines(rows, today)


def get_public_round(*, round_id: int) -> Round:
    """Return a published round. Raises RoundNotFound."""
    rows = Round.objects.public().select_related("area")
    row = rows.filter(pk=round_id).first() if 0 < round_id <= ID_MAX else None
    if row is None:
        raise RoundNotFound(_("没有这一轮微实事"))
    return row


def get_round(*, viewer: Actor, round_id: int) -> Round:
    """Return a round as its staff sees it. Raises RoundNotFound."""
    rows = Round.objects.visible_to(viewer).select_related("area")
    row = rows.filter(pk=round_id).first() if 0 < round_id <= ID_MAX else None
    if row is None:
        raise RoundNotFound(_("没有这一轮微实事"))
    return row


def get_pot(*, viewer: Actor, pot_id: int) -> Pot:
    """Return a pot that the viewer works with. Raises RoundNotFound."""
    rows = Pot.objects.select_related("round", "area", "vote")
    row = rows.filter(pk=pot_id).first() if 0 < pot_id <= ID_MAX else None
    if row is None or not any(allows(policies.check_may, viewer, each, row) for each in Permission):
        raise RoundNotFound(_("没有这笔资金"))
    return row


def get_public_pot(*, pot_id: int) -> Pot:
    """Return a pot of a published round. Raises RoundNotFound."""
    rows = Pot.objects.filter(round__published_at__isnull=False).select_related("round__area", "area", "vote")
    row = rows.filter(pk=pot_id).first() if 0 < pot_id <= ID_MAX else None
    if row is None:
        raise RoundNotFound(_("没有这笔资金"))
    return row


def tasks_today(round_: Round, today: date) -> frozenset[str]:
    """Return what the round permits today; nothing before it is published."""
    if round_.published_at is None:
        return frozenset()
    return policies.tasks_on(phases_of(round_.pk), today)
