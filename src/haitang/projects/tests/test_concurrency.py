"""Two at once: an origin has one project, whoever is faster."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from haitang.core.models import Entry
from haitang.projects import actions
from haitang.projects.models import Evaluation, Milestone, Project
from haitang.projects.tests.cast import plan_of
from haitang.projects.tests.test_life import accepted, by
from haitang.projects.values import Origin, WrongCode
from haitang.testing import people
from haitang.testing.actors import NOBODY, NOW

pytestmark = pytest.mark.django_db(transaction=True)
AT_ONCE = 8


def together(task, count=AT_ONCE):
    """Run the task on so many connections at the same moment; return what each returned or raised."""
    gate = Barrier(count)

    def run(number):
        gate.wait()
        try:
            return task(number)
        except Exception as error:
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(run, range(count)))


def test_the_same_origins_begun_at_once_in_any_order_have_one_project_each():
    town = people.build_town()

    def begin(number):
        ids = [str(n) for n in range(5)]
        plans = [plan_of(town, origin=Origin.VOTE, origin_id=each) for each in (ids if number % 2 else reversed(ids))]
        return {row.origin_id: row.pk for row in actions.start_projects(actor=town.secretary, plans=plans, now=NOW)}

    found = together(begin)
    assert all(each == found[0] for each in found), found
    assert Project.objects.count() == Entry.objects.filter(fact="ProjectStarted").count() == 5
    assert Milestone.objects.count() == 10


def test_a_code_used_by_many_at_once_judges_once():
    town = people.build_town()
    project = accepted(town)
    (code,) = actions.issue_codes(**by(town.secretary, project, count=1))

    def judge(number):
        return actions.evaluate_project(actor=NOBODY, code=code, score=5, party=f"10.0.0.{number}", now=NOW)

    found = together(judge)
    assert sum(isinstance(each, Project) for each in found) == 1
    assert all(isinstance(each, (Project, WrongCode)) for each in found), found
    project.refresh_from_db()
    assert (project.evaluations, project.score_sum, Evaluation.objects.count()) == (1, 5, 1)
