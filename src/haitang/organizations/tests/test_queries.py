"""The registry: the nearest valid organization, days half-open, no query once read."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from haitang.core import policy
from haitang.core.access import VISITOR
from haitang.core.errors import Invalid
from haitang.organizations import actions, queries
from haitang.organizations.queries import OrganizationRef, Place, Registry, organizations
from haitang.organizations.values import Kind, NewPost, OrganizationUnknown
from haitang.testing.actors import NOBODY, NOW, START, TODAY
from haitang.testing.desks import FOUNDER, enter, new

DAY = timedelta(days=1)
days = st.integers(0, 6).map(lambda offset: START + offset * DAY)
periods = st.tuples(days, st.none() | days).filter(lambda pair: pair[1] is None or pair[0] <= pair[1])


def ref(organization_id: int, kind: str = "x", period=(START, None), places=()) -> OrganizationRef:
    code = f"{organization_id:03}"
    return OrganizationRef(organization_id, code, code, "", kind, None, *period, places)


mostly_open = st.just((START, None)) | periods


@given(
    owners=st.lists(st.tuples(st.sampled_from("xxy"), mostly_open), min_size=2, max_size=5),
    links=st.lists(st.tuples(st.integers(0, 4), st.integers(1, 3), mostly_open), min_size=2, max_size=8),
    chain=st.permutations([1, 2, 3]) | st.lists(st.integers(1, 4), max_size=4, unique=True),
    on=days,
)
def test_serving_is_the_nearest_that_exists_and_serves_on_that_day(owners, links, chain, on):
    refs = [ref(number, kind, period) for number, (kind, period) in enumerate(owners)]
    rows = [(owner % len(refs), area, *period) for owner, area, period in links]

    def valid(from_date, to_date):
        return from_date <= on and (to_date is None or on < to_date)

    candidates = [
        (len(chain) - chain.index(area), from_date, owner)
        for owner, area, from_date, to_date in rows
        if area in chain and valid(from_date, to_date)
        and refs[owner].kind == "x" and valid(refs[owner].valid_from, refs[owner].valid_to)
    ]  # fmt: skip
    expected = min(candidates)[2] if candidates else None
    found = Registry(refs, rows, []).serving(tuple(chain), "x", on)
    assert (found and found.id) == expected


def test_the_leaf_comes_before_the_root_and_the_longest_serving_before_the_newcomer():
    city, newcomer, street = (ref(number) for number in (1, 2, 3))
    rows = [(city.id, 10, START, None), (newcomer.id, 20, TODAY, None), (street.id, 20, START, None)]
    registry = Registry([city, newcomer, street], rows, [])
    assert registry.serving((10, 20, 30), "x", TODAY) == street
    assert registry.serving((10, 40), "x", TODAY) == city
    assert registry.serving((40,), "x", TODAY) is None
    assert registry.all_serving((10, 20, 30), "x", TODAY) == (street, newcomer)


@given(parents=st.lists(st.none() | st.integers(0, 30), max_size=30))
def test_the_tree_shows_everyone_once_below_its_parent_and_closes_every_list_it_opens(parents):
    refs = [
        ref(number, places=(Place("grid", parent, START, None),) if parent is not None and parent < number else ())
        for number, parent in enumerate(parents)
    ]
    registry = Registry(refs, [], [])
    branches = registry.tree("grid", TODAY)
    linked = {each.id for each in refs if each.places} | {each.places[0].parent_id for each in refs if each.places}
    assert sorted(branch.organization.id for branch in branches) == sorted(linked)
    above: list[int] = []
    for branch in branches:
        assert branch.depth == len(above)
        assert branch.organization.parent_id("grid", TODAY) == (above[-1] if above else None)
        if branch.has_children:
            above.append(branch.organization.id)
        for _closed in range(branch.closes):
            above.pop()
    assert above == []


@given(parents=st.lists(st.none() | st.integers(0, 30), min_size=1, max_size=30))
def test_below_and_above_are_each_others_mirror(parents):
    refs = [
        ref(number, places=(Place("grid", parent, START, None),) if parent is not None and parent < number else ())
        for number, parent in enumerate(parents)
    ]
    registry = Registry(refs, [], [])
    for one in refs:
        for other_id in registry.below(one.id, "grid", TODAY):
            assert one.id in {each.id for each in registry.above(other_id, "grid", TODAY)}
    assert sum(len(registry.below(each.id, "grid", TODAY)) for each in refs) == sum(
        len(registry.above(each.id, "grid", TODAY)) for each in refs
    )


@pytest.mark.django_db
def test_a_period_holds_from_its_first_day_until_before_its_last():
    parent, child = enter("A"), enter("B")
    end = date(2026, 6, 1)
    for parent_id, from_date in [(parent, TODAY), (None, end)]:
        actions.set_parent(
            actor=FOUNDER, organization_id=child, hierarchy="party", parent_id=parent_id, from_date=from_date, now=NOW
        )
    found = [organizations().below(parent, "party", day) for day in (TODAY - DAY, TODAY, end - DAY, end)]
    assert found == [frozenset(), {child}, {child}, frozenset()]


@pytest.mark.django_db
def test_the_registry_is_read_once_and_again_after_a_change(django_assert_num_queries):
    enter("A")
    organizations()
    with django_assert_num_queries(1), policy.reading():
        for _again in range(100):
            assert organizations().by_code("A")
    with policy.reading():
        organizations()
        enter("B")
        assert organizations().by_code("B")


@pytest.fixture
def many(areas):
    places = [areas["spring"], areas["autumn"]]
    actions.create_organizations(
        actor=FOUNDER, now=NOW,
        news=[
            new("JD", Kind.STREET_OFFICE, name="海棠街道办事处", areas=(("serves", areas["street"]),)),
            *(
                new(
                    f"DW{number:03}", Kind.UNIT, areas=(("located", places[number % 2]),),
                    parents={"administrative": "JD"}, posts=(NewPost("secretary", "书记"),),
                )
                for number in range(45)
            ),
        ],
    )  # fmt: skip
    return areas


def listed(**wanted) -> list[str]:
    page = queries.list_organizations(**{"viewer": NOBODY, "on": TODAY, **wanted})
    return [row.organization.code for row in page.rows]


def test_a_list_is_paged_by_code_forth_and_back(many):
    codes = [f"DW{number:03}" for number in range(45)] + ["JD"]
    first = queries.list_organizations(viewer=NOBODY, on=TODAY, limit=20)
    second = queries.list_organizations(viewer=NOBODY, on=TODAY, limit=20, cursor=first.next)
    third = queries.list_organizations(viewer=NOBODY, on=TODAY, limit=20, cursor=second.next)
    assert [row.organization.code for page in (first, second, third) for row in page.rows] == codes
    assert (first.total, first.previous, third.next) == (46, "", "")
    back = queries.list_organizations(viewer=NOBODY, on=TODAY, limit=20, cursor=third.previous)
    assert [row.organization.code for row in back.rows] == codes[20:40]
    first_again = queries.list_organizations(viewer=NOBODY, on=TODAY, limit=20, cursor=back.previous)
    assert [row.organization.code for row in first_again.rows] == codes[:20]
    assert first_again.previous == ""
    with pytest.raises(Invalid):
        listed(cursor="nonsense")


def test_a_list_is_narrowed(many):
    assert listed(kind=Kind.STREET_OFFICE) == ["JD"]
    assert listed(q="办事处") == listed(q="jd") == ["JD"]
    assert listed(q="100%") == listed(q="_") == []
    assert len(listed(area_id=many["spring"])) == 23
    assert len(listed(area_id=many["street"])) == 46
    assert listed(area_id=many["grid"]) == []
    assert listed(on=START - DAY) == []


def test_a_visitor_sees_no_list_and_no_page(many):
    assert listed(viewer=VISITOR) == []
    with pytest.raises(OrganizationUnknown):
        queries.get_organization_page(viewer=VISITOR, key="JD", on=TODAY)


@pytest.mark.parametrize("limit", [1, 20])
def test_a_list_costs_the_same_for_one_row_and_twenty(many, limit, django_assert_num_queries):
    organizations()
    with django_assert_num_queries(4):
        assert len(listed(limit=limit)) == limit


def test_a_page_shows_all_that_hangs_on_it(many, django_assert_num_queries):
    with django_assert_num_queries(7):
        page = queries.get_organization_page(viewer=NOBODY, key="JD", on=TODAY)
    assert len(page.children) == 45
    assert [link.area.name for link in page.areas] == ["海棠街道"]
