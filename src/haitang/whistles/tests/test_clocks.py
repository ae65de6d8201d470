"""Clocks on the departments' calendars, and missed deadlines that climb."""

from datetime import UTC, datetime, timedelta

import pytest

from haitang.cases import queries as case_queries
from haitang.core.models import Entry
from haitang.people.models import Notice
from haitang.testing import cases as cast
from haitang.testing import desks, people
from haitang.testing.actors import NOW
from haitang.testing.cases import report
from haitang.whistles import actions, jobs, queries
from haitang.whistles.lifecycle import Standing
from haitang.whistles.models import Call, RuleBook
from haitang.whistles.tests.cast import act, blow, draft, everywhere, street_leader
from haitang.whistles.values import NotTheApprover, Permission, RulesUnusable
from haitang.worktime.values import LimitUnreadable

pytestmark = pytest.mark.django_db


def free_kind(kind: str) -> None:
    """Let whoever may approve approve that kind."""
    rule = queries.rules().kinds[kind]
    actions.change_whistle_kind(
        actor=everywhere(cast.FOUNDER, Permission.MANAGE), now=NOW, code=kind, name=rule.name, use=rule.use,
        approver_posts=[], limits={stage: str(limit) for stage, limit in rule.limits.items()}, is_active=True,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "sign", "contact", "arrive"),
    [
        # blown on Wednesday 6 May at 09:30 in China; a working day ends at 18:00, and
        # Saturday 9 May is a make-up working day
        ("progress", (2026, 5, 6, 2, 30), (2026, 5, 7, 1, 30), (2026, 5, 9, 10, 0)),
        ("hard", (2026, 5, 6, 2, 30), (2026, 5, 7, 1, 30), (2026, 5, 12, 10, 0)),
        ("emergency", (2026, 5, 6, 2, 0), (2026, 5, 6, 2, 0), (2026, 5, 6, 2, 0)),
    ],
)
def test_the_shipped_clocks(town, kind, sign, contact, arrive):
    free_kind(kind)
    _whistle, calls = blow(town, kind=kind, desks=())
    due = {stage: datetime.fromisoformat(kept["due_at"]) for stage, kept in calls[0].deadlines.items()}
    wanted = {"sign": sign, "contact": contact, "arrive": arrive}
    assert due == {stage: datetime(*parts, tzinfo=UTC) for stage, parts in wanted.items()}
    assert calls[0].due_at == due["sign"]


def test_a_missed_deadline_climbs_each_step_once(town):
    _whistle, calls = blow(town, desks=())
    call = calls[0]
    assert call.climb_at == call.due_at == NOW + timedelta(minutes=30)
    for _twice in range(2):
        actions.climb_whistle_ladder(actor=cast.FOUNDER, now=NOW + timedelta(minutes=30))
    call.refresh_from_db()
    assert (call.level, call.climb_at) == (1, datetime(2026, 5, 6, 8, 0, tzinfo=UTC))  # 4 office hours past 10:00
    late = NOW + timedelta(days=5)
    assert actions.climb_whistle_ladder(actor=cast.FOUNDER, now=late) == 1
    assert actions.climb_whistle_ladder(actor=cast.FOUNDER, now=late) == 1
    assert actions.climb_whistle_ladder(actor=cast.FOUNDER, now=late) == 0
    told = [entry.data for entry in Entry.objects.filter(fact="CallClimbed").order_by("id")]
    assert [(data["level"], data["rung"]) for data in told] == [(1, "责任人"), (2, "分管领导"), (3, "督查")]
    assert case_queries.counted() == case_queries.recount()


def climb_to_the_top(late) -> list[tuple[str, int, str]]:
    """Climb until nothing is left to climb; return stage, level and name of each step climbed, in order."""
    while actions.climb_whistle_ladder(actor=cast.FOUNDER, now=late):
        pass
    told = Entry.objects.filter(fact="DecisionClimbed").order_by("id")
    return [(entry.data["stage"], entry.data["level"], entry.data["rung"]) for entry in told]


STREET = ("审批、裁定人", "街道主要领导", "督查")


def test_a_whistle_nobody_decides_on_climbs_the_streets_own_ladder(town):
    whistle = draft(town)
    assert whistle.due_at == whistle.climb_at == NOW + timedelta(minutes=10)
    assert climb_to_the_top(NOW + timedelta(minutes=9)) == []
    assert climb_to_the_top(NOW + timedelta(minutes=10)) == [("approve", 1, STREET[0])]
    told = climb_to_the_top(NOW + timedelta(days=5))
    assert told == [("approve", level, name) for level, name in enumerate(STREET, 1)]
    late = NOW + timedelta(days=5)
    actions.approve_whistle(actor=street_leader(town), now=late, whistle_id=whistle.pk, opinion="同意")
    whistle.refresh_from_db()
    assert (whistle.due_at, whistle.climb_at) == (None, None)
    assert Entry.objects.get(fact="WhistleBlown").data["in_time"] is False
    assert {"whistle:decide_late", "whistle:street_climbed_3"} <= {key[-1] for key in case_queries.counted()}
    assert case_queries.counted() == case_queries.recount()


@pytest.mark.parametrize("decision", ["decline_whistle", "withdraw_whistle"])
def test_a_whistle_decided_on_climbs_no_more(town, decision):
    whistle = draft(town)
    getattr(actions, decision)(actor=street_leader(town), now=NOW, whistle_id=whistle.pk, opinion="不必")
    assert climb_to_the_top(NOW + timedelta(days=5)) == []


def test_a_refusal_nobody_decides_on_climbs_the_streets_ladder_not_the_departments(town):
    _whistle, calls = blow(town, desks=())
    act(town, calls[0], "refuse_call", minutes=5)
    told = climb_to_the_top(NOW + timedelta(days=5))
    assert told == [("rule", level, name) for level, name in enumerate(STREET, 1)]
    assert not Entry.objects.filter(fact="CallClimbed").exists()
    act(town, calls[0], "release_call", minutes=6, actor=street_leader(town))
    assert climb_to_the_top(NOW + timedelta(days=9)) == told
    assert case_queries.counted() == case_queries.recount()


def test_a_kind_without_limits_for_the_street_has_no_such_clocks(town):
    rule = queries.rules().kinds["emergency"]
    limits = {stage: str(limit) for stage, limit in rule.limits.items() if stage not in ("approve", "rule")}
    actions.change_whistle_kind(
        actor=everywhere(cast.FOUNDER, Permission.MANAGE), now=NOW, code="emergency", name="应急哨", use="突发",
        approver_posts=[], limits=limits, is_active=True,
    )  # fmt: skip
    whistle, calls = blow(town, desks=())
    assert whistle.due_at is None
    call = act(town, calls[0], "refuse_call")
    assert (call.stage, call.due_at) == (None, None)
    act(town, call, "insist_on_call", actor=street_leader(town))
    assert climb_to_the_top(NOW + timedelta(days=5)) == []


def test_the_streets_steps_tell_who_decides_then_its_heads_then_the_supervision_office(town):
    decider = people.build_account("林科长")
    people.give(decider, "street_leader", area_id=town.areas["street"])
    head = people.build_account("主任", people.build_person("主任"))
    people.appoint(head.person, desks.build_post(town.desks["HTJD"], "director"))
    overseer = people.build_account("督查员")
    people.give(overseer, "supervisor", area_id=town.areas["city"])
    draft(town)
    climb_to_the_top(NOW + timedelta(days=5))
    tell_all("DecisionClimbed", jobs.tell_undecided)
    told = list(Notice.objects.order_by("id").values_list("account_id", "parts__rung"))
    assert told == [(decider.pk, STREET[0]), (head.pk, STREET[1]), (overseer.pk, STREET[2])]


def tell_all(fact: str, job) -> None:
    """Run the job for every such entry, twice."""
    for entry in Entry.objects.filter(fact=fact).order_by("id"):
        for _twice in range(2):
            job(**entry.data, entry_id=entry.pk)


def test_a_step_that_nobody_stands_on_tells_the_next(town):
    handler = town.account("handler")
    overseer = people.build_account("督查员")
    people.give(overseer, "supervisor", area_id=town.areas["city"])
    blow(town, desks=())
    for days in (1, 5, 5):
        actions.climb_whistle_ladder(actor=cast.FOUNDER, now=NOW + timedelta(days=days))
    tell_all("CallClimbed", jobs.tell_climbed)
    told = list(Notice.objects.order_by("id").values_list("account_id", "parts__rung"))
    assert told == [(handler.pk, "责任人"), (overseer.pk, "督查"), (overseer.pk, "督查")]


def test_a_new_stage_climbs_from_its_own_deadline(town):
    _whistle, calls = blow(town, desks=())
    actions.climb_whistle_ladder(actor=cast.FOUNDER, now=NOW + timedelta(minutes=31))
    call = act(town, calls[0], "report_arrival", minutes=40)
    assert (call.level, call.stage, call.status) == (0, "handle", Standing.ARRIVED)
    assert call.climb_at == call.due_at == NOW + timedelta(hours=24, minutes=40)
    late = Entry.objects.get(fact="CallArrived").data
    assert late["in_time"] is False
    measures = {key[-1] for key in case_queries.counted()}
    assert {"whistle:arrive", "whistle:arrive_late", "whistle:climbed_1"} <= measures


def test_each_step_tells_its_own_people_once(town):
    handler = town.account("handler")
    leader = people.build_account("分管领导", people.build_person("分管领导"))
    people.appoint(leader.person, desks.build_post(town.desks["ZJJ"], "leader"))
    overseer = people.build_account("督查员")
    people.give(overseer, "supervisor", area_id=town.areas["city"])
    blow(town, desks=())
    for minutes in (30, 60 * 24 * 5, 60 * 24 * 5):
        actions.climb_whistle_ladder(actor=cast.FOUNDER, now=NOW + timedelta(minutes=minutes))
    for entry in Entry.objects.filter(fact="CallClimbed"):
        for _twice in range(2):
            jobs.tell_climbed(**entry.data, entry_id=entry.pk)
    told = list(Notice.objects.order_by("id").values_list("account_id", "parts__rung"))
    assert told == [(handler.pk, "责任人"), (leader.pk, "分管领导"), (overseer.pk, "督查")]


def test_departments_and_the_reporter_are_told_once(town):
    from haitang.whistles.tests.cast import TO_SIGNED_OFF

    resident = people.build_account("林阿姨")
    handler, rival = town.account("handler"), town.account("rival")
    case = report(town.resident)
    type(case).objects.filter(pk=case.pk).update(reported_by_id=resident.pk)
    _whistle, calls = blow(town, case, desks=("CGJ",))
    for call in calls:
        act(town, call, *TO_SIGNED_OFF)
    for _twice in range(2):
        for entry in Entry.objects.filter(fact="WhistleBlown"):
            jobs.tell_departments(**entry.data, entry_id=entry.pk)
        for entry in Entry.objects.filter(fact="WhistleAnswered"):
            jobs.tell_reporter(**entry.data, entry_id=entry.pk)
    assert sorted(Notice.objects.values_list("account_id", flat=True)) == sorted([handler.pk, rival.pk, resident.pk])


def test_a_kind_names_the_post_that_approves_it(town):
    leader = people.build_account("刘主任", people.build_person("刘主任"))
    people.give(leader, "street_leader", area_id=town.areas["street"])
    whistle = draft(town, kind="hard")
    said = {"now": NOW, "whistle_id": whistle.pk, "opinion": "同意"}
    from haitang.people.queries import get_actor

    with pytest.raises(NotTheApprover, match="书记"):
        actions.approve_whistle(actor=get_actor(leader.pk, now=NOW), **said)
    people.appoint(leader.person, desks.build_post(town.desks["HTJD"], "director"))
    assert actions.approve_whistle(actor=get_actor(leader.pk, now=NOW), **said).status == "blown"


def test_changed_rules_hold_for_new_whistles_alone(town):
    before = draft(town, kind="emergency")
    rule = queries.rules().kinds["emergency"]
    limits = {stage: str(limit) for stage, limit in rule.limits.items()} | {"sign": "10 分钟"}
    manager = everywhere(cast.FOUNDER, Permission.MANAGE)
    given = {"code": "emergency", "name": "应急哨", "use": "突发", "approver_posts": [], "is_active": True}
    actions.change_whistle_kind(actor=manager, now=NOW, limits=limits, **given)
    leader = street_leader(town)
    actions.approve_whistle(actor=leader, now=NOW, whistle_id=before.pk, opinion="同意")
    after, _calls = blow(town, desks=())
    due = {call.whistle_id: call.due_at - NOW for call in Call.objects.all()}
    assert due == {before.pk: timedelta(minutes=30), after.pk: timedelta(minutes=10)}
    assert RuleBook.objects.count() == 2
    for wrong, refusal in (({"sign": "随便"}, LimitUnreadable), ({"sign": ""}, RulesUnusable)):
        with pytest.raises(refusal):
            actions.change_whistle_kind(actor=manager, now=NOW, limits=limits | wrong, **given)
    with pytest.raises(RulesUnusable):
        actions.change_whistle_ladder(actor=manager, now=NOW, rungs=[])
    assert RuleBook.objects.count() == 2
