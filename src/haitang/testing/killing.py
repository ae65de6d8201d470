"""A process killed half-way, as the database sees it: its connection is gone in the middle of a transaction."""

from collections.abc import Callable
from typing import Any

import psycopg
import pytest
from django.db import OperationalError, connection


def killed_at(
    monkeypatch: pytest.MonkeyPatch, owner: Any, name: str, deed: Callable[[], object], *, call: int = 1
) -> None:  # fmt: skip
    """Do a deed whose connection is lost as it calls `owner.name` for that time; what it left is looked at anew.

    For tests that run outside a transaction, so that what a lost connection leaves behind is really there.
    """
    function, calls = getattr(owner, name), iter(range(1, call + 1))

    def die(*given: Any, **named: Any) -> Any:
        if next(calls) < call:
            return function(*given, **named)
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")
        raise AssertionError("the connection is still there")

    with monkeypatch.context() as patched:
        patched.setattr(owner, name, die)
        with pytest.raises(OperationalError):
            deed()
    connection.close()


def killed_at_statement(number: int, deed: Callable[[], object]) -> bool:
    """Do a deed whose connection is lost in place of its statement of that number, the first being 1.

    Return whether it came so far; one of fewer statements is done. For walking through every step of a job.
    """
    count = 0

    def die(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        nonlocal count
        count += 1
        if count == number:
            with context["connection"].connection.cursor() as cursor:
                cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")
        return execute(sql, params, many, context)

    was_killed = False
    with connection.execute_wrapper(die):
        try:
            deed()
        except (OperationalError, psycopg.OperationalError):
            was_killed = True
    if was_killed:
        connection.close()
    return was_killed
