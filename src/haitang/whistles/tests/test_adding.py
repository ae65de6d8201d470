"""Departments that are called once the whistle has been blown, and tasks that a meeting gives."""

from datetime import timedelta

import pytest
from django.urls import reverse

from haitang.cases import queries as case_queries
from haitang.core.errors import Conflict, Invalid, NotAllowed
from haitang.core.models import Entry
from haitang.people.models import Notice
from haitang.testing.actors import NOW, TODAY
from haitang.testing.cases import report
from haitang.whistles import actions, jobs, queries
from haitang.whistles.lifecycle import Standing, Status
from haitang.whistles.models import Call, Task, Whistle
from haitang.whistles.tests.cast import (
    LEAD,
    THIRD,
    TO_SIGNED_OFF,
    act,
    blow,
    draft,
    everywhere,
    street_leader,
    to_checked,
)
from haitang.whistles.tests.test_concurrency import at_once
from haitang.whistles.tests.test_pages import page_of, text
from haitang.whistles.values import (
    AlreadyBlown,
    AlreadyCalled,
    CaseHasEnded,
    NewCall,
    NewTask,
    NotTheApprover,
    Permission,
    StillAnswering,
    WrongStep,
)

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(minutes=30)


def add(town, whistle, *desks, actor=None, now=LATER, **more):
    return actions.add_departments(
        actor=actor or street_leader(town), now=now, whistle_id=whistle.pk, opinion="现场需要",
        calls=[NewCall(desk, **more) for desk in desks],
    )  # fmt: skip


def test_a_department_added_has_its_own_clocks_and_nobody_elses_are_touched(town):
    whistle, (lead,) = blow(town, desks=())
    add(town, whistle, THIRD, task="排查管线")
    first, second = Call.objects.order_by("id")
    assert (first.due_at, second.due_at) == (lead.due_at, LATER + timedelta(minutes=30))
    assert (second.status, second.role, second.task) == (Standing.CALLED, "assist", "排查管线")
    counted = {key[-1]: n for key, n in case_queries.counted().items()}
    assert counted["whistle:called"] == 2
    assert case_queries.counted() == case_queries.recount()
    told = Entry.objects.get(fact="DepartmentsAdded").data
    assert told["organization_ids"] == [town.desks[THIRD]]


def test_the_department_added_is_called_and_the_lead_hears_of_it(town):
    lead, added = town.account("handler"), town.account("rival")
    whistle, _calls = blow(town, desks=())
    add(town, whistle, "CGJ")
    entry = Entry.objects.get(fact="DepartmentsAdded")
    for _twice in range(2):
        jobs.tell_added(**entry.data, entry_id=entry.pk)
    told = dict(Notice.objects.values_list("account_id", "text"))
    assert set(told) == {lead.pk, added.pk}
    assert "增加协同单位" in told[lead.pk]
    assert "请本单位签收" in told[added.pk]


def test_a_whistle_answered_goes_on_with_a_department_added_and_keeps_the_case_open(town):
    from haitang.cases import actions as case_actions

    case = report(town.dispatcher, channel="phone")
    whistle, calls = blow(town, case, desks=())
    to_checked(town, case)
    act(town, calls[0], *TO_SIGNED_OFF)
    assert Whistle.objects.get().status == Status.ANSWERED
    add(town, whistle, THIRD)
    assert Whistle.objects.get().status == Status.BLOWN
    with pytest.raises(StillAnswering):
        case_actions.close_case(actor=town.dispatcher, case_id=case.pk, opinion="结案", now=LATER)


def test_who_may_add_and_what_can_be_added(town):
    pending = draft(town, desks=())
    with pytest.raises(WrongStep):
        add(town, pending, THIRD)
    whistle, calls = blow(town, desks=("CGJ",))
    for actor in (town.dispatcher, town.handler):
        with pytest.raises(NotAllowed):
            add(town, whistle, THIRD, actor=actor)
    with pytest.raises(AlreadyCalled, match="已召集"):
        add(town, whistle, THIRD, "CGJ")
    for wrong in ((), ("NOWHERE",), (THIRD, THIRD)):
        with pytest.raises(Invalid):
            add(town, whistle, *wrong)
    with pytest.raises(Invalid):
        add(town, whistle, THIRD, role="lead")
    assert Call.objects.filter(whistle=whistle).count() == 2
    for call in calls:
        act(town, call, *TO_SIGNED_OFF)
        act(town, call, "evaluate_call", actor=street_leader(town), minutes=20)
    with pytest.raises(WrongStep, match="已办结"):
        add(town, whistle, THIRD)


def test_the_post_that_approves_a_kind_adds_to_it(town):
    from haitang.whistles.tests.test_clocks import free_kind

    free_kind("progress")
    whistle, _calls = blow(town, kind="progress", desks=())
    add(town, whistle, THIRD)
    hard = Whistle.objects.create(
        number="S1", case=report(town.dispatcher, channel="phone"), rules_id=whistle.rules_id, kind="hard",
        reason="难", status=Status.BLOWN, drafted_by_name="", drafted_at=NOW,
    )  # fmt: skip
    Call.objects.create(
        whistle=hard, organization_id=town.desks[LEAD], role="lead", status=Standing.CALLED, changed_at=NOW
    )
    with pytest.raises(NotTheApprover):
        add(town, hard, THIRD)


def test_nobody_is_added_once_the_case_has_ended_or_another_whistle_is_open(town):
    from haitang.cases import actions as case_actions

    case = report(town.dispatcher, channel="phone")
    first, calls = blow(town, case, desks=())
    act(town, calls[0], *TO_SIGNED_OFF)
    second = draft(town, case)
    with pytest.raises(AlreadyBlown):
        add(town, first, THIRD)
    actions.withdraw_whistle(actor=town.dispatcher, now=NOW, whistle_id=second.pk, opinion="不用了")
    case_actions.void_case(actor=town.dispatcher, case_id=case.pk, opinion="误登", now=LATER)
    with pytest.raises(CaseHasEnded):
        add(town, first, THIRD)


@pytest.mark.django_db(transaction=True)
def test_two_who_add_the_same_department_at_once_call_it_once():
    from haitang.testing import cases as cast

    town = cast.build_town()
    whistle, _calls = blow(town, desks=())
    outcomes = at_once(*[lambda: add(town, whistle, THIRD)] * 2)
    assert sorted(type(error) for error in outcomes if error) == [AlreadyCalled]
    assert Call.objects.filter(whistle=whistle).count() == 2


def test_departments_are_added_on_the_page(town, as_):
    whistle, _calls = blow(town, desks=())
    leader = as_(street_leader(town))
    where = reverse("whistles:add", args=[whistle.pk])
    assert where in text(leader.get(page_of(whistle)))
    refused = leader.post(where, {"assisting": [], "opinion": "需要"})
    assert refused.status_code == 422
    assert leader.post(where, {"assisting": ["CGJ"], "task": "清理", "opinion": "现场需要"}).status_code == 302
    shown = text(leader.get(page_of(whistle)))
    assert "增加协同单位" in shown
    assert "清理" in shown
    assert where not in text(as_(town.handler).get(page_of(whistle)))
    assert as_(town.handler).post(where, {"assisting": ["CHSQ"], "opinion": "x"}).status_code == 403


def held(town, whistle, *tasks):
    return actions.hold_meeting(
        actor=street_leader(town), now=LATER, whistle_id=whistle.pk, held_at=NOW, minutes="议定分工", tasks=tasks
    )


def give(town, whistle, meeting, desk, actor=None):
    task = NewTask(desk, "三日内清理", TODAY + timedelta(days=3))
    return actions.give_meeting_task(
        actor=actor or street_leader(town), now=LATER, whistle_id=whistle.pk, meeting_id=meeting.pk, task=task
    )


def test_a_task_is_for_who_can_say_that_it_is_done(town):
    whistle, _calls = blow(town, desks=("CGJ",))
    with pytest.raises(Invalid, match="先增加为协同单位"):
        held(town, whistle, NewTask(THIRD, "巡查", TODAY))
    meeting = held(town, whistle, NewTask("CGJ", "清理", TODAY))
    with pytest.raises(Invalid, match="先增加为协同单位"):
        give(town, whistle, meeting, THIRD)
    add(town, whistle, THIRD)
    task = give(town, whistle, meeting, THIRD)
    assert meeting.tasks.count() == 2
    with pytest.raises(NotAllowed):
        give(town, whistle, meeting, THIRD, actor=town.handler)
    other, _calls = blow(town, desks=())
    with pytest.raises(Exception, match="没有这次会商"):
        give(town, other, meeting, LEAD)
    Task.objects.bulk_create(
        Task(meeting=meeting, organization_id=task.organization_id, text="x", due_on=TODAY) for _ in range(28)
    )
    with pytest.raises(Conflict):
        give(town, whistle, meeting, THIRD)


def test_a_task_waits_in_its_departments_box_until_it_is_ticked_off(town, as_):
    whistle, calls = blow(town, desks=("CGJ",))
    for call in calls:
        act(town, call, *TO_SIGNED_OFF)
    assert queries.count_whistles_todo(viewer=town.rival) == 0
    meeting = held(town, whistle)
    leader = as_(street_leader(town))
    where = reverse("whistles:new_task", args=[whistle.pk, meeting.pk])
    assert where in text(leader.get(page_of(whistle)))
    assert leader.post(where, {"who": "CGJ", "what": "", "due": ""}).status_code == 422
    given = {"who": "CGJ", "what": "每日巡查一次", "due": (TODAY + timedelta(days=3)).isoformat()}
    assert leader.post(where, given).status_code == 302
    assert queries.count_whistles_todo(viewer=town.rival) == 1
    assert queries.count_whistles_todo(viewer=town.handler) == 0
    assert "会商任务 1 项" in text(as_(town.rival).get(reverse("whistles:list")))
    task = Task.objects.get()
    handler = as_(town.rival)
    assert "每日巡查一次" in text(handler.get(page_of(whistle)))
    settle = reverse("whistles:task", args=[whistle.pk, task.pk])
    assert handler.post(settle, {"done": "1", "note": "已安排"}).status_code == 302
    assert queries.count_whistles_todo(viewer=town.rival) == 0


def test_the_department_hears_of_its_task(town):
    rival = town.account("rival")
    whistle, _calls = blow(town, desks=("CGJ",))
    give(town, whistle, held(town, whistle), "CGJ")
    entry = Entry.objects.get(fact="MeetingTaskGiven")
    for _twice in range(2):
        jobs.tell_task(**entry.data, entry_id=entry.pk)
    assert list(Notice.objects.values_list("account_id", flat=True)) == [rival.pk]


def test_the_streets_ladder_is_changed_on_its_page(town, as_):
    from haitang.testing import cases as cast

    manager = as_(everywhere(cast.FOUNDER, Permission.MANAGE))
    where = reverse("whistles:street_ladder")
    assert "街道主要领导" in text(manager.get(where))
    rows = {f"{part}_{row}": "" for row in range(5) for part in ("name", "after", "source")}
    whom = {f"whom_{row}": "area|" for row in range(5)}
    given = {**rows, **whom, "name_0": "本人", "name_1": "书记", "after_1": "1小时", "whom_1": "street|secretary"}
    assert manager.post(where, given).status_code == 302
    rules = queries.rules()
    assert [(rung.name, rung.over, rung.posts, rung.permission) for rung in rules.street_ladder] == [
        ("本人", "area", (), ""), ("书记", "street", ("secretary",), ""),
    ]  # fmt: skip
    assert [rung.name for rung in rules.ladder] == ["责任人", "分管领导", "督查"]
