"""Plans of the matching: drawn twice the same, followed, changed, refused; what was seen to otherwise is left alone."""

from datetime import timedelta

import pytest

from haitang.core.errors import Invalid, NotAllowed
from haitang.core.models import Entry
from haitang.orders import actions, jobs, queries
from haitang.orders.lifecycle import OfferStatus, ProposalStatus, Status
from haitang.orders.models import Dispatch, Offer, Order, Proposal, ServiceType
from haitang.orders.queries import dispatching
from haitang.orders.tests.cast import BEGINS, KEEPER, elder, member, offered, open_service, order
from haitang.orders.values import NotAFit, ProposalClosed, ProposalNotFound, TypeChange
from haitang.testing.actors import NOW, actor_with
from haitang.testing.crowds import at_once
from haitang.testing.people import refused

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(hours=1)


@pytest.fixture
def many():
    """A service with room for several at the same hour."""
    return open_service(capacity_slot=5, capacity_day=9)


@pytest.fixture
def li(town, branch):
    """Another member who repairs things."""
    return member(town, "李师傅", branch=branch)


def proposed(town, now=NOW):
    return actions.propose_helpers(actor=town.secretary, area_id=town.areas["spring"], now=now)


def open_of(plan):
    return {
        row.order_id: row.volunteer_id for row in Proposal.objects.filter(dispatch=plan, status=ProposalStatus.OPEN)
    }


def confirmed(town, plan, **more):
    return actions.confirm_proposals(actor=town.secretary, dispatch_id=plan.pk, now=LATER, **more)


def test_each_order_is_proposed_to_somebody_else_with_reasons_and_nobody_is_asked_yet(town, many, wu, li, lin):
    orders = [order(lin, many), order(elder("赵阿姨"), many)]
    plan = proposed(town)
    assert set(open_of(plan)) == {each.pk for each in orders}
    assert set(open_of(plan).values()) == {wu.volunteer.pk, li.volunteer.pk}
    assert not Offer.objects.exists()
    assert (plan.orders, plan.people, plan.figures["assigned"], plan.greedy["assigned"]) == (2, 2, 2, 2)
    page = queries.get_dispatch(viewer=town.secretary, dispatch_id=plan.pk)
    assert page.left == 2
    assert "具备所需技能" in page.lines.rows[0].why[0]
    assert any("2 方" in sentence for sentence in page.lines.rows[0].why)


def test_drawn_twice_it_is_the_same_plan(town, many, wu, li, lin):
    order(lin, many)
    plan = proposed(town)
    assert proposed(town, now=LATER) == plan
    assert Dispatch.objects.count() == 1
    order(elder("赵阿姨"), many)
    another = proposed(town, now=LATER)
    assert another != plan
    assert open_of(plan) == {}
    assert Proposal.objects.filter(dispatch=plan, status=ProposalStatus.REPLACED).count() == 1
    assert len(open_of(another)) == 2


def test_confirmed_all_are_offered_with_the_reasons(town, many, wu, li, lin):
    orders = [order(lin, many), order(elder("赵阿姨"), many)]
    plan = proposed(town)
    done = confirmed(town, plan)
    assert (done.offered, done.stale) == (2, [])
    assert {Order.objects.get(pk=each.pk).status for each in orders} == {Status.OFFERED}
    assert all(row.why for row in Offer.objects.all())
    assert Entry.objects.filter(fact="OrderOffered").count() == 2
    assert confirmed(town, plan).offered == 0


def test_one_alone_is_followed(town, many, wu, li, lin):
    order(lin, many)
    order(elder("赵阿姨"), many)
    plan = proposed(town)
    row = Proposal.objects.filter(dispatch=plan).first()
    assert confirmed(town, plan, proposal_ids=[row.pk]).offered == 1
    assert len(open_of(plan)) == 1


def test_an_order_seen_to_meanwhile_is_told_and_left_alone(town, many, wu, li, lin):
    taken, cancelled, left = (
        order(lin, many),
        order(elder("赵阿姨"), many),
        order(elder("钱阿姨"), many, BEGINS + timedelta(days=1)),
    )
    plan = proposed(town)
    assert len(open_of(plan)) == 3
    other = wu if open_of(plan)[taken.pk] == li.volunteer.pk else li
    offered(town, taken, other)
    actions.cancel_order(actor=town.secretary, order_id=cancelled.pk, reason="不需要了", now=NOW)
    done = confirmed(town, plan)
    assert done.offered == 1
    assert len(done.stale) == 2
    assert any("待接单" in each for each in done.stale)
    assert Order.objects.get(pk=cancelled.pk).status == Status.CANCELLED
    assert Offer.objects.get(order=taken).volunteer_id == other.volunteer.pk
    assert Offer.objects.filter(order=left).count() == 1
    assert Proposal.objects.filter(dispatch=plan, status=ProposalStatus.STALE).count() == 2


def test_a_person_who_has_become_busy_is_told(town, many, wu, lin):
    order(lin, many)
    plan = proposed(town)
    zhao = elder("赵阿姨")
    placed = order(zhao, many)
    (row,) = offered(town, placed, wu)
    actions.accept_offer(actor=wu.actor, offer_id=row.pk, now=NOW)
    done = confirmed(town, plan)
    assert (done.offered, len(done.stale)) == (0, 1)
    assert Proposal.objects.get(dispatch=plan).status == ProposalStatus.STALE


def test_one_is_changed_and_one_is_refused(town, many, wu, li, lin):
    first, second = order(lin, many), order(elder("赵阿姨"), many, BEGINS + timedelta(days=1))
    plan = proposed(town)
    one, other = (Proposal.objects.get(dispatch=plan, order=each) for each in (first, second))
    instead = li if one.volunteer_id == wu.volunteer.pk else wu
    given = {"actor": town.secretary, "now": LATER, "proposal_id": one.pk}
    refused(Invalid, actions.change_proposal, volunteer_id=one.volunteer_id, **given)
    refused(NotAFit, actions.change_proposal, volunteer_id=member(town, "孙师傅", ()).volunteer.pk, **given)
    actions.change_proposal(volunteer_id=instead.volunteer.pk, **given)
    one.refresh_from_db()
    assert (one.status, one.instead_id) == (ProposalStatus.CHANGED, instead.volunteer.pk)
    assert Offer.objects.get(order=first).volunteer_id == instead.volunteer.pk
    refused(ProposalClosed, actions.change_proposal, volunteer_id=instead.volunteer.pk, **given)
    refused(Invalid, actions.refuse_proposal, actor=town.secretary, proposal_id=other.pk, reason=" ", now=LATER)
    actions.refuse_proposal(actor=town.secretary, proposal_id=other.pk, reason="老人想要熟人", now=LATER)
    assert Order.objects.get(pk=second.pk).status == Status.ORDERED
    assert Entry.objects.filter(fact="ProposalRefused").count() == 2


def test_who_declined_is_not_proposed_again_and_why_nobody_is_left_is_told(town, many, wu, lin):
    placed = order(lin, many)
    (row,) = offered(town, placed, wu)
    actions.decline_offer(actor=wu.actor, offer_id=row.pk, reason="出差", now=NOW)
    plan = proposed(town)
    assert open_of(plan) == {}
    page = queries.get_dispatch(viewer=town.secretary, dispatch_id=plan.pk)
    assert [line.order.pk for line in page.missing.rows] == [placed.pk]
    assert "婉拒" in page.missing.rows[0].why


def test_nobody_gets_two_orders_of_the_same_time(town, wu, lin):
    long = open_service(capacity_slot=5, capacity_day=9)
    for name in ("赵阿姨", "钱阿姨", "孙阿姨"):
        order(elder(name), long)
    plan = proposed(town)
    assert len(open_of(plan)) == 1
    page = queries.get_dispatch(viewer=town.secretary, dispatch_id=plan.pk)
    assert page.unmet == 2
    assert "其他订单" in page.missing.rows[0].why


def test_a_long_plan_is_read_page_by_page_forward_and_back(as_, town, many, wu, li, lin, monkeypatch):
    monkeypatch.setattr(dispatching, "PLAN_ROWS", 1)
    orders = [order(each, many) for each in (lin, elder("赵阿姨"), elder("钱阿姨"), elder("孙阿姨"))]
    plan = proposed(town)

    def page(**cursors):
        return queries.get_dispatch(viewer=town.secretary, dispatch_id=plan.pk, **cursors)

    first = page()
    assert (first.proposed, first.left, first.unmet, len(first.lines.rows), len(first.missing.rows)) == (2, 2, 2, 1, 1)
    second = page(cursor=first.lines.next, missing_cursor=first.missing.next)
    assert second.lines.next == second.missing.next == ""
    shown = [line.order.pk for one in (first, second) for line in (*one.lines.rows, *one.missing.rows)]
    assert sorted(shown) == sorted(each.pk for each in orders)
    back = page(cursor=second.lines.previous, missing_cursor=second.missing.previous)
    assert [line.order.pk for line in back.lines.rows] == [line.order.pk for line in first.lines.rows]
    assert [line.order.pk for line in back.missing.rows] == [line.order.pk for line in first.missing.rows]
    refused(Invalid, queries.get_dispatch, viewer=town.secretary, dispatch_id=plan.pk, cursor="x")
    client, address = as_(town.secretary), f"/orders/plans/{plan.pk}/"
    html = client.get(address).content.decode()
    assert 'rel="next"' in html
    missing = client.get(f"{address}?show=unmet&cursor={first.missing.next}").content.decode()
    assert second.missing.rows[0].order.number in missing
    assert first.missing.rows[0].order.number not in missing


def test_only_who_hands_out_draws_and_sees_plans(town, many, wu, lin):
    order(lin, many)
    plan = proposed(town)
    stranger = actor_with(account_id=900_100)
    refused(NotAllowed, actions.propose_helpers, actor=stranger, area_id=town.areas["spring"], now=NOW)
    refused(ProposalNotFound, queries.get_dispatch, viewer=stranger, dispatch_id=plan.pk)
    refused(ProposalNotFound, actions.confirm_proposals, actor=stranger, dispatch_id=plan.pk, now=NOW)
    row = Proposal.objects.get()
    refused(ProposalNotFound, actions.refuse_proposal, actor=stranger, proposal_id=row.pk, reason="x", now=NOW)
    assert Proposal.objects.get().status == ProposalStatus.OPEN


def test_nothing_to_hand_out_is_said(town, many):
    refused(Invalid, actions.propose_helpers, actor=town.secretary, area_id=town.areas["spring"], now=NOW)


def test_types_for_which_it_is_automatic_are_handed_out_by_the_clock(town, many, wu, lin):
    placed = order(lin, many)
    assert actions.dispatch_automatically(actor=jobs.DISPATCHER, now=NOW) == 0
    kind = queries.order_rules().type_of("repair")
    told = {name: getattr(kind, name) for name in TypeChange.__slots__} | {"is_automatic": True}
    actions.change_service_type(actor=KEEPER, code="repair", change=TypeChange(**told), now=NOW)
    assert actions.dispatch_automatically(actor=jobs.DISPATCHER, now=NOW) == 1
    assert Offer.objects.get(order=placed).status == OfferStatus.OPEN
    assert Dispatch.objects.get().made_by_id is None
    assert actions.dispatch_automatically(actor=jobs.DISPATCHER, now=LATER) == 0
    assert ServiceType.objects.get(code="repair").is_automatic


def test_the_pages_draw_compare_confirm_and_change(as_, town, many, wu, li, lin):
    client = as_(town.secretary)
    assert "还没有派单方案" in client.get("/orders/plans/").content.decode()
    assert client.post("/orders/plans/", {"area": "320585001001"}).status_code == 422
    first, second = order(lin, many), order(elder("赵阿姨"), many, BEGINS + timedelta(days=1))
    answer = client.post("/orders/plans/", {"area": "320585001001"})
    assert answer.status_code == 302
    page = client.get(answer["Location"]).content.decode()
    assert "与逐单派的比较" in page
    assert "吴师傅" in page
    assert "确认并派出 2 单" in page
    row = Proposal.objects.get(order=first)
    shown = f"/orders/proposals/{row.pk}/"
    assert "改派给别人" in client.get(shown).content.decode()
    assert client.post(shown, {"deed": "refuse", "reason": ""}).status_code == 422
    assert client.post(shown, {"deed": "change", "helper": "v0"}).status_code == 422
    assert client.post(shown, {"deed": "nonsense"}).status_code == 200
    assert client.post(shown, {"deed": "refuse", "reason": "想要熟人"}).status_code == 302
    assert client.post(f"{answer['Location']}confirm/", {"proposal": "9" * 30}).status_code == 302
    assert client.post(f"{answer['Location']}confirm/").status_code == 302
    page = client.get(answer["Location"]).content.decode()
    assert "想要熟人" in page
    assert Order.objects.get(pk=second.pk).status == Status.OFFERED
    assert as_(actor_with(account_id=900_100)).get(answer["Location"]).status_code == 404


@pytest.mark.django_db(transaction=True)
def test_two_who_follow_a_plan_at_once_offer_each_order_once(town, many, wu, li, lin):
    order(lin, many)
    order(elder("赵阿姨"), many)
    plan = proposed(town)
    done = []
    at_once(*[lambda: done.append(confirmed(town, plan))] * 2, *[lambda: proposed(town, now=LATER)] * 2)
    assert sum(each.offered for each in done) == Offer.objects.count() >= 1
    assert all(Offer.objects.filter(order=each).count() <= 1 for each in Order.objects.all())
    assert Proposal.objects.filter(status=ProposalStatus.OFFERED).count() == Offer.objects.count()
