"""What follows when an area is replaced, however often the news arrives."""

import pytest

from haitang.people import jobs, queries
from haitang.people.models import Grant, Holding
from haitang.territory import actions as territory_actions
from haitang.testing import people as cast
from haitang.testing.actors import NOW
from haitang.testing.desks import build_post, enter
from haitang.testing.people import FOUNDER

pytestmark = pytest.mark.django_db


def test_grants_and_the_grids_worker_follow_an_area_to_its_new_version(areas):
    account, person = cast.build_account(), cast.build_person()
    cast.give(account, "grid_worker", area_id=areas["grid"])
    cast.appoint(person, build_post(enter(), "grid_worker", areas["grid"]))
    new = territory_actions.replace_area(actor=FOUNDER, area_id=areas["grid"], code="320585001001009", now=NOW)
    for _twice in range(2):
        jobs.follow_replaced_area(area_id=areas["grid"], new_area_id=new.pk)
        assert Grant.objects.get().area_id == new.pk
        assert Holding.objects.get().area_id == new.pk
        assert queries.get_actor(account.pk, now=NOW).areas("cases.case.verify") == {new.path}
