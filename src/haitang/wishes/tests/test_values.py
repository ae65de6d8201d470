"""What would tell whose wish it is, and what would not; ranges of cost in words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from haitang.wishes.values import bands, cost_in_words, gives_away

SOUND = (
    "想要一个双肩书包", "小学高年级用，结实一点", "女款，M 码，深色", "1.5 米床，不要太重", "每周一次，一个小时左右",
    "厨房推拉门一弄就掉", "一室一厅用的小洗衣机", "想和同学一样有一双球鞋", "陪爷爷去医院复查", "高中同学也在用的词典",
)  # fmt: skip
TELLING = (
    "送到3幢201", "住在二单元", "找王奶奶", "给李小朋友", "三年级2班", "5年级（3）班", "电话 154 0000 7777",
    "海棠弄12弄",
    "证件 320585199001011234", "写信到 a@b.cn", "８号楼", "302室",
)  # fmt: skip


@pytest.mark.parametrize("text", SOUND)
def test_what_people_wish_for_tells_nobody(text):
    assert gives_away(text, ["韩梅", "春和社区"]) == []


@pytest.mark.parametrize("text", TELLING)
def test_forms_that_tell_are_found(text):
    assert gives_away(text)


@given(
    before=st.text(max_size=20), name=st.text(alphabet="韩梅李国华", min_size=2, max_size=4), after=st.text(max_size=20)
)
def test_what_belongs_to_the_family_is_found_wherever_it_stands(before, name, after):
    assert any(name in why for why in gives_away(before + name + after, ["", "甲", name]))


def test_cost_in_words():
    assert list(bands([100, 200])) == ["0-0", "0-100", "100-200"]
    assert [cost_in_words(0, 0), cost_in_words(0, 100), cost_in_words(100, 200)] == [
        "不用花钱", "100 元以内", "100—200 元",
    ]  # fmt: skip
