"""A service day from the plan to the hours: signing up, waiting, confirming, leaving, reporting, staying away."""

from datetime import date, time, timedelta

import pytest

from haitang.core import clock
from haitang.core.errors import Invalid, NotAllowed
from haitang.core.models import Entry
from haitang.people.models import Notice
from haitang.servicedays import actions, jobs, queries
from haitang.servicedays.models import ServiceDay, Shift, SignUp
from haitang.servicedays.tests.cast import (
    BEGINS,
    CLEANING,
    ENDS,
    SATURDAY,
    STRANGER,
    person,
    plan,
    report,
    rule,
    shift_of,
    sign_up,
)
from haitang.servicedays.values import (
    DayInvalid,
    DayNotFound,
    LacksSkill,
    NewDay,
    NewShift,
    NotSignedUp,
    NotYetThere,
    Permission,
    ShiftFull,
    ShiftOver,
    SignUpPaused,
    State,
    TimePromised,
    WrongShiftCode,
)
from haitang.testing.actors import NOW, actor_with
from haitang.testing.people import refused
from haitang.volunteers import actions as register
from haitang.volunteers.models import ServiceRecord
from haitang.volunteers.queries import get_volunteer_of, list_calendar

pytestmark = pytest.mark.django_db
EARLY = BEGINS - timedelta(hours=60)
"""Before signing up counts as having confirmed to come."""


def shift_row(shift):
    return Shift.objects.get(pk=shift.pk)


def mine(shift, actor):
    return SignUp.objects.get(shift=shift, volunteer=get_volunteer_of(actor.id))


def test_planning_takes_the_permission_and_sound_shifts(town):
    for actor in (STRANGER, town.outsider, town.leader):
        new = NewDay("服务日", "320585001001", SATURDAY, (CLEANING,))
        refused(NotAllowed, actions.plan_day, actor=actor, new=new, now=NOW)
    wrongs = (
        ({"theme": " "}, "theme"), ({"area_code": "nowhere"}, "area"), ({"on": date(2026, 5, 5)}, "on"),
        ({"on": date(2028, 1, 1)}, "on"), ({"shifts": ()}, "shifts"), ({"words": "字" * 501}, "words"),
        ({"shifts": (NewShift("清洁", "楼前", time(11), time(9), 2),)}, "shifts"),
        ({"shifts": (NewShift("", "楼前", time(9), time(11), 2),)}, "shifts"),
        ({"shifts": (NewShift("清洁", "楼前", time(9), time(11), 0),)}, "shifts"),
        ({"shifts": (NewShift("清洁", "楼前", time(9), time(11), 2, ("magic",)),)}, "shifts"),
    )  # fmt: skip
    for wrong, field in wrongs:
        told = {"theme": "服务日", "area_code": "320585001001", "on": SATURDAY, "shifts": (CLEANING,)}
        given = {"actor": town.secretary, "new": NewDay(**{**told, **wrong}), "now": NOW}
        assert field in refused(DayInvalid, actions.plan_day, **given).fields, wrong
    assert not ServiceDay.objects.exists()


def test_a_day_comes_again_by_its_rule_and_is_made_once(town):
    actions.change_serviceday_setting(actor=actor_with(Permission.SETTINGS), key="ahead_days", value=70, now=NOW)
    row = actions.plan_rule(actor=town.secretary, new=rule(), now=NOW)
    days = [day.on.isoformat() for day in ServiceDay.objects.order_by("on")]
    assert days == ["2026-06-06", "2026-07-04"]
    assert Shift.objects.count() == 2
    assert actions.make_days(actor=jobs.CLOCK, now=NOW) == 0
    later = NOW + timedelta(days=30)
    assert actions.make_days(actor=jobs.CLOCK, now=later) == 1
    refused(DayNotFound, actions.end_rule, actor=town.outsider, rule_id=row.pk, now=later)
    actions.end_rule(actor=town.secretary, rule_id=row.pk, now=later)
    assert actions.make_days(actor=jobs.CLOCK, now=later + timedelta(days=60)) == 0
    wrongs = ({"repeat": "yearly"}, {"weekday": 7}, {"nth": 6}, {"until_date": date(2026, 5, 8)},
              {"from_date": date(2026, 5, 1)})  # fmt: skip
    for wrong in wrongs:
        refused(DayInvalid, actions.plan_rule, actor=town.secretary, new=rule(**wrong), now=NOW)
    until = actions.plan_rule(actor=town.secretary, new=rule(repeat="weekly", until_date=date(2026, 5, 20)), now=NOW)
    assert ServiceDay.objects.filter(rule=until).count() == 2


def test_places_then_the_wait_list_then_promoted_in_turn(town):
    people = [person(town, f"志愿者{n}") for n in range(5)]
    shift = shift_of(plan(town))
    rows = [sign_up(each, shift, EARLY) for each in people]
    assert [row.turn for row in rows] == [None, None, 1, 2, 3]
    assert sign_up(people[0], shift, EARLY).pk == rows[0].pk
    assert Entry.objects.filter(fact="ShiftSignedUp").count() == 5
    leave = {"shift_id": shift.pk, "now": EARLY}
    refused(DayInvalid, actions.leave_shift, actor=people[0], reason=" ", **leave)
    refused(NotSignedUp, actions.leave_shift, actor=STRANGER, reason="忙", **leave)
    actions.leave_shift(actor=people[2], reason="忙", **leave)
    actions.leave_shift(actor=people[0], reason="忙", **leave)
    assert mine(shift, people[3]).has_place
    assert mine(shift, people[4]).turn == 3
    promoted = Entry.objects.get(fact="ShiftPromoted")
    jobs.tell_promoted(**promoted.data, entry_id=promoted.pk)
    assert Notice.objects.get().account_id == people[3].id
    again = sign_up(people[0], shift, EARLY)
    assert (again.turn, again.reason) == (4, "")
    refused(DayInvalid, actions.change_shift, actor=town.secretary, shift_id=shift.pk, places=1, now=NOW)
    actions.change_shift(actor=town.secretary, shift_id=shift.pk, places=4, now=NOW)
    assert shift_row(shift).taken == 4
    page = queries.get_shift_page(viewer=town.leader, shift_id=shift.pk)
    assert page.view.waiting == 0
    assert len(page.lines) == 5


def test_somebody_cannot_be_in_two_places_and_is_told_which(town, wu, lin):
    day = plan(
        town,
        CLEANING,
        NewShift("文明劝导", "路口", time(10), time(12), 1),
        NewShift("理发", "广场", time(11), time(12), 1),
    )
    first, second, third = Shift.objects.filter(day=day).order_by("id")
    sign_up(wu, first)
    refusal = refused(TimePromised, sign_up, actor=wu, shift=second)
    assert "楼道清洁" in refusal.message
    sign_up(wu, third)
    sign_up(lin, second)
    actions.leave_shift(actor=wu, shift_id=first.pk, reason="换班", now=NOW)
    assert sign_up(wu, first).has_place
    (entry, other) = list_calendar(get_volunteer_of(wu.id).pk, BEGINS, ENDS + timedelta(hours=1))
    assert (entry.title, entry.place) == ("党员周六志愿服务日：楼道清洁", "3号楼前")
    assert other.title.endswith("理发")


def test_who_waits_and_has_promised_something_else_is_passed_over(town, wu, lin):
    day = plan(town, NewShift("清洁", "楼前", time(9), time(11), 1), NewShift("劝导", "路口", time(9), time(11), 2))
    first, second = Shift.objects.filter(day=day).order_by("id")
    holder, third = person(town, "先来的"), person(town, "第三个")
    for each in (holder, wu, third):
        sign_up(each, first)
    sign_up(wu, second)
    actions.leave_shift(actor=holder, shift_id=first.pk, reason="忙", now=NOW)
    assert mine(first, wu).turn == 1
    assert mine(first, third).has_place


def test_skills_phones_and_full_lists(town, wu):
    skilled = NewShift("义诊", "广场", time(9), time(11), 1, ("medical",))
    shift = shift_of(plan(town, skilled))
    assert "医疗护理" in refused(LacksSkill, sign_up, actor=wu, shift=shift).message
    nurse = person(town, "护士", skills=("medical",), account=False, phone="13812345678")
    assert nurse.id is None
    given = {"shift_id": shift.pk, "now": NOW}
    refused(DayInvalid, actions.sign_up_for, actor=town.secretary, phone="10000", **given)
    refused(NotAllowed, actions.sign_up_for, actor=town.leader, phone="13812345678", **given)
    row = actions.sign_up_for(actor=town.secretary, phone="138 1234 5678", **given)
    assert (row.has_place, row.by_staff_id) == (True, town.secretary.id)
    actions.change_serviceday_setting(actor=actor_with(Permission.SETTINGS), key="waiting_max", value=0, now=NOW)
    other = person(town, "另一位护士", skills=("medical",))
    refused(ShiftFull, sign_up, actor=other, shift=shift)
    actions.take_off(actor=town.secretary, signup_id=row.pk, reason="电话", **given)
    assert sign_up(other, shift).has_place
    refused(NotSignedUp, sign_up, actor=STRANGER, shift=shift)
    refused(ShiftOver, sign_up, actor=wu, shift=shift, now=BEGINS)


def test_reminded_on_each_day_once_and_asked_to_confirm(town, wu, lin):
    shift = shift_of(plan(town))
    sign_up(wu, shift, NOW)
    before = {days: BEGINS - timedelta(days=days) for days in (1, 0)}
    assert actions.remind_signed(actor=jobs.CLOCK, now=NOW) == 0
    for at in before.values():
        moment = at - timedelta(hours=1)
        assert actions.remind_signed(actor=jobs.CLOCK, now=moment) == 1
        assert actions.remind_signed(actor=jobs.CLOCK, now=moment) == 0
    first, second = Entry.objects.filter(fact="ShiftReminded").order_by("id")
    jobs.tell_reminded(**first.data, entry_id=first.pk)
    actions.assure_shift(actor=wu, shift_id=shift.pk, now=BEGINS - timedelta(hours=20))
    jobs.tell_reminded(**second.data, entry_id=second.pk)
    texts = list(Notice.objects.order_by("id").values_list("text", flat=True))
    assert texts == [jobs.NEWS["assure"], jobs.NEWS["reminded"]]


def test_who_does_not_confirm_loses_the_place_to_who_waits(town, wu, lin):
    one = NewShift("清洁", "楼前", time(9), time(11), 1)
    shift = shift_of(plan(town, one))
    sign_up(wu, shift, EARLY)
    sign_up(lin, shift, EARLY)
    assert queries.count_to_assure(viewer=wu, now=BEGINS - timedelta(hours=40)) == 1
    assert actions.release_unassured(actor=jobs.CLOCK, now=BEGINS - timedelta(hours=13)) == 0
    due = BEGINS - timedelta(hours=12)
    assert actions.release_unassured(actor=jobs.CLOCK, now=due) == 1
    assert actions.release_unassured(actor=jobs.CLOCK, now=due) == 0
    assert mine(shift, wu).state == State.RELEASED
    assert mine(shift, lin).has_place
    assert mine(shift, lin).assured_at == due
    released = Entry.objects.get(fact="ShiftReleased")
    jobs.tell_released(**released.data, entry_id=released.pk)
    assert Notice.objects.get().account_id == wu.id
    refused(NotSignedUp, actions.assure_shift, actor=wu, shift_id=shift.pk, now=due)


def test_nobody_is_promoted_who_would_be_told_too_late(town, wu, lin):
    shift = shift_of(plan(town, NewShift("清洁", "楼前", time(9), time(11), 1)))
    sign_up(wu, shift)
    sign_up(lin, shift)
    late = actions.leave_shift(
        actor=wu, shift_id=shift.pk, reason="发烧", now=BEGINS - timedelta(hours=1)
    )  # fmt: skip
    assert late.is_late
    assert mine(shift, lin).turn == 1
    refused(ShiftOver, actions.leave_shift, actor=lin, shift_id=shift.pk, reason="算了", now=BEGINS)


def test_reporting_by_the_code_and_settling_who_came(town, wu, lin):
    away, walks_in = person(town, "没来的"), person(town, "路过的")
    shift = shift_of(plan(town, NewShift("清洁", "楼前", time(9), time(11), 4)))
    rows = [sign_up(each, shift) for each in (wu, lin, away)]
    refused(WrongShiftCode, actions.report_at_shift, actor=wu, shift_id=shift.pk, code="x", now=BEGINS)
    refused(NotYetThere, report, actor=wu, shift=shift, now=BEGINS - timedelta(minutes=61))
    for _twice in range(2):
        report(wu, shift)
    assert report(walks_in, shift).has_place
    refused(ShiftFull, report, actor=person(town, "再来一个"), shift=shift)
    close = {"shift_id": shift.pk}
    refused(NotYetThere, actions.close_shift, actor=town.secretary, missed=[], now=BEGINS, **close)
    refused(NotAllowed, actions.close_shift, actor=town.leader, missed=[], now=ENDS, **close)
    refused(DayInvalid, actions.close_shift, actor=town.secretary, missed=[rows[0].pk], now=ENDS, **close)
    refused(DayInvalid, actions.close_shift, actor=town.secretary, missed=[2**62], now=ENDS, **close)
    actions.close_shift(actor=town.secretary, missed=[rows[2].pk], now=ENDS, **close)
    assert ServiceRecord.objects.count() == 3
    assert set(ServiceRecord.objects.values_list("began_at", "ended_at")) == {(BEGINS, ENDS)}
    assert mine(shift, away).state == State.MISSED
    refused(ShiftOver, actions.close_shift, actor=town.secretary, missed=[], now=ENDS, **close)
    closed = Entry.objects.get(fact="ShiftClosed")
    jobs.thank(**closed.data, entry_id=closed.pk)
    assert set(Notice.objects.values_list("account_id", flat=True)) == {wu.id, lin.id, walks_in.id}


def test_too_often_away_the_community_signs_up_for_them(town, wu):
    keeper = actor_with(Permission.SETTINGS)
    actions.change_serviceday_setting(actor=keeper, key="misses_max", value=1, now=NOW)
    day = plan(town, CLEANING, NewShift("劝导", "路口", time(14), time(15), 1))
    first, second = Shift.objects.filter(day=day).order_by("id")
    sign_up(wu, first)
    actions.leave_shift(actor=wu, shift_id=first.pk, reason="睡过了", now=BEGINS - timedelta(hours=1))
    refused(SignUpPaused, sign_up, actor=wu, shift=second)
    phone = get_volunteer_of(wu.id).phone
    assert actions.sign_up_for(actor=town.secretary, shift_id=second.pk, phone=phone, now=NOW).has_place


def test_a_day_called_off_tells_everybody_once(town, wu, lin):
    day = plan(town)
    shift = shift_of(day)
    sign_up(wu, shift)
    cancel = {"day_id": day.pk, "now": NOW}
    refused(DayInvalid, actions.cancel_day, actor=town.secretary, reason="", **cancel)
    refused(DayNotFound, actions.cancel_day, actor=town.outsider, reason="下雨", **cancel)
    actions.cancel_day(actor=town.secretary, reason="暴雨预警", **cancel)
    refused(ShiftOver, actions.cancel_day, actor=town.secretary, reason="再来", **cancel)
    entry = Entry.objects.get(fact="ServiceDayCancelled")
    for _twice in range(2):
        jobs.tell_cancelled(**entry.data, entry_id=entry.pk)
    assert Notice.objects.get().account_id == wu.id
    refused(ShiftOver, sign_up, actor=lin, shift=shift)
    assert list_calendar(get_volunteer_of(wu.id).pk, BEGINS, ENDS)[0].cancelled
    assert not queries.list_shifts_near(viewer=wu, now=NOW)


def test_who_leaves_the_register_leaves_the_shift(monkeypatch, town, wu, lin):
    monkeypatch.setattr(clock, "now", lambda: NOW)
    shift = shift_of(plan(town, NewShift("清洁", "楼前", time(9), time(11), 1)))
    sign_up(wu, shift)
    sign_up(lin, shift)
    volunteer_id = get_volunteer_of(wu.id).pk
    register.withdraw_volunteer(actor=wu, volunteer_id=volunteer_id, now=NOW)
    for _twice in range(2):
        jobs.forget_withdrawn(volunteer_id=volunteer_id, entry_id=1, by_staff=False)
    assert mine(shift, lin).has_place
    assert Entry.objects.filter(fact="ShiftLeft").count() == 1


def test_near_comes_first_and_areas_are_followed(town, wu):
    plan(town)
    (near,) = queries.list_shifts_near(viewer=wu, now=NOW)
    assert (near.is_near, near.metres) == (True, 0)
    (seen,) = queries.list_shifts_near(viewer=STRANGER, now=NOW)
    assert not seen.is_near
    day = ServiceDay.objects.get()
    moved = {"actor": jobs.CLOCK, "area_id": day.area_id, "new_area_id": town.areas["autumn"], "now": NOW}
    assert [actions.move_servicedays(**moved) for _twice in range(2)] == [1, 0]
    (near,) = queries.list_shifts_near(viewer=wu, now=NOW)
    assert near.metres != 0
    assert not queries.list_days(viewer=town.secretary, today=SATURDAY)


def test_settings_are_bounded(town):
    change = {"actor": actor_with(Permission.SETTINGS), "now": NOW}
    for key, value in (("remind_days", [-1]), ("remind_days", ["x"]), ("remind_days", 3), ("misses_max", 10**9)):
        refused(Invalid, actions.change_serviceday_setting, key=key, value=value, **change)
    refused(NotAllowed, actions.change_serviceday_setting, actor=town.secretary, key="misses_max", value=1, now=NOW)
