"""A database of the benchmark's own, beside the office's on the same server, and gone afterwards."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from django.core.management import call_command
from django.db import connection
from psycopg import sql
from psycopg.conninfo import make_conninfo

NAME = "haitang_bench"
_DROP_TRIES = 12
"""Each waits five seconds in the server."""


@contextmanager
def own_database(name: str = NAME, *, keep: bool = False) -> Iterator[bool]:
    """Work inside in the database of that name, migrated; the value tells whether it was there, kept by an earlier run.

    Processes started inside reach it through `url()`. keep: leave it there, for looking closer and for the next run.
    """
    office = connection.settings_dict["NAME"]
    if name == office:
        raise ValueError("the benchmark never works in the office's own database")
    is_there = _maintain("SELECT 1 FROM pg_database WHERE datname = %s", [name]) is not None
    if not is_there:
        _maintain(sql.SQL("CREATE DATABASE {} TEMPLATE template0").format(sql.Identifier(name)))
    connection.close()
    connection.settings_dict["NAME"] = name
    try:
        call_command("migrate", verbosity=0, interactive=False)
        yield is_there
    finally:
        connection.close()
        connection.settings_dict["NAME"] = office
        if not keep:
            _drop(name)


def conninfo(database: str = "") -> str:
    """Return how psycopg reaches the database at work, or another on the same server."""
    given = connection.settings_dict
    known = {"dbname": database or given["NAME"], "user": given.get("USER"), "password": given.get("PASSWORD"),
             "host": given.get("HOST"), "port": given.get("PORT")}  # fmt: skip
    return make_conninfo(**{key: value for key, value in known.items() if value})


def _drop(name: str) -> None:
    """Remove the database. Not by force: that asks for the right to end autovacuum, which a plain drop waits for."""
    for tries_left in reversed(range(_DROP_TRIES)):
        _maintain(
            "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity "
            "WHERE datname = %s AND usename = current_user",
            [name],
        )
        try:
            _maintain(sql.SQL("DROP DATABASE {}").format(sql.Identifier(name)))
            return
        except psycopg.errors.ObjectInUse:
            if not tries_left:
                raise


def _maintain(statement: Any, parameters: list[Any] | None = None) -> Any:
    """Run one statement outside of the database at work; return the first row, None if there is none."""
    with psycopg.connect(conninfo("postgres"), autocommit=True) as server:
        cursor = server.execute(statement, parameters)
        return cursor.fetchone() if cursor.description else None
