"""Phases and limits as data: what is written reads the same."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from haitang.core.errors import Invalid
from haitang.rounds.values import BallotRule, CapDraft, ClauseKind, Task, default_phases, read_caps, shipped_clauses
from haitang.rounds.values.rules import write_caps
from haitang.rounds.values.wording import TOLD
from haitang.tallying import wording

names = st.sampled_from(["绿化", "东区", "一", "第三网格"])
caps = st.one_of(
    st.builds(CapDraft, st.sampled_from(["category", "district"]), names, count=st.integers(0, 99)),
    st.builds(CapDraft, st.sampled_from(["category", "district"]), names, cost_fen=st.integers(0, 10**10)),
)


@given(st.lists(caps, max_size=5))
def test_limits_read_as_they_are_written(drafts):
    assert read_caps(write_caps(drafts)) == tuple(drafts)
    assert BallotRule.of(BallotRule(caps=tuple(drafts)).as_data()).caps == tuple(drafts)


@pytest.mark.parametrize("line", ["类别 | 绿化", "颜色 | 红 | 2 个", "类别 | | 2 个", "类别 | 绿化 | 很多"])
def test_a_limit_that_says_nothing_is_refused(line):
    with pytest.raises(Invalid, match="应写成"):
        read_caps([line])


@given(st.dates(date(2020, 1, 1), date(2090, 1, 1)))
def test_the_shipped_phases_follow_one_another_without_a_gap(day):
    phases = default_phases(day)
    assert [each.name for each in phases] == [
        "征集", "初审", "议事会评议", "公示", "投票", "计票公布", "实施", "验收", "评价",
    ]  # fmt: skip
    assert phases[0].begins_on == day
    for one, following in pairwise(phases):
        assert following.begins_on == one.ends_on + timedelta(days=1)
    assert {task for each in phases for task in each.tasks} == set(Task.values)
    assert all(each.source for each in phases)


def test_the_shipped_lists_name_their_sources():
    clauses = shipped_clauses()
    assert len({each.code for each in clauses}) == len(clauses)
    assert {each.kind for each in clauses} == set(ClauseKind.values)
    assert all(each.source and each.text for each in clauses)


def test_every_sentence_of_a_tally_is_marked_for_translation():
    told = {
        *wording.SENTENCES.values(),
        *(getattr(wording, name) for name in vars(wording) if name.startswith("ENOUGH_")),
    }
    assert told == set(TOLD)
