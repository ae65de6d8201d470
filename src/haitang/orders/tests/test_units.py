"""A unit accepts: whom it sent of its own volunteers gets the hours; who is told live; each reader their own words."""

from collections import Counter
from datetime import timedelta

import pytest

from haitang.core import clock
from haitang.core.errors import Invalid
from haitang.orders import actions, queries
from haitang.orders.actions.places import audience_of, helper_of
from haitang.orders.models import Order, Proposal
from haitang.orders.tests.cast import BEGINS, KEEPER, accepted, done, member, offered, open_service, order
from haitang.orders.values import HelperRef, Permission
from haitang.organizations.values import AreaRelation, Kind
from haitang.testing.actors import NOW, actor_with
from haitang.testing.desks import enter
from haitang.testing.people import refused
from haitang.volunteers.models import ServiceRecord, Volunteer

pytestmark = pytest.mark.django_db
AFTER = BEGINS + timedelta(hours=1)


@pytest.fixture
def power(town):
    """A unit that serves the whole city."""
    return enter("GDGS", Kind.PUBLIC_SERVICE, name="供电公司", areas=((AreaRelation.SERVES, town.areas["city"]),))


@pytest.fixture
def liaison(town, power):
    """Who answers for the unit."""
    return actor_with(Permission.ANSWER, organization_id=power, account_id=88, name="供电联络员")


@pytest.fixture
def checked(town, power, liaison):
    """An order of the secretary's that the unit has accepted."""
    placed = order(town.secretary, open_service("safety", name="用电安全检查"), orderer="secretary")
    helpers = [HelperRef(organization_id=power)]
    (row,) = actions.offer(actor=town.dispatcher, order_id=placed.pk, helpers=helpers, now=NOW)
    return actions.accept_offer(actor=liaison, offer_id=row.pk, now=NOW)


def test_whom_the_unit_names_gets_the_hours(town, power, liaison, checked):
    sent, other, stranger = (member(town, name, ()).volunteer for name in ("周工", "吴工", "外人"))
    Volunteer.objects.filter(pk__in=[sent.pk, other.pk]).update(unit=power)
    assert [name for _id, name in queries.people_to_send(checked, NOW)] == sorted(["周工", "吴工"])
    ask = {"actor": liaison, "order_id": checked.pk, "minutes": 90, "words": "", "now": AFTER}
    refused(Invalid, actions.finish_order, people=[stranger.pk], **ask)
    actions.finish_order(people=[sent.pk], **ask)
    assert queries.get_my_task(viewer=liaison, order_id=checked.pk).sent == ("周工",)
    assert queries.get_order_page(viewer=town.dispatcher, order_id=checked.pk, now=AFTER).sent == ("周工",)
    actions.contest_order(actor=town.secretary, order_id=checked.pk, reason="还有一户没查", now=AFTER)
    actions.finish_order(people=[sent.pk, other.pk], **ask)
    actions.confirm_order(actor=town.secretary, order_id=checked.pk, now=AFTER)
    assert set(ServiceRecord.objects.values_list("volunteer_id", flat=True)) == {sent.pk, other.pk}


def test_a_person_names_nobody_else(town, wu, lin):
    placed = accepted(town, order(lin, open_service()), wu)
    ask = {"actor": wu.actor, "order_id": placed.pk, "minutes": 50, "words": "", "now": AFTER}
    refused(Invalid, actions.finish_order, people=[wu.volunteer.pk], **ask)


def test_the_unit_names_them_on_the_page_and_need_not(as_, monkeypatch, town, power, liaison, checked):
    sent = member(town, "周工", ()).volunteer
    Volunteer.objects.filter(pk=sent.pk).update(unit=power)
    client = as_(liaison)
    monkeypatch.setattr(clock, "now", lambda: AFTER)
    assert "派了谁去" in client.get(f"/tasks/{checked.pk}/").content.decode()
    wrong = client.post(f"/tasks/{checked.pk}/finish/", {"minutes": "90", "people": ["0"]})
    assert wrong.status_code == 422
    assert client.post(f"/tasks/{checked.pk}/finish/", {"minutes": "90", "people": [sent.pk]}).status_code == 302
    assert "周工" in client.get(f"/tasks/{checked.pk}/").content.decode()


def test_whom_it_concerns_is_told_live_whatever_they_hold(town, repair, wu, lin):
    placed = order(lin, repair)
    rows = offered(town, placed, wu)
    assert set(audience_of(placed, *rows).account_ids) == {lin.id, wu.actor.id}
    assert audience_of(placed, helper_of(placed)).account_ids == (lin.id,)
    actions.accept_offer(actor=wu.actor, offer_id=rows[0].pk, now=NOW)
    placed = Order.objects.get()
    assert set(audience_of(placed, helper_of(placed)).account_ids) == {lin.id, wu.actor.id}


def test_staff_and_the_orderer_read_their_own_words(as_, monkeypatch, town, repair, wu, lin):
    placed = done(town, order(lin, repair), wu)
    client = as_(lin)
    monkeypatch.setattr(clock, "now", lambda: AFTER)
    assert "请您确认" in client.get(f"/my-orders/{placed.pk}/").content.decode()
    page = as_(town.secretary).get(f"/orders/{placed.pk}/").content.decode()
    assert "等点单人确认" in page
    assert "您" not in page.partition("<main")[2]
    actions.confirm_order(actor=lin, order_id=placed.pk, now=AFTER)
    assert "点单人是否满意" in client.get(f"/orders/{placed.pk}/").content.decode()


def test_a_volunteer_has_an_entry_to_the_offers_with_their_number(as_, town, repair, wu, lin):
    offered(town, order(lin, repair), wu)
    mine = as_(wu.actor).get("/my-orders/").content.decode()
    assert 'href="/offers/"' in mine
    assert 'data-news="order"' in as_(wu.actor).get("/offers/").content.decode()
    assert 'href="/offers/"' not in as_(lin).get("/services/").content.decode()


def test_a_plan_gives_a_unit_as_many_orders_of_a_half_day_as_it_can_take(town, power):
    asked, found = 12, {}
    service = open_service("safety", name="用电安全检查", capacity_slot=asked, capacity_day=asked)
    for _each in range(asked):
        order(town.secretary, service, orderer="secretary")
    for most in (1, asked):
        actions.change_order_setting(actor=KEEPER, key="dispatch_half_day_office", value=most, now=NOW)
        plan = actions.propose_helpers(actor=town.dispatcher, area_id=town.areas["street"], now=NOW)
        proposed = Proposal.objects.filter(dispatch=plan).values_list("organization_id", flat=True)
        found[most] = Counter(each for each in proposed if each)
        assert sum(found[most].values()) + plan.figures["missing"] == asked
    assert set(found[1].values()) == {1}
    assert power in found[1]
    assert max(found[asked].values()) > 1
