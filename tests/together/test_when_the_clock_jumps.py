"""The machine's clock is put forward and back between deeds: nothing breaks, nothing is lost, nobody is kept out."""

import contextlib
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from haitang.cases import actions, queries
from haitang.core import clock
from haitang.core.access import Actor
from haitang.core.errors import Refusal
from haitang.core.history import timeline
from haitang.people import actions as people
from haitang.people.queries import authenticate_token
from haitang.people.values import Locked
from haitang.testing.actors import NOW
from haitang.testing.cases import FOUNDER, report
from haitang.testing.people import build_account

pytestmark = pytest.mark.django_db
STEPS = ("accept", "register", "dispatch", "sign", "handle", "feedback", "check", "close")
YEAR, HOUR = 365 * 24, 1
JUMPS = st.lists(st.integers(-2 * YEAR, 2 * YEAR), min_size=len(STEPS), max_size=len(STEPS))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=15, deadline=None)
@given(jumps=JUMPS)
@example(jumps=[YEAR, 0, -YEAR, HOUR, -HOUR, 0, YEAR, -YEAR])
def test_a_case_comes_to_its_end_wherever_the_clock_jumps(town, jumps):
    case = report(town.dispatcher, channel="phone")
    who = {**dict.fromkeys(("sign", "handle", "feedback"), town.handler), "check": town.checker}
    for step, hours in zip(STEPS, jumps, strict=True):
        now = NOW + timedelta(hours=hours)
        extra = {"organization_code": "ZJJ"} if step == "dispatch" else {}
        deed, stage = getattr(actions, f"{step}_case"), case.stage
        case = deed(actor=who.get(step, town.dispatcher), case_id=case.pk, opinion="办", now=now, **extra)
        while actions.tell_missed_deadlines(actor=FOUNDER, now=now):
            pass
        case.refresh_from_db()
        if case.stage and case.stage != stage:
            assert case.due_at > now, "a deadline is set by the clock of the deed, and lies after it"
    assert case.status == "closed"
    entries = timeline("case", case.pk)
    assert [each.id for each in entries] == sorted(each.id for each in entries)
    assert queries.counted() == queries.recount()


@pytest.mark.parametrize("jump", [timedelta(days=-400), timedelta(hours=-1), timedelta(0), timedelta(hours=1)])
def test_a_token_holds_by_the_clock_and_comes_back_with_it(monkeypatch, jump):
    """Expired by a clock that was ahead, it is good again when the clock is right; nothing was written over it."""
    monkeypatch.setattr(clock, "now", lambda: NOW)
    account = build_account("机器")
    owner = Actor("机器", id=account.pk)
    _row, token = people.create_token(
        actor=owner, account_id=account.pk, name="接口", expires_at=NOW + timedelta(days=1), now=NOW
    )
    assert authenticate_token(token, now=NOW + timedelta(days=2)) is None
    found = authenticate_token(token, now=NOW + jump)
    assert found is not None
    assert found.id == account.pk


def test_a_name_locked_by_a_clock_that_was_ahead_is_free_when_it_is_right():
    said = {"actor": Actor("", id=None), "username": "grid", "address": "127.0.0.1"}
    ahead = NOW + timedelta(days=365)
    for _attempt in range(50):
        with contextlib.suppress(Locked):
            people.begin_attempt(now=ahead, **said)
    with pytest.raises(Locked):
        people.begin_attempt(now=ahead, **said)
    people.begin_attempt(now=NOW, **said)


def test_what_is_asked_for_twice_under_a_key_is_done_once_wherever_the_clock_jumps(town):
    from haitang.core import idempotency

    done = []
    for now in (NOW, NOW - timedelta(days=400), NOW + timedelta(days=400)):
        answer = idempotency.once(
            actor=town.dispatcher, key="k", body={}, now=now, write=lambda: {"n": len(done) or done.append(1) or 0}
        )
        assert answer == {"n": 0}
    assert len(done) == 1


def test_refusals_stay_refusals(town):
    """What must not be done is refused as always, whatever the hour."""
    case = report(town.dispatcher, channel="phone")
    for days in (-9000, -1, 0, 1, 9000):
        with pytest.raises(Refusal):
            actions.close_case(actor=town.dispatcher, case_id=case.pk, opinion="办", now=NOW + timedelta(days=days))
