"""Kinds of ballots, their points, and every limit with its sentence."""

import pytest

from haitang.tallying.ballots import SENTENCES, BallotRefused, Kind, Question, points_of, votes_of

COSTS = {"a": 40, "b": 60, "c": 100}


@pytest.mark.parametrize(
    ("question", "ballot", "points"),
    [
        (Question(Kind.ONE, COSTS), ["b"], {"b": 1}),
        (Question(Kind.APPROVAL, COSTS, most=2), ["a", "b"], {"a": 1, "b": 1}),
        (Question(Kind.KNAPSACK, COSTS, most_cost=100), ["a", "b"], {"a": 1, "b": 1}),
        (Question(Kind.POINTS, COSTS, most_sum=5), {"a": 3, "b": 2, "c": 0}, {"a": 3, "b": 2}),
        (Question(Kind.RANKED, COSTS), ["c", "a"], {"c": 3, "a": 2}),
        (Question(Kind.RANKED, COSTS, most=2), ["c", "a"], {"c": 2, "a": 1}),
        (Question(Kind.SCORED, COSTS, least_each=-1, most_each=1), {"a": -1, "c": 1}, {"a": -1, "c": 1}),
    ],
)
def test_points(question, ballot, points):
    assert points_of(question, ballot) == points


@pytest.mark.parametrize(
    ("question", "ballot", "sentence"),
    [
        (Question(Kind.ONE, COSTS), ["x"], "选票上有不在名单中的项目：x。"),
        (Question(Kind.ONE, COSTS), ["a", "b"], "只能选一个项目，选票上有 2 个。"),
        (Question(Kind.APPROVAL, COSTS), ["a", "a"], "同一项目在选票上出现两次：a。"),
        (Question(Kind.APPROVAL, COSTS, least=2), ["a"], "至少选 2 个项目，选票上只有 1 个。"),
        (Question(Kind.APPROVAL, COSTS, most=1), ["a", "b"], "最多选 1 个项目，选票上有 2 个。"),
        (Question(Kind.KNAPSACK, COSTS, most_cost=99), ["a", "b"], "所选项目合计不能超过 99，现在是 100。"),
        (Question(Kind.KNAPSACK, COSTS, least_cost=41), ["a"], "所选项目合计至少 41，现在是 40。"),
        (Question(Kind.POINTS, COSTS, most_sum=5), {"a": 6}, "总分不能超过 5，现在是 6。"),
        (Question(Kind.POINTS, COSTS, least_sum=5), {"a": 4}, "总分至少 5，现在是 4。"),
        (Question(Kind.SCORED, COSTS, most_each=3), {"b": 4}, "每个项目最多 3 分，b 有 4 分。"),
        (Question(Kind.SCORED, COSTS), {"b": -1}, "每个项目至少 0 分，b 只有 -1 分。"),
    ],
)
def test_limits(question, ballot, sentence):
    with pytest.raises(BallotRefused) as refused:
        points_of(question, ballot)
    assert refused.value.message == sentence
    assert refused.value.sentence(lambda text: f"<{text}>") == f"<{sentence}>"
    assert refused.value.fault in SENTENCES


def test_votes_of_many_ballots():
    votes = votes_of(Question(Kind.RANKED, COSTS), ["a", "b", "c"], [["c", "a"], [], ["a"]])
    assert votes.voters == 3
    assert votes.scores(3) == [5, 0, 3]
    with pytest.raises(TypeError):
        points_of(Question(Kind.POINTS, COSTS), ["a"])
