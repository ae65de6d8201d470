"""A statement put together once gives what the mapper would."""

import pytest
from django.db.models import Model

from haitang.cases.models import Case
from haitang.core.rows import Joined, Statement
from haitang.territory.models import Area
from haitang.testing.cases import report

pytestmark = pytest.mark.django_db


def plain(row: Model) -> dict[str, object]:
    return {name: value for name, value in vars(row).items() if not name.startswith("_")}


def test_rows_are_those_of_the_mapper(town):
    case = report(town.resident)
    read = Statement(Case, "WHERE id = %s", without=("search",)).first(case.pk)
    assert plain(read) == plain(Case.objects.defer("search").get(pk=case.pk))
    assert read.search  # what was left out is read when asked for


def test_no_row_is_none():
    assert Statement(Case, "WHERE id = %s").first(0) is None


def test_two_models_at_once_are_those_of_the_mapper(town):
    case = report(town.resident)
    joined = Joined(Case, Area, "JOIN territory_area ON territory_area.id = area_id WHERE cases_case.id = %s")
    ((read, area),) = joined.all(case.pk)
    assert plain(read) == plain(Case.objects.get(pk=case.pk))
    assert plain(area) == plain(Area.objects.get(pk=case.area_id))
    assert joined.all(0) == []
