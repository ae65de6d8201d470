"""Kinds of ballots: what a voter may give under a question's limits, and the points that come of it."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from haitang.core.errors import Invalid
from haitang.tallying.terms import Votes


class Kind(StrEnum):
    """How voters answer.

    one: one of many. approval: as many as they like, or up to k. knapsack: what fits into an amount. points: points
    handed out among projects. ranked: an order. scored: each project judged by itself.
    """

    ONE = "one"
    APPROVAL = "approval"
    KNAPSACK = "knapsack"
    POINTS = "points"
    RANKED = "ranked"
    SCORED = "scored"


@dataclass(frozen=True)
class Question:
    """What is asked, and within which limits. costs: of every project that may be chosen, by id; None is no limit.

    least, most: projects on a ballot. least_cost, most_cost: what they cost together. least_each, most_each: points for
    one of them. least_sum, most_sum: points on the whole ballot.
    """

    kind: Kind
    costs: Mapping[str, int]
    least: int = 0
    most: int | None = None
    least_cost: int | None = None
    most_cost: int | None = None
    least_each: int | None = None
    most_each: int | None = None
    least_sum: int | None = None
    most_sum: int | None = None


Ballot = Sequence[str] | Mapping[str, int]
"""Ids, in order of preference where they are ranked; or points by id where points are given or projects scored."""

UNKNOWN, TWICE, ONE_ONLY, TOO_FEW, TOO_MANY = "unknown", "twice", "one_only", "too_few", "too_many"
SUM_LOW, SUM_HIGH, EACH_LOW, EACH_HIGH, POINTS_LOW, POINTS_HIGH = (
    "cost_low", "cost_high", "each_low", "each_high", "points_low", "points_high",
)  # fmt: skip
SENTENCES = {
    UNKNOWN: "选票上有不在名单中的项目：{project}。",
    TWICE: "同一项目在选票上出现两次：{project}。",
    ONE_ONLY: "只能选一个项目，选票上有 {given} 个。",
    TOO_FEW: "至少选 {limit} 个项目，选票上只有 {given} 个。",
    TOO_MANY: "最多选 {limit} 个项目，选票上有 {given} 个。",
    SUM_LOW: "所选项目合计至少 {limit}，现在是 {given}。",
    SUM_HIGH: "所选项目合计不能超过 {limit}，现在是 {given}。",
    EACH_LOW: "每个项目至少 {limit} 分，{project} 只有 {given} 分。",
    EACH_HIGH: "每个项目最多 {limit} 分，{project} 有 {given} 分。",
    POINTS_LOW: "总分至少 {limit}，现在是 {given}。",
    POINTS_HIGH: "总分不能超过 {limit}，现在是 {given}。",
}
"""What is said of each fault; entrances may translate them and show names for ids and amounts with their unit."""


class BallotRefused(Invalid):
    """The ballot breaks a limit of its question. code: which; numbers: what is told with it."""

    def __init__(self, fault: str, numbers: Mapping[str, int | str]) -> None:
        self.fault, self.numbers = fault, dict(numbers)
        super().__init__(self.sentence())

    def sentence(self, translate: Callable[[str], str] = str) -> str:
        """Return what to tell the voter."""
        return translate(SENTENCES[self.fault]).format(**self.numbers)


def points_of(question: Question, ballot: Ballot) -> dict[str, int]:
    """Return the points that a ballot gives, by project.

    1 for each project where projects are chosen; where they are ranked, as many for the first as may be ranked (`most`,
    else all that are asked about), one less for each one after it (Borda).

    Raises BallotRefused for the first limit that is broken.
    """
    refused = next(_faults(question, ballot), None)
    if refused:
        raise refused
    if isinstance(ballot, Mapping):
        return {each: points for each, points in ballot.items() if points}
    if question.kind is Kind.RANKED:
        longest = question.most or len(question.costs)
        return {each: longest - place for place, each in enumerate(ballot)}
    return dict.fromkeys(ballot, 1)


def votes_of(question: Question, ids: Sequence[str], ballots: Iterable[Ballot]) -> Votes:
    """Return the votes of ballots, projects at their positions in `ids`. Raises BallotRefused."""
    position = {each: at for at, each in enumerate(ids)}
    return Votes.of(
        [{position[each]: points for each, points in points_of(question, ballot).items()} for ballot in ballots]
    )


def _faults(question: Question, ballot: Ballot) -> Iterator[BallotRefused]:
    """Yield every limit that the ballot breaks."""
    given = list(ballot)
    for each in given:
        if each not in question.costs:
            yield BallotRefused(UNKNOWN, {"project": each})
            return
    for at, each in enumerate(given):
        if each in given[:at]:
            yield BallotRefused(TWICE, {"project": each})
    if question.kind is Kind.ONE and len(given) > 1:
        yield BallotRefused(ONE_ONLY, {"given": len(given)})
    yield from _bounds(len(given), question.least, question.most, TOO_FEW, TOO_MANY)
    cost = sum(question.costs[each] for each in given)
    yield from _bounds(cost, question.least_cost, question.most_cost, SUM_LOW, SUM_HIGH)
    if isinstance(ballot, Mapping) is not (question.kind in (Kind.POINTS, Kind.SCORED)):
        raise TypeError(f"a ballot of the kind {question.kind.value} is not given in this form")
    if isinstance(ballot, Mapping):
        least = 0 if question.least_each is None else question.least_each
        for each, points in ballot.items():
            yield from _bounds(points, least, question.most_each, EACH_LOW, EACH_HIGH, project=each)
        yield from _bounds(sum(ballot.values()), question.least_sum, question.most_sum, POINTS_LOW, POINTS_HIGH)


def _bounds(
    given: int, least: int | None, most: int | None, low: str, high: str, **more: str
) -> Iterator[BallotRefused]:
    if least is not None and given < least:
        yield BallotRefused(low, {**more, "given": given, "limit": least})
    if most is not None and given > most:
        yield BallotRefused(high, {**more, "given": given, "limit": most})
