"""Many projects moved on at once, all or none."""

from dataclasses import replace

import pytest

from haitang.core.errors import NotAllowed
from haitang.core.models import Entry
from haitang.projects import actions
from haitang.projects.models import Acceptance, Milestone, Project
from haitang.projects.tests.cast import plan_of, street_leader
from haitang.projects.values import AlreadyReached, PlanInvalid, ProjectNotFound, WrongProjectState
from haitang.testing.actors import NOBODY, NOW, TODAY
from haitang.testing.people import refused

pytestmark = pytest.mark.django_db
COUNT = 5


@pytest.fixture
def many(town) -> list[int]:
    """Projects just begun."""
    plans = [replace(plan_of(town), origin_id=f"form-{n}") for n in range(COUNT)]
    return [row.pk for row in actions.start_projects(actor=town.secretary, plans=plans, now=NOW)]


def test_many_are_led_through_their_life_with_a_few_statements(town, many, django_assert_max_num_queries):
    own = {"actor": town.secretary, "now": NOW}
    with django_assert_max_num_queries(8):
        actions.launch_projects(project_ids=many, words="按计划开工", **own)
    with django_assert_max_num_queries(9):
        told = actions.tell_progresses(told={each: f"第 {each} 个进展顺利" for each in many}, **own)
    assert [row.words for row in told] == [f"第 {each} 个进展顺利" for each in sorted(many)]
    first = Milestone.objects.filter(title="方案公示")
    reached = actions.reach_milestones(milestone_ids=[row.pk for row in first], words="已公示", **own)
    assert {(row.done_on, row.words) for row in reached} == {(TODAY, "已公示")}
    actions.publish_projects(project_ids=many, **own)
    actions.publish_projects(project_ids=many, **own)
    assert Project.objects.published().count() == COUNT
    with django_assert_max_num_queries(8):
        actions.deliver_projects(project_ids=many, words="全部完成", **own)
    leader = street_leader(town)
    returned = actions.accept_projects(actor=leader, project_ids=many[:2], passed=False, words="扶手松动", now=NOW)
    assert [(row.status, row.reworks) for row in returned] == [("under_way", 1)] * 2
    with django_assert_max_num_queries(9):
        actions.accept_projects(actor=leader, project_ids=many[2:], passed=True, words="合格", now=NOW)
    assert Project.objects.filter(status="accepted", accepted_on=TODAY).count() == COUNT - 2
    assert Acceptance.objects.count() == COUNT
    for fact, count in (("ProjectLaunched", COUNT), ("MilestoneReached", COUNT), ("ProjectReturned", 2)):
        assert Entry.objects.filter(subject_type="project", fact=fact).count() == count


def test_all_or_none(town, many):
    own = {"actor": town.secretary, "now": NOW}
    actions.launch_project(project_id=many[0], **own)
    refused(WrongProjectState, actions.launch_projects, project_ids=many, **own)
    refused(ProjectNotFound, actions.launch_projects, project_ids=[*many[1:], 0], **own)
    refused(ProjectNotFound, actions.launch_projects, actor=NOBODY, project_ids=many[1:], now=NOW)
    refused(NotAllowed, actions.accept_projects, project_ids=many, passed=True, words="好", **own)
    refused(WrongProjectState, actions.tell_progresses, told=dict.fromkeys(many, "顺利"), **own)
    refused(PlanInvalid, actions.tell_progresses, told={many[0]: " "}, **own)
    assert Project.objects.filter(status="under_way").count() == 1
    ids = [row.pk for row in Milestone.objects.filter(title="方案公示")]
    actions.reach_milestone(project_id=many[0], milestone_id=min(ids), **own)
    refused(AlreadyReached, actions.reach_milestones, milestone_ids=ids, **own)
    assert Milestone.objects.filter(done_on__isnull=False).count() == 1
