"""The demo's orders, played in the town of the named cast: every stage is reached, and nothing is played twice."""

from dataclasses import dataclass

import pytest

from haitang.core.errors import NotFound
from haitang.demo import ordering
from haitang.orders.lifecycle import Status
from haitang.orders.models import Order
from haitang.orders.tests.cast import build_branch, elder, member
from haitang.testing.actors import NOW

pytestmark = pytest.mark.django_db
SKILLS = ("repair_appliance", "repair_plumbing", "haircut", "accompany", "phone_help", "law", "tutoring")


@dataclass(frozen=True)
class Home:
    """The first grid of the spring community."""

    code: str = "320585001001001"
    parent: str = "320585001001"


class Players:
    """The office and the resident, without the city's other staff."""

    def __init__(self, actors):
        self._actors = actors

    def actor(self, username):
        if username not in self._actors:
            raise NotFound("nobody")
        return self._actors[username]


def test_orders_stand_at_every_stage(town):
    branch = build_branch(town)
    helpers = [member(town, f"志愿者{n}", SKILLS, branch=branch) for n in range(6)]
    players = Players({"community": town.secretary, "resident": elder(), "volunteer": helpers[0].actor})
    assert not ordering.is_done()
    ordering.order_services(players, home=Home(), seed=1, now=NOW)
    assert ordering.is_done()
    assert set(Order.objects.values_list("status", flat=True)) == set(Status)
    assert Order.objects.count() > 50
