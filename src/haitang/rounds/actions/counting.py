"""What a pot's vote, or its council, has come to: an election, the rule, the outcome, a result for every proposal."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from django.utils.translation import gettext as _

from haitang.rounds import queries
from haitang.rounds.lifecycle import Deed, Status, check_move
from haitang.rounds.models import Pot, Proposal
from haitang.rounds.values import NotYetCounted
from haitang.tallying import Cap, Election, Limits, Outcome, Project, Rule, Shares, Votes, explain, fairness, tally
from haitang.voting.lifecycle import Status as VoteStatus
from haitang.voting.queries import file_of
from haitang.voting.values import METHODS, election_of, outcome_of, rule_of

_FEN_A_YUAN = 100


@dataclass(frozen=True)
class Count:
    """What a pot has come to. rows: its proposals, locked. figures: as they are stored with the pot."""

    rows: Sequence[Proposal]
    election: Election
    rule: Rule
    outcome: Outcome
    figures: Mapping[str, Any]


def by_vote(pot: Pot) -> Count:
    """Return what the residents' vote has come to. Raises NotYetCounted."""
    if pot.vote is None or pot.vote.status != VoteStatus.COUNTED:
        raise NotYetCounted(_("投票还没有开箱计票"))
    file = file_of(pot.vote)
    declaration, ballots, entitled = file["declaration"], file["ballots"], file["roll"]["entitled"]
    election, outcome = election_of(declaration, ballots), outcome_of(declaration, ballots, entitled)
    rows = queries.lock_proposals(pot.proposals.filter(status=Status.ON_BALLOT).values_list("pk", flat=True))
    figures = _served(election, outcome, [each["via"] for each in ballots])
    return Count(rows, election, rule_of(declaration, len(ballots), entitled), outcome, figures)


def by_council(pot: Pot) -> Count:
    """Return what the council's numbers come to: who said yes counts as a ballot would. Raises NotYetCounted.

    Only numbers are kept of a sitting, so there is no saying whom the outcome serves.
    """
    listed = queries.shortlist_of(pot)
    if not listed:
        raise NotYetCounted(_("没有通过评议、正在公示的提案"))
    rows = sorted(queries.lock_proposals([row.pk for row in listed]), key=lambda row: row.number)
    groups: dict[str, set[str]] = {}
    ballots: list[dict[int, int]] = []
    for at, row in enumerate(rows):
        row.option = str(at + 1)
        if row.exclusive:
            groups.setdefault(row.exclusive, set()).add(row.option)
        ballots += [{at: 1}] * queries.count_yes(row)
    projects = tuple(
        Project(
            row.option, row.asked_fen, row.title, at,
            {"category": frozenset({row.category}), "district": frozenset(filter(None, [row.district]))},
        )
        for at, row in enumerate(rows)
    )  # fmt: skip
    election, given = Election(pot.budget_fen, projects, Votes.of(ballots), _FEN_A_YUAN), pot.round.rule
    limits = Limits(
        least_votes=given.least_votes or None,
        excluding=tuple(frozenset(each) for _word, each in sorted(groups.items()) if len(each) > 1),
        caps=tuple(Cap(each.kind, each.value, each.cost_fen, each.count) for each in given.caps),
    )
    method, completion = METHODS[given.method]
    rule = Rule(method, limits, given.ties, given.seed, Shares(completion))
    outcome = tally(election, rule)
    return Count(rows, election, rule, outcome, {"chosen": list(outcome.chosen), "cost": outcome.cost})


def write_results(count: Count) -> None:
    """Write to every proposal what became of it: its votes, the reason, and what would have been enough."""
    explained = explain(count.election, count.rule, count.outcome)
    position = {each.id: at for at, each in enumerate(count.election.projects)}
    for row in count.rows:
        told, at = explained[row.option], position[row.option]
        row.status = check_move(row.status, Deed.CHOOSE if told.fate.chosen else Deed.PASS_OVER)
        row.result = {
            "votes": count.election.counts[at], "total": count.election.scores[at], "place": told.fate.place or 0,
            "why": told.fate.reason.why.value,
            "numbers": {name: _plain(number) for name, number in told.fate.reason.numbers.items()},
            "points": told.points, "cost": told.cost, "voters": told.voters,
        }  # fmt: skip
    Proposal.objects.bulk_update(count.rows, ["status", "option", "result"])


def _plain(number: Any) -> int | str:
    return f"{number.numerator}/{number.denominator}" if isinstance(number, Fraction) else number


def _served(election: Election, outcome: Outcome, vias: Sequence[str]) -> dict[str, Any]:
    """Return whom an outcome serves as it is stored: whole numbers, money in fen."""
    chosen = outcome.chosen
    found = fairness(election, chosen, {"via": vias})
    return {
        "chosen": list(chosen), "cost": outcome.cost, "voters": found.served.voters,
        "served": [found.served.voters, found.served.served], "mean_fen": int(found.won),
        "by_via": {via: [each.voters, each.served] for via, each in found.by_group["via"].items()},
        "districts": _districts(election, set(chosen)),
        "claims": [
            {"option": each.project, "voters": each.voters, "entitled": each.entitled, "won": each.won}
            for each in found.claims
        ],
    }  # fmt: skip


def _districts(election: Election, chosen: set[str]) -> list[dict[str, Any]]:
    """Return for each district its part of the votes and of the money, in percent rounded down, and whom it serves.

    A ballot does not say where its voter lives: served are, of those who support something in the district, those who
    have something won.
    """
    within: dict[str, list[int]] = {}
    for at, project in enumerate(election.projects):
        for name in project.marks.get("district", ()):
            within.setdefault(name, []).append(at)
    won = [at for at, project in enumerate(election.projects) if project.id in chosen]
    chosen_at, happy = set(won), _supporting(election, won)
    all_votes = sum(election.counts) or 1
    spent = sum(election.projects[at].cost for at in won) or 1
    found = []
    for name, positions in sorted(within.items()):
        voters, here = _supporting(election, positions), [at for at in positions if at in chosen_at]
        found.append({
            "name": name, "votes_percent": sum(election.counts[at] for at in positions) * 100 // all_votes,
            "money_percent": sum(election.projects[at].cost for at in here) * 100 // spent, "chosen": len(here),
            "served": [len(voters), len(voters & happy)],
        })  # fmt: skip
    return found


def _supporting(election: Election, positions: Iterable[int]) -> set[int]:
    """Return the voters who support one of these projects."""
    return {int(voter) for at in positions for voter in election.supporters(at)[0]}
