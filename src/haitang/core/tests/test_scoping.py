"""The condition by which areas see rows: it stays what it is beside other conditions."""

import pytest
from django.db.models import Q

from haitang.core.scoping import around, below, path_of
from haitang.territory.models import Area

OTHER = Q(code="none")


@pytest.mark.parametrize(("paths", "seen"), [([], False), (["/"], True), (["/", "/1/2/"], True), (["/1/2/"], None)])
def test_a_condition_goes_on_holding_beside_others(paths, seen):
    condition = below(paths, "path")
    assert path_of([int(part) for part in "/1/2/".strip("/").split("/")]) == "/1/2/"
    if seen is None:
        assert condition == Q(pk__in=[]) | Q(path__1=2)
        return
    rows = Area.objects.all()
    everything, nothing = str(rows.values("pk").query), "EmptyResultSet"
    assert _sql(rows.filter(condition | Q(pk__in=[]))) == (everything if seen else nothing)
    assert _sql(rows.filter(condition & ~Q(pk__in=[]))) == (everything if seen else nothing)
    assert ("none" in _sql(rows.filter(condition | OTHER))) is not seen


def test_around_is_below_and_the_chain_above():
    condition = around(["/1/2/3/"], "path")
    assert condition == Q(pk__in=[]) | Q(path__2=3) | Q(path=[1]) | Q(path=[1, 2])
    assert around(["/"], "path") == below(["/"], "path")
    assert around([], "path") == Q(pk__in=[])


def _sql(rows):
    try:
        return str(rows.values("pk").query)
    except Exception as error:
        return type(error).__name__
