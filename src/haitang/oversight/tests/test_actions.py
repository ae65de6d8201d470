"""Requests and their decisions, urging and supervision, parts of cases: what may be done, and by whom."""

from datetime import timedelta

import pytest

from haitang.cases import actions as case_actions
from haitang.cases import queries as cases
from haitang.cases.models import Case
from haitang.cases.values import ClockStands, WrongStage
from haitang.core.errors import Invalid, NotAllowed
from haitang.core.history import timeline
from haitang.oversight import actions, queries
from haitang.oversight.actions import NewPart
from haitang.oversight.models import Part, Request, Supervision
from haitang.oversight.tests.playing import SIGNED, STEPS, go, supervisor
from haitang.oversight.values import (
    AlreadyAsked,
    AlreadyDecided,
    AlreadySupervised,
    CasePaused,
    ChildOpen,
    Circle,
    OwnRequest,
    TooLate,
    TooOften,
)
from haitang.testing.actors import NOW, also
from haitang.testing.cases import FOUNDER, report

pytestmark = pytest.mark.django_db
WEEK = NOW + timedelta(days=7)


def ask(town, case, wish="pause", now=NOW, **more):
    given = {"pause": {"until": WEEK}, "extension": {"more": "2工作日"}}.get(wish, {})
    return actions.ask_for(
        actor=town.handler, case_id=case.pk, wish=wish, reason="等待配件到货", now=now, **{**given, **more}
    )


def decide(who, request, approved=True, now=NOW):
    return actions.decide_request(actor=who, request_id=request.pk, approved=approved, opinion="情况属实", now=now)


def test_a_pause_is_asked_for_granted_and_over_on_its_day(town):
    case = go(town, *SIGNED)
    due = case.due_at
    request = ask(town, case)
    assert Case.objects.get(pk=case.pk).due_at == due
    with pytest.raises(AlreadyAsked):
        ask(town, case)
    decide(town.dispatcher, request)
    case.refresh_from_db()
    assert (case.paused_until, case.due_at > due) == (WEEK, True)
    for deed in ("handle", "return"):
        with pytest.raises(CasePaused):
            getattr(case_actions, f"{deed}_case")(actor=town.handler, case_id=case.pk, opinion="办", now=NOW)
    assert actions.resume_due_cases(actor=FOUNDER, now=WEEK - timedelta(minutes=1)) == 0
    granted = case.due_at
    for expected in (1, 0):
        assert actions.resume_due_cases(actor=FOUNDER, now=WEEK + timedelta(minutes=3)) == expected
    case.refresh_from_db()
    assert (case.paused_until, case.due_at) == (None, granted)
    assert [entry.fact for entry in timeline("case", case.pk)][-3:] == [
        "PauseRequested",
        "PauseApproved",
        "CaseResumed",
    ]
    assert sum(n for key, n in cases.counted().items() if key[-1] == "paused") == 1
    assert cases.counted() == cases.recount()


def test_a_clock_goes_on_early_by_hand_of_the_desk(town):
    case = go(town, *SIGNED)
    decide(town.dispatcher, ask(town, case))
    with pytest.raises(NotAllowed):
        actions.resume_case(actor=town.leader, case_id=case.pk, opinion="恢复", now=NOW)
    request = actions.resume_case(actor=town.handler, case_id=case.pk, opinion="配件已到", now=NOW + timedelta(hours=1))
    assert request.resumed_at == NOW + timedelta(hours=1)
    case_actions.handle_case(actor=town.handler, case_id=case.pk, opinion="已修", now=NOW + timedelta(hours=2))
    with pytest.raises(ClockStands):
        actions.resume_case(actor=town.handler, case_id=case.pk, opinion="恢复", now=NOW + timedelta(hours=3))


def test_only_those_who_may_ask_and_decide_and_nobody_for_themselves(town):
    case = go(town, *SIGNED)
    with pytest.raises(NotAllowed):
        actions.ask_for(actor=town.dispatcher, case_id=case.pk, wish="pause", reason="等", until=WEEK, now=NOW)
    request = ask(town, case)
    with pytest.raises(NotAllowed):
        decide(town.leader, request)
    both = also(town.handler, "oversight.request.decide")
    with pytest.raises(OwnRequest):
        decide(both, request)
    declined = decide(supervisor(), request, approved=False)
    assert declined.state == "declined"
    with pytest.raises(AlreadyDecided):
        decide(supervisor(), request)
    assert Case.objects.get(pk=case.pk).paused_until is None


def test_an_extension_is_asked_for_before_the_deadline_and_as_often_as_allowed(town):
    case = go(town, *SIGNED)
    due = case.due_at
    with pytest.raises(TooLate):
        ask(town, case, "extension", now=due + timedelta(seconds=1))
    request = ask(town, case, "extension", now=due)
    decide(supervisor(), request, now=due + timedelta(days=1))
    case.refresh_from_db()
    assert case.due_at > due
    with pytest.raises(TooOften):
        ask(town, case, "extension", now=due)
    assert sum(n for key, n in cases.counted().items() if key[-1] == "extended") == 1
    assert cases.counted() == cases.recount()


def test_a_request_lapses_when_the_case_goes_on(town):
    case = go(town, *SIGNED)
    request = ask(town, case)
    assert [row.pk for row in queries.list_to_decide(viewer=town.dispatcher).rows] == [request.pk]
    case_actions.handle_case(actor=town.handler, case_id=case.pk, opinion="已修", now=NOW)
    case_actions.feedback_case(actor=town.handler, case_id=case.pk, opinion="已修", now=NOW)
    assert not queries.list_to_decide(viewer=town.dispatcher).rows
    with pytest.raises(AlreadyDecided):
        decide(town.dispatcher, request)
    assert [actions.lapse_requests(actor=FOUNDER, now=NOW) for _ in range(2)] == [1, 0]
    assert Request.objects.get().state == "lapsed"


def test_what_the_desk_may_not_give_back_the_street_takes_back(town):
    case = go(town, *SIGNED)
    late = NOW + timedelta(hours=30)
    request = ask(town, case, "return", now=late)
    with pytest.raises(NotAllowed):
        decide(supervisor(), request, now=late)
    decide(town.dispatcher, request, now=late)
    case.refresh_from_db()
    assert (case.status, case.organization_id, case.returns) == ("registered", None, 1)


@pytest.mark.parametrize(
    "wrong", [{"until": NOW}, {"until": NOW + timedelta(days=400)}, {"until": None}, {"reason": " "}]
)
def test_a_pause_has_a_reason_and_an_end(town, wrong):
    case = go(town, *SIGNED)
    with pytest.raises(Invalid):
        actions.ask_for(
            actor=town.handler, case_id=case.pk, wish="pause", now=NOW, **{"reason": "等", "until": WEEK, **wrong}
        )


def test_urging_is_bounded_by_the_day(town):
    case = go(town, *SIGNED)
    with pytest.raises(NotAllowed):
        actions.urge_case(actor=town.handler, case_id=case.pk, text="快", now=NOW)
    for n in range(3):
        assert actions.urge_case(actor=town.dispatcher, case_id=case.pk, text="请尽快", now=NOW).n == n + 1
    with pytest.raises(TooOften):
        actions.urge_case(actor=town.dispatcher, case_id=case.pk, text="请尽快", now=NOW)
    assert actions.urge_case(actor=town.leader, case_id=case.pk, text="快", now=NOW + timedelta(days=1)).n == 1
    assert cases.counted() == cases.recount()


def test_a_supervision_is_answered_by_the_desk_and_closed_by_the_supervisor(town):
    case = go(town, *SIGNED)
    with pytest.raises(NotAllowed):
        actions.supervise_case(actor=town.dispatcher, case_id=case.pk, demand="说明情况", now=NOW)
    held = actions.supervise_case(actor=town.leader, case_id=case.pk, demand="说明情况", now=NOW)
    assert held.answer_by > NOW
    with pytest.raises(AlreadySupervised):
        actions.supervise_case(actor=town.leader, case_id=case.pk, demand="说明情况", now=NOW)
    with pytest.raises(NotAllowed):
        actions.answer_supervision(actor=town.secretary, supervision_id=held.pk, answer="在办", now=NOW)
    actions.answer_supervision(actor=town.handler, supervision_id=held.pk, answer="配件明日到", now=NOW)
    with pytest.raises(AlreadySupervised):
        actions.answer_supervision(actor=town.handler, supervision_id=held.pk, answer="再答", now=NOW)
    actions.close_supervision(actor=town.leader, supervision_id=held.pk, opinion="同意", now=NOW)
    assert actions.supervise_case(actor=town.leader, case_id=case.pk, demand="再督", now=NOW).pk != held.pk
    assert cases.counted() == cases.recount()


def test_a_whole_does_not_end_over_an_open_part_not_even_by_force(town):
    whole = go(town, *STEPS[:7])
    boss = also(town.dispatcher, "cases.case.force")
    first, second = actions.split_case(
        actor=town.dispatcher, case_id=whole.pk, parts=[NewPart("更换灯泡"), NewPart("检修线路")], now=NOW
    )
    (grandchild,) = actions.split_case(actor=town.dispatcher, case_id=first.pk, parts=[NewPart("采购灯泡")], now=NOW)
    for close in (case_actions.close_case, case_actions.force_close_case, case_actions.void_case):
        with pytest.raises(ChildOpen):
            close(actor=boss, case_id=whole.pk, opinion="结案", now=NOW)
    with pytest.raises(ChildOpen):
        case_actions.void_case(actor=boss, case_id=first.pk, opinion="作废", now=NOW)
    for part in (grandchild, first, second):
        case_actions.void_case(actor=boss, case_id=part.pk, opinion="并入", now=NOW)
    assert case_actions.close_case(actor=boss, case_id=whole.pk, opinion="结案", now=NOW).status == "closed"
    with pytest.raises(WrongStage):
        actions.split_case(actor=town.dispatcher, case_id=whole.pk, parts=[NewPart("再拆")], now=NOW)
    assert cases.counted() == cases.recount()


def test_a_whole_does_not_end_over_a_part_of_a_part_that_was_opened_again(town):
    whole, middle, deep = go(town, *STEPS[:7]), go(town, *STEPS[:7]), go(town, *STEPS[:7])
    for child, parent in ((middle, whole), (deep, middle)):
        actions.tie_case(actor=town.dispatcher, case_id=child.pk, parent_id=parent.pk, now=NOW)
    said = {"actor": town.dispatcher, "opinion": "办", "now": NOW}
    for case in (deep, middle):
        case_actions.close_case(case_id=case.pk, **said)
    case_actions.reopen_case(case_id=deep.pk, **said)
    with pytest.raises(ChildOpen, match=deep.number):
        case_actions.close_case(case_id=whole.pk, **said)


def test_nothing_becomes_a_part_of_itself(town):
    a, b, c = (go(town) for _ in range(3))
    tie = lambda child, whole: actions.tie_case(actor=town.dispatcher, case_id=child.pk, parent_id=whole.pk, now=NOW)  # noqa: E731 - said four times
    tie(a, b)
    tie(b, c)
    for child, whole in ((c, a), (c, b), (a, a), (a, c)):
        with pytest.raises(Circle):
            tie(child, whole)
    actions.untie_case(actor=town.dispatcher, case_id=b.pk, now=NOW)
    assert list(Part.objects.values_list("child_id", "parent_id")) == [(a.pk, b.pk)]
    assert tie(c, a).parent_id == a.pk


def test_a_part_of_a_denunciation_is_hidden_like_it(town):
    whole = report(town.dispatcher, channel="phone", kind="denunciation")
    (part,) = actions.split_case(actor=town.dispatcher, case_id=whole.pk, parts=[NewPart("核实线索")], now=NOW)
    assert part.is_confidential
    open_one = go(town)
    with pytest.raises(Circle):
        actions.tie_case(actor=town.dispatcher, case_id=open_one.pk, parent_id=whole.pk, now=NOW)
    held = Supervision.objects.create(
        case_id=whole.pk, cause="leader", demand="查", answer_by=WEEK, opened_by_name="督查", opened_at=NOW
    )
    assert [row.pk for row in queries.list_supervised(viewer=town.dispatcher).rows] == [held.pk]
    assert not queries.list_supervised(viewer=town.leader).rows
