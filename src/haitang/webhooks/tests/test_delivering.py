"""Deliveries reach a real receiver: signed, in order within a case, at least once, whatever fails."""

import threading
from collections import Counter
from datetime import timedelta
from random import Random
from typing import get_args, get_type_hints

import pytest
from django.db import connection, transaction

from haitang.cases import actions as cases
from haitang.core.facts import fact_named
from haitang.core.models import Entry
from haitang.people.models import Notice
from haitang.testing.actors import also
from haitang.testing.killing import killed_at
from haitang.testing.people import FOUNDER
from haitang.webhooks import actions
from haitang.webhooks.actions import sending
from haitang.webhooks.models import Delivery, Subscription
from haitang.webhooks.tests.city import NOW, WORKER, note, report, subscribe, work
from haitang.webhooks.values import details_of, kinds, sign

pytestmark = pytest.mark.django_db(transaction=True)
"""What is read on has to be committed: within one transaction it is news or not by what others have done meanwhile."""
MANAGER = also(FOUNDER, "webhooks.subscription.manage")
MINUTE = timedelta(minutes=1)


def standings() -> Counter:
    return Counter(Delivery.objects.values_list("standing", flat=True))


def steps(settings_changed: dict) -> None:
    for key, value in settings_changed.items():
        actions.change_webhook_rule(actor=MANAGER, key=key, value=value, now=NOW)


def test_the_signature_is_that_of_the_published_shape():
    """The example of Standard Webhooks' own libraries."""
    made = sign(
        "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, b'{"test": 2432232314}'
    )
    assert made == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_a_case_is_told_in_order_signed_and_without_a_word_about_anybody(town, owner, receiver):
    _row, secret = subscribe(owner, receiver.url)
    case = report(town.resident, reporter_name="王小明", reporter_phone="13900000001")
    cases.verify_case(actor=town.grid, case_id=case.pk, opinion="王小明家楼下", now=NOW)
    note(case, town.dispatcher, "已与13900000001联系")
    assert work() == 3
    assert receiver.kinds_of(case.number) == ["case.reported", "case.verified", "case.answered"]
    for each in receiver.taken:
        assert each.is_signed(secret)
        assert not each.is_signed(secret[:-4] + "AAA=")
        said = each.body.decode()
        assert not any(word in said for word in ("王小明", "13900000001", case.description[:6], "opinion"))
    told = receiver.taken[1].event
    assert told["timestamp"] == "2026-05-06T01:30:00Z"
    assert told["data"] | {"spent_s": 0} == {
        "case_number": case.number, "category_code": "10113", "area_code": "320585001001001", "case_status": "reported",
        "is_open": True, "case_id": case.pk, "from_status": "verifying", "to_status": "reported", "in_time": True,
        "result": "exists", "spent_s": 0,
    }  # fmt: skip
    assert len({each.id for each in receiver.taken}) == 3
    assert work() == 0


def test_the_public_are_told_which_case_and_how_it_stands_alone(town, owner, receiver):
    subscribe(owner, receiver.url, level="public")
    report(town.resident)
    report(town.resident, category_code="30401")
    assert work() == 1
    assert receiver.taken[0].event["data"].keys() == {
        "case_number", "category_code", "area_code", "case_status", "is_open"
    }  # fmt: skip
    assert standings() == {"delivered": 1, "withheld": 1}


def test_a_denunciation_is_told_to_nobody(town, owner, receiver):
    subscribe(owner, receiver.url)
    report(town.resident, kind="denunciation")
    assert work() == 0
    assert not receiver.taken
    assert standings() == {"withheld": 1}


def test_no_kind_says_what_is_personal():
    for name in kinds().values():
        fact = fact_named(name)
        assert fact.subject_type == "case", name
        hints = get_type_hints(fact, include_extras=True)
        data = dict.fromkeys(hints, "x")
        told = details_of(name, data, "internal")
        assert "case_id" in told
        assert not [each for each in told if {"personal", "sensitive", "secret"} & set(get_args(hints[each])[1:])]
        assert not details_of(name, data, "public")


def test_a_failing_case_holds_back_itself_alone_and_goes_on_in_order(town, owner, receiver):
    subscribe(owner, receiver.url)
    bad, good = report(town.resident), report(town.resident, description="窨井盖缺失，行人绊倒")
    receiver.answer = lambda _n, event: 503 if event["data"]["case_number"] == bad.number else 204
    note(bad, town.dispatcher)
    note(good, town.dispatcher)
    assert work() == 2
    assert receiver.kinds_of(good.number) == ["case.reported", "case.answered"]
    assert [each.kind for each in receiver.taken if each.case == bad.number] == ["case.reported"]
    assert work(timedelta(seconds=1)) == 0
    receiver.answer = lambda _n, _event: 204
    assert work(timedelta(seconds=6)) == 2
    assert receiver.kinds_of(bad.number) == ["case.reported", "case.answered"]
    first, again = (each for each in receiver.taken if each.case == bad.number and each.kind == "case.reported")
    assert first.id == again.id
    assert (first.body, first.at) != (again.body, again.at)


def test_retry_steps_then_dead_and_sent_again_by_hand(town, owner, receiver):
    steps({"retry_steps_s": [60, 120], "rest_after_failures": 100})
    row, _secret = subscribe(owner, receiver.url)
    receiver.answer = lambda _n, event: 500 if event["type"] == "case.reported" else 204
    case = report(town.resident)
    note(case, town.dispatcher)
    for minutes, tried in ((0, 1), (0.5, 1), (1.1, 2), (2, 2), (3.2, 3), (60, 3)):
        work(minutes * MINUTE)
        assert len(receiver.taken) == tried
    assert standings() == {"dead": 1, "waiting": 1}
    receiver.answer = lambda _n, _event: 204
    sent = actions.resend_deliveries(actor=MANAGER, subscription_id=row.pk, now=NOW + 61 * MINUTE)
    assert sent == 1
    assert work(61 * MINUTE) == 2
    assert receiver.kinds_of(case.number) == ["case.reported", "case.answered"]


def test_a_dead_one_given_up_lets_the_rest_of_its_case_go(town, owner, receiver):
    steps({"retry_steps_s": [1]})
    row, _secret = subscribe(owner, receiver.url)
    receiver.answer = lambda _n, event: 500 if event["type"] == "case.reported" else 204
    case = report(town.resident)
    note(case, town.dispatcher)
    work()
    work(MINUTE)
    dead = Delivery.objects.get(standing="dead")
    assert actions.drop_deliveries(
        actor=MANAGER, subscription_id=row.pk, delivery_ids=[dead.pk], now=NOW + MINUTE
    ) == 1  # fmt: skip
    assert work(MINUTE) == 1
    assert receiver.kinds_of(case.number) == ["case.answered"]


def test_a_receiver_that_asks_for_time_is_given_it(town, owner, receiver):
    subscribe(owner, receiver.url)
    receiver.answer = lambda _n, _event: 429
    report(town.resident)
    work()
    assert Delivery.objects.get().next_at >= NOW + timedelta(seconds=1000)


def test_a_receiver_that_answers_nothing_rests_and_is_paused_and_its_owner_told(town, owner, receiver):
    steps({"rest_after_failures": 2, "rest_s": 60, "pause_after_hours": 2, "at_once": 1})
    row, _secret = subscribe(owner, receiver.url)
    receiver.answer = lambda _n, _event: 500
    for _n in range(5):
        report(town.resident)
    work()
    assert len(receiver.taken) == 2
    work(timedelta(seconds=30))
    assert len(receiver.taken) == 2
    work(timedelta(hours=2, minutes=1))
    row.refresh_from_db()
    assert (row.state, row.why) == ("paused", "failing")
    assert Notice.objects.get(account_id=owner.pk).text == sending.PAUSED
    taken = len(receiver.taken)
    work(timedelta(hours=9))
    assert len(receiver.taken) == taken
    receiver.answer = lambda _n, _event: 204
    late = NOW + timedelta(hours=10)
    actions.resume_subscription(actor=MANAGER, subscription_id=row.pk, skip=False, now=late)
    report(town.resident)
    assert work(timedelta(hours=10)) == 6


def test_a_receiver_that_is_gone_pauses_at_once(town, owner, receiver):
    row, _secret = subscribe(owner, receiver.url)
    receiver.answer = lambda _n, _event: 410
    report(town.resident)
    work()
    row.refresh_from_db()
    assert (row.state, row.why) == ("paused", "gone")
    assert standings() == {"waiting": 1}


def test_both_secrets_sign_while_they_overlap(town, owner, receiver):
    row, old = subscribe(owner, receiver.url)
    new = actions.rotate_secret(actor=MANAGER, subscription_id=row.pk, now=NOW)
    report(town.resident)
    work()
    assert receiver.taken[0].is_signed(old)
    assert receiver.taken[0].is_signed(new)
    report(town.resident)
    work(timedelta(hours=25))
    assert receiver.taken[1].is_signed(new)
    assert not receiver.taken[1].is_signed(old)
    actions.tidy_deliveries(actor=WORKER, now=NOW + timedelta(hours=25))
    row.refresh_from_db()
    assert not row.old_secret_sealed


def test_killed_between_sending_and_noting_it_is_sent_again_under_its_id(town, owner, receiver, monkeypatch):
    subscribe(owner, receiver.url)
    case = report(town.resident)
    note(case, town.dispatcher)
    killed_at(monkeypatch, sending._Round, "_note", work)
    assert [each.kind for each in receiver.taken] == ["case.reported"]
    assert work() == 2
    assert [each.kind for each in receiver.taken] == ["case.reported", "case.reported", "case.answered"]
    assert receiver.taken[0].id == receiver.taken[1].id


def test_one_process_sends_at_a_time(town, owner, receiver):
    subscribe(owner, receiver.url)
    for _n in range(3):
        note(report(town.resident), town.dispatcher)
    receiver.slow_s = 0.05
    counts = []

    def run() -> None:
        try:
            counts.append(work())
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(counts) == len(receiver.taken) == 6


def test_one_that_is_slow_keeps_nobody_else_waiting(town, owner, receiver, loopback):
    steps({"timeout_s": 1})
    subscribe(owner, receiver.url)
    subscribe(owner, "http://127.0.0.1:9/nobody")
    report(town.resident)
    assert work() == 1
    assert Counter(Delivery.objects.values_list("error", flat=True))[""] == 1
    assert all(each.error for each in Delivery.objects.filter(standing="waiting"))


def test_what_has_served_its_time_goes_and_what_waits_stays(town, owner, receiver):
    subscribe(owner, receiver.url)
    report(town.resident)
    work()
    receiver.answer = lambda _n, _event: 500
    report(town.resident)
    work()
    assert actions.tidy_deliveries(actor=WORKER, now=NOW + timedelta(days=29)) == 0
    assert actions.tidy_deliveries(actor=WORKER, now=NOW + timedelta(days=31)) == 1
    assert standings() == {"waiting": 1}


def test_every_committed_event_is_delivered_in_order_within_its_case(town, owner, receiver, monkeypatch):
    """Reports, notes, deeds rolled back, a receiver that fails at random, and workers killed at random."""
    random = Random(20260506)
    steps({"retry_steps_s": [1] * 20, "rest_after_failures": 1000})
    subscribe(owner, receiver.url)
    receiver.answer = lambda _n, _event: random.choice((204, 204, 500))
    mine = [report(town.resident)]
    for turn in range(24):
        deed = random.random()
        if deed < 0.3:
            mine.append(report(town.resident))
        elif deed < 0.8:
            note(random.choice(mine), town.dispatcher, f"第{turn}次")
        elif deed < 0.9:
            with transaction.atomic():
                note(random.choice(mine), town.dispatcher)
                transaction.set_rollback(True)
        elif Delivery.objects.filter(standing="waiting").exists() or not actions.read_events(actor=WORKER, now=NOW):
            work(timedelta(seconds=2 * turn))
        else:
            killed_at(monkeypatch, sending._Round, "_note", lambda turn=turn: work(timedelta(seconds=2 * turn)))
    receiver.answer = lambda _n, _event: 204
    for turn in range(3):
        work(timedelta(seconds=60 + 2 * turn))
    assert set(standings()) == {"delivered"}
    committed = Entry.objects.filter(fact__in=kinds().values()).order_by("pk")
    named = {case.pk: case.number for case in mine}
    for case_id, number in named.items():
        wanted = [f"msg_{Subscription.objects.get().pk}_{each.pk}" for each in committed if each.subject_id == case_id]
        got = [each.id for each in receiver.through if each.case == number]
        assert list(dict.fromkeys(got)) == wanted
