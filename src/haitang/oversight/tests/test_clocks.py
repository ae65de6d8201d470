"""A case's deadline is the one found by walking through its life minute by minute."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from haitang.cases import actions as case_actions
from haitang.cases.models import Case
from haitang.core.errors import Refusal
from haitang.oversight import actions
from haitang.oversight.tests.playing import SIGNED, go, supervisor
from haitang.testing.actors import NOW
from haitang.testing.cases import FOUNDER
from haitang.worktime.queries import get_calendar
from haitang.worktime.values import Clock, Limit

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)
LIMITS = ["4工作时", "90分钟", "24紧急工作时", "2工作日", "3自然日", "1工作日"]
STEPS = st.lists(
    st.tuples(st.sampled_from(["pause", "resume", "extend", "job"]), st.integers(1, 60 * 40), st.integers(0, 5)),
    max_size=7,
)


def local(instant: datetime) -> datetime:
    return instant + timedelta(hours=8)


def open_minutes(calendar, day) -> tuple[tuple[int, int], ...]:
    return calendar.hours_on(day)


def walk(begin: datetime, limit: Limit, pauses: list[tuple[datetime, datetime]]) -> datetime:
    """Return the deadline by looking at one minute after the other, as the definition in worktime says."""
    calendar = get_calendar(None)
    at = begin if begin.second == 0 and begin.microsecond == 0 else begin.replace(second=0, microsecond=0) + MINUTE
    left = limit.amount

    def paused(minute: datetime) -> bool:
        return any(first < minute + MINUTE and minute < last for first, last in pauses)

    if not limit.clock.counts_days:
        while True:
            here = local(at)
            of_day = here.hour * 60 + here.minute
            works = limit.clock is Clock.URGENT_HOUR or any(
                first <= of_day < last for first, last in open_minutes(calendar, here.date())
            )
            at += MINUTE
            if works and not paused(at - MINUTE):
                left -= 1
                if not left:
                    return at
    day = local(begin).date() + timedelta(days=1)
    working = limit.clock is Clock.WORK_DAY
    while True:
        hours = open_minutes(calendar, day)
        end_of = hours[-1][1] if hours else 24 * 60
        end = datetime(day.year, day.month, day.day, tzinfo=UTC) + timedelta(minutes=end_of) - timedelta(hours=8)
        counts = (bool(hours) or not working) and not paused(end - MINUTE)
        if counts and left:
            left -= 1
        if not left and counts:
            if not working and not hours and day in calendar.holidays:
                working = True  # it may not end there: on to the next working day
                left = 1
            else:
                return end
        day += timedelta(days=1)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(limit=st.sampled_from(LIMITS), steps=STEPS)
def test_no_deadline_is_lost_through_pauses_and_extensions(town, limit, steps):
    case = go(town, *SIGNED)
    stored = Case.objects.get(pk=case.pk)
    stored.deadlines["handle"]["limit"] = str(Limit.parse(limit))
    stored.due_at = walk(stored.stage_started_at, Limit.parse(limit), [])
    stored.deadlines["handle"]["due_at"] = stored.due_at.isoformat()
    stored.save(update_fields=["deadlines", "due_at"])
    boss, now = supervisor(), NOW
    pauses: list[list[datetime]] = []
    extensions: list[str] = []
    for what, minutes, choice in steps:
        now += timedelta(minutes=minutes, seconds=choice * 11)
        due = Case.objects.get(pk=case.pk).due_at
        try:
            if what == "pause":
                until = now + timedelta(minutes=1 + minutes * (choice + 1))
                asked = actions.ask_for(
                    actor=town.handler, case_id=case.pk, wish="pause", reason="等", until=until, now=now
                )
                actions.decide_request(actor=boss, request_id=asked.pk, approved=True, opinion="同意", now=now)
                assert due >= now
                pauses.append([now, until])
            elif what == "resume":
                actions.resume_case(actor=town.handler, case_id=case.pk, opinion="恢复", now=now)
                pauses[-1][1] = min(now, pauses[-1][1])
            elif what == "extend":
                case_actions.extend_clock(actor=FOUNDER, case_id=case.pk, more=LIMITS[choice], now=now)
                extensions.append(LIMITS[choice])
            else:
                actions.resume_due_cases(actor=FOUNDER, now=now)
        except Refusal:
            pass
        expected = stored.stage_started_at
        for each in (limit, *extensions):
            expected = walk(expected, Limit.parse(each), [(first, last) for first, last in pauses])
        kept = Case.objects.get(pk=case.pk)
        assert kept.due_at == expected
        assert kept.due_at.isoformat() == kept.deadlines["handle"]["due_at"]
        assert (kept.paused_until is None) or pauses[-1][1] == kept.paused_until
