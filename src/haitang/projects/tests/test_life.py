"""The life of a project: by whom it is moved on, what is told of it, and that the story fits together."""

from datetime import timedelta
from io import BytesIO

import pytest
from PIL import Image

from haitang.core.errors import Conflict, NotAllowed
from haitang.core.models import Entry
from haitang.people.models import Notice
from haitang.projects import actions, jobs, queries
from haitang.projects.models import Acceptance, Milestone, ProgressPhoto
from haitang.projects.queries import ProjectFilter
from haitang.projects.tests.cast import role, start, street_leader
from haitang.projects.values import (
    AlreadyReached,
    MilestoneNotFound,
    NewPlan,
    Partner,
    Person,
    PlanInvalid,
    ProjectNotFound,
    WrongProjectState,
)
from haitang.testing import people
from haitang.testing.actors import NOW, TODAY
from haitang.testing.people import refused

pytestmark = pytest.mark.django_db


def by(actor, project, **more):
    return {"actor": actor, "project_id": project.pk, "now": NOW, **more}


def delivered(town, **changes):
    project = start(town, **changes)
    actions.launch_project(**by(town.secretary, project))
    return actions.deliver_project(**by(town.secretary, project, words="已安装完毕"))


def accepted(town, **changes):
    project = delivered(town, **changes)
    return actions.accept_project(**by(street_leader(town), project, passed=True, words="符合方案"))


def test_a_project_goes_its_way_and_is_done_over_once(town):
    project, leader = delivered(town), street_leader(town)
    refused(NotAllowed, actions.accept_project, **by(town.secretary, project, passed=True, words="好"))
    refused(PlanInvalid, actions.accept_project, **by(leader, project, passed=False, words=" "))
    project = actions.accept_project(**by(leader, project, passed=False, words="扶手松动"))
    assert (project.status, project.reworks, project.accepted_on) == ("under_way", 1, None)
    actions.deliver_project(**by(town.secretary, project, words="已加固"))
    project = actions.accept_project(**by(leader, project, passed=True, words="合格"))
    assert (project.status, project.accepted_on) == ("accepted", TODAY)
    refused(WrongProjectState, actions.give_up_project, **by(leader, project, words="算了"))
    assert actions.archive_project(**by(leader, project)).archived_on == TODAY
    assert [row.passed for row in Acceptance.objects.order_by("id")] == [False, True]
    page = queries.get_project_page(viewer=leader, project_id=project.pk, today=TODAY)
    assert [entry.fact for entry in page.entries] == [
        "ProjectStarted", "ProjectLaunched", "ProjectDelivered", "ProjectReturned", "ProjectDelivered",
        "ProjectAccepted", "ProjectArchived",
    ]  # fmt: skip
    assert page.deeds == []


def test_whoever_asked_for_acceptance_does_not_accept(town):
    both = street_leader(town)
    project = start(town)
    actions.launch_project(**by(both, project))
    actions.deliver_project(**by(both, project, words="完成"))
    refused(NotAllowed, actions.accept_project, **by(both, project, passed=True, words="好"))


def test_the_plan_is_written_anew_while_the_project_is_open(town):
    project = start(town)
    plan = NewPlan("健康驿站改造二期", planned_fen=3_000_000, until_on=TODAY + timedelta(days=90), from_on=TODAY)
    actions.change_plan(**by(town.secretary, project, plan=plan))
    entry = Entry.objects.get(fact="PlanChanged")
    assert {"title", "planned_fen", "until_on"} <= set(entry.data["fields"])
    refused(PlanInvalid, actions.change_plan, **by(town.secretary, project, plan=NewPlan(" ")))
    refused(NotAllowed, actions.change_plan, **by(town.handler, project, plan=plan))
    refused(ProjectNotFound, actions.change_plan, **by(town.rival, project, plan=plan))
    parties = {"partners": (Partner(town.desks["CGJ"], "清运"),), "responsible": (Person("李建国"),)}
    actions.change_parties(**by(town.secretary, project, **parties))
    assert queries.get_project(viewer=town.rival, project_id=project.pk).organization_ids[1:] == [town.desks["CGJ"]]
    refused(ProjectNotFound, queries.get_project, viewer=town.handler, project_id=project.pk)
    actions.give_up_project(**by(street_leader(town), project, words="经费未落实"))
    refused(WrongProjectState, actions.change_plan, **by(town.secretary, project, plan=plan))


def test_milestones_are_set_reached_and_dropped(town):
    project = start(town)
    first, second = Milestone.objects.order_by("id")
    actions.reach_milestone(**by(town.handler, project, milestone_id=first.pk, words="已公示七天"))
    refused(AlreadyReached, actions.drop_milestone, **by(town.secretary, project, milestone_id=first.pk))
    tomorrow = TODAY + timedelta(days=1)
    late = by(town.secretary, project, milestone_id=second.pk, done_on=tomorrow)
    assert "done_on" in refused(PlanInvalid, actions.reach_milestone, **late).fields
    actions.drop_milestone(**by(town.secretary, project, milestone_id=second.pk))
    refused(MilestoneNotFound, actions.reach_milestone, **by(town.secretary, project, milestone_id=second.pk))
    third = actions.set_milestone(**by(town.secretary, project, title="试用", due_on=tomorrow))
    actions.set_milestone(**by(town.secretary, project, milestone_id=third.pk, title="试用一周", due_on=tomorrow))
    view = queries.describe_projects([project], TODAY + timedelta(days=2))[0]
    assert (view.milestones, view.done, view.late) == (2, 1, 1)


def test_a_late_milestone_is_told_of_once_to_those_responsible(town):
    account = people.build_account("王书记")
    project = start(town, responsible=(Person("王书记", account.pk),))
    assert actions.tell_overdue_milestones(actor=jobs.CLOCK, now=NOW) == 0
    later = NOW + timedelta(days=11)
    assert actions.tell_overdue_milestones(actor=jobs.CLOCK, now=later) == 1
    assert actions.tell_overdue_milestones(actor=jobs.CLOCK, now=later) == 0
    entry = Entry.objects.get(fact="MilestoneOverdue")
    for _twice in range(2):
        jobs.tell_overdue(project_id=project.pk, entry_id=entry.pk)
    assert Notice.objects.filter(account=account).count() == 1
    found = queries.list_projects(
        viewer=town.secretary, wanted=ProjectFilter(late=True), today=TODAY + timedelta(days=11)
    )
    assert [row.pk for row in found.rows] == [project.pk]


def test_progress_is_told_with_photos_where_wanted(town):
    project = start(town)
    refused(WrongProjectState, actions.tell_progress, **by(town.secretary, project, words="开工"))
    actions.launch_project(**by(town.secretary, project))
    told = actions.tell_progress(**by(town.handler, project, words="已现场勘察"))
    refused(ProjectNotFound, actions.tell_progress, **by(town.rival, project, words="路过"))
    out = BytesIO()
    Image.new("RGB", (64, 48), "green").save(out, "JPEG")
    photo = by(town.handler, project, progress_id=told.pk, data=out.getvalue())
    for _twice in range(2):
        actions.add_progress_photo(**photo)
    assert ProgressPhoto.objects.count() == 1
    for n in range(8):
        ProgressPhoto.objects.create(progress=told, digest=f"{n}" * 64, size=1)
    out = BytesIO()
    Image.new("RGB", (64, 48), "red").save(out, "JPEG")
    refused(Conflict, actions.add_progress_photo, **photo | {"data": out.getvalue()})


def test_each_sees_the_projects_of_their_area_and_of_their_unit(town):
    project = start(town)
    for viewer, sees in (
        (town.secretary, True), (town.leader, True), (town.handler, True), (town.rival, False), (town.grid, False),
        (town.outsider, False),
    ):  # fmt: skip
        page = queries.list_projects(viewer=viewer, wanted=ProjectFilter(), today=TODAY)
        assert bool(page.rows) is sees, viewer.name
        if not sees:
            refused(ProjectNotFound, queries.get_project, viewer=viewer, project_id=project.pk)


def test_lists_narrow_and_count(town):
    start(town)
    other = start(town, origin="vote", title="口袋公园", kind="环境整治", partners=())
    actions.launch_project(**by(town.secretary, other))

    def found(**wanted):
        page = queries.list_projects(viewer=town.leader, wanted=ProjectFilter(**wanted), today=TODAY)
        return {row.title for row in page.rows}

    assert found(status="open") == {"健康驿站改造", "口袋公园"}
    assert found(status="under_way") == found(origin="vote") == found(kind="环境整治") == {"口袋公园"}
    assert found(text="口袋") == found(text=other.number) == {"口袋公园"}
    assert found(organization_id=town.desks["ZJJ"]) == {"健康驿站改造"}
    assert found(area_path="/999999/") == set()
    counted = queries.count_by_status(viewer=town.leader, wanted=ProjectFilter(status="under_way"), today=TODAY)
    assert (counted["planned"], counted["under_way"], counted["archived"]) == (1, 1, 0)


def test_what_lies_in_an_area_follows_it(town):
    project = start(town)
    for moved in (1, 0):
        fields = {"area_id": town.areas["spring"], "new_area_id": town.areas["autumn"]}
        assert actions.move_projects(actor=jobs.CLOCK, now=NOW, **fields) == moved
    project.refresh_from_db()
    assert project.area_ids[-1] == town.areas["autumn"]


def test_packages_hold_open_projects_once(town):
    first, second = start(town), start(town, origin_id="form-2", title="楼道亮化", partners=())
    make = {
        "actor": town.secretary, "title": "春和暖心项目包", "kind": "joint", "area_id": town.areas["spring"],
        "organization_ids": [town.desks["CHSQ"], town.desks["ZJJ"]], "now": NOW,
    }  # fmt: skip
    package = actions.make_package(**make, project_ids=[first.pk, second.pk])
    refused(Conflict, actions.make_package, **make, project_ids=[first.pk])
    page = queries.get_package_page(viewer=town.handler, package_id=package.pk, today=TODAY)
    assert (page.view.projects, page.view.planned_fen, page.may_change) == (2, 4_000_000, False)
    actions.unpack_project(actor=town.secretary, package_id=package.pk, project_id=second.pk, now=NOW)
    assert queries.get_package_page(viewer=town.secretary, package_id=package.pk, today=TODAY).view.projects == 1
    refused(PlanInvalid, actions.make_package, **make | {"organization_ids": []})
    outside = role("community_secretary", "外区书记", 77, area_path=f"/{town.areas['autumn']}/")
    refused(NotAllowed, actions.make_package, **make | {"actor": outside})
