"""Limit: read as officials write it, written so that it can be read again."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from haitang.worktime.values import Clock, Limit, LimitUnreadable

limits = st.one_of(
    st.builds(Limit, st.sampled_from([Clock.URGENT_HOUR, Clock.WORK_HOUR]), st.integers(1, 366 * 1440)),
    st.builds(Limit, st.sampled_from([Clock.WORK_DAY, Clock.NATURAL_DAY]), st.integers(1, 3660)),
)


@pytest.mark.parametrize(
    ("text", "clock", "amount"),
    [
        ("4工作时", Clock.WORK_HOUR, 240),
        ("4 工作时", Clock.WORK_HOUR, 240),
        ("工作时４", Clock.WORK_HOUR, 240),
        ("4个工作小时", Clock.WORK_HOUR, 240),
        ("1.5工作时", Clock.WORK_HOUR, 90),
        ("30工作分钟", Clock.WORK_HOUR, 30),
        ("紧急工作时2", Clock.URGENT_HOUR, 120),
        ("2紧急工作时", Clock.URGENT_HOUR, 120),
        ("紧急2工作时", Clock.URGENT_HOUR, 120),
        ("紧急 2 小时", Clock.URGENT_HOUR, 120),
        ("24小时", Clock.URGENT_HOUR, 1440),
        ("30分钟", Clock.URGENT_HOUR, 30),
        ("7个工作日", Clock.WORK_DAY, 7),
        ("7工作日内", Clock.WORK_DAY, 7),
        ("15天", Clock.NATURAL_DAY, 15),
        ("15日", Clock.NATURAL_DAY, 15),
        ("15个自然日", Clock.NATURAL_DAY, 15),
        ("24 urgent_hour", Clock.URGENT_HOUR, 1440),
        ("3 work_day", Clock.WORK_DAY, 3),
    ],
)
def test_a_limit_is_read(text, clock, amount):
    assert Limit.parse(text) == Limit(clock, amount)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "4",
        "工作时",
        "4工作时5",
        "-4工作时",
        "0工作日",
        "1.5工作日",
        "0.001小时",
        "紧急2工作日",
        "紧急",
        "马上",
        "4工作时\x00",
        "9" * 400 + "天",
        "99999天",
    ],
)
def test_anything_else_is_refused_in_a_sentence(text):
    with pytest.raises(LimitUnreadable, match="时限"):
        Limit.parse(text)


@given(limits)
def test_what_is_written_is_read_again(limit):
    assert Limit.parse(str(limit)) == limit


@given(st.text(max_size=60))
def test_no_text_crashes(text):
    with suppress(LimitUnreadable):
        Limit.parse(text)
