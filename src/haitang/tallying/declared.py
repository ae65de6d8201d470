"""Which rule a file of Pabulib declares, and which one is asked for on the command line."""

from dataclasses import replace

from haitang.core.errors import Invalid
from haitang.tallying.pabulib import File
from haitang.tallying.rules import Method, Rule
from haitang.tallying.shares import Completion, Shares
from haitang.tallying.terms import Limits

FROM_FILE = "from-file"
_DECLARED = {
    "greedy": Rule(Method.GREEDY),
    "greedy-no-skip": Rule(Method.GREEDY_NO_SKIP),
    "greedy-threshold": Rule(Method.GREEDY_THRESHOLD),
    "equalshares": Rule(Method.EQUAL_SHARES),
    "equalshares/add1": Rule(Method.EQUAL_SHARES, shares=Shares(Completion.ADD1)),
    "equalshares/add1-comparison": Rule(Method.EQUAL_SHARES, shares=Shares(Completion.ADD1_COMPARISON)),
    "phragmen": Rule(Method.PHRAGMEN),
}
"""The rules of Pabulib that we know, by its names; `phragmen` is our own name, of votes given out from here."""


class UnknownRule(Invalid):
    """The file names no rule, or one that nobody outside the city that made it can follow."""


def rule_of(file: File, method: str = FROM_FILE, completion: Completion | None = None) -> Rule:
    """Return the rule to tally a file with: its own, or the one asked for.

    completion: another than the file's, or than none. The least number of points that the file names counts under its
    own rule and under `greedy-threshold`.

    Raises UnknownRule where the file's own rule is asked for and not known.
    """
    if method != FROM_FILE:
        rule = Rule(Method(method), shares=Shares(completion or Completion.NONE))
        return _with_threshold(rule, file) if rule.method is Method.GREEDY_THRESHOLD else rule
    declared = _DECLARED.get(file.rule)
    if declared is None:
        named = f"“{file.rule}”" if file.rule else "（空）"
        raise UnknownRule(f"文件声明的规则为{named}，无法照此计票；请用 --rule 指明规则。")
    if completion is not None:
        declared = replace(declared, shares=replace(declared.shares, completion=completion))
    return _with_threshold(declared, file)


def _with_threshold(rule: Rule, file: File) -> Rule:
    return replace(rule, limits=Limits(least_score=file.threshold)) if file.threshold is not None else rule
