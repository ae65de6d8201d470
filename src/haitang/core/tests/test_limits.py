"""Limits count in windows, also where the machine's clock is put forward and back."""

import contextlib
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from haitang.core import limits
from haitang.core.errors import TooMany
from haitang.testing.actors import NOW

pytestmark = pytest.mark.django_db
MINUTE = 60


def hit(now, limit=2):
    limits.hit("somebody", limit=limit, window_s=MINUTE, now=now)


def test_the_limit_holds_within_its_window_and_ends_with_it():
    hit(NOW)
    hit(NOW)
    with pytest.raises(TooMany) as refused:
        hit(NOW + timedelta(seconds=20))
    assert refused.value.retry_after_s == 40
    hit(NOW + timedelta(seconds=60))


def test_a_window_begun_by_a_clock_that_was_ahead_ends_when_it_is_put_right():
    ahead = NOW + timedelta(days=365)
    hit(ahead)
    hit(ahead)
    with pytest.raises(TooMany):
        hit(ahead)
    hit(NOW)
    hit(NOW)
    with pytest.raises(TooMany) as refused:
        hit(NOW)
    assert refused.value.retry_after_s <= MINUTE


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=30, deadline=None)
@given(jumps=st.lists(st.integers(-(10**8), 10**8), max_size=12))
def test_wherever_the_clock_jumps_nobody_is_kept_out_for_long(jumps):
    now = NOW
    for jump in jumps:
        now = NOW + timedelta(seconds=jump)
        with contextlib.suppress(TooMany):
            hit(now, limit=1)
    hit(now + timedelta(seconds=2 * MINUTE), limit=1)


def test_requests_of_one_moment_count_together_whichever_comes_first():
    """Their instants are taken before they wait for one another."""
    hit(NOW)
    hit(NOW - timedelta(milliseconds=5))
    with pytest.raises(TooMany):
        hit(NOW - timedelta(seconds=1))
