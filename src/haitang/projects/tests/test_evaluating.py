"""Judgements by those served, and what everybody may read."""

import pytest
from django.db import connection

from haitang.core.errors import NotAllowed, TooMany
from haitang.core.models import Entry
from haitang.projects import actions, queries
from haitang.projects.models import Evaluation, EvaluationCode
from haitang.projects.tests.cast import start, street_leader
from haitang.projects.tests.test_life import accepted, by, delivered
from haitang.projects.values import PlanInvalid, ProjectNotFound, WrongCode, WrongProjectState
from haitang.testing.actors import NOBODY, NOW, TODAY
from haitang.testing.people import refused

pytestmark = pytest.mark.django_db
HERE = {"actor": NOBODY, "party": "1.2.3.4", "now": NOW}


def test_each_code_judges_once_and_nobody_knows_who_it_was(town):
    project = accepted(town)
    codes = actions.issue_codes(**by(town.secretary, project, count=3))
    assert len(set(codes)) == 3
    actions.evaluate_project(**HERE, code=codes[0].lower(), score=5, words="方便多了")
    refused(WrongCode, actions.evaluate_project, **HERE, code=codes[0], score=1)
    project = actions.evaluate_project(**HERE, code=codes[1], score=2)
    assert (project.evaluations, project.score_sum) == (2, 7)
    entry = Entry.objects.filter(fact="ProjectEvaluated").first()
    assert (entry.actor_id, entry.actor_name) == (None, "来访者")
    used = EvaluationCode.objects.get(code=codes[0])
    assert (used.used_on, Evaluation.objects.count()) == (TODAY, 2)
    with connection.cursor() as cursor:
        cursor.execute("SELECT column_name FROM information_schema.columns WHERE table_name = 'projects_evaluation'")
        assert {row[0] for row in cursor} == {"id", "project_id", "score", "words", "on"}
    assert queries.list_unused_codes(viewer=town.secretary, project_id=project.pk)[1] == [codes[2]]


def test_codes_are_given_out_between_delivery_and_archive(town):
    early = start(town, origin_id="early")
    refused(WrongProjectState, actions.issue_codes, **by(town.secretary, early, count=1))
    project = delivered(town)
    refused(NotAllowed, actions.issue_codes, **by(town.handler, project, count=1))
    for count in (0, 501):
        refused(PlanInvalid, actions.issue_codes, **by(town.secretary, project, count=count))
    (code,) = actions.issue_codes(**by(town.secretary, project, count=1))
    refused(PlanInvalid, actions.evaluate_project, **HERE, code=code, score=6)
    leader = street_leader(town)
    actions.accept_project(**by(leader, project, passed=True, words="合格"))
    actions.archive_project(**by(leader, project))
    refused(WrongCode, actions.evaluate_project, **HERE, code=code, score=5)


def test_guessing_is_limited_by_address(town):
    limit = queries.rules()["evaluation_attempts_per_hour"]
    for _guess in range(limit):
        refused(WrongCode, actions.find_project_by_code, **HERE, code="WRONGONE")
    refused(TooMany, actions.find_project_by_code, **HERE, code="WRONGONE")
    project = accepted(town)
    (code,) = actions.issue_codes(**by(town.secretary, project, count=1))
    actions.find_project_by_code(**{**HERE, "party": "5.6.7.8"}, code=code)


def test_everybody_reads_of_what_is_published_and_of_nothing_else(town):
    project = accepted(town)
    refused(ProjectNotFound, queries.get_public_project, project_id=project.pk, today=TODAY)
    refused(NotAllowed, actions.publish_project, **by(town.handler, project, summary="好"))
    actions.publish_project(**by(town.secretary, project, summary="候诊老人有座可坐"))
    actions.tell_progress(**by(town.secretary, project, words="内部：余款未付", is_public=False))
    actions.tell_progress(**by(town.secretary, project, words="座椅已启用"))
    page = queries.get_public_project(project_id=project.pk, today=TODAY)
    assert [told.words for told in page.progress] == ["座椅已启用"]
    assert page.accepted.organization_name == ""
    assert [row.pk for row in queries.list_public_projects().rows] == [project.pk]
    assert [(area.id, n) for area, n in queries.list_public_areas()] == [(town.areas["street"], 1)]
    actions.end_publication(**by(town.secretary, project))
    assert not queries.list_public_projects().rows
    refused(WrongProjectState, actions.end_publication, **by(town.secretary, project))
