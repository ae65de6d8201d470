"""Policy is data, and hot paths may not pay for it: snapshots of tables that rarely change.

A `Policy` holds one loaded value per process and reloads it when its version in the database has
moved. Versions come from a sequence, so a rolled-back change can never leave a stale snapshot
behind; the version is read before the data, so a snapshot is never older than it claims.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Generic, TypeVar

from django.db import connection

from haitang.core import replicas

T = TypeVar("T")


class _Scope:
    versions: dict[str, int] | None = None


_scope: ContextVar[_Scope | None] = ContextVar("policy_scope", default=None)


def read_versions() -> dict[str, int]:
    """Return the version of every policy ever touched: one small query, at most one inside `reading()`."""
    scope = _scope.get()
    if scope is not None and scope.versions is not None:
        return scope.versions
    with replicas.primary(), connection.cursor() as cursor:
        cursor.execute("SELECT name, version FROM core_policyversion")
        versions = dict(cursor.fetchall())
    hold(versions)
    return versions


def hold(versions: dict[str, int]) -> None:
    """Take over versions that were read together with something else, for the running `reading()`."""
    scope = _scope.get()
    if scope is not None:
        scope.versions = versions


def forget() -> None:
    """Read the versions anew at the next look, even inside `reading()`: call it after waiting for a lock."""
    scope = _scope.get()
    if scope is not None:
        scope.versions = None


@contextmanager
def reading() -> Iterator[None]:
    """Read the versions at most once for everything inside: one request, one job, one import batch."""
    token = _scope.set(_Scope())
    try:
        yield
    finally:
        _scope.reset(token)


class Policy(Generic[T]):
    """A value computed from tables, shared by all requests of the process until the tables change.

    name: unique, "app.what".
    load: reads the tables and returns an immutable value; called with no arguments.
    """

    def __init__(self, name: str, load: Callable[[], T]) -> None:
        self.name = name
        self._load = load
        self._held: tuple[int, T] | None = None

    def get(self) -> T:
        """Return the value as of now, reloading it if its tables were touched since."""
        version = read_versions().get(self.name, 0)
        held = self._held
        if held is None or held[0] != version:
            with replicas.primary():
                held = (version, self._load())
            self._held = held
        return held[1]

    def touch(self) -> None:
        """Declare, inside the action's transaction, that the tables behind the value have changed."""
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO core_policyversion (name, version) VALUES (%s, nextval('core_policy_version_seq')) "
                "ON CONFLICT (name) DO UPDATE SET version = excluded.version RETURNING version",
                [self.name],
            )
            (version,) = cursor.fetchone()
        scope = _scope.get()
        if scope is not None and scope.versions is not None:
            scope.versions[self.name] = version
