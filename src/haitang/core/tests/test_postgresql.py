"""A connection is asked whether it works once a second, not once a request."""

import pytest
from django.db import connections, transaction
from psycopg.pq import TransactionStatus

from haitang.core.postgresql import base

pytestmark = pytest.mark.django_db(transaction=True)
connection = connections["default"]


@pytest.fixture
def asked(monkeypatch):
    """When the connection was asked; time stands still until `asked.now` is moved."""

    class Asked(list):
        now = 1_000.0

    times = Asked()
    connection.ensure_connection()
    monkeypatch.setattr(base.time, "monotonic", lambda: times.now)
    monkeypatch.setattr(connection, "_answered_at", float("-inf"))
    monkeypatch.setattr(connection, "health_check_enabled", True)
    monkeypatch.setattr(connection, "is_usable", lambda: times.append(times.now) or times.is_there)
    times.is_there = True
    return times


def request() -> None:
    """What Django does at the beginning of a request, and its first statement."""
    connection.health_check_done = False
    ask_something()


def ask_something() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")


def test_requests_within_a_second_ask_once(asked):
    for asked.now in (1_000.0, 1_000.5, 1_000.99):
        request()
    assert asked == [1_000.0]
    asked.now = 1_001.0
    request()
    assert asked == [1_000.0, 1_001.0]


def test_a_connection_that_does_not_answer_is_opened_anew(asked):
    request()
    before = connection.connection
    asked.now, asked.is_there = 1_002.0, False
    request()
    assert connection.connection is not before


def test_a_transaction_that_lasts_beyond_the_second_ends_as_it_should(asked, monkeypatch):
    monkeypatch.setattr(connection, "_answered_at", asked.now)
    monkeypatch.setattr(connection, "is_usable", lambda: bool(connection.connection.execute("SELECT 1")))
    connection.health_check_done = False
    with transaction.atomic():
        ask_something()
        asked.now += 2
    assert connection.get_autocommit()
    assert connection.connection.info.transaction_status == TransactionStatus.IDLE
