"""The check of a kept connection is skipped for a few seconds after it worked, and only then."""

import time

import pytest
from django.db import connection

from haitang.config import connections


@pytest.mark.django_db
def test_a_connection_that_has_just_worked_is_not_asked_again(monkeypatch):
    connection.ensure_connection()
    connections._note()
    connection.health_check_done = False
    connections._trust()
    assert connection.health_check_done
    connection.health_check_done = False
    later = time.monotonic() + connections.TRUSTED_FOR_S + 1
    monkeypatch.setattr(connections.time, "monotonic", lambda: later)
    connections._trust()
    assert not connection.health_check_done


@pytest.mark.django_db
def test_a_connection_that_has_failed_is_not_trusted(monkeypatch):
    connection.ensure_connection()
    connections._note()
    monkeypatch.setattr(connection, "errors_occurred", True)
    connections._note()
    connection.health_check_done = False
    connections._trust()
    assert not connection.health_check_done
