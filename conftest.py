"""The database is up before any test, on the instance named by HAITANG_HOME (default .haitang/test)."""

import os

import pytest


def pytest_configure(config: pytest.Config) -> None:
    """Start the embedded PostgreSQL unless DATABASE_URL names another server."""
    os.environ.setdefault("HAITANG_HOME", ".haitang/test")
    from haitang.runtime import postgres

    if postgres.is_embedded() and not hasattr(config, "workerinput"):
        context = postgres.running()
        context.__enter__()
        config.add_cleanup(lambda: context.__exit__(None, None, None))


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker) -> None:
    """Let tests that commit empty the tables afterwards: in the test database alone, TRUNCATE is not refused."""
    from django.db import connection

    with django_db_blocker.unblock(), connection.cursor() as cursor:
        cursor.execute("ALTER TABLE core_entry DISABLE TRIGGER core_entry_no_truncate")
        cursor.execute("ALTER TABLE core_seal DISABLE TRIGGER core_seal_no_truncate")
