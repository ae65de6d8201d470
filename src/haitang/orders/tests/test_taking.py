"""Who takes an order: who speaks the language, who does this kind of service, units; thousands confirmed by a job."""

from datetime import timedelta

import pytest

from haitang.core.errors import Invalid
from haitang.core.models import Entry
from haitang.orders import actions, jobs, queries
from haitang.orders.lifecycle import OfferStatus, ProposalStatus, Status
from haitang.orders.models import Dispatch, Offer, Order, Proposal, Wish
from haitang.orders.tests.cast import KEEPER, accepted, elder, member, offered, open_service, order
from haitang.orders.values import HelperRef, NotAFit, OfferNotFound, ProposalClosed, ServiceNotFound
from haitang.organizations.values import AreaRelation, Kind
from haitang.testing.actors import NOW
from haitang.testing.desks import enter
from haitang.testing.people import refused
from haitang.volunteers import actions as register

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(hours=1)


@pytest.fixture
def many():
    """A service with room for several at the same hour."""
    return open_service(capacity_slot=5, capacity_day=9)


@pytest.fixture
def li(town, branch):
    """A member who repairs things and signs."""
    return member(town, "李师傅", branch=branch, languages=("sign",))


@pytest.fixture
def power(town):
    """A unit that serves the whole city."""
    return enter("GDGS", Kind.PUBLIC_SERVICE, name="供电公司", areas=((AreaRelation.SERVES, town.areas["city"]),))


def plan_of(actor, area_id):
    plan = actions.propose_helpers(actor=actor, area_id=area_id, now=NOW)
    return plan, queries.get_dispatch(viewer=actor, dispatch_id=plan.pk)


def test_only_who_speaks_the_language_is_asked_and_it_is_said(town, many, wu, li, lin):
    with pytest.raises(Invalid):
        order(lin, many, languages=("klingon",))
    placed = order(lin, many, languages=("sign", "wu"))
    assert [each.name for each in queries.candidates_for(placed)] == ["李师傅"]
    with pytest.raises(NotAFit):
        offered(town, placed, wu)
    _plan, page = plan_of(town.secretary, town.areas["spring"])
    assert page.lines.rows[0].person == "李师傅"
    assert any("手语" in each for each in page.lines.rows[0].why)


def test_nobody_speaks_the_language_and_it_is_said(town, many, wu, lin):
    order(lin, many, languages=("ja",))
    _plan, page = plan_of(town.secretary, town.areas["spring"])
    assert "语言" in page.missing.rows[0].why


def test_what_somebody_does_not_do_is_not_offered_and_what_they_like_is(town, many, wu, li, lin):
    refused(OfferNotFound, actions.say_wishes, actor=lin, wishes={"repair": True}, now=NOW)
    refused(ServiceNotFound, actions.say_wishes, actor=wu.actor, wishes={"nonsense": True}, now=NOW)
    for _twice in range(2):
        actions.say_wishes(actor=wu.actor, wishes={"repair": False}, now=NOW)
    assert Entry.objects.filter(fact="WishesSaid").count() == 1
    actions.say_wishes(actor=li.actor, wishes={"repair": True}, now=NOW)
    placed = order(lin, many)
    assert [each.id for each in queries.candidates_for(placed)] == [li.volunteer.pk]
    other = order(elder("赵阿姨"), many)
    _plan, page = plan_of(town.secretary, town.areas["spring"])
    assert [line.person for line in page.lines.rows] == ["李师傅"]
    assert any("愿意" in each for each in page.lines.rows[0].why)
    assert page.unmet == 1
    actions.say_wishes(actor=wu.actor, wishes={"repair": None}, now=NOW)
    assert {each.id for each in queries.candidates_for(other)} == {wu.volunteer.pk, li.volunteer.pk}


def test_the_page_of_wishes(as_, wu, lin):
    client = as_(wu.actor)
    page = client.get("/offers/wishes/").content.decode()
    assert "小家电维修" in page
    assert "法律咨询" not in page
    assert client.post("/offers/wishes/", {"repair": "never"}).status_code == 302
    assert Wish.objects.get().is_liked is False
    assert as_(lin).get("/offers/wishes/").status_code == 404


def test_a_unit_is_proposed_for_what_units_accept_and_its_people_are_asked(town, power):
    service = open_service("safety", name="用电安全检查", organization_id=power)
    placed = order(town.secretary, service, orderer="secretary")
    plan, page = plan_of(town.dispatcher, town.areas["spring"])
    assert [(line.person, line.order.pk) for line in page.lines.rows] == [("供电公司", placed.pk)]
    assert "本服务的承接单位" in page.lines.rows[0].why[0]
    assert actions.propose_helpers(actor=town.dispatcher, area_id=town.areas["spring"], now=LATER) == plan
    done = actions.confirm_proposals(actor=town.dispatcher, dispatch_id=plan.pk, now=NOW)
    assert (done.offered, done.stale) == (1, [])
    assert Offer.objects.get().organization_id == power
    assert Offer.objects.get().why[0] == "本服务的承接单位"


def test_a_unit_takes_no_more_than_its_room_and_who_declined_is_not_proposed_again(town, power):
    other = enter("RQGS", Kind.PUBLIC_SERVICE, name="燃气公司", areas=((AreaRelation.SERVES, town.areas["city"]),))
    service = open_service("safety", name="用电安全检查", capacity_slot=9, capacity_day=9)
    placed = order(town.secretary, service, orderer="secretary")
    (row,) = actions.offer(
        actor=town.dispatcher, order_id=placed.pk, helpers=[HelperRef(organization_id=power)], now=NOW
    )
    actions.decline_offer(actor=town.dispatcher, offer_id=row.pk, reason="人手不够", now=NOW)
    plan, page = plan_of(town.dispatcher, town.areas["spring"])
    assert [line.person for line in page.lines.rows] == ["燃气公司"]
    line = page.lines.rows[0]
    ask = {"actor": town.dispatcher, "proposal_id": line.proposal.pk, "now": NOW}
    refused(Invalid, actions.change_proposal, organization_id=other, **ask)
    actions.change_proposal(organization_id=power, **ask)
    assert queries.get_dispatch(viewer=town.dispatcher, dispatch_id=plan.pk).lines.rows[0].instead == "供电公司"


def test_very_many_are_confirmed_by_a_job_in_the_name_of_who_pressed(as_, town, many, wu, li, lin, monkeypatch):
    secretary = town.account("secretary")
    for actor in (lin, elder("赵阿姨")):
        order(actor, many)
    actions.change_order_setting(actor=KEEPER, key="dispatch_at_once", value=1, now=NOW)
    plan, _page = plan_of(town.secretary, town.areas["spring"])
    client = as_(town.secretary)
    address = f"/orders/plans/{plan.pk}/"
    assert client.post(f"{address}confirm/").status_code == 302
    assert not Offer.objects.exists()
    page = client.get(address).content.decode()
    assert "正在派出" in page
    assert "data-news-quiet" in page
    assert client.post(f"{address}confirm/").status_code == 302
    assert Entry.objects.filter(fact="DispatchFollowed").count() == 1
    jobs.follow_plan(dispatch_id=plan.pk, account_id=secretary.pk, in_place_of=None)
    assert Proposal.objects.filter(status=ProposalStatus.OFFERED).count() == 2
    assert Entry.objects.filter(fact="OrderOffered").values_list("actor_id", flat=True).distinct().get() == secretary.pk
    assert Dispatch.objects.get(pk=plan.pk).following_since is None
    assert "正在派出" not in client.get(address).content.decode()
    refused(ProposalClosed, actions.start_following, actor=town.secretary, dispatch_id=plan.pk, now=NOW)


def test_who_leaves_the_register_leaves_no_order_waiting_for_them(town, many, wu, lin):
    first, second = order(lin, many), order(elder("赵阿姨"), many)
    accepted(town, first, wu)
    Offer.objects.create(order=second, volunteer=wu.volunteer, offered_at=NOW, expires_at=LATER)
    Order.objects.filter(pk=second.pk).update(status=Status.OFFERED)
    actions.say_wishes(actor=wu.actor, wishes={"repair": True}, now=NOW)
    register.withdraw_volunteer(actor=wu.actor, volunteer_id=wu.volunteer.pk, now=NOW)
    for freed in (2, 0):
        assert actions.forget_volunteer(actor=jobs.CLOCK, volunteer_id=wu.volunteer.pk, now=NOW) == freed
    assert set(Order.objects.values_list("status", flat=True)) == {Status.ORDERED}
    assert set(Offer.objects.values_list("status", flat=True)) == {OfferStatus.GIVEN_BACK, OfferStatus.DECLINED}
    assert not Wish.objects.exists()
