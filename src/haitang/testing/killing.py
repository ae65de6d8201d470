"""A process killed half-way, as the database sees it: its connection is gone in the middle of a transaction."""

from collections.abc import Callable
from typing import Any

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
