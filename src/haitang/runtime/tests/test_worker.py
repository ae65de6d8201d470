"""A worker ends when the machine's clock jumps, and only then."""

import pytest

from haitang.runtime.worker import JUMP_S_MAX, end_when_clock_jumps


class Over(Exception):
    pass


@pytest.mark.parametrize("jump", [JUMP_S_MAX + 2, -JUMP_S_MAX - 2, 365 * 86400, -86400])
def test_it_ends_once_the_clock_was_put_forward_or_back(jump):
    time, ended = [0.0], []

    def rest(seconds: float) -> None:
        time[0] += seconds

    def wall() -> float:
        return 1_000_000 + time[0] + (jump if time[0] >= 10 else 0)

    end_when_clock_jumps(lambda: ended.append(time[0]), wall=wall, steady=lambda: time[0], rest=rest)
    assert ended == [10]


def test_a_clock_that_is_drawn_along_by_seconds_is_followed():
    time = [0.0]

    def rest(seconds: float) -> None:
        time[0] += seconds
        if time[0] > 3600:
            raise Over

    with pytest.raises(Over):
        end_when_clock_jumps(
            lambda: pytest.fail("it ended"), wall=lambda: time[0] * 1.001, steady=lambda: time[0], rest=rest
        )
