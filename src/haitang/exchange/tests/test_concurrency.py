"""Many at once: the last capacity is sold once."""

import threading

import pytest
from django.db import connection

from haitang.core.errors import Refusal
from haitang.exchange import actions
from haitang.exchange.jobs import CLOCK
from haitang.exchange.models import Agreement, Evaluation, Resource
from haitang.exchange.tests.playing import NEED, SPRING, build_stage, finish
from haitang.exchange.values import AlreadyEvaluated, AlreadyOrdered, NewOrder, NoCapacity, WrongState
from haitang.projects.models import Project
from haitang.testing import cases as cast
from haitang.testing.actors import NOW

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*deeds):
    """Do the deeds at once, each on a connection of its own; return for each its result, or its refusal."""
    found = [None] * len(deeds)
    gate = threading.Barrier(len(deeds))

    def run(place, deed):
        try:
            gate.wait()
            found[place] = deed()
        except Exception as error:
            found[place] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(deeds)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not [each for each in found if isinstance(each, Exception) and not isinstance(each, Refusal)], found
    return found


@pytest.fixture
def stage():
    actions.ship_list_categories()
    return build_stage(cast.build_town(), capacity=3)


def test_the_last_capacity_is_never_sold_twice(stage):
    needs = actions.enter_needs(actor=stage.secretary, news=[NEED] * 6, now=NOW)
    actions.publish_needs(actor=stage.secretary, need_ids=[need.pk for need in needs], now=NOW)
    orders = [NewOrder(stage.resource.pk, need.pk) for need in needs]
    orders += [NewOrder(stage.resource.pk, None, SPRING)] * 2
    found = at_once(
        *(lambda o=o: actions.order_resource(actor=stage.secretary, order=o, now=NOW) for o in orders),
        lambda: actions.order_resources(actor=stage.secretary, orders=list(reversed(orders[:3])), now=NOW),
    )
    stage.resource.refresh_from_db()
    assert stage.resource.taken == Agreement.objects.count() == 3
    assert all(isinstance(each, Agreement | NoCapacity | AlreadyOrdered | list) for each in found)


def test_one_need_and_one_resource_meet_once(stage):
    deeds = [lambda: stage.order() for _ in range(3)]
    order = NewOrder(stage.resource.pk, stage.need.pk)
    deeds.append(lambda: actions.order_resource(actor=stage.unit, order=order, side="unit", now=NOW))
    found = at_once(*deeds)
    assert sum(isinstance(each, Agreement) for each in found) == 1
    assert Resource.objects.get(pk=stage.resource.pk).taken == 1


def test_yes_no_and_too_late_at_once_are_one_of_them(stage):
    row = stage.order()
    say = {"agreement_id": row.pk, "now": NOW}
    found = at_once(
        lambda: actions.confirm_agreement(actor=stage.unit, side="unit", **say),
        lambda: actions.confirm_agreement(actor=stage.unit, side="unit", **say),
        lambda: actions.decline_agreement(actor=stage.unit, side="unit", reason="排满", **say),
        lambda: actions.withdraw_agreement(actor=stage.secretary, side="community", **say),
    )
    row.refresh_from_db()
    assert sum(isinstance(each, WrongState) for each in found) == 3
    kept = row.stage == "confirmed"
    assert Project.objects.count() == int(kept)
    assert Resource.objects.get(pk=stage.resource.pk).taken == int(kept)


def test_a_side_speaks_once(stage):
    row = stage.order()
    actions.confirm_agreement(actor=stage.unit, agreement_id=row.pk, side="unit", now=NOW)
    row.refresh_from_db()
    finish(row.project_id)
    found = at_once(*[lambda: actions.follow_projects(actor=CLOCK, project_ids=[row.project_id], now=NOW)] * 3)
    assert sorted(len(each) for each in found) == [0, 0, 1]
    say = {"agreement_id": row.pk, "side": "unit", "stars": 5, "now": NOW}
    found = at_once(*[lambda: actions.evaluate_agreement(actor=stage.unit, **say)] * 3)
    assert sum(isinstance(each, AlreadyEvaluated) for each in found) == 2
    assert Evaluation.objects.count() == 1
