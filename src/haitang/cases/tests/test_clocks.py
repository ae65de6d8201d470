"""What changes a case's clock, its end and its way back to the dispatcher."""

from datetime import timedelta

import pytest

from haitang.cases import actions, queries
from haitang.cases.models import PendingWarning
from haitang.cases.values import ClockStands, Level, Permission, ReturnRefused, WrongStage
from haitang.core.errors import Invalid, NotAllowed
from haitang.core.history import timeline
from haitang.testing.actors import NOW, also
from haitang.testing.cases import FOUNDER, report

pytestmark = pytest.mark.django_db
STEPS = ("accept", "register", "dispatch", "sign", "handle", "feedback", "check", "close")


def go(town, *steps, at=NOW, **more):
    case = report(town.dispatcher, channel="phone", **more)
    who = {**dict.fromkeys(("sign", "handle", "feedback"), town.handler), "check": town.checker}
    for step in steps:
        extra = {"organization_code": "ZJJ"} if step == "dispatch" else {}
        actor = who.get(step, town.dispatcher)
        case = getattr(actions, f"{step}_case")(actor=actor, case_id=case.pk, opinion="办", now=at, **extra)
    return case


def test_a_pause_moves_the_deadline_at_once_and_an_early_end_takes_the_rest_back(town):
    case = go(town, *STEPS[:4])
    due = case.due_at
    paused = actions.pause_clock(actor=FOUNDER, case_id=case.pk, until=NOW + timedelta(days=7), now=NOW)
    assert paused.paused_until == NOW + timedelta(days=7)
    assert paused.due_at - due >= timedelta(days=5)
    with pytest.raises(ClockStands):
        actions.pause_clock(actor=FOUNDER, case_id=case.pk, until=NOW + timedelta(days=9), now=NOW)
    again = actions.resume_clock(actor=FOUNDER, case_id=case.pk, now=NOW + timedelta(minutes=10))
    assert again.paused_until is None
    assert again.due_at - due <= timedelta(days=1)
    planned = [again.deadlines[stage]["due_at"] for stage in ("handle", "check")]
    assert planned == sorted(planned)
    with pytest.raises(ClockStands):
        actions.resume_clock(actor=FOUNDER, case_id=case.pk, now=NOW)


def test_nothing_is_told_while_the_clock_stands(town):
    case = go(town, *STEPS[:4])
    far = NOW + timedelta(days=60)
    actions.pause_clock(actor=FOUNDER, case_id=case.pk, until=far, now=NOW)
    assert actions.tell_missed_deadlines(actor=FOUNDER, now=far - timedelta(minutes=1)) == 0
    case.refresh_from_db()
    assert actions.tell_missed_deadlines(actor=FOUNDER, now=case.due_at + timedelta(seconds=1)) == 1
    assert not PendingWarning.objects.filter(case=case).exists()


def test_a_pause_does_not_undo_a_delay_nor_run_backwards(town):
    case = go(town, *STEPS[:4])
    late = case.due_at + timedelta(minutes=1)
    with pytest.raises(ClockStands):
        actions.pause_clock(actor=FOUNDER, case_id=case.pk, until=late + timedelta(days=1), now=late)
    with pytest.raises(Invalid):
        actions.pause_clock(actor=FOUNDER, case_id=case.pk, until=NOW, now=NOW)
    closed = go(town, *STEPS)
    with pytest.raises(WrongStage):
        actions.extend_clock(actor=FOUNDER, case_id=closed.pk, more="1工作日", now=NOW)


def test_an_extension_counts_on_from_the_deadline(town):
    case = go(town, *STEPS[:4])
    due = case.due_at
    for day in (1, 2):
        case = actions.extend_clock(actor=FOUNDER, case_id=case.pk, more="24紧急工作时", now=NOW)
        assert case.due_at == due + timedelta(days=day)
    assert case.deadlines["handle"]["extensions"] == ["24 紧急工作时", "24 紧急工作时"]
    done = actions.handle_case(actor=town.handler, case_id=case.pk, opinion="办", now=due + timedelta(minutes=1))
    actions.feedback_case(actor=town.handler, case_id=case.pk, opinion="办", now=due + timedelta(minutes=2))
    assert done.pk == case.pk
    assert sum(n for key, n in queries.counted().items() if key[-1] == "in_time:handle") == 1


def test_whoever_may_closes_by_force_and_it_is_solved_nowhere(town):
    case = go(town, *STEPS[:4])
    with pytest.raises(NotAllowed):
        actions.force_close_case(actor=town.dispatcher, case_id=case.pk, opinion="重复诉求", now=NOW)
    boss = also(town.leader, Permission.FORCE)
    closed = actions.force_close_case(actor=boss, case_id=case.pk, opinion="历史遗留，已另行立项", now=NOW)
    assert (closed.status, closed.level, closed.closed_at) == ("closed", "", NOW)
    measures = {key[-1] for key in queries.counted() if not key[-1].startswith("is:")}
    assert {"did:force_close", "did:close"} <= measures
    assert not {measure for measure in measures if measure.startswith("solved_at")}
    assert queries.counted() == queries.recount()
    assert timeline("case", case.pk)[-1].fact == "CaseForceClosed"


def test_a_closed_case_tells_at_which_level_it_was_solved(town):
    assert go(town, *STEPS).level == Level.CITY
    case = go(town, *STEPS[:2])
    secretary = town.secretary
    case = actions.dispatch_case(
        actor=town.dispatcher, case_id=case.pk, opinion="办", organization_code="CHSQ", now=NOW
    )
    for step, actor in [
        ("sign", secretary), ("handle", secretary), ("feedback", secretary), ("check", town.checker),
        ("close", town.dispatcher),
    ]:  # fmt: skip
        case = getattr(actions, f"{step}_case")(actor=actor, case_id=case.pk, opinion="办", now=NOW)
    assert case.level == Level.COMMUNITY
    counts = queries.counted()
    assert {key[-1]: n for key, n in counts.items() if "solved_at" in key[-1]} == {
        "solved_at:city": 1, "solved_at:community": 1,
    }  # fmt: skip
    assert counts == queries.recount()
    again = actions.reopen_case(actor=town.dispatcher, case_id=case.pk, opinion="未解决", now=NOW)
    assert again.level == ""


def test_a_desk_gives_back_once_and_soon_and_then_the_street_decides(town):
    case = go(town, *STEPS[:3])
    late = NOW + timedelta(hours=25)
    with pytest.raises(ReturnRefused, match="24"):
        actions.return_case(actor=town.handler, case_id=case.pk, opinion="不属本单位", now=late)
    actions.return_case(actor=town.handler, case_id=case.pk, opinion="不属本单位", now=NOW)
    actions.dispatch_case(actor=town.dispatcher, case_id=case.pk, opinion="办", organization_code="ZJJ", now=NOW)
    with pytest.raises(ReturnRefused, match="1 次"):
        actions.return_case(actor=town.handler, case_id=case.pk, opinion="不属本单位", now=NOW)
    with pytest.raises(NotAllowed):
        actions.take_back_case(actor=town.handler, case_id=case.pk, opinion="不属本单位", now=NOW)
    taken = actions.take_back_case(actor=town.dispatcher, case_id=case.pk, opinion="改派", now=NOW)
    assert (taken.status, taken.returns) == ("registered", 2)


def test_whoever_got_it_first_keeps_it_where_the_city_says_so(town):
    actions.change_setting(actor=FOUNDER, key="first_desk_keeps", value=True, now=NOW)
    case = go(town, *STEPS[:3])
    with pytest.raises(ReturnRefused, match="首接负责"):
        actions.return_case(actor=town.handler, case_id=case.pk, opinion="不属本单位", now=NOW)


@pytest.mark.parametrize("percents", [[], [80, 50], [50, 50], [0, 50], ["50"]])
def test_warnings_rise(town, percents):
    with pytest.raises(Invalid):
        actions.change_setting(actor=FOUNDER, key="warn_percents", value=percents, now=NOW)
