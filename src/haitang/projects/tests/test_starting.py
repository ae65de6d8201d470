"""Beginning projects: each origin once, whole plans only, by those who may."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from haitang.core.errors import NotAllowed
from haitang.core.models import Entry
from haitang.projects import actions
from haitang.projects.models import Milestone, Project, ProjectUnit, Responsible
from haitang.projects.tests.cast import plan_of, start
from haitang.projects.values import Origin, Partner, Person, PlanInvalid, Step
from haitang.testing.actors import NOW, TODAY
from haitang.testing.people import refused

pytestmark = pytest.mark.django_db


def test_a_project_is_begun_with_all_its_parts(town):
    project = start(town)
    assert (project.number, project.status, project.area_ids[-1]) == (
        f"XM202605-{project.pk:05d}", "planned", town.areas["spring"],
    )  # fmt: skip
    assert project.organization_ids == [town.desks["CHSQ"], town.desks["ZJJ"]]
    units = ProjectUnit.objects.filter(project=project).order_by("id").values_list("role", "duty")
    assert list(units) == [("lead", ""), ("partner", "施工指导")]
    assert Responsible.objects.get().task == "总负责"
    assert Milestone.objects.count() == 2
    entry = Entry.objects.get(fact="ProjectStarted")
    assert (entry.subject_id, entry.data["origin"], entry.actor_name) == (project.pk, "secretary", "王书记")


def test_an_origin_has_one_project_however_often_it_is_begun(town):
    first = start(town)
    second = start(town, title="换个名字")
    assert (second.pk, second.title) == (first.pk, "健康驿站改造")
    other = start(town, origin=Origin.ALLIANCE)
    assert other.pk != first.pk
    assert Entry.objects.filter(fact="ProjectStarted").count() == 2
    assert Milestone.objects.count() == 4


def test_many_are_begun_with_as_many_statements_as_a_few(town):
    def plans(start, count):
        return [plan_of(town, origin=Origin.AGREEMENT, origin_id=str(n)) for n in range(start, start + count)]

    counted = []
    for first, count in ((0, 2), (2, 60)):
        with CaptureQueriesContext(connection) as queries:
            begun = actions.start_projects(actor=town.secretary, plans=plans(first, count), now=NOW)
        counted.append(len(queries))
        assert [row.origin_id for row in begun] == [str(n) for n in range(first, first + count)]
    assert counted[1] <= counted[0]  # the first also reads the snapshots of areas and units
    again = actions.start_projects(actor=town.secretary, plans=plans(0, 62), now=NOW + timedelta(days=1))
    assert len(again) == Project.objects.count() == Entry.objects.filter(fact="ProjectStarted").count() == 62


def test_only_who_leads_there_begins_a_project(town):
    for actor in (town.grid, town.leader, town.outsider, town.resident):
        refused(NotAllowed, actions.start_project, actor=actor, plan=plan_of(town), now=NOW)
    led = plan_of(town, organization_id=town.desks["ZJJ"], partners=())
    assert actions.start_project(actor=town.handler, plan=led, now=NOW).organization_id == town.desks["ZJJ"]
    refused(NotAllowed, actions.start_project, actor=town.rival, plan=replace(led, origin_id="2"), now=NOW)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"title": "  "}, "title"),
        ({"title": "长" * 61}, "title"),
        ({"aim": "空\x00字符"}, "aim"),
        ({"planned_fen": -1}, "planned_fen"),
        ({"people_expected": 0}, "people_expected"),
        ({"until_on": TODAY - timedelta(days=1)}, "until_on"),
        ({"until_on": TODAY.replace(year=9999)}, "until_on"),
        ({"milestones": (Step("", TODAY),)}, "milestones"),
        ({"responsible": (Person(" "),)}, "responsible"),
        ({"partners": (Partner(10**9),)}, "partners"),
        ({"origin": "nowhere"}, "origin"),
        ({"origin_id": ""}, "origin"),
    ],
)
def test_a_plan_that_cannot_stand_is_refused_whole(town, changes, field):
    plans = [plan_of(town, origin_id="good"), plan_of(town, **changes)]
    found = refused(PlanInvalid, actions.start_projects, actor=town.secretary, plans=plans, now=NOW)
    assert field in found.fields
    assert not Project.objects.exists()


def test_a_unit_takes_part_once(town):
    twice = (Partner(town.desks["CHSQ"]),)
    assert (
        "partners"
        in refused(
            PlanInvalid, actions.start_project, actor=town.secretary, plan=plan_of(town, partners=twice), now=NOW
        ).fields
    )
