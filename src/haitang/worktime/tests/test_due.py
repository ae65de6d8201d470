"""due_state and remaining_text: three states, two units."""

from datetime import UTC, datetime, timedelta

import pytest

from haitang.worktime.values import DueState, Thresholds, due_state, remaining_text

DUE = datetime(2026, 3, 2, 10, tzinfo=UTC)
START = DUE - timedelta(hours=100)


@pytest.mark.parametrize(
    ("left", "text"),
    [
        (timedelta(days=2, hours=3, minutes=59), "剩余 2天3小时"),
        (timedelta(days=2, minutes=5), "剩余 2天"),
        (timedelta(hours=3, minutes=20), "剩余 3小时20分钟"),
        (timedelta(minutes=20), "剩余 20分钟"),
        (timedelta(seconds=59), "剩余 不足1分钟"),
        (timedelta(0), "剩余 不足1分钟"),
        (timedelta(hours=-5), "超期 5小时"),
        (timedelta(days=-1, hours=-1, minutes=-1), "超期 1天1小时"),
    ],
)
def test_what_is_left_is_said_in_two_units(left, text):
    assert remaining_text(DUE, DUE - left) == text


@pytest.mark.parametrize(
    ("left", "state"),
    [
        (timedelta(hours=20, seconds=1), DueState.ON_TIME),
        (timedelta(hours=20), DueState.DUE_SOON),
        (timedelta(0), DueState.DUE_SOON),
        (timedelta(microseconds=-1), DueState.OVERDUE),
    ],
)
def test_states_change_at_the_threshold_and_after_the_deadline(left, state):
    assert due_state(START, DUE, DUE - left) is state


def test_a_short_limit_is_due_soon_by_its_minutes():
    started = DUE - timedelta(minutes=90)
    assert due_state(started, DUE, DUE - timedelta(minutes=60)) is DueState.DUE_SOON
    assert due_state(started, DUE, DUE - timedelta(minutes=61)) is DueState.ON_TIME
    assert due_state(started, DUE, DUE - timedelta(minutes=60), Thresholds(80, 0)) is DueState.ON_TIME
