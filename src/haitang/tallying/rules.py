"""`tally`: the outcome of an election under a declared rule."""

from dataclasses import dataclass, field
from enum import StrEnum

from haitang.tallying.greedy import greedy
from haitang.tallying.phragmen import phragmen
from haitang.tallying.shares import Completion, Shares, equal_shares
from haitang.tallying.terms import Election, Limits, Outcome
from haitang.tallying.ties import DEFAULT, ranks


class Method(StrEnum):
    """The rules."""

    GREEDY = "greedy"
    GREEDY_NO_SKIP = "greedy-no-skip"
    GREEDY_THRESHOLD = "greedy-threshold"
    EQUAL_SHARES = "equal-shares"
    PHRAGMEN = "phragmen"


@dataclass(frozen=True)
class Rule:
    """A rule and all its parameters: what is published before voting opens, and enough to tally again for ever.

    ties: what decides among equals, in this order, the id last of all. seed: for the tie-break `lot`. shares: for equal
    shares alone. skip: under `phragmen`, what does not fit is passed over instead of ending everything.
    """

    method: Method
    limits: Limits = field(default_factory=Limits)
    ties: tuple[str, ...] = DEFAULT
    seed: str = ""
    shares: Shares = field(default_factory=Shares)
    skip: bool = False

    @property
    def name(self) -> str:
        """Return the rule in a word, its completion after a stroke."""
        if self.method is Method.EQUAL_SHARES and self.shares.completion is not Completion.NONE:
            return f"{self.method.value}/{self.shares.completion.value}"
        return self.method.value


def tally(election: Election, rule: Rule) -> Outcome:
    """Return what is chosen under the rule: the same for ever, and in any order of projects and ballots."""
    order = ranks(election, rule.ties, rule.seed)
    if rule.method is Method.EQUAL_SHARES:
        return equal_shares(election, order, rule.limits, rule.shares, name=rule.name)
    if rule.method is Method.PHRAGMEN:
        return phragmen(election, order, rule.limits, skip=rule.skip, name=rule.name)
    return greedy(election, order, rule.limits, skip=rule.method is not Method.GREEDY_NO_SKIP, name=rule.name)
