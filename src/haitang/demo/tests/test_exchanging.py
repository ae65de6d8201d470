"""The three lists of the demo city have the numbers that are told of them."""

import pytest

from haitang.core.access import system
from haitang.demo import exchanging
from haitang.demo.playing import installer
from haitang.exchange import queries
from haitang.exchange.values import Permission
from haitang.organizations.values import Kind
from haitang.projects.models import Project
from haitang.testing import desks
from haitang.testing.actors import NOW

pytestmark = pytest.mark.django_db
NAMES = (
    "实验小学",
    "春和医院",
    "文峰超市",
    "中和律师事务所",
    "四季大酒店",
    "远达科技",
    "宏图精密制造",
    "恒通物流",
    "老年大学",
)


class Place:
    def __init__(self, code: str, parent: str = "") -> None:
        self.code, self.parent = code, parent


class Town:
    root = Place("320585")
    streets = (Place("320585001000"),)
    communities = (Place("320585001001", "320585001000"), Place("320585001002", "320585001000"))


def test_both_rounds_have_their_numbers(town):
    for at in range(285):
        desks.enter(f"ZQ-{at:03d}", Kind.UNIT, name=f"{NAMES[at % len(NAMES)]}{at}")
    exchanging.exchange(Town, now=NOW)
    assert exchanging.is_done()
    viewer, known = installer(Permission.VIEW), queries.rules()
    lists = queries.tally(viewer=viewer, round_id=known.round(exchanging.LISTS).id)
    assert (lists.needs, lists.resources, lists.agreed, lists.projects) == (256, 278, 265, 265)
    assert lists.needs_unmet > 0
    assert lists.resources_unused == 278 - 265
    pioneers = queries.tally(viewer=viewer, round_id=known.round(exchanging.PIONEERS).id)
    assert (pioneers.resources, pioneers.ordered, pioneers.agreed, pioneers.projects) == (489, 342, 270, 0)
    assert Project.objects.count() == 265
    assert queries.count_waiting(viewer=system("无")) == 0
