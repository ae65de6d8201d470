"""Points earned by rules, spent, given back and lapsed; off, nothing shows them and nothing is lost."""

from datetime import datetime, timedelta

import pytest
from django.db import IntegrityError, transaction
from hypothesis import given
from hypothesis import strategies as st

from haitang.core.clock import local_date
from haitang.core.errors import NotAllowed
from haitang.core.models import Entry
from haitang.people.models import Notice
from haitang.points import actions, jobs, queries
from haitang.points.models import Holder, Posting, Redemption
from haitang.points.tests.cast import FROM, KEEPER, check_ledger, helper, reward, served, turn_on
from haitang.points.values import (
    BadPointRule,
    NotAgreed,
    PointsNotFound,
    PointsOff,
    RedemptionClosed,
    RuleRef,
    SoldOut,
    TooFewPoints,
    WrongPickupCode,
    minutes_beside,
)
from haitang.testing.actors import NOW
from haitang.testing.people import refused
from haitang.volunteers import actions as register

pytestmark = pytest.mark.django_db
TODAY = local_date(NOW)


def test_while_they_are_off_there_are_no_points_and_nothing_is_lost(town, wu):
    served(wu, at=NOW - timedelta(days=3))
    refused(PointsOff, queries.get_statement, viewer=wu.actor, now=NOW)
    refused(PointsOff, actions.agree_to_points, actor=wu.actor, now=NOW)
    refused(PointsOff, actions.order_reward, actor=wu.actor, reward_id=1, now=NOW)
    assert actions.credit_services(actor=jobs.CLOCK, volunteer_id=wu.volunteer.pk, now=NOW) == 0
    turn_on()
    actions.agree_to_points(actor=wu.actor, now=NOW)
    assert wu.holder.balance == 20
    turn_on(is_on=False)
    served(wu, at=NOW)
    refused(PointsOff, queries.get_statement, viewer=wu.actor, now=NOW)
    turn_on()
    assert actions.credit_services(actor=jobs.CLOCK, volunteer_id=wu.volunteer.pk, now=NOW) == 1
    assert wu.holder.balance == 40
    check_ledger()


def test_services_count_from_the_day_set_for_those_who_agreed_and_once(town, turned_on, wu):
    served(wu, at=NOW - timedelta(days=40))
    served(wu, hours=1.5)
    jobs.credit(volunteer_id=wu.volunteer.pk)
    assert not Holder.objects.exists()
    actions.agree_to_points(actor=wu.actor, now=NOW)
    for _twice in range(2):
        actions.agree_to_points(actor=wu.actor, now=NOW)
        jobs.credit(volunteer_id=wu.volunteer.pk)
    (row,) = Posting.objects.all()
    assert (row.amount, row.minutes, row.from_side, row.to_side) == (15, 90, "rules", "person")
    line = queries.get_statement(viewer=wu.actor, now=NOW).lines[0]
    assert (line.change, "90 分钟" in line.why) == (15, True)
    refused(PointsNotFound, actions.agree_to_points, actor=town.resident, now=NOW)


def test_one_hour_is_credited_once_however_many_services_it_held(town, turned_on, wu):
    actions.agree_to_points(actor=wu.actor, now=NOW)

    def serve(began: int, ended: int, source: str = "orders") -> None:
        start = NOW - timedelta(hours=10)
        register.record_service(
            actor=KEEPER, source=source, source_id=f"{began}-{ended}", volunteer_id=wu.volunteer.pk, what="巡逻",
            began_at=start + timedelta(minutes=began), ended_at=start + timedelta(minutes=ended), now=NOW,
        )  # fmt: skip
        jobs.credit(volunteer_id=wu.volunteer.pk)

    serve(0, 120)
    serve(60, 180, "servicedays")
    serve(30, 150, "callups")
    serve(240, 300)
    earned = [(row.minutes, row.amount) for row in Posting.objects.order_by("pk")]
    assert earned == [(120, 20), (60, 10), (60, 10)]
    actions.recount_points(actor=jobs.CLOCK, now=NOW)
    assert wu.holder.balance == 40
    check_ledger()


@given(spans=st.lists(st.tuples(st.integers(0, 60), st.integers(1, 30)), max_size=6), began=st.integers(0, 60))
def test_minutes_beside_are_those_that_no_span_holds(spans, began):
    def at(minute: int) -> datetime:
        return NOW + timedelta(minutes=minute)

    held = {minute for start, length in spans for minute in range(start, start + length)}
    taken = [(at(start), at(start + length)) for start, length in spans]
    assert minutes_beside(at(began), at(began + 20), taken) == len(set(range(began, began + 20)) - held)


def test_a_volunteer_is_told_of_what_comes_and_goes(town, turned_on, wu):
    actions.agree_to_points(actor=wu.actor, now=NOW)
    served(wu, hours=3)
    actions.credit_services(actor=jobs.CLOCK, volunteer_id=wu.volunteer.pk, now=NOW)
    earned = Entry.objects.get(fact="PointsEarned")
    row = actions.order_reward(actor=wu.actor, reward_id=reward().pk, now=NOW)
    for _twice in range(2):
        jobs.tell_earned(**earned.data, entry_id=earned.pk)
        jobs.tell_ordered(redemption_id=row.pk, entry_id=8)
        jobs.tell_cancelled(redemption_id=row.pk, entry_id=9)
    told = [each.text.format(**each.parts) for each in Notice.objects.filter(account=wu.actor.id).order_by("pk")]
    assert told == [
        "记入积分 30：1 次服务", "已用积分 10 兑换“雨伞”，凭“我的积分”里的领取码到 社区服务站 领取",
        "“雨伞”已取消兑换，退回积分 10",
    ]  # fmt: skip
    assert row.code not in "".join(told)
    turn_on(is_on=False)
    jobs.tell_handed(redemption_id=row.pk, entry_id=10)
    assert Notice.objects.filter(account=wu.actor.id).count() == 3


def test_rules_are_versions_and_a_month_has_a_most(town, turned_on, wu):
    actions.agree_to_points(actor=wu.actor, now=NOW)
    served(wu, hours=1)
    rule = RuleRef(TODAY + timedelta(days=1), 30, 50, 24, {"demo": 50})
    actions.give_point_rules(actor=KEEPER, rule=rule, now=NOW)
    tomorrow = NOW + timedelta(days=1)
    served(wu, hours=1, at=tomorrow)
    served(wu, hours=1, at=tomorrow, source="demo")
    assert actions.credit_services(actor=jobs.CLOCK, volunteer_id=wu.volunteer.pk, now=tomorrow) == 3
    amounts = list(Posting.objects.order_by("id").values_list("amount", flat=True))
    assert amounts == [10, 30, 10]  # the last worth 15, but the month has 50 at most
    later = NOW + timedelta(days=30)
    served(wu, hours=1, at=later)
    actions.credit_services(actor=jobs.CLOCK, volunteer_id=wu.volunteer.pk, now=later)
    assert wu.holder.balance == 80
    refused(BadPointRule, actions.give_point_rules, actor=KEEPER, rule=rule, now=NOW)
    past = RuleRef(TODAY - timedelta(days=1), 30, 50, 24)
    refused(BadPointRule, actions.give_point_rules, actor=KEEPER, rule=past, now=NOW)
    refused(NotAllowed, actions.give_point_rules, actor=town.secretary, rule=rule, now=NOW)


def test_a_thing_is_fetched_for_its_code_once(town, turned_on, wu):
    served(wu)
    actions.agree_to_points(actor=wu.actor, now=NOW)
    thing = reward(price=15, stock=1)
    row = actions.order_reward(actor=wu.actor, reward_id=thing.pk, now=NOW)
    thing.refresh_from_db()
    assert (thing.stock, wu.holder.balance, len(row.code)) == (0, 5, 8)
    refused(SoldOut, actions.order_reward, actor=wu.actor, reward_id=thing.pk, now=NOW)
    refused(TooFewPoints, actions.order_reward, actor=wu.actor, reward_id=reward(price=6).pk, now=NOW)
    refused(NotAllowed, actions.hand_out_reward, actor=town.resident, code=row.code, now=NOW)
    refused(WrongPickupCode, actions.hand_out_reward, actor=town.secretary, code="XXXX", now=NOW)
    typed = f" {row.code[:4].lower()} {row.code[4:].lower()}"
    assert actions.hand_out_reward(actor=town.secretary, code=typed, now=NOW).status == "handed"
    refused(WrongPickupCode, actions.hand_out_reward, actor=town.secretary, code=typed, now=NOW)
    refused(RedemptionClosed, actions.cancel_redemption, actor=wu.actor, redemption_id=row.pk, now=NOW)
    check_ledger()


def test_cancelling_gives_back_once(town, turned_on, wu):
    served(wu)
    actions.agree_to_points(actor=wu.actor, now=NOW)
    thing, note = reward(price=15, stock=1), reward(price=5, kind="note", place="", title="评先评优登记")
    row = actions.order_reward(actor=wu.actor, reward_id=thing.pk, now=NOW)
    noted = actions.order_reward(actor=wu.actor, reward_id=note.pk, now=NOW)
    assert (noted.status, noted.code, wu.holder.balance) == ("noted", "", 0)
    assert [line.name for line in queries.list_to_hand(viewer=town.secretary)] == ["吴师傅", ""]
    refused(PointsNotFound, actions.cancel_redemption, actor=helper(town, "别人").actor, redemption_id=row.pk, now=NOW)
    actions.cancel_redemption(actor=wu.actor, redemption_id=row.pk, now=NOW)
    actions.cancel_redemption(actor=town.secretary, redemption_id=noted.pk, now=NOW)
    refused(RedemptionClosed, actions.cancel_redemption, actor=wu.actor, redemption_id=row.pk, now=NOW)
    thing.refresh_from_db()
    assert (thing.stock, wu.holder.balance) == (1, 20)
    check_ledger()


def test_the_oldest_lapse_by_the_rules_and_spending_takes_them_first(town, turned_on, wu):
    served(wu, hours=3)
    actions.agree_to_points(actor=wu.actor, now=NOW)
    actions.order_reward(actor=wu.actor, reward_id=reward(price=10).pk, now=NOW)
    much_later = NOW.replace(year=2028, month=5)
    assert actions.expire_points(actor=jobs.CLOCK, now=much_later) == 0
    assert actions.expire_points(actor=jobs.CLOCK, now=much_later.replace(month=6)) == 1
    assert actions.expire_points(actor=jobs.CLOCK, now=much_later.replace(month=7)) == 0
    assert (wu.holder.balance, Posting.objects.get(kind="expired").amount) == (0, 20)
    check_ledger()


def test_points_about_to_lapse_are_told_once_and_only_to_whose_they_are(town, turned_on, wu):
    served(wu, hours=3)
    actions.agree_to_points(actor=wu.actor, now=NOW)
    actions.order_reward(actor=wu.actor, reward_id=reward(price=10).pk, now=NOW)
    fresh = helper(town, "新来的")
    actions.agree_to_points(actor=fresh.actor, now=NOW)
    last = NOW.replace(year=2028, month=5, day=2)
    served(fresh, at=last)  # lapses two years later
    actions.credit_services(actor=jobs.CLOCK, volunteer_id=fresh.volunteer.pk, now=last)
    assert jobs.warn_of_lapse(last.replace(month=4, day=30)) == 0  # what is due in May lapses in June
    assert [jobs.warn_of_lapse(last.replace(day=day)) for day in (1, 2, 3)] == [0, 1, 0]
    notice = Notice.objects.get(key="points:lapse:2028-06-01")
    assert (notice.account_id, notice.parts) == (wu.actor.id, {"points": 20, "day": "2028-06-01"})
    page = queries.get_statement(viewer=wu.actor, now=last)
    assert (page.lapsing, page.lapses_on.isoformat()) == (20, "2028-06-01")
    assert queries.get_statement(viewer=fresh.actor, now=last).lapsing == 0
    turn_on(warn_days=0)
    Notice.objects.all().delete()
    assert jobs.warn_of_lapse(last) == 0
    refused(BadPointRule, turn_on, warn_days=61)
    assert actions.expire_points(actor=jobs.CLOCK, now=last.replace(month=6, day=1)) == 1
    check_ledger()


def test_whoever_leaves_keeps_the_hours_and_nothing_else(town, turned_on, wu):
    served(wu)
    actions.agree_to_points(actor=wu.actor, now=NOW)
    row = actions.order_reward(actor=wu.actor, reward_id=reward(price=5).pk, now=NOW)
    actions.leave_points(actor=wu.actor, now=NOW)
    assert wu.holder.balance == 0
    refused(NotAgreed, actions.leave_points, actor=wu.actor, now=NOW)
    actions.cancel_redemption(actor=town.secretary, redemption_id=row.pk, now=NOW)
    assert wu.holder.balance == 0
    actions.agree_to_points(actor=wu.actor, now=NOW)
    assert (wu.holder.balance, wu.volunteer.services.count()) == (0, 1)
    check_ledger()


def test_a_recount_credits_what_lacks_and_tells_what_is_wrong(town, turned_on, wu):
    actions.agree_to_points(actor=wu.actor, now=NOW)
    served(wu)
    assert actions.recount_points(actor=jobs.CLOCK, now=NOW) == actions.Recount(1, [], 1)
    assert actions.recount_points(actor=jobs.CLOCK, now=NOW) == actions.Recount(1, [], 0)
    Holder.objects.update(balance=7)
    assert actions.recount_points(actor=jobs.CLOCK, now=NOW).wrong == [wu.holder.pk]
    assert wu.holder.balance == 7


def test_the_ledger_only_grows_and_has_two_sides(town, turned_on, wu):
    served(wu)
    actions.agree_to_points(actor=wu.actor, now=NOW)
    row = Posting.objects.get()
    for change in (lambda: Posting.objects.update(amount=99), lambda: row.delete()):
        with pytest.raises(IntegrityError), transaction.atomic():
            change()
    with pytest.raises(IntegrityError), transaction.atomic():
        Posting.objects.create(
            holder=wu.holder, kind="earned", from_side="person", to_side="rules", amount=1, on=TODAY, at=NOW
        )
    with pytest.raises(IntegrityError), transaction.atomic():
        Holder.objects.update(balance=-1)


def test_turning_on_takes_a_day_that_has_come(town):
    for from_date in (None, TODAY + timedelta(days=1)):
        refused(BadPointRule, turn_on, from_date=from_date)
    refused(NotAllowed, actions.turn_points, actor=town.secretary, is_on=True, from_date=FROM, now=NOW)
    turn_on()
    assert queries.is_on()
    assert Redemption.objects.count() == 0
    refused(BadPointRule, reward, price=0)
    refused(BadPointRule, reward, place="")
