"""A whistle's life: what departments do, what is decided about them, and what keeps the case open."""

from datetime import timedelta

import pytest

from haitang.cases import actions as case_actions
from haitang.cases import queries as case_queries
from haitang.cases.models import Case
from haitang.core import history
from haitang.core.errors import Invalid, NotAllowed
from haitang.core.models import Entry
from haitang.testing.actors import NOW
from haitang.testing.cases import report
from haitang.whistles import actions, queries
from haitang.whistles.lifecycle import MOVES, OPEN, Deed, Standing, Status
from haitang.whistles.models import Call, Whistle
from haitang.whistles.tests.cast import (
    TO_HANDLED,
    TO_SIGNED_OFF,
    act,
    blow,
    draft,
    street_leader,
    supervisor,
    to_checked,
)
from haitang.whistles.values import (
    AlreadyBlown,
    CaseHasEnded,
    NewCall,
    NotYourCall,
    StillAnswering,
    WhistleNotFound,
    WrongStep,
)

pytestmark = pytest.mark.django_db


def test_departments_hear_of_a_whistle_once_it_is_approved(town):
    whistle = draft(town)
    assert whistle.number == f"S20260506-{whistle.pk:05d}"
    with pytest.raises(WhistleNotFound):
        queries.get_whistle(viewer=town.rival, whistle_id=whistle.pk)
    actions.approve_whistle(actor=street_leader(town), now=NOW, whistle_id=whistle.pk, opinion="同意")
    assert queries.get_whistle(viewer=town.rival, whistle_id=whistle.pk).status == Status.BLOWN
    with pytest.raises(WhistleNotFound):
        queries.get_whistle(viewer=town.outsider, whistle_id=whistle.pk)


def test_the_whole_chain_leaves_a_timeline_counts_and_a_judgement(town):
    case = report(town.dispatcher, channel="phone")
    whistle, calls = blow(town, case)
    for call in calls:
        act(town, call, *TO_SIGNED_OFF)
    assert Whistle.objects.get().status == Status.ANSWERED
    for call in calls:
        act(town, call, "evaluate_call", actor=street_leader(town), minutes=20)
    assert Whistle.objects.get().status == Status.DONE
    facts = [entry.fact for entry in history.timeline("case", case.pk) if entry.data.get("whistle_id")]
    assert facts[:2] == ["WhistleDrafted", "WhistleBlown"]
    assert facts.count("CallSignedOff") == facts.count("CallEvaluated") == 3
    assert facts.count("WhistleAnswered") == 1
    counted = {key[-1]: n for key, n in case_queries.counted().items() if key[-1].startswith("whistle:")}
    assert counted["whistle:blown"] == 1
    assert counted["whistle:called"] == counted["whistle:satisfied"] == 3
    assert case_queries.counted() == case_queries.recount()
    assert whistle.kind == "emergency"


def test_the_case_stays_open_until_every_department_is_finished(town):
    case = report(town.dispatcher, channel="phone")
    _whistle, calls = blow(town, case)
    to_checked(town, case)

    def close():
        case_actions.close_case(actor=town.dispatcher, case_id=case.pk, opinion="结案", now=NOW + timedelta(hours=1))

    with pytest.raises(StillAnswering, match="住房和城乡建设局"):
        close()
    with pytest.raises(StillAnswering):
        case_actions.void_case(actor=town.dispatcher, case_id=case.pk, opinion="作废", now=NOW + timedelta(hours=1))
    act(town, calls[0], *TO_SIGNED_OFF)
    act(town, calls[1], "refuse_call")
    with pytest.raises(StillAnswering):
        close()
    act(town, calls[1], "release_call", actor=street_leader(town), minutes=9)
    with pytest.raises(StillAnswering):
        close()
    act(town, calls[2], "waive_call", actor=supervisor(town), minutes=10)
    close()
    assert Case.objects.get(pk=case.pk).status == "closed"
    assert case_queries.counted() == case_queries.recount()


def test_a_whistle_waiting_for_approval_keeps_the_case_open_too(town):
    case = report(town.dispatcher, channel="phone")
    whistle = draft(town, case)
    to_checked(town, case)
    with pytest.raises(StillAnswering, match="等待审批"):
        case_actions.close_case(actor=town.dispatcher, case_id=case.pk, opinion="结案", now=NOW + timedelta(hours=1))
    actions.withdraw_whistle(actor=town.dispatcher, now=NOW, whistle_id=whistle.pk, opinion="不需要了")
    case_actions.close_case(actor=town.dispatcher, case_id=case.pk, opinion="结案", now=NOW + timedelta(hours=1))
    with pytest.raises(CaseHasEnded):
        draft(town, case)


def test_a_case_has_one_open_whistle_and_may_have_another_afterwards(town):
    case = report(town.dispatcher, channel="phone")
    first = draft(town, case)
    with pytest.raises(AlreadyBlown):
        draft(town, case)
    actions.decline_whistle(actor=street_leader(town), now=NOW, whistle_id=first.pk, opinion="先自行协调")
    whistle, calls = blow(town, case, desks=())
    act(town, calls[0], *TO_SIGNED_OFF)
    draft(town, case)
    with pytest.raises(AlreadyBlown):
        act(town, calls[0], "rework_call", actor=street_leader(town), minutes=30)
    assert Whistle.objects.get(pk=whistle.pk).status == Status.ANSWERED


def test_a_veto_sends_the_department_back_with_a_fresh_clock(town):
    _whistle, calls = blow(town, desks=())
    before = act(town, calls[0], *TO_HANDLED)
    act(town, calls[0], "sign_off_call", minutes=6)
    call = act(town, calls[0], "rework_call", actor=street_leader(town), minutes=60)
    assert (call.status, call.reworks, call.stage) == (Standing.ARRIVED, 1, "handle")
    assert call.due_at == before.due_at + timedelta(minutes=57)
    assert Whistle.objects.get().status == Status.BLOWN
    act(town, call, "handle_call", "sign_off_call", minutes=70)
    act(town, call, "evaluate_call", actor=street_leader(town), minutes=80)
    told = [entry.fact for entry in history.timeline("case", call.whistle.case_id)]
    assert told.count("WhistleAnswered") == 2


def test_nothing_is_done_over_once_the_case_has_ended(town):
    case = report(town.dispatcher, channel="phone")
    _whistle, calls = blow(town, case, desks=())
    act(town, calls[0], *TO_SIGNED_OFF)
    to_checked(town, case)
    case_actions.close_case(actor=town.dispatcher, case_id=case.pk, opinion="结案", now=NOW + timedelta(hours=1))
    with pytest.raises(CaseHasEnded):
        act(town, calls[0], "rework_call", actor=street_leader(town), minutes=90)
    act(town, calls[0], "evaluate_call", actor=street_leader(town), minutes=90)


def test_a_rejected_refusal_goes_on_with_fresh_time(town):
    _whistle, calls = blow(town, kind="emergency", desks=())
    call = act(town, calls[0], "refuse_call", minutes=5)
    assert (call.stage, call.due_at, call.climb_at) == ("rule", *[NOW + timedelta(minutes=35)] * 2)
    call = act(town, calls[0], "insist_on_call", actor=street_leader(town), minutes=45)
    assert (call.status, call.stage) == (Standing.SIGNED, "contact")
    assert call.due_at == NOW + timedelta(minutes=75)
    assert Entry.objects.get(fact="CallInsisted").data["in_time"] is False


def test_who_arrives_has_signed_and_made_contact(town):
    _whistle, calls = blow(town, desks=())
    call = act(town, calls[0], "report_arrival", minutes=12)
    done = {stage: kept.get("done_at") for stage, kept in call.deadlines.items()}
    assert done["sign"] == done["contact"] == done["arrive"] == (NOW + timedelta(minutes=12)).isoformat()
    assert (call.place, call.people, done["handle"]) == ("东门", "张科长等2人", None)


@pytest.mark.parametrize("deed", list(Deed))
def test_a_deed_out_of_turn_is_refused_and_leaves_no_trace(town, deed):
    """From every state that a call can be brought to, each deed is done or refused as the table says."""
    names = {
        Deed.SIGN: "sign_call", Deed.CONTACT: "contact_street", Deed.ARRIVE: "report_arrival",
        Deed.HANDLE: "handle_call", Deed.SIGN_OFF: "sign_off_call", Deed.REFUSE: "refuse_call",
        Deed.RELEASE: "release_call", Deed.INSIST: "insist_on_call", Deed.WAIVE: "waive_call",
        Deed.EVALUATE: "evaluate_call", Deed.REWORK: "rework_call",
    }  # fmt: skip
    _whistle, calls = blow(town, desks=())
    call = calls[0]
    leader = street_leader(town)
    who = {Deed.WAIVE: supervisor(town)} | dict.fromkeys(
        (Deed.RELEASE, Deed.INSIST, Deed.EVALUATE, Deed.REWORK), leader
    )
    from django.db import transaction

    for standing in Standing:
        running = standing in OPEN
        kept = {"due_at": NOW.isoformat(), "started_at": NOW.isoformat(), "limit": "1 工作时"}
        Call.objects.filter(pk=call.pk).update(
            status=standing, stage="handle" if running else None, due_at=NOW if running else None, climb_at=None,
            deadlines=dict.fromkeys(("sign", "contact", "arrive", "handle", "rule"), kept),
        )  # fmt: skip
        before = len(history.timeline("case", call.whistle.case_id))
        allowed = standing in MOVES[deed].sources
        try:
            with transaction.atomic():
                done = act(town, call, names[deed], actor=who.get(deed))
                assert allowed, (standing, deed)
                assert done.status == MOVES[deed].target
                raise InterruptedError
        except WrongStep:
            assert not allowed, (standing, deed)
        except InterruptedError:
            pass
        assert len(history.timeline("case", call.whistle.case_id)) == before


def test_only_the_department_called_answers_for_itself(town):
    _whistle, calls = blow(town)
    with pytest.raises(NotYourCall):
        act(town, calls[0], "sign_call", actor=town.rival)
    with pytest.raises(NotAllowed):
        act(town, calls[0], "waive_call", actor=street_leader(town))
    with pytest.raises(NotAllowed):
        act(town, calls[0], "waive_call", actor=town.handler)
    with pytest.raises(WhistleNotFound):
        act(town, calls[0], "sign_call", actor=town.outsider)
    act(town, calls[0], *TO_SIGNED_OFF)
    with pytest.raises(NotAllowed):
        act(town, calls[0], "evaluate_call", actor=town.handler)


def test_a_call_is_answered_under_its_own_whistle(town):
    _first, calls = blow(town, desks=())
    second, _calls = blow(town, desks=())
    with pytest.raises(WhistleNotFound):
        actions.sign_call(actor=town.handler, now=NOW, whistle_id=second.pk, call_id=calls[0].pk, opinion="签收")


@pytest.mark.parametrize(
    "calls",
    [
        [NewCall("ZJJ")],
        [NewCall("ZJJ", "lead"), NewCall("CGJ", "lead")],
        [NewCall("ZJJ", "lead"), NewCall("ZJJ")],
        [NewCall("NOWHERE", "lead")],
        [],
    ],
)
def test_a_whistle_needs_one_lead_and_departments_that_exist(town, calls):
    case = report(town.dispatcher, channel="phone")
    with pytest.raises(Invalid):
        actions.draft_whistle(
            actor=town.dispatcher, now=NOW, case_id=case.pk, kind="emergency", reason="急", calls=calls
        )
    assert not Whistle.objects.exists()


def test_whistles_of_denunciations_are_known_only_to_those_trusted_with_them(town):
    case = report(town.resident, kind="denunciation")
    whistle, calls = blow_confidential(town, case)
    for hidden_from in (town.handler, town.leader, town.secretary, street_leader(town)):
        with pytest.raises(WhistleNotFound):
            queries.get_whistle(viewer=hidden_from, whistle_id=whistle.pk)
        assert not queries.list_whistles(viewer=hidden_from).rows
        assert not queries.list_whistles_of_case(viewer=hidden_from, case_id=case.pk)
        assert queries.count_whistles_todo(viewer=hidden_from) == 0
    with pytest.raises(WhistleNotFound):
        act(town, calls[0], "sign_call")
    assert queries.get_whistle(viewer=town.dispatcher, whistle_id=whistle.pk).pk == whistle.pk


def blow_confidential(town, case):
    """Blow a whistle on a denunciation, by a leader who is trusted with it."""
    from haitang.cases.values import Permission as CasePermission
    from haitang.whistles.tests.cast import everywhere

    whistle = draft(town, case)
    trusted = everywhere(street_leader(town), CasePermission.VIEW_CONFIDENTIAL)
    actions.approve_whistle(actor=trusted, now=NOW, whistle_id=whistle.pk, opinion="同意")
    return whistle, list(Call.objects.filter(whistle=whistle).order_by("id"))


def test_the_reporter_reads_one_step_for_all_departments(town):
    case = report(town.resident)
    _whistle, calls = blow(town, case)
    for call in calls:
        act(town, call, *TO_SIGNED_OFF)
    steps = [entry.fact for entry in case_queries.list_timeline(viewer=town.resident, case_id=case.pk)]
    assert steps == ["CaseReported", "WhistleBlown", "WhistleAnswered"]
