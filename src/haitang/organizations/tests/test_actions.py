"""Writing organizations: each refusal changes one thing in a happy write and leaves nothing recorded."""

from datetime import date, timedelta

import pytest

from haitang.core.access import VISITOR
from haitang.core.errors import NotAllowed, NotFound, NotSignedIn
from haitang.core.models import Entry
from haitang.organizations import actions, models
from haitang.organizations.queries import organizations
from haitang.organizations.values import (
    CodeTaken,
    CreditCodeTaken,
    CycleRefused,
    Kind,
    LinkOverlaps,
    LinkUnknown,
    NewPost,
    OrganizationClosed,
    OrganizationInvalid,
    OrganizationUnknown,
    PostIsClosed,
    PostUnknown,
    StillHasChildren,
)
from haitang.testing.actors import NOBODY, NOW, START, TODAY
from haitang.testing.desks import FOUNDER, enter, manager, new

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
CREDIT_CODE = "91350100M000100Y43"


def facts() -> list[str]:
    return [each.fact for each in Entry.objects.filter(subject_type="organization").order_by("id")]


def place(child: int, parent: int | None, *, hierarchy="party", from_date=TODAY, actor=FOUNDER) -> None:
    actions.set_parent(
        actor=actor, organization_id=child, hierarchy=hierarchy, parent_id=parent, from_date=from_date, now=NOW
    )


def periods(child: int) -> list[tuple]:
    rows = models.Subordination.objects.filter(child_id=child).order_by("from_date", "id")
    return list(rows.values_list("parent_id", "from_date", "to_date"))


def test_one_is_entered_with_its_place_areas_links_and_posts(areas):
    street = enter("JD", Kind.STREET_OFFICE, areas=(("serves", areas["street"]),))
    unit = enter("DW", Kind.UNIT)
    community = actions.create_organization(
        actor=FOUNDER,
        new=new(
            "SQ", Kind.COMMUNITY, credit_code=CREDIT_CODE, parents={"administrative": "JD"},
            areas=(("serves", areas["spring"]),), links=(("pairs", "DW"),),
            posts=(NewPost("secretary", "书记"), NewPost("grid_worker", "网格员", areas["grid"])),
        ),
        now=NOW,
    )  # fmt: skip
    found = organizations().by_code("SQ")
    assert (found.id, found.parent_id("administrative", TODAY)) == (community.pk, street)
    assert [post.title for post in organizations().posts(community.pk)] == ["书记", "网格员"]
    link = models.OrganizationLink.objects.get()
    assert (link.one_id, link.other_id, link.relation) == (unit, community.pk, "pairs")
    assert facts() == ["OrganizationCreated"] * 3


@pytest.mark.parametrize(
    ("one_change", "refusal"),
    [
        ({"code": "有空格 的"}, OrganizationInvalid),
        ({"code": ""}, OrganizationInvalid),
        ({"name": "  "}, OrganizationInvalid),
        ({"name": "名\x00"}, OrganizationInvalid),
        ({"name": "长" * 101}, OrganizationInvalid),
        ({"kind": "circus"}, OrganizationInvalid),
        ({"credit_code": "91350100M000100Y44"}, OrganizationInvalid),
        ({"phone": "打给我"}, OrganizationInvalid),
        ({"parents": {"family": "JD"}}, OrganizationInvalid),
        ({"posts": (NewPost("grid_worker", "网格员"),)}, OrganizationInvalid),
        ({"posts": (NewPost("clown", "小丑"),)}, OrganizationInvalid),
        ({"code": "JD"}, CodeTaken),
        ({"parents": {"party": "NONE"}}, OrganizationUnknown),
        ({"parents": {"party": "SQ"}}, CycleRefused),
        ({"areas": (("serves", 0),)}, NotFound),
        ({"valid_from": START - DAY, "parents": {"party": "JD"}}, OrganizationClosed),
    ],
)
def test_entering_is_refused(one_change, refusal):
    enter("JD")
    with pytest.raises(refusal):
        actions.create_organization(actor=FOUNDER, new=new(**{"code": "SQ", **one_change}), now=NOW)
    assert facts() == ["OrganizationCreated"]
    assert not models.Organization.objects.filter(code="SQ").exists()


def test_a_credit_code_is_held_by_one_organization_only():
    enter("A", credit_code=CREDIT_CODE)
    with pytest.raises(CreditCodeTaken):
        enter("B", credit_code=CREDIT_CODE)


def test_a_batch_names_the_faulty_rows_and_enters_none():
    with pytest.raises(OrganizationInvalid) as refused:
        actions.create_organizations(actor=FOUNDER, news=[new("A"), new("B", "circus"), new("A")], now=NOW)
    assert list(refused.value.fields) == ["2", "3"]
    assert not models.Organization.objects.exists()
    assert not facts()


def test_a_batch_may_name_its_own_members_as_parents():
    ids = actions.create_organizations(
        actor=FOUNDER, news=[new("B", parents={"party": "A", "grid": "A"}), new("A")], now=NOW
    )
    assert organizations().below(ids["A"], "grid", TODAY) == {ids["B"]}


def test_a_batch_with_a_cycle_is_refused():
    with pytest.raises(CycleRefused):
        actions.create_organizations(
            actor=FOUNDER, news=[new("A", parents={"party": "B"}), new("B", parents={"party": "A"})], now=NOW
        )


def test_who_may_enter_one(areas):
    in_street = new("SQ", areas=(("serves", areas["spring"]),))
    nowhere = new("XX")
    actions.create_organization(actor=manager(areas["street"]), new=in_street, now=NOW)
    for actor, wanted, refusal in [
        (manager(areas["street"]), nowhere, NotAllowed),
        (manager(areas["autumn"]), in_street, NotAllowed),
        (NOBODY, in_street, NotAllowed),
        (VISITOR, in_street, NotSignedIn),
    ]:
        with pytest.raises(refusal):
            actions.create_organization(actor=actor, new=wanted, now=NOW)


def test_a_parent_may_be_set_only_by_who_manages_both(areas):
    street = enter("JD", areas=(("serves", areas["street"]),))
    community = enter("SQ", areas=(("serves", areas["spring"]),))
    with pytest.raises(NotAllowed):
        place(community, street, actor=manager(areas["spring"]))
    place(community, street, actor=manager(areas["street"]))
    place(community, None, actor=manager(organization_ids=(community,)))


def test_changing_records_what_was_and_what_is():
    organization_id = enter("A", phone="0512-1")
    kept = {"kind": Kind.OTHER, "credit_code": "", "calendar_id": None}
    for _twice in range(2):
        actions.change_organization(
            actor=FOUNDER,
            organization_id=organization_id,
            name="新名",
            short_name="新",
            phone="0512-1",
            now=NOW,
            **kept,
        )
    assert organizations().by_code("A").label == "新"
    entry = Entry.objects.filter(subject_type="organization").order_by("id").last()
    assert entry.data == {
        "organization_id": organization_id, "fields": ["name", "short_name"],
        "before": ["A单位", ""], "after": ["新名", "新"],
    }  # fmt: skip
    assert facts() == ["OrganizationCreated", "OrganizationChanged"]


def test_a_new_parent_ends_the_old_one_on_its_first_day():
    child, one, two = enter("C"), enter("A"), enter("B")
    place(child, one, from_date=START)
    place(child, two, from_date=TODAY)
    assert periods(child) == [(one, START, TODAY), (two, TODAY, None)]
    registry = organizations()
    assert registry.below(one, "party", TODAY - DAY) == {child}
    assert registry.below(one, "party", TODAY) == frozenset()
    assert registry.below(two, "party", TODAY) == {child}


def test_a_parent_entered_before_a_later_one_lasts_until_that_one_begins():
    child, one, two = enter("C"), enter("A"), enter("B")
    place(child, two, from_date=TODAY)
    place(child, one, from_date=START)
    assert periods(child) == [(one, START, TODAY), (two, TODAY, None)]


def test_a_parent_set_again_on_the_same_day_takes_the_place_of_the_first():
    child, one, two = enter("C"), enter("A"), enter("B")
    place(child, one)
    place(child, two)
    assert organizations().by_code("C").parent_id("party", TODAY) == two


def test_hierarchies_are_separate():
    one, two = enter("A"), enter("B")
    place(one, two, hierarchy="party")
    place(two, one, hierarchy="administrative")
    assert organizations().by_code("A").parent_id("administrative", TODAY) is None


def test_nobody_stands_above_itself():
    a, b, c = enter("A"), enter("B"), enter("C")
    place(b, a)
    place(c, b)
    for child, parent in [(a, c), (a, a)]:
        with pytest.raises(CycleRefused):
            place(child, parent)
    assert facts() == ["OrganizationCreated"] * 3 + ["OrganizationPlaced"] * 2


def test_who_was_above_may_come_below_later():
    a, b = enter("A"), enter("B")
    place(b, a, from_date=START)
    with pytest.raises(CycleRefused):
        place(a, b, from_date=TODAY)
    place(b, None, from_date=TODAY)
    place(a, b, from_date=TODAY)
    assert organizations().by_code("A").parent_id("party", TODAY) == b


@pytest.mark.parametrize(
    ("one_change", "refusal"),
    [
        ({"child": 0}, OrganizationUnknown),
        ({"parent": 0}, OrganizationUnknown),
        ({"hierarchy": "family"}, OrganizationInvalid),
        ({"from_date": START - DAY}, OrganizationClosed),
        ({"actor": NOBODY}, NotAllowed),
    ],
)
def test_placing_is_refused(one_change, refusal):
    happy = {"child": enter("C"), "parent": enter("A")}
    with pytest.raises(refusal):
        place(**{**happy, **one_change})
    assert facts() == ["OrganizationCreated"] * 2


def test_closing_ends_all_that_runs_and_what_was_planned_never_begins(areas):
    parent = enter("A")
    closing = enter("B", parents={"party": "A"}, areas=(("serves", areas["street"]),), links=(("pairs", "A"),))
    planned = actions.create_post(
        actor=FOUNDER, organization_id=closing, kind="handler", title="处置员", area_id=None,
        from_date=date(2026, 9, 1), now=NOW,
    )  # fmt: skip
    closed = actions.close_organization(actor=FOUNDER, organization_id=closing, on=TODAY, now=NOW)
    assert closed.valid_to == TODAY
    assert periods(closing) == [(parent, START, TODAY)]
    assert models.AreaLink.objects.get().to_date == TODAY == models.OrganizationLink.objects.get().to_date
    assert models.Post.objects.get().to_date == date(2026, 9, 1) == models.Post.objects.get().from_date
    assert Entry.objects.order_by("id").last().data["post_ids"] == [planned.pk]
    assert organizations().serving((areas["city"], areas["street"]), Kind.OTHER, TODAY) is None
    with pytest.raises(OrganizationClosed):
        actions.close_organization(actor=FOUNDER, organization_id=closing, on=TODAY, now=NOW)


def test_one_with_children_is_not_closed():
    parent = enter("A")
    enter("B", parents={"party": "A"})
    with pytest.raises(StillHasChildren, match="B单位"):
        actions.close_organization(actor=FOUNDER, organization_id=parent, on=TODAY, now=NOW)


def test_an_area_is_handed_over_only_by_who_manages_it(areas):
    organization_id = enter("SQ", areas=(("serves", areas["spring"]),))
    link = {"organization_id": organization_id, "relation": "serves", "from_date": TODAY, "now": NOW}
    with pytest.raises(NotAllowed):
        actions.link_area(actor=manager(areas["spring"]), area_id=areas["autumn"], **link)
    with pytest.raises(NotAllowed):
        actions.link_area(actor=manager(organization_ids=(organization_id,)), area_id=areas["autumn"], **link)
    actions.link_area(actor=manager(areas["street"]), area_id=areas["autumn"], **link)
    for refusal, change in [
        (LinkOverlaps, {"area_id": areas["autumn"]}),
        (NotFound, {"area_id": 0}),
        (OrganizationInvalid, {"relation": "owns"}),
        (OrganizationClosed, {"from_date": START - DAY}),
    ]:
        with pytest.raises(refusal):
            actions.link_area(actor=FOUNDER, **{**link, "area_id": areas["street"], **change})
    assert facts() == ["OrganizationCreated", "AreaLinked"]


def test_an_area_is_untied_once(areas):
    organization_id = enter("SQ", areas=(("serves", areas["spring"]),))
    link = models.AreaLink.objects.get()
    with pytest.raises(NotAllowed):
        actions.unlink_area(actor=NOBODY, link_id=link.pk, to_date=TODAY, now=NOW)
    actions.unlink_area(actor=FOUNDER, link_id=link.pk, to_date=TODAY, now=NOW)
    with pytest.raises(LinkUnknown):
        actions.unlink_area(actor=FOUNDER, link_id=link.pk, to_date=TODAY, now=NOW)
    chain = (areas["city"], areas["street"], areas["spring"])
    assert organizations().serving(chain, Kind.OTHER, TODAY - DAY).id == organization_id
    assert organizations().serving(chain, Kind.OTHER, TODAY) is None


def test_a_mutual_link_is_the_same_from_both_ends():
    one, other = enter("A"), enter("B")
    link = {"relation": "pairs", "from_date": TODAY, "now": NOW}
    made = actions.link_organizations(actor=FOUNDER, organization_id=other, other_id=one, **link)
    with pytest.raises(LinkOverlaps):
        actions.link_organizations(actor=FOUNDER, organization_id=one, other_id=other, **link)
    actions.end_link(actor=FOUNDER, link_id=made.pk, to_date=date(2026, 6, 1), now=NOW)
    with pytest.raises(LinkUnknown):
        actions.end_link(actor=FOUNDER, link_id=made.pk, to_date=date(2026, 6, 1), now=NOW)
    actions.link_organizations(
        actor=FOUNDER, organization_id=one, other_id=other, **link | {"from_date": date(2026, 6, 1)}
    )
    with pytest.raises(CycleRefused):
        actions.link_organizations(actor=FOUNDER, organization_id=one, other_id=one, **link)


def test_posts_are_created_and_closed(areas):
    organization_id = enter("SQ", areas=(("serves", areas["spring"]),))
    wanted = {
        "actor": manager(areas["spring"]), "organization_id": organization_id, "kind": "grid_worker",
        "title": "网格员", "area_id": areas["grid"], "from_date": TODAY, "now": NOW,
    }  # fmt: skip
    post = actions.create_post(**wanted)
    for refusal, change in [
        (OrganizationInvalid, {"area_id": None}),
        (OrganizationInvalid, {"title": ""}),
        (NotFound, {"area_id": 0}),
        (NotAllowed, {"actor": NOBODY}),
        (OrganizationClosed, {"from_date": START - DAY}),
    ]:
        with pytest.raises(refusal):
            actions.create_post(**{**wanted, **change})
    day = date(2026, 6, 1)
    assert organizations().posts(organization_id, "grid_worker", day) == (organizations().post(post.pk),)
    actions.close_post(actor=FOUNDER, post_id=post.pk, to_date=day, now=NOW)
    assert organizations().posts(organization_id, "grid_worker", day) == ()
    with pytest.raises(PostIsClosed):
        actions.close_post(actor=FOUNDER, post_id=post.pk, to_date=day, now=NOW)
    with pytest.raises(PostUnknown):
        actions.close_post(actor=FOUNDER, post_id=0, to_date=day, now=NOW)
