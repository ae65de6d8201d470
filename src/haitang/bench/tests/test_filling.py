"""The made-up year is one that an office could have: the counters are those of its cases."""

from datetime import timedelta

import pytest

from haitang.bench import city, filling
from haitang.cases.models import Case
from haitang.cases.queries import count_cases
from haitang.cases.queries.counting import By
from haitang.cases.values import Permission
from haitang.core.clock import local_date
from haitang.territory.queries import territory
from haitang.testing.actors import NOW

CASES = 400
VIEWER = city.actor(Permission.VIEW, Permission.VIEW_CONFIDENTIAL)


@pytest.mark.django_db(transaction=True)
def test_counters_of_the_made_up_year_are_those_of_its_cases():
    filling.fill(city=city.build(NOW).city, count=CASES, now=NOW, say=lambda what: None)
    assert Case.objects.count() == CASES
    today = local_date(NOW)
    spans = [(today - timedelta(days=370), today + timedelta(days=1)), (today - timedelta(days=100), today)]
    some = Case.objects.order_by("id").last()
    days = [(local_date(at), ids) for at, ids in Case.objects.values_list("reported_at", "area_ids")]
    for area in territory().chain(some.area_id):
        for first, end in spans:
            expected = sum(first <= day < end and area.id in ids for day, ids in days)
            for by in By:
                table = count_cases(viewer=VIEWER, area=area, by=by, from_date=first, to_date=end)
                assert sum(row.reported for row in table.rows) == table.total.reported == expected, (area.kind, by)
