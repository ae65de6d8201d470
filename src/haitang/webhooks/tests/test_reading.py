"""What was committed is put down exactly, whatever the order of ids, however long a transaction took."""

import psycopg
import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from haitang.core import commits
from haitang.core.models import Entry
from haitang.testing.actors import also
from haitang.testing.people import FOUNDER
from haitang.webhooks import actions
from haitang.webhooks.models import Delivery, Subscription
from haitang.webhooks.tests.city import NOW, WORKER, note, report, subscribe

pytestmark = pytest.mark.django_db(transaction=True)
"""What is read on has to be committed: within one transaction it is news or not by what others have done meanwhile."""
URL = "https://receiver.example/hook"


def read() -> int | None:
    return actions.read_events(actor=WORKER, now=NOW)


def put_down() -> list[tuple[str, int]]:
    return list(Delivery.objects.order_by("pk").values_list("kind", "subject_id"))


def test_without_subscriptions_a_turn_is_one_short_query(town):
    report(town.resident)
    with CaptureQueriesContext(connection) as asked:
        assert read() is None
    assert len([each for each in asked.captured_queries if each["sql"].startswith("SELECT")]) == 1


def test_what_happened_before_is_not_told_and_what_comes_after_is_told_once(town, owner):
    """Nor what was rolled back; a paused one goes on from where it stood, or from now."""
    report(town.resident)
    subscribe(owner, URL)
    assert read() == 0
    case = report(town.resident)
    note(case, town.dispatcher)
    assert read() == 2
    assert read() == 0
    assert put_down() == [("case.reported", case.pk), ("case.answered", case.pk)]
    with transaction.atomic():
        report(town.resident)
        transaction.set_rollback(True)
    assert read() == 0
    manager = {
        "actor": also(FOUNDER, "webhooks.subscription.manage"), "now": NOW,
        "subscription_id": Subscription.objects.get().pk,
    }  # fmt: skip
    actions.pause_subscription(**manager)
    report(town.resident)
    assert read() is None
    actions.resume_subscription(**manager, skip=False)
    assert read() == 1
    actions.pause_subscription(**manager)
    report(town.resident)
    actions.resume_subscription(**manager, skip=True)
    assert read() == 0
    assert set(Delivery.objects.values_list("standing", flat=True)) == {"dropped"}


def test_kinds_and_areas_narrow(town, owner):
    subscribe(owner, URL, chosen=["case.answered"])
    here = subscribe(owner, URL, area_code=town.area("320585001001001").code, chosen=["case.reported"])[0]
    elsewhere = subscribe(owner, URL, area_code=town.area("320585001002").code)[0]
    case = report(town.resident)
    note(case, town.dispatcher)
    assert read() == 2
    assert Delivery.objects.filter(subscription=here).count() == 1
    assert not Delivery.objects.filter(subscription=elsewhere).exists()


def test_one_that_commits_late_with_a_low_id_is_not_lost(town, owner):
    """One transaction takes an id and waits; a later one commits first and is put down first; then the other."""
    subscription, _secret = subscribe(owner, URL)
    server = connection.get_connection_params()
    with psycopg.connect(**{key: server[key] for key in ("dbname", "user", "host", "port") if key in server}) as slow:
        slow.execute(
            "INSERT INTO core_entry (fact, subject_type, subject_id, actor_name, organization_name, area_path, data,"
            " at, request_id) VALUES ('CaseSigned', 'case', 77, '', '', '/1/', '{}', now(), '')"
        )
        case = report(town.resident)
        assert read() == 1
        assert read() == 0
        slow.commit()
        assert read() == 1
    assert put_down() == [("case.reported", case.pk), ("case.signed", 77)]
    low, high = Delivery.objects.order_by("-pk").values_list("entry_id", flat=True)
    assert low < high
    subscription.refresh_from_db()
    assert subscription.last_id == high


def test_a_move_to_another_database_system_loses_nothing_and_repeats_nothing(town, owner):
    """As after a restore: transactions are counted anew, and old entries have higher numbers than new ones."""
    subscription, _secret = subscribe(owner, URL)
    report(town.resident)
    assert read() == 1
    report(town.resident)  # not read yet when the copy was taken
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE core_entry DISABLE TRIGGER USER")
        cursor.execute("UPDATE core_entry SET xid = xid + 1000000")
        cursor.execute("ALTER TABLE core_entry ENABLE TRIGGER USER")
        cursor.execute("ALTER TABLE core_entry DISABLE TRIGGER core_entry_no_truncate")  # as the test database has it
    parts = [int(part) + 1000000 for part in subscription_now(subscription).snapshot.split(":")[:2]]
    Subscription.objects.update(system="elsewhere", snapshot=f"{parts[0]}:{parts[1]}:")
    report(town.resident)  # the first on the new system
    assert read() == 2
    assert read() == 0
    assert commits.here().system == subscription_now(subscription).system
    report(town.resident)
    assert read() == 1
    assert read() == 0
    assert Delivery.objects.count() == 4
    assert Entry.objects.filter(fact="CaseReported").count() == 4


def subscription_now(subscription: Subscription) -> Subscription:
    return Subscription.objects.get(pk=subscription.pk)
