"""Texts that mean the same are found alike, those that do not are not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from haitang.matching import shared, similarities, similarity

texts = st.text(st.sampled_from("社区老人理发修水管 ，1A"), max_size=12)


@pytest.mark.parametrize(
    ("asked", "closer", "further"),
    [
        ("希望有人上门给独居老人理发", "义务理发服务", "青少年编程课"),
        ("家里水管漏了，想找人修", "水管维修、疏通下水道", "法律咨询进社区"),
        ("孩子放学后没人看管", "假期儿童看管班", "老年人健康体检"),
    ],
)
def test_what_shares_more_is_more_alike(asked, closer, further):
    assert similarity(asked, closer) > similarity(asked, further)


def test_width_case_and_signs_make_no_difference():
    assert similarity("ＡＢ 电脑，维修！", "ab电脑 维修") > 0.6
    assert similarity("电脑维修。", "电脑维修") == 1


@given(texts, texts)
def test_likeness_is_mutual_and_bounded(one, other):
    assert 0 <= similarity(one, other) <= 1.001
    assert similarity(one, other) == pytest.approx(similarity(other, one), abs=0.001)


@given(st.lists(texts, max_size=5), st.lists(texts, max_size=5))
def test_lists_compared_are_the_pairs_compared(ones, others):
    """In a list rare runs count more, so likenesses differ; what has much in common is found in both."""
    found = similarities(ones, others, at_least=0)
    alike = set(zip(found.one.tolist(), found.other.tolist(), strict=True))
    pairs = {(i, j) for i, one in enumerate(ones) for j, other in enumerate(others) if similarity(one, other) > 0.2}
    assert pairs <= alike
    assert all(similarity(ones[i], others[j]) > 0 for i, j in alike)
    assert all(0 < likeness <= 1.001 for likeness in found.likeness.tolist())


def test_in_a_list_what_all_say_counts_less():
    ones = ["社区老人需要理发"]
    others = ["社区老人体检服务", "社区老人书法活动", "理发师上门理发", "社区老人合唱"]
    found = similarities(ones, others)
    assert found.other[found.likeness.argmax()] == 2
    assert similarity(ones[0], others[0]) > similarity(ones[0], others[2])


def test_what_texts_share_can_be_shown():
    assert shared("家里水管漏了，想找人维修水管", "水管维修、疏通下水道") == ("水管", "维修")
    assert shared("理发", "编程") == ()
