"""An order from the telephone call to the five stars; who may do what, who sees whom, what time does."""

from datetime import timedelta

import pytest

from haitang.core import access
from haitang.core.errors import Invalid, NotAllowed, NotSignedIn
from haitang.core.models import Entry
from haitang.orders import actions, jobs, queries
from haitang.orders.lifecycle import MOVES, OfferStatus, Status
from haitang.orders.models import Engagement, Offer, Order
from haitang.orders.tests.cast import BEGINS, accepted, done, member, offered, open_service, order
from haitang.orders.values import (
    HelperRef,
    NoSuchSlot,
    NotAFit,
    OfferClosed,
    OfferNotFound,
    OrderingPaused,
    OrderNotFound,
    OrderTaken,
    Permission,
    SlotFull,
    TimeTaken,
    TooEarly,
    WrongOrderState,
)
from haitang.people.models import Notice
from haitang.testing.actors import NOW, actor_with
from haitang.testing.desks import enter
from haitang.testing.people import refused
from haitang.volunteers.models import ServiceRecord

pytestmark = pytest.mark.django_db
AFTER = BEGINS + timedelta(hours=1)


def test_from_the_order_to_the_five_stars(town, repair, wu, lin):
    placed = order(lin, repair)
    assert placed.status == Status.ORDERED
    assert b"154" not in bytes(placed.phone_sealed)
    assert queries.list_mine(viewer=lin)[0].order == placed
    accepted(town, placed, wu)
    refused(TooEarly, actions.finish_order, actor=wu.actor, order_id=placed.pk, minutes=50, words="", now=NOW)
    actions.finish_order(actor=wu.actor, order_id=placed.pk, minutes=50, words="换了阀芯", now=AFTER)
    refused(WrongOrderState, actions.review_order, actor=lin, order_id=placed.pk, stars=5, words="", now=AFTER)
    assert not ServiceRecord.objects.exists()
    actions.confirm_order(actor=lin, order_id=placed.pk, now=AFTER)
    record = ServiceRecord.objects.get()
    assert (record.volunteer_id, record.source, record.source_id) == (wu.volunteer.pk, "orders", str(placed.pk))
    assert record.ended_at - record.began_at == timedelta(minutes=50)
    refused(Invalid, actions.review_order, actor=lin, order_id=placed.pk, stars=6, words="", now=AFTER)
    actions.review_order(actor=lin, order_id=placed.pk, stars=5, words="很耐心", now=AFTER)
    placed.refresh_from_db()
    assert placed.status == Status.REVIEWED
    assert queries.get_service(repair.pk).mean == 5.0


def test_who_may_order_as_whom(town, repair, lin):
    refused(NotSignedIn, order, actor=access.VISITOR, service=repair)
    refused(NotAllowed, order, actor=lin, service=repair, orderer="community")
    refused(NotAllowed, order, actor=town.outsider, service=repair, channel="phone")
    by_phone = order(town.secretary, repair, channel="phone")
    assert (by_phone.account_id, by_phone.placed_by_id) == (None, town.secretary.id)
    refused(Invalid, order, actor=town.secretary, service=repair, orderer="secretary", begins_at=BEGINS)


def test_what_cannot_be_ordered_is_refused(town, repair, lin):
    for wrong in ({"name": " "}, {"phone": ""}, {"phone": "一二三"}, {"address": ""}, {"area_code": "none"}):
        refused(Invalid, order, actor=lin, service=repair, **wrong)
    refused(Invalid, order, actor=lin, service=repair, area_code="320585001002001")
    for when in (BEGINS + timedelta(minutes=7), BEGINS - timedelta(days=9), BEGINS + timedelta(days=60), NOW):
        refused(NoSuchSlot, order, actor=lin, service=repair, begins_at=when)


def test_before_accepting_a_helper_sees_area_and_kind_alone(town, repair, wu, lin):
    placed = order(lin, repair)
    (row,) = offered(town, placed, wu)
    (view,) = queries.list_my_offers(viewer=wu.actor, now=NOW)
    assert "第一网格" not in view.area_name
    assert "春和社区" in view.area_name
    shown = repr(view)
    assert not any(word in shown for word in ("林阿姨", "15400001234", "春和花园", "厨房"))
    refused(OfferNotFound, actions.see_contact, actor=wu.actor, order_id=placed.pk, now=NOW)
    actions.accept_offer(actor=wu.actor, offer_id=row.pk, now=NOW)
    told = actions.see_contact(actor=wu.actor, order_id=placed.pk, now=NOW)
    assert told == ("林阿姨", "15400001234", "春和花园3幢201")
    assert Entry.objects.filter(fact="OrdererContactSeen", subject_id=placed.pk).count() == 1
    other = member(town, "别人")
    refused(OfferNotFound, actions.see_contact, actor=other.actor, order_id=placed.pk, now=NOW)
    actions.finish_order(actor=wu.actor, order_id=placed.pk, minutes=50, words="", now=AFTER)
    actions.confirm_order(actor=lin, order_id=placed.pk, now=AFTER)
    refused(OfferNotFound, actions.see_contact, actor=wu.actor, order_id=placed.pk, now=AFTER)


def test_staff_see_in_part_and_in_full_for_a_reason(town, repair, lin):
    placed = order(lin, repair)
    page = queries.get_order_page(viewer=town.secretary, order_id=placed.pk, now=NOW)
    assert (page.view.name, page.phone, page.address) == ("林**", "154****1234", "春和花园***")
    refused(Invalid, actions.unmask_orderer, actor=town.secretary, order_id=placed.pk, reason=" ", now=NOW)
    full = actions.unmask_orderer(actor=town.secretary, order_id=placed.pk, reason="约上门时间", now=NOW)
    assert full[1] == "15400001234"
    with pytest.raises(OrderNotFound):
        queries.get_order_page(viewer=town.outsider, order_id=placed.pk, now=NOW)
    with pytest.raises(OrderNotFound):
        queries.get_order(viewer=wuless(), order_id=placed.pk)
    assert queries.list_orders(viewer=town.outsider, wanted=queries.OrderFilter()).rows == []


def wuless():
    return actor_with(Permission.MANAGE, account_id=77)


def test_staff_answer_for_who_telephones(town, repair, lin, branch):
    placed, helper = order(lin, repair), member(town, "没有账号的人", branch=branch)
    (row,) = offered(town, placed, helper)
    refused(OfferNotFound, actions.accept_offer, actor=town.grid, offer_id=row.pk, now=NOW)
    refused(OfferNotFound, actions.accept_offer, actor=town.outsider, offer_id=row.pk, now=NOW)
    actions.accept_offer(actor=town.secretary, offer_id=row.pk, now=NOW)
    actions.give_back_order(actor=town.secretary, order_id=placed.pk, reason="来电：生病", now=NOW)
    (again,) = offered(town, placed, helper)
    actions.decline_offer(actor=town.secretary, offer_id=again.pk, reason="来电：外地", now=NOW)
    assert Order.objects.get().status == Status.ORDERED


def test_only_who_fits_is_offered_it(town, repair, wu, lin, branch):
    placed = order(lin, repair)
    no_member, no_skill = member(town, "非党员"), member(town, "不会修", skills=(), branch=branch)
    for helper in (no_member, no_skill):
        with pytest.raises(NotAFit):
            offered(town, placed, helper)
    with pytest.raises(NotAFit):
        actions.offer(actor=town.secretary, order_id=placed.pk, helpers=[HelperRef()], now=NOW)
    with pytest.raises(NotAllowed):
        actions.offer(actor=town.grid, order_id=placed.pk, helpers=[wu.ref], now=NOW)
    possible = queries.list_possible(placed, NOW)
    assert [each.key for each in possible] == [f"v{wu.volunteer.pk}"]
    offered(town, placed, wu)
    assert offered(town, placed, wu) == []


def test_declined_by_all_it_waits_again_and_who_declined_stands_last(town, repair, wu, lin, branch):
    placed, second = order(lin, repair), member(town, "郑师傅", branch=branch)
    rows = offered(town, placed, wu, second)
    refused(Invalid, actions.decline_offer, actor=wu.actor, offer_id=rows[0].pk, reason="", now=NOW)
    refused(OfferNotFound, actions.decline_offer, actor=wu.actor, offer_id=rows[1].pk, reason="忙", now=NOW)
    actions.decline_offer(actor=wu.actor, offer_id=rows[0].pk, reason="当天值班", now=NOW)
    placed.refresh_from_db()
    assert placed.status == Status.OFFERED
    actions.decline_offer(actor=second.actor, offer_id=rows[1].pk, reason="外地", now=NOW)
    placed.refresh_from_db()
    assert placed.status == Status.ORDERED
    refused(OfferClosed, actions.accept_offer, actor=wu.actor, offer_id=rows[0].pk, now=NOW)
    third = member(town, "钱师傅", branch=branch)
    assert queries.list_possible(placed, NOW)[0].key == f"v{third.volunteer.pk}"
    (view,) = queries.open_orders_for_matching(viewer=town.secretary, now=NOW)
    assert view.not_to == {wu.volunteer.pk, second.volunteer.pk}


def test_an_offer_runs_out_and_the_order_waits_again(town, repair, wu, lin):
    placed = order(lin, repair)
    (row,) = offered(town, placed, wu)
    assert row.expires_at == NOW + timedelta(hours=24)
    late = NOW + timedelta(hours=25)
    refused(OfferClosed, actions.accept_offer, actor=wu.actor, offer_id=row.pk, now=late)
    assert actions.expire_offers(actor=jobs.CLOCK, now=late) == 1
    assert actions.expire_offers(actor=jobs.CLOCK, now=late) == 0
    placed.refresh_from_db()
    assert placed.status == Status.ORDERED


def test_a_helper_promises_a_time_once(town, repair, wu, lin):
    other_service = open_service(name="另一处维修")
    accepted(town, order(lin, repair), wu)
    second = order(town.secretary, other_service, channel="phone")
    with pytest.raises(NotAFit):
        offered(town, second, wu)
    later = order(town.secretary, other_service, BEGINS + timedelta(hours=1), channel="phone")
    accepted(town, later, wu)
    row = Offer.objects.create(order=second, volunteer=wu.volunteer, offered_at=NOW, expires_at=BEGINS)
    Order.objects.filter(pk=second.pk).update(status=Status.OFFERED)
    refused(TimeTaken, actions.accept_offer, actor=wu.actor, offer_id=row.pk, now=NOW)
    entries = queries.calendar_of([wu.volunteer.pk], BEGINS, BEGINS + timedelta(days=1))
    assert [entry.uid.split("-")[0] for entry in entries] == ["order", "order"]
    assert "3幢" not in "".join(entry.place for entry in entries)


def test_a_full_hour_makes_a_wait_list_that_goes_on_in_order(town, repair, lin):
    first = order(lin, repair)
    second = order(town.secretary, repair, channel="phone", now=NOW + timedelta(minutes=1))
    third = order(town.secretary, repair, channel="phone", now=NOW + timedelta(minutes=2))
    assert [second.status, third.status] == [Status.WAITING, Status.WAITING]
    assert queries.get_order_page(viewer=town.secretary, order_id=third.pk, now=NOW).place == 2
    refused(Invalid, actions.cancel_order, actor=lin, order_id=first.pk, reason="", now=NOW)
    actions.cancel_order(actor=lin, order_id=first.pk, reason="家里有事", now=NOW)
    assert [each.status for each in Order.objects.order_by("id")] == ["cancelled", "ordered", "waiting"]
    actions.cancel_order(actor=town.secretary, order_id=third.pk, reason="不需要了", now=NOW)
    slot = Order.objects.get(pk=second.pk).slot
    assert (slot.taken, slot.quota.taken) == (1, 1)


def test_a_full_day_has_a_wait_list_too_and_more_capacity_shortens_it(town, lin):
    from haitang.orders.tests.cast import KEEPER
    from haitang.orders.values import Hours, ServiceChange

    service = open_service(capacity_slot=2, capacity_day=2)
    placed = [order(town.secretary, service, BEGINS + timedelta(hours=n), channel="phone") for n in (0, 1, 1, 2)]
    assert [each.status for each in placed] == ["ordered", "ordered", "waiting", "waiting"]
    change = ServiceChange(
        "repair", service.name, "320585001001", "", tuple(Hours.of(each) for each in service.hours), 2, 3
    )
    actions.change_service(actor=KEEPER, service_id=service.pk, change=change, now=NOW)
    assert [each.status for each in Order.objects.order_by("id")] == ["ordered", "ordered", "ordered", "waiting"]
    actions.change_service(
        actor=KEEPER, service_id=service.pk, change=ServiceChange(**{**_as_dict(change), "capacity_day": 1}), now=NOW
    )
    assert placed[0].slot.quota.taken <= 3


def _as_dict(change):
    return {name: getattr(change, name) for name in change.__slots__}


def test_the_wait_list_is_bounded(town, repair, lin):
    actions.change_order_setting(actor=actor_with(Permission.SETTINGS), key="waiting_max", value=1, now=NOW)
    order(town.secretary, repair, channel="phone")
    order(town.secretary, repair, channel="phone")
    refused(SlotFull, order, actor=lin, service=repair)


def test_late_cancellations_lead_to_the_community_and_not_to_a_score(town, repair, wu, lin):
    actions.change_order_setting(actor=actor_with(Permission.SETTINGS), key="late_cancels_max", value=1, now=NOW)
    early = order(lin, repair, BEGINS + timedelta(days=3))
    actions.cancel_order(actor=lin, order_id=early.pk, reason="改天", now=NOW)
    placed = order(lin, repair)
    accepted(town, placed, wu)
    soon = BEGINS - timedelta(hours=3)
    assert actions.cancel_order(actor=lin, order_id=placed.pk, reason="改天", now=soon).is_late
    assert not Engagement.objects.exists()
    refused(OrderingPaused, order, actor=lin, service=repair, begins_at=BEGINS + timedelta(days=1), now=soon)
    order(town.secretary, repair, BEGINS + timedelta(days=1), channel="phone", now=soon)
    much_later = BEGINS + timedelta(days=80)
    assert order(lin, repair, much_later + timedelta(days=1), now=much_later).status == Status.ORDERED


def test_who_does_not_confirm_to_come_is_released_and_reminded_before(town, repair, wu, lin):
    begins = BEGINS + timedelta(days=7)
    placed = order(lin, repair, begins)
    accepted(town, placed, wu)
    assert placed.assured_at is None
    assert actions.remind_parties(actor=jobs.CLOCK, now=begins - timedelta(days=7)) == 1
    assert actions.remind_parties(actor=jobs.CLOCK, now=begins - timedelta(days=7)) == 0
    assert actions.remind_parties(actor=jobs.CLOCK, now=begins - timedelta(days=1)) == 1
    assert actions.release_unconfirmed(actor=jobs.CLOCK, now=begins - timedelta(hours=13)) == 0
    assert actions.release_unconfirmed(actor=jobs.CLOCK, now=begins - timedelta(hours=12)) == 1
    placed.refresh_from_db()
    assert (placed.status, placed.volunteer_id) == (Status.ORDERED, None)
    assert not Engagement.objects.exists()
    (row,) = offered(town, placed, wu, now=begins - timedelta(hours=11))
    again = actions.accept_offer(actor=wu.actor, offer_id=row.pk, now=begins - timedelta(hours=11))
    assert again.assured_at is not None
    assert actions.release_unconfirmed(actor=jobs.CLOCK, now=begins - timedelta(hours=10)) == 0
    assert actions.remind_parties(actor=jobs.CLOCK, now=begins - timedelta(hours=2)) == 1


def test_who_confirms_to_come_is_kept(town, repair, wu, lin):
    begins = BEGINS + timedelta(days=7)
    placed = order(lin, repair, begins)
    accepted(town, placed, wu)
    for _twice in range(2):
        actions.assure_order(actor=wu.actor, order_id=placed.pk, now=NOW)
    assert Entry.objects.filter(fact="OrderAssured").count() == 1
    assert actions.release_unconfirmed(actor=jobs.CLOCK, now=begins - timedelta(hours=1)) == 0


def test_given_back_it_is_handed_out_again(town, repair, wu, lin):
    placed = order(lin, repair)
    accepted(town, placed, wu)
    refused(Invalid, actions.give_back_order, actor=wu.actor, order_id=placed.pk, reason="", now=NOW)
    refused(OfferClosed, actions.give_back_order, actor=wu.actor, order_id=placed.pk, reason="迟了", now=AFTER)
    actions.give_back_order(actor=wu.actor, order_id=placed.pk, reason="生病了", now=NOW)
    placed.refresh_from_db()
    assert placed.status == Status.ORDERED
    assert Offer.objects.get().status == OfferStatus.GIVEN_BACK


def test_nobody_found_by_its_hour_it_ends_as_unmet(town, repair, lin):
    first, second = order(lin, repair), order(town.secretary, repair, channel="phone")
    assert actions.lapse_orders(actor=jobs.CLOCK, now=BEGINS) == 2
    assert set(Order.objects.values_list("status", flat=True)) == {Status.UNMET}
    first.slot.refresh_from_db()
    assert first.slot.taken == 0
    assert second.slot_id == first.slot_id


def test_nobody_objects_so_the_clock_confirms(town, repair, wu, lin):
    placed = done(town, order(lin, repair), wu)
    assert actions.confirm_silent(actor=jobs.CLOCK, now=AFTER + timedelta(days=4)) == 0
    assert actions.confirm_silent(actor=jobs.CLOCK, now=AFTER + timedelta(days=5)) == 1
    placed.refresh_from_db()
    assert placed.is_silent
    assert ServiceRecord.objects.count() == 1


def test_contested_it_stands_with_the_helper_again(town, repair, wu, lin):
    placed = done(town, order(lin, repair), wu)
    refused(Invalid, actions.contest_order, actor=lin, order_id=placed.pk, reason="", now=AFTER)
    actions.contest_order(actor=lin, order_id=placed.pk, reason="还在滴水", now=AFTER)
    placed.refresh_from_db()
    assert (placed.status, placed.minutes) == (Status.ACCEPTED, None)
    refused(OrderNotFound, actions.confirm_order, actor=wu.actor, order_id=placed.pk, now=AFTER)


def test_nobody_there_is_taken_down_by_the_other_side(town, repair, wu, lin):
    placed = order(lin, repair)
    accepted(town, placed, wu)
    same = {"order_id": placed.pk, "reason": "敲门没人"}
    refused(TooEarly, actions.report_missed, actor=wu.actor, side="orderer", now=NOW, **same)
    refused(OrderNotFound, actions.report_missed, actor=wu.actor, side="helper", now=AFTER, **same)
    refused(OfferNotFound, actions.report_missed, actor=lin, side="orderer", now=AFTER, **same)
    actions.report_missed(actor=wu.actor, side="orderer", now=AFTER, **same)
    assert not Engagement.objects.exists()
    assert queries.late_cancels(account_id=lin.id, since=NOW) == 1


def test_an_open_order_is_picked_by_one(town, lin, branch):
    service = open_service("phone_lesson", name="手机辅导")
    ming, mei = (member(town, name, ("phone_help",)) for name in ("小明", "小美"))
    placed = order(lin, service)
    assert [view.order_id for view in queries.list_to_pick(viewer=ming.actor, now=NOW)] == [placed.pk]
    actions.pick_order(actor=ming.actor, order_id=placed.pk, now=NOW)
    refused(OrderTaken, actions.pick_order, actor=mei.actor, order_id=placed.pk, now=NOW)
    assert queries.list_to_pick(viewer=mei.actor, now=NOW) == []
    refused(OfferNotFound, actions.pick_order, actor=lin, order_id=placed.pk, now=NOW)
    refused(NotAFit, actions.pick_order, actor=mei.actor, order_id=order(lin, open_service()).pk, now=NOW)


def test_the_secretary_orders_with_one_press_and_the_hub_has_a_unit_accept(town):
    from haitang.organizations.values import AreaRelation, Kind

    power = enter("GDGS", Kind.PUBLIC_SERVICE, name="供电公司", areas=((AreaRelation.SERVES, town.areas["city"]),))
    service = open_service("safety", name="用电安全检查", organization_id=power)
    placed = order(town.secretary, service, orderer="secretary")
    refused(NotAllowed, actions.offer, actor=town.secretary, order_id=placed.pk,
            helpers=[HelperRef(organization_id=power)], now=NOW)  # fmt: skip
    (row,) = actions.offer(
        actor=town.dispatcher, order_id=placed.pk, helpers=[HelperRef(organization_id=power)], now=NOW
    )
    liaison = actor_with(Permission.ANSWER, organization_id=power, account_id=88, name="供电联络员")
    assert [view.organization for view in queries.list_my_offers(viewer=liaison, now=NOW)] == ["供电公司"]
    actions.accept_offer(actor=liaison, offer_id=row.pk, now=NOW)
    actions.finish_order(actor=liaison, order_id=placed.pk, minutes=120, words="", now=AFTER)
    actions.confirm_order(actor=town.secretary, order_id=placed.pk, now=AFTER)
    assert not ServiceRecord.objects.exists()


def test_notices_are_told_once(town, repair, wu, lin):
    secretary = town.account("secretary")
    placed = order(lin, repair)
    entry = Entry.objects.get(fact="OrderPlaced")
    for _twice in range(2):
        jobs.tell_placed(order_id=placed.pk, entry_id=entry.pk, waits=False, begins_at="")
    assert Notice.objects.filter(account_id=secretary.pk).count() == 1
    (row,) = offered(town, placed, wu)
    entry = Entry.objects.get(fact="OrderOffered")
    jobs.tell_offered(offer_id=row.pk, entry_id=entry.pk)
    assert "林" not in str(Notice.objects.get(account_id=wu.actor.id).parts)
    actions.accept_offer(actor=wu.actor, offer_id=row.pk, now=NOW)
    jobs.tell_accepted(order_id=placed.pk, entry_id=entry.pk)
    assert Notice.objects.filter(account_id=lin.id).count() == 1
    actions.cancel_order(actor=lin, order_id=placed.pk, reason="不用了", now=NOW)
    jobs.tell_cancelled(order_id=placed.pk, entry_id=Entry.objects.get(fact="OrderCancelled").pk)
    assert Notice.objects.filter(account_id=wu.actor.id).count() == 2


def test_the_table_of_moves_names_every_state():
    assert {each for move in MOVES.values() for each in (*move.sources, move.target)} == set(Status)
