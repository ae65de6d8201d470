"""The days of the secretaries' projects are such as a city would have."""

from datetime import timedelta

from haitang.demo.projecting import dates_of
from haitang.testing.actors import TODAY


def test_few_projects_have_let_a_day_pass_and_some_have():
    waiting = [dates_of(number, TODAY, moves=False) for number in range(65)]
    late = [days for days in waiting if days[0] < TODAY]
    assert 3 <= len(late) <= 8
    assert all(days == tuple(sorted(set(days))) for days in waiting)
    assert {(days[0] - TODAY).days // 7 for days in waiting if days not in late} >= {1, 3, 5}


def test_what_is_under_way_has_its_next_milestone_ahead_and_what_is_done_was_in_time():
    for number in range(65):
        days = dates_of(number, TODAY, moves=True)
        assert days[1] <= TODAY - timedelta(days=60) < TODAY
        if number % 3 == 1 and number % 11 != 10:
            assert days[2] > TODAY
        assert days[3] > TODAY
