"""A client asks until it is answered, tells yes from no, and takes note of answers that are neither."""

import http.client
import json
from collections.abc import Iterator
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from haitang.chaos.clients import Deed, ask
from haitang.chaos.killing import DISK, VICTIMS, plan
from haitang.chaos.watching import _gaps


def deed() -> Deed:
    return Deed("create", "key", "/api/v1/cases", {}, "token", "key")


def answering(*answers: tuple[int, bytes] | BaseException) -> Iterator:
    waiting = iter(answers)

    def send(_deed: Deed) -> tuple[int, bytes]:
        answer = next(waiting)
        if isinstance(answer, BaseException):
            raise answer
        return answer

    return send


def test_what_was_not_answered_is_asked_again_until_it_is():
    asked = deed()
    send = answering(ConnectionResetError(), http.client.RemoteDisconnected(), (503, b"{}"), (201, b'{"id": 7}'))
    ask(asked, send, again_s=0)
    assert asked.answers == [{"id": 7}]
    assert asked.attempts == 4
    assert not asked.unclear
    assert not asked.refusal


def test_a_refusal_is_an_answer_and_a_bug_is_noted():
    asked = deed()
    ask(asked, answering((500, b"oops"), (409, json.dumps({"detail": "不行"}).encode())), again_s=0)
    assert not asked.is_acknowledged
    assert asked.refusal.startswith("409")
    assert asked.unclear == ["500 oops"]


def test_who_is_never_answered_gives_up():
    asked = deed()
    ask(asked, answering(*[OSError()] * 3), give_up_after_s=-1, again_s=0)
    assert asked.attempts == 1
    assert not asked.is_acknowledged


@given(seed=st.integers(0, 2**32), kills=st.integers(0, 80))
def test_a_seed_kills_the_same_and_everybody_as_often(seed, kills):
    planned = plan(seed, kills)
    assert planned == plan(seed, kills)
    assert len(planned) == kills
    times = [sum(each.victim == victim for each in planned) for victim in VICTIMS if victim != DISK]
    assert max(times) - min(times) <= 1
    assert sum(times) == kills


def test_another_seed_kills_otherwise():
    assert plan(1, 20) != plan(2, 20)


def test_time_without_service_is_from_the_first_question_in_vain_to_the_next_answer():
    rng = Random(1)
    given_ = [(0.0, True), (1.0, False), (1.0 + rng.random(), False), (3.0, True), (4.0, True), (5.0, False)]
    assert _gaps(given_) == [(1.0, 3.0)]
