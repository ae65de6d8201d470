"""A round of our own as a file of Pabulib, for anyone to tally again."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from haitang.tallying.ballots import Ballot, Kind, Question, points_of
from haitang.tallying.pabulib import APPROVAL, CHOOSE_1, CUMULATIVE, ORDINAL, SCORING, File, Table, parse, write
from haitang.tallying.terms import Project

VOTE_TYPES = {
    Kind.ONE: CHOOSE_1, Kind.APPROVAL: APPROVAL, Kind.KNAPSACK: APPROVAL, Kind.POINTS: CUMULATIVE,
    Kind.RANKED: ORDINAL, Kind.SCORED: SCORING,
}  # fmt: skip
_POINTS = (CUMULATIVE, SCORING)


@dataclass(frozen=True)
class Line:
    """A ballot for the file. voter: a number of the list, never of a person. cells: further columns, e.g. district."""

    voter: str
    ballot: Ballot
    cells: Mapping[str, str]


def compose(
    question: Question, projects: Sequence[Project], lines: Iterable[Line], *,
    budget: int, unit: int, rule: str, meta: Mapping[str, str], chosen: Iterable[str] | None = None,
) -> File:  # fmt: skip
    """Return the file of a round: `parse` of its text is the same election.

    unit: smallest units in one of the currency, a power of ten. rule: as Pabulib names it. meta: what else is told of
    the round (description, country, unit, instance, date_begin …). chosen: the winners, once they are known.

    Raises BallotRefused for a ballot that breaks its question's limits, Broken where the whole is no election.
    """
    kind = VOTE_TYPES[question.kind]
    ballots = [(line, points_of(question, line.ballot)) for line in lines]
    columns = sorted({cell for line, _ in ballots for cell in line.cells})
    votes = Table(
        ("voter_id", "vote", *(["points"] if kind in _POINTS else []), *columns),
        [
            [
                line.voter, ",".join(points),
                *([",".join(str(each) for each in points.values())] if kind in _POINTS else []),
                *(line.cells.get(cell, "") for cell in columns),
            ]
            for line, points in ballots
        ],
    )  # fmt: skip
    won = None if chosen is None else set(chosen)
    table = Table(
        ("project_id", "cost", "name", *([] if won is None else ["selected"])),
        [
            [each.id, amount(each.cost, unit), each.name, *([] if won is None else [str(int(each.id in won))])]
            for each in projects
        ],
    )
    head = {
        **meta, "num_projects": str(len(projects)), "num_votes": str(len(ballots)), "budget": amount(budget, unit),
        "rule": rule, "vote_type": kind, **_limits(question, unit),
    }  # fmt: skip
    return parse(write(head, table, votes))


def amount(money: int, unit: int) -> str:
    """Return an amount in the currency, to the last digit."""
    whole, rest = divmod(money, unit)
    return f"{whole}.{str(rest).rjust(len(str(unit)) - 1, '0')}" if rest else str(whole)


def _limits(question: Question, unit: int) -> dict[str, str]:
    most = question.most or (len(question.costs) if question.kind is Kind.RANKED else None)
    numbers = {
        "min_length": question.least or None, "max_length": most, "min_points": question.least_each,
        "max_points": question.most_each, "min_sum_points": question.least_sum, "max_sum_points": question.most_sum,
    }  # fmt: skip
    money = {"min_sum_cost": question.least_cost, "max_sum_cost": question.most_cost}
    return {
        **{key: str(each) for key, each in numbers.items() if each is not None},
        **{key: amount(each, unit) for key, each in money.items() if each is not None},
    }
