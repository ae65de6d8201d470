"""A case's whole life: from a resident's report to a rated result, and every way it can turn."""

from datetime import timedelta

import pytest
from django.db import connection

from haitang.cases import actions, queries
from haitang.cases.lifecycle import Status
from haitang.cases.models import Case
from haitang.cases.values import AlreadyReopened, CaseNotFound, NobodyResponsible, NotYourDesk, WrongStage
from haitang.core import history
from haitang.core.errors import NotAllowed
from haitang.organizations.actions import close_organization
from haitang.testing import people as people_cast
from haitang.testing.actors import NOW, TODAY
from haitang.testing.cases import FOUNDER, report
from haitang.testing.people import Town


def go(town: Town, case: Case, *steps: str, minutes: int = 10, start: int = 10) -> Case:
    """Do the steps one after the other, each by the one whose work it is."""
    who = {
        "verify": town.grid, "accept": town.dispatcher, "refuse": town.dispatcher, "register": town.dispatcher,
        "dispatch": town.dispatcher, "sign": town.handler, "return": town.handler, "handle": town.handler,
        "feedback": town.handler, "check": town.checker, "rework": town.checker, "close": town.dispatcher,
        "void": town.dispatcher, "reopen": town.dispatcher,
    }  # fmt: skip
    for number, step in enumerate(steps):
        action = getattr(actions, f"{step}_case")
        more = {"organization_code": "ZJJ"} if step == "dispatch" else {}
        case = action(
            actor=who[step],
            case_id=case.pk,
            opinion=f"{step}意见",
            now=NOW + timedelta(minutes=start + minutes * number),
            **more,
        )
    return case


TO_CLOSED = ("verify", "accept", "register", "dispatch", "sign", "handle", "feedback", "check", "close")


def test_a_report_finds_its_grid_its_desk_and_its_deadlines(town):
    case = report(town.resident)
    stored = Case.objects.get(pk=case.pk)
    assert stored.number == f"20260506-{case.pk:07d}"
    assert stored.status == Status.VERIFYING
    assert stored.area_ids == list(town.area("320585001001001").ids)
    assert "路灯" in queries.catalog().by_id[stored.category_id].name
    assert stored.routed_to_id is not None
    assert stored.routing_reason.startswith("按规则“")
    planned = [
        stored.deadlines[stage]["due_at"] for stage in ("verify", "accept", "dispatch", "sign", "handle", "check")
    ]
    assert planned == sorted(planned)
    assert stored.due_at.isoformat() == stored.deadlines["verify"]["due_at"]
    assert stored.due_at > NOW


def test_the_whole_loop_leaves_a_timeline_and_a_closed_case(town):
    case = go(town, report(town.resident), *TO_CLOSED)
    assert (case.status, case.stage, case.due_at) == (Status.CLOSED, None, None)
    case = actions.rate_case(actor=town.resident, case_id=case.pk, is_solved=True, score=5, now=NOW + timedelta(days=1))
    assert (case.status, case.is_solved, case.score) == (Status.RATED, True, 5)
    told = [entry.fact for entry in history.timeline("case", case.pk)]
    assert told == [
        "CaseReported", "CaseVerified", "CaseAccepted", "CaseRegistered", "CaseDispatched", "CaseSigned", "CaseHandled",
        "CaseFedBack", "CaseChecked", "CaseClosed", "CaseRated",
    ]  # fmt: skip
    assert queries.counted() == queries.recount()


def test_numbers_grow_past_seven_digits(town):
    with connection.cursor() as cursor:
        cursor.execute("SELECT setval('cases_case_id_seq', greatest(nextval('cases_case_id_seq'), 12345670))")
    first, second = report(town.resident), report(town.resident)
    assert [first.number, second.number] == [f"20260506-{first.pk}", f"20260506-{second.pk}"]


def test_no_case_goes_to_a_desk_that_has_closed(town):
    case = go(town, report(town.resident), "accept", "register")
    close_organization(actor=FOUNDER, organization_id=town.desks["ZJJ"], on=TODAY, now=NOW)
    with pytest.raises(NobodyResponsible):
        go(town, case, "dispatch")


def test_a_case_imported_without_a_desk_is_judged_and_not_done_over(town):
    case = go(town, report(town.resident), *TO_CLOSED)
    Case.objects.filter(pk=case.pk).update(organization=None)
    with pytest.raises(NobodyResponsible):
        go(town, case, "reopen", start=60)
    case = actions.rate_case(actor=town.resident, case_id=case.pk, is_solved=False, score=1, now=NOW)
    assert (case.status, case.reopenings) == (Status.RATED, 0)


def test_not_solved_is_done_over_once_by_the_same_handler_with_a_fresh_clock(town):
    case = go(town, report(town.resident), *TO_CLOSED)
    later = NOW + timedelta(days=2)
    case = actions.rate_case(actor=town.resident, case_id=case.pk, is_solved=False, score=1, now=later)
    assert (case.status, case.reopenings, case.handler_id) == (Status.HANDLING, 1, town.handler.id)
    assert case.stage_started_at == later
    assert case.due_at > later
    case = go(town, case, "handle", "feedback", "check", "close", start=60 * 50)
    case = actions.rate_case(
        actor=town.resident, case_id=case.pk, is_solved=False, score=2, now=later + timedelta(days=3)
    )
    assert (case.status, case.is_solved, case.reopenings) == (Status.RATED, False, 1)
    with pytest.raises(AlreadyReopened):
        actions.reopen_case(actor=town.dispatcher, case_id=case.pk, opinion="再办", now=later + timedelta(days=4))
    assert queries.counted() == queries.recount()


def test_a_returned_case_leaves_the_desk_and_its_sight(town):
    case = go(town, report(town.resident), "accept", "register", "dispatch", "sign", "return")
    assert (case.status, case.organization_id, case.returns) == (Status.REGISTERED, None, 1)
    with pytest.raises(CaseNotFound):
        queries.get_case(viewer=town.handler, case_id=case.pk)


def test_rework_keeps_the_deadline_it_had(town):
    case = go(town, report(town.resident), "accept", "register", "dispatch", "sign")
    due = case.due_at
    case = go(town, case, "handle", "feedback", "rework", start=200)
    assert (case.status, case.reworks, case.due_at) == (Status.HANDLING, 1, due)


@pytest.mark.parametrize(
    ("steps", "wrong"),
    [
        ((), "register"),
        (("accept",), "accept"),
        (("accept", "register"), "sign"),
        (("accept", "register", "dispatch"), "handle"),
        (("accept", "register", "dispatch", "sign"), "check"),
        (("refuse",), "accept"),
        (("void",), "accept"),
        (TO_CLOSED, "void"),
    ],
)
def test_a_deed_out_of_turn_is_refused_and_leaves_no_trace(town, steps, wrong):
    case = go(town, report(town.resident), *steps)
    before = len(history.timeline("case", case.pk))
    who = {**dict.fromkeys(("sign", "handle"), town.handler), "check": town.checker}.get(wrong, town.dispatcher)
    if wrong in ("sign", "handle") and case.organization_id is None:
        who = town.dispatcher
    with pytest.raises((WrongStage, NotAllowed)):
        getattr(actions, f"{wrong}_case")(actor=who, case_id=case.pk, opinion="越序", now=NOW)
    assert Case.objects.get(pk=case.pk).status == case.status
    assert len(history.timeline("case", case.pk)) == before


def test_only_the_desk_signs_and_handles(town):
    case = go(town, report(town.resident), "accept", "register", "dispatch")
    with pytest.raises(CaseNotFound):
        actions.sign_case(actor=town.rival, case_id=case.pk, opinion="签收", now=NOW)
    with pytest.raises(NotYourDesk):
        actions.sign_case(actor=town.secretary, case_id=case.pk, opinion="签收", now=NOW)


def test_a_denunciation_is_dispatched_to_a_desk_alone_where_somebody_may_read_it(town):
    case = report(town.resident, kind="denunciation", category_code="10101")
    officer, desk = people_cast.build_account(), town.desks["ZJJ"]
    go(town, case, "accept", "register")
    with pytest.raises(NobodyResponsible):
        go(town, case, "dispatch", start=30)
    people_cast.give(officer, "confidential_officer", organization_id=desk)
    with pytest.raises(NobodyResponsible):
        go(town, case, "dispatch", start=30)
    people_cast.give(officer, "department_handler", organization_id=desk)
    assert go(town, case, "dispatch", start=30).organization_id == desk


def test_a_denunciation_is_seen_only_by_those_who_may(town):
    case = report(town.resident, kind="denunciation")
    for hidden_from in (town.leader, town.secretary, town.grid, town.outsider):
        with pytest.raises(CaseNotFound):
            queries.get_case(viewer=hidden_from, case_id=case.pk)
        assert not Case.objects.visible_to(hidden_from).exists()
    for seen_by in (town.dispatcher, town.resident):
        assert queries.get_case(viewer=seen_by, case_id=case.pk).pk == case.pk
        assert Case.objects.visible_to(seen_by).count() == 1
