"""Reads over sittings of councils: for the keeper all of it, for members what is before them."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from haitang.core.access import Actor
from haitang.core.schemas import ID_MAX
from haitang.rounds import policies
from haitang.rounds.lifecycle import Status
from haitang.rounds.models import Agenda, Hand, Pot, Proposal, Seat, Sitting
from haitang.rounds.values import Permission, SeatDraft, SittingNotFound


@dataclass(frozen=True, slots=True)
class SittingPage:
    """A sitting as its keeper sees it. hands: by seat and proposal, while it is open. said: of each seat so many."""

    sitting: Sitting
    agenda: list[Agenda]
    seats: list[Seat]
    hands: dict[tuple[int, int], str]

    @property
    def present(self) -> int:
        """Return how many are present."""
        return sum(seat.is_present for seat in self.seats)


def lock_sitting(sitting_id: int) -> Sitting:
    """Return a sitting, locked, with pot and round. Raises SittingNotFound. For actions."""
    rows = Sitting.objects.select_for_update(of=("self",)).select_related("pot__round")
    row = rows.filter(pk=sitting_id).first() if 0 < sitting_id <= ID_MAX else None
    if row is None:
        raise SittingNotFound(_("没有这次会议"))
    return row


def list_sittings(*, viewer: Actor, pot: Pot) -> list[Sitting]:
    """Return the sittings about a pot, the latest first. Raises NotAllowed."""
    policies.check_may(viewer, Permission.VIEW, pot)
    return list(Sitting.objects.filter(pot=pot).order_by("-held_on", "-pk"))


def get_sitting_page(*, viewer: Actor, sitting_id: int) -> SittingPage:
    """Return a sitting to whoever works with its pot. Raises SittingNotFound, NotAllowed."""
    rows = Sitting.objects.select_related("pot__round", "pot__area")
    row = rows.filter(pk=sitting_id).first() if 0 < sitting_id <= ID_MAX else None
    if row is None:
        raise SittingNotFound(_("没有这次会议"))
    policies.check_may(viewer, Permission.VIEW, row.pot)
    seats = list(row.seats.order_by("position"))
    hands = Hand.objects.filter(seat__in=seats).values_list("seat_id", "proposal_id", "choice")
    return SittingPage(row, _agenda(row), seats, {(seat, each): choice for seat, each, choice in hands})


def _agenda(sitting: Sitting) -> list[Agenda]:
    rows = sitting.agenda.select_related("proposal__organization", "proposal__area", "proposal__pot")
    return list(rows.order_by("proposal__number"))


def list_own_sittings(*, viewer: Actor) -> list[Sitting]:
    """Return the open sittings in which the viewer has a seat."""
    account_id = policies.check_signed_in(viewer)
    rows = Sitting.objects.filter(seats__account_id=account_id, closed_at=None)
    return list(rows.select_related("pot__round", "pot__area").order_by("held_on", "pk"))


def get_own_seat(*, viewer: Actor, sitting_id: int) -> tuple[Seat, list[tuple[Agenda, str]]]:
    """Return the viewer's seat in an open sitting, and what is before it with what they have said. SittingNotFound."""
    rows = Seat.objects.filter(sitting_id=sitting_id, sitting__closed_at=None, account_id=viewer.id or 0)
    seat = rows.select_related("sitting__pot__round", "sitting__pot__area").first() if sitting_id <= ID_MAX else None
    policies.check_seat(viewer, seat)
    if seat is None:
        raise AssertionError("check_seat lets no one pass without a seat")
    said = dict(Hand.objects.filter(seat=seat).values_list("proposal_id", "choice"))
    return seat, [(each, said.get(each.proposal_id, "")) for each in _agenda(seat.sitting)]


def last_members(pot: Pot) -> list[SeatDraft]:
    """Return the members of the council at its last sitting in this area, to begin the next list with."""
    last = Sitting.objects.filter(pot__area_id=pot.area_id).order_by("-held_on", "-pk").first()
    seats = last.seats.order_by("position") if last else []
    return [SeatDraft(each.name, each.account_id) for each in seats]


def list_to_review(pot: Pot) -> list[Proposal]:
    """Return the proposals of a pot that wait for the council, by number."""
    return list(pot.proposals.filter(status=Status.ADMITTED).order_by("number"))


def count_yes(proposal: Proposal) -> int:
    """Return how many members said yes when the council passed the proposal last; 0 where it has not."""
    row = Agenda.objects.filter(proposal=proposal, passed=True).order_by("-pk").first()
    return row.yes if row else 0


def describe_sitting_for_job(sitting_id: int) -> tuple[str, set[int]]:
    """Return what a sitting is about, in words, and the accounts of its members."""
    row = Sitting.objects.select_related("pot__round", "pot__area").get(pk=sitting_id)
    accounts = row.seats.exclude(account_id=None).values_list("account_id", flat=True)
    return f"{row.pot.round.title}（{row.pot.area.name}）", {each for each in accounts if each is not None}
