"""A published vote as an election of Pabulib, for whoever tallies with tools of their own."""

from collections.abc import Mapping
from typing import Any

from haitang.tallying.pabulib import APPROVAL, CHOOSE_1, CUMULATIVE, ORDINAL, SCORING, Table, write
from haitang.voting.values.ballots import weights
from haitang.voting.values.published import election_of
from haitang.voting.values.words import BallotKind

_TYPES: Mapping[str, str] = {
    BallotKind.ONE: CHOOSE_1, BallotKind.APPROVAL: APPROVAL, BallotKind.KNAPSACK: APPROVAL,
    BallotKind.POINTS: CUMULATIVE, BallotKind.SCORED: SCORING, BallotKind.RANKED: ORDINAL,
}  # fmt: skip


def as_pabulib(file: Mapping[str, Any]) -> str:
    """Return the file's election in the format .pb; amounts in yuan, voters under the hashes of their receipts."""
    declaration, ballots = file["declaration"], file["ballots"]
    election = election_of(declaration, ballots)
    kind = _TYPES[declaration["kind"]]
    chosen = set(file["result"]["chosen"])
    meta = {
        "description": _cell(declaration["title"]), "country": "China", "unit": _cell(declaration["area"]),
        "instance": declaration["closes_at"][:4], "num_projects": str(len(election.projects)),
        "num_votes": str(len(ballots)), "budget": _amount(election.budget, election.unit), "vote_type": kind,
        "rule": declaration["rule"]["method"].replace("equal-", "equal"), "date_end": declaration["closes_at"][:10],
    }  # fmt: skip
    if kind in (APPROVAL, ORDINAL):
        meta["max_length"] = str(declaration["most"])
    if kind == CUMULATIVE:
        meta["max_sum_points"] = str(declaration["most"])
    projects = Table(
        ("project_id", "cost", "name", "category", "neighborhood", "votes", "score", "selected"),
        [
            [each.id, _amount(each.cost, election.unit), _cell(each.name), _cell(option["category"]),
             _cell(option["area"]),
             str(election.counts[at]), str(election.scores[at]), str(int(each.id in chosen))]
            for at, (each, option) in enumerate(zip(election.projects, declaration["options"], strict=True))
        ],
    )  # fmt: skip
    with_amounts = kind in (CUMULATIVE, SCORING)
    columns = ("voter_id", "voting_method", "vote", *(("points",) if with_amounts else ()))
    rows = []
    for ballot in ballots:
        given = weights(declaration, ballot["m"])
        order = sorted(given, key=lambda each: (-given[each], int(each)))
        row = [ballot["r"], "paper" if ballot["via"] == "paper" else "internet", ",".join(order)]
        rows.append([*row, ",".join(str(given[each]) for each in order)] if with_amounts else row)
    return write(meta, projects, Table(columns, rows))


def _amount(amount: int, unit: int) -> str:
    whole, rest = divmod(amount, unit)
    return str(whole) if not rest else f"{whole}.{rest:02d}"


def _cell(text: str) -> str:
    return " ".join(text.replace(",", "，").split())
