"""The database is up before any test, on the instance named by HAITANG_HOME (default .haitang/test)."""

import os
import shutil
from collections.abc import Iterator
from functools import partial
from typing import Any

import pytest


def pytest_configure(config: pytest.Config) -> None:
    """Start the embedded PostgreSQL unless DATABASE_URL names another server."""
    os.environ.setdefault("HAITANG_HOME", ".haitang/test")
    from haitang.runtime import postgres

    if postgres.is_embedded() and not hasattr(config, "workerinput"):
        context = postgres.running()
        context.__enter__()
        config.add_cleanup(lambda: context.__exit__(None, None, None))


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with what takes long: of several processes none is left with it at the end, while the others have gone."""
    items.sort(key=lambda item: item.get_closest_marker("long") is None)


@pytest.fixture(autouse=True)
def office_language() -> Iterator[None]:
    """Forget the language of the last page asked for: tests run in any order."""
    yield
    from django.utils import translation

    translation.deactivate()


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker) -> None:
    """Let tests that commit empty the tables afterwards: in the test database alone, TRUNCATE is not refused."""
    from django.db import connection

    with django_db_blocker.unblock(), connection.cursor() as cursor:
        cursor.execute("ALTER TABLE core_entry DISABLE TRIGGER core_entry_no_truncate")
        cursor.execute("ALTER TABLE core_seal DISABLE TRIGGER core_seal_no_truncate")
        cursor.execute(_BOUND)
        bound = {name for (name,) in cursor.fetchall()}
    connection.ops.sql_flush = partial(_sql_flush, bound)


_BOUND = """
WITH RECURSIVE bound AS (
    SELECT tgrelid AS oid FROM pg_trigger WHERE NOT tgisinternal AND tgtype & 8 <> 0
    UNION SELECT conrelid FROM pg_constraint JOIN bound ON confrelid = bound.oid WHERE contype = 'f'
) SELECT relname FROM bound JOIN pg_class USING (oid)"""
"""The tables of which a trigger lets no row be deleted, and those that refer to them."""


def _sql_flush(bound: set[str], _style: Any, tables: list[str], **_: Any) -> list[str]:
    """Return what empties the tables that hold rows: of hundreds few do, and TRUNCATE takes its time for each."""
    from django.db import connection

    asked = " UNION ALL ".join(
        f"SELECT '{table}' WHERE EXISTS (SELECT FROM \"{table}\")"  # noqa: S608 - our own tables
        for table in tables
    )
    with connection.cursor() as cursor:
        cursor.execute(asked)
        filled = {name for (name,) in cursor.fetchall()}
    whole = ", ".join(f'"{table}"' for table in sorted(bound & set(tables)))
    truncated = [f"TRUNCATE {whole}"] if bound & filled else []
    return truncated + [f'DELETE FROM "{table}"' for table in sorted(filled - bound)]  # noqa: S608 - our own tables


@pytest.fixture
def areas(db: None) -> dict[str, int]:
    """The land of the named cast: the ids of its areas by word (`haitang.testing.land`)."""
    from haitang.testing.land import build_land

    return build_land()


@pytest.fixture
def town(db: None) -> Any:
    """The whole town of the named cast with its catalogue, for the apps from cases up (`haitang.testing.cases`)."""
    from haitang.testing.cases import build_town

    return build_town()


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """Chromium, for the journeys. Where there is none they are skipped with the reason; in CI that is a failure."""
    found = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if not found:
        # Continuous integration must not pass without the journeys; a desk without a browser may, and is told so.
        give_up = pytest.fail if os.environ.get("HAITANG_CI") or os.environ.get("CI") else pytest.skip
        give_up("no Chromium on this machine (Debian: apt install chromium fonts-noto-cjk)")
    from playwright.sync_api import sync_playwright

    # The driver runs an event loop in this thread, which Django would take for asynchronous code.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    with sync_playwright() as driver:
        browser = driver.chromium.launch(
            executable_path=found, args=["--no-sandbox", "--disable-background-networking", "--lang=zh-CN"]
        )
        yield browser
        browser.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]
