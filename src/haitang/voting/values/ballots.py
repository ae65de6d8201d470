"""What may stand on a ballot: marks of options checked against the paper, and how they are tallied."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from haitang.voting.values.words import MARKS_MAX, BadBallot, BallotKind

Marks = Mapping[str, int]
"""By the option's id on the paper ("1", "2", …): 1 for a choice, points, a score, or the rank from 1."""


def check_marks(paper: Mapping[str, Any], marks: Mapping[str, int]) -> dict[str, int]:
    """Return the marks without zeros, in the paper's order. paper: as published, see `declared`.

    Raises BadBallot: an unknown option, too few or too many marks, over the budget or the points, ranks with gaps.
    """
    options = {each["id"]: each for each in paper["options"]}
    if not set(marks) <= set(options):
        raise BadBallot(_("选票上没有这个选项"))
    if any(type(each) is not int or not 0 <= each <= MARKS_MAX for each in marks.values()):
        raise BadBallot(_("选票填写的数字不正确"))
    found = {each: marks[each] for each in options if marks.get(each)}
    kind, least, most = paper["kind"], paper["least"], paper["most"]
    chosen = len(found)
    if kind in (BallotKind.ONE, BallotKind.APPROVAL, BallotKind.KNAPSACK) and any(n != 1 for n in found.values()):
        raise BadBallot(_("每个选项只能选一次"))
    if kind == BallotKind.POINTS:
        if sum(found.values()) > most:
            raise BadBallot(_("一共只有 %(n)d 点") % {"n": most})
    elif kind == BallotKind.SCORED:
        if any(each > most for each in found.values()):
            raise BadBallot(_("每项最多 %(n)d 分") % {"n": most})
    elif chosen > (1 if kind == BallotKind.ONE else most):
        raise BadBallot(_("最多选 %(n)d 项") % {"n": 1 if kind == BallotKind.ONE else most})
    if chosen < least:
        raise BadBallot(_("至少选 %(n)d 项") % {"n": least})
    if kind == BallotKind.KNAPSACK and sum(options[each]["cost"] for each in found) > paper["budget"]:
        raise BadBallot(_("所选项目合计超出预算"))
    if kind == BallotKind.RANKED and sorted(found.values()) != list(range(1, chosen + 1)):
        raise BadBallot(_("名次要从 1 开始连续，不能重复"))
    return found


def weights(paper: Mapping[str, Any], marks: Marks) -> dict[str, int]:
    """Return what a ballot gives to each option: of ranks, the last of `most` gives 1 and each before one more."""
    if paper["kind"] != BallotKind.RANKED:
        return dict(marks)
    return {each: int(paper["most"]) + 1 - rank for each, rank in marks.items()}
