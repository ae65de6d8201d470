"""Decisions as the desk, as owners and as anybody may read them."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

from haitang.core import access, history, wall
from haitang.core.access import Actor
from haitang.core.models import Entry
from haitang.core.rows import Statement
from haitang.core.schemas import ID_MAX
from haitang.owners import policies
from haitang.owners.lifecycle import OBJECTED_IN, PUBLIC, ObjectionStatus, SheetStatus, Status
from haitang.owners.models import Ballot, Decision, Estate, Objection, Owner, PaperSheet, Question, RollEntry
from haitang.owners.queries.estates import list_owned_estates
from haitang.owners.queries.rules import rules
from haitang.owners.queries.tallying import Tally, contradictions, count_voted, list_outcomes
from haitang.owners.values import DecisionNotFound, Sum, VoterNotFound

LISTED_MAX, ROLL_PAGE = 200, 100
_SHARED: Statement[Decision] = Statement(Decision, "WHERE id = %s FOR SHARE")
_ALONE: Statement[Decision] = Statement(Decision, "WHERE id = %s FOR NO KEY UPDATE")


@dataclass(frozen=True, slots=True)
class DecisionView:
    """A decision as lists show it."""

    decision: Decision
    estate: Estate
    is_voting: bool


@dataclass(frozen=True, slots=True)
class DecisionPage:
    """What the desk's page of a decision shows. outcomes: empty before the close. may: words of what the viewer may.

    contradicting: the heads whose paper and electronic ballots differ; contradictions: what these say, empty before
    the close and for who may not close votes.
    """

    view: DecisionView
    questions: list[Question]
    voted: Sum
    delivered: int
    coded: int
    objections: list[Objection]
    papers: dict[str, int]
    differing: list[PaperSheet]
    contradicting: list[RollEntry]
    contradictions: list[tuple[Ballot, Ballot]]
    outcomes: list[Tally]
    entries: list[Entry]
    may: frozenset[str] = field(default_factory=frozenset)


@dataclass(frozen=True, slots=True)
class PublicDecision:
    """What anybody may see of a decision: sums, never who has voted what."""

    view: DecisionView
    questions: list[Question]
    outcomes: list[Tally]


@dataclass(frozen=True, slots=True)
class VoterView:
    """What an owner sees of the own entry. ballots: by question id what was given each way, and which counts.

    objections: raised by code or account for their homes; may_object: whether there is room for one more.
    """

    entry: RollEntry
    view: DecisionView
    questions: list[Question]
    ballots: dict[int, list[Ballot]]
    objections: list[Objection]
    may_object: bool

    @property
    def has_voted(self) -> bool:
        """Whether anything of theirs counts."""
        return bool(self.ballots)


def is_voting(decision: Decision, now: datetime) -> bool:
    """Tell whether electronic ballots are taken at that instant."""
    return decision.status == Status.OPEN and decision.votes_from <= now < decision.votes_until


def lock_decision(decision_id: int, *, share: bool = False) -> Decision:
    """Return the decision, locked; raise DecisionNotFound. share: any number at once, and no change of it meanwhile.

    For actions, which check what the actor may do with it. Shared, one statement; else with its estate, in two: the
    lock first, so that what is read is what the one before has left.
    """
    found = None
    if 0 < decision_id <= ID_MAX:
        found = _SHARED.first(decision_id) if share else _ALONE.first(decision_id)
    if found is None:
        raise DecisionNotFound(_("没有这项业主表决"))
    return found if share else Decision.objects.select_related("estate").get(pk=decision_id)


def lock_entry(entry_id: int) -> RollEntry:
    """Return an entry of a roll, locked, after its decision was; raise VoterNotFound. For actions."""
    found = RollEntry.objects.select_for_update(no_key=True).filter(pk=entry_id).first()
    if found is None:
        raise VoterNotFound(_("名册上没有这一户"))
    return found


def get_decision(*, viewer: Actor, decision_id: int) -> Decision:
    """Return the decision with its estate. Raises DecisionNotFound, also where the viewer may not see it yet."""
    rows = Decision.objects.select_related("estate")
    found = rows.filter(pk=decision_id).first() if 0 < decision_id <= ID_MAX else None
    if found is None:
        raise DecisionNotFound(_("没有这项业主表决"))
    policies.check_may_see_decision(viewer, found)
    return found


def describe_decisions(rows: Iterable[Decision], now: datetime) -> list[DecisionView]:
    """Return decisions, loaded with their estates, as lists show them."""
    return [DecisionView(row, row.estate, is_voting(row, now)) for row in rows]


def list_decisions(*, viewer: Actor, estate_id: int | None = None, now: datetime) -> list[DecisionView]:
    """Return decisions of the estates that the viewer works with, the latest drafted first; at most 200."""
    rows = Decision.objects.filter(estate__in=Estate.objects.visible_to(viewer)).select_related("estate")
    if estate_id is not None:
        rows = rows.filter(estate_id=estate_id)
    return describe_decisions(rows.order_by("-drafted_at", "-id")[:LISTED_MAX], now)


def list_public_decisions(*, now: datetime) -> list[DecisionView]:
    """Return the decisions that anybody may see, the latest announced first; at most 200."""
    rows = Decision.objects.filter(status__in=PUBLIC).select_related("estate")
    return describe_decisions(rows.order_by("-announced_at", "-id")[:LISTED_MAX], now)


def get_public_decision(*, decision_id: int, now: datetime) -> PublicDecision:
    """Return what anybody may see of a decision. Raises DecisionNotFound where it is not public."""
    rows = Decision.objects.filter(status__in=PUBLIC).select_related("estate")
    found = rows.filter(pk=decision_id).first() if 0 < decision_id <= ID_MAX else None
    if found is None:
        raise DecisionNotFound(_("没有这项业主表决"))
    (view,) = describe_decisions([found], now)
    return PublicDecision(view, list(found.questions.order_by("number")), list_outcomes(found))


def get_decision_page(*, viewer: Actor, decision_id: int, now: datetime) -> DecisionPage:
    """Return a decision with all that its desk page shows. Raises DecisionNotFound, EstateNotFound."""
    decision = get_decision(viewer=viewer, decision_id=decision_id)
    policies.check_may_see(viewer, decision.estate)
    (view,) = describe_decisions([decision], now)
    sheets = PaperSheet.objects.filter(entry__decision=decision)
    papers = {status.value: sheets.filter(status=status).count() for status in SheetStatus}
    checks: dict[str, tuple[Callable[..., Any], Any]] = {
        "prepare": (policies.check_can_prepare, decision.area_path),
        "enter": (policies.check_can_enter, decision.area_path), "close": (policies.check_can_close, decision),
    }  # fmt: skip
    may = frozenset(word for word, (check, about) in checks.items() if access.allows(check, viewer, about))
    pairs = contradictions(decision)
    told = decision.closed_at is not None and "close" in may
    return DecisionPage(
        view, list(decision.questions.order_by("number")), count_voted(decision),
        decision.entries.filter(delivered_at__isnull=False).count(), decision.entries.exclude(code_hash=b"").count(),
        list(decision.objections.order_by("id")), papers,
        list(sheets.filter(status=SheetStatus.DIFFERS).select_related("entry").order_by("entry__number")),
        list({paper.entry_id: paper.entry for paper, _other in pairs}.values()), pairs if told else [],
        list_outcomes(decision), history.timeline("owners_decision", decision.pk), may,
    )  # fmt: skip


def list_roll(*, viewer: Actor, decision_id: int, search: str = "", page: int = 1) -> tuple[list[Any], bool]:
    """Return a page of the roll with `voted` on each entry, and whether there is more. search: of a unit's label.

    Raises DecisionNotFound, EstateNotFound.
    """
    decision = get_decision(viewer=viewer, decision_id=decision_id)
    policies.check_may_see(viewer, decision.estate)
    rows = RollEntry.objects.filter(decision=decision).order_by("number")
    if search.strip():
        rows = rows.filter(label__contains=search.strip()[:50])
    begin = (max(page, 1) - 1) * ROLL_PAGE
    voted = Ballot.objects.filter(entry=OuterRef("pk"), counts=True)
    found = list(
        rows.annotate(voted=Exists(voted), on_paper=Exists(PaperSheet.objects.filter(entry=OuterRef("pk"))))[
            begin : begin + ROLL_PAGE + 1
        ]
    )
    return found[:ROLL_PAGE], len(found) > ROLL_PAGE


def get_roll_entry(*, viewer: Actor, decision_id: int, entry_id: int) -> RollEntry:
    """Return an entry of the roll for the desk. Raises DecisionNotFound, EstateNotFound, VoterNotFound."""
    decision = get_decision(viewer=viewer, decision_id=decision_id)
    policies.check_may_see(viewer, decision.estate)
    found = RollEntry.objects.filter(decision=decision, pk=entry_id).first() if 0 < entry_id <= ID_MAX else None
    if found is None:
        raise VoterNotFound(_("名册上没有这一户"))
    return found


@wall.opened("the code proves who asks")
def find_entry(proof: bytes) -> RollEntry:
    """Return the entry that a voting code opens, by its digest. Raises VoterNotFound. It is the proof: no viewer."""
    rows = RollEntry.objects.filter(decision__status__in=PUBLIC)
    found = rows.filter(code_hash=proof).first() if proof else None
    if found is None:
        raise VoterNotFound(_("表决码不正确，请核对后重新输入，或联系社区"))
    return found


@wall.opened("those of the account alone")
def list_entries_of(account_id: int | None) -> list[RollEntry]:
    """Return the entries of public decisions for which an account may vote, the latest decision first; at most 200."""
    owners = list_owned_estates(account_id)
    if not owners:
        return []
    rows = RollEntry.objects.filter(
        owner_ids__overlap=[owner_id for owner_id, _estate in owners], decision__status__in=PUBLIC,
        decision__estate__in={estate_id for _owner, estate_id in owners},
    )  # fmt: skip
    return list(rows.select_related("decision__estate").order_by("-decision__announced_at", "number")[:LISTED_MAX])


@wall.opened("the caller has made sure that the entry is theirs")
def view_voter(entry_id: int, now: datetime) -> VoterView:
    """Return what a voter sees of the own entry; the caller has made sure that it is theirs. Raises VoterNotFound."""
    rows = RollEntry.objects.select_related("decision__estate")
    entry = rows.filter(pk=entry_id, decision__status__in=PUBLIC).first() if 0 < entry_id <= ID_MAX else None
    if entry is None:
        raise VoterNotFound(_("名册上没有这一户"))
    (view,) = describe_decisions([entry.decision], now)
    ballots: dict[int, list[Ballot]] = {}
    for ballot in entry.ballots.order_by("given_at", "id"):
        ballots.setdefault(ballot.question_id, []).append(ballot)
    units = entry.units.values("unit_id")
    objections = list(Objection.objects.filter(decision=entry.decision, unit__in=units).order_by("id"))
    room = len(objections) < rules()["objections_max"] and not any(
        row.status == ObjectionStatus.RAISED for row in objections
    )
    return VoterView(
        entry, view, list(entry.decision.questions.order_by("number")), ballots, objections,
        room and entry.decision.status in OBJECTED_IN,
    )  # fmt: skip


def get_decision_for_job(decision_id: int) -> Decision:
    """Return the decision; decisions are never removed."""
    return Decision.objects.select_related("estate").get(pk=decision_id)


def list_owners_accounts(decision_id: int) -> set[int]:
    """Return the accounts tied to owners of the estate of a decision. For jobs."""
    rows = Owner.objects.filter(estate__decisions=decision_id, account_id__isnull=False)
    return {account_id for account_id in rows.values_list("account_id", flat=True) if account_id is not None}


def find_sheet(entry_id: int) -> PaperSheet | None:
    """Return the paper ballot of an entry that the viewer was allowed to open, None where none was typed in."""
    return PaperSheet.objects.filter(entry_id=entry_id).first()


def list_open_matters(decision: Decision) -> tuple[int, int]:
    """Return how many objections are not settled, and how many paper ballots. For actions."""
    objections = decision.objections.filter(status=ObjectionStatus.RAISED).count()
    papers = PaperSheet.objects.filter(entry__decision=decision).exclude(status=SheetStatus.DONE).count()
    return objections, papers
