"""What is tied to an area follows it; twice is once."""

import pytest

from haitang.core.models import Entry
from haitang.organizations import jobs, models
from haitang.organizations.queries import organizations
from haitang.organizations.values import Kind, NewPost
from haitang.territory import actions as territory_actions
from haitang.territory.queries import territory
from haitang.testing.actors import NOW, TODAY
from haitang.testing.desks import FOUNDER, enter

pytestmark = pytest.mark.django_db


def test_links_and_posts_follow_a_replaced_area(areas):
    community = enter(
        "SQ", Kind.COMMUNITY, areas=(("serves", areas["spring"]),),
        posts=(NewPost("grid_worker", "网格员", areas["grid"]),),
    )  # fmt: skip
    territory_actions.replace_area(
        actor=FOUNDER, area_id=areas["spring"], code="320585001009", effective=TODAY, now=NOW
    )
    replaced = Entry.objects.filter(fact="AreaReplaced").order_by("id")
    for entry in replaced:
        jobs.follow_replaced_area(**entry.data, entry_id=entry.pk)
    chain = territory().by_code("320585001001001").ids
    assert organizations().serving(chain, Kind.COMMUNITY, TODAY).id == community
    assert models.Post.objects.get().area_id == chain[-1]
    before = Entry.objects.count()
    for entry in replaced:
        jobs.follow_replaced_area(**entry.data, entry_id=entry.pk)
    assert Entry.objects.count() == before
    assert models.AreaLink.objects.count() == 2


def test_links_and_posts_end_with_an_area_that_nobody_takes_over(areas):
    enter(
        "SQ", areas=(("serves", areas["third_grid"]),), posts=(NewPost("grid_worker", "网格员", areas["third_grid"]),)
    )
    territory_actions.close_area(actor=FOUNDER, area_id=areas["third_grid"], effective=TODAY, now=NOW)
    entry = Entry.objects.get(fact="AreaEnded")
    jobs.follow_ended_area(**entry.data, entry_id=entry.pk)
    assert models.AreaLink.objects.get().to_date == models.Post.objects.get().to_date == TODAY


def test_who_serves_the_heir_already_serves_it_once(areas):
    enter("SQ", areas=(("serves", areas["third_grid"]), ("serves", areas["grid"])))
    territory_actions.close_area(
        actor=FOUNDER, area_id=areas["third_grid"], effective=TODAY, replaced_by_id=areas["grid"], now=NOW
    )
    entry = Entry.objects.get(fact="AreaEnded")
    jobs.follow_ended_area(**entry.data, entry_id=entry.pk)
    assert models.AreaLink.objects.filter(to_date=None).get().area_id == areas["grid"]
