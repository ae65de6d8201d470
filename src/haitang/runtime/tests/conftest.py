"""Homes for instances of their own."""

import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from haitang.runtime import postgres, programs


@pytest.fixture
def place() -> Iterator[Path]:
    """An empty directory. Not pytest's own: a second session that starts meanwhile closes the way to that one, which
    the server's account, where it is another one, has to go."""
    with tempfile.TemporaryDirectory(prefix="haitang-test-") as directory:
        yield Path(directory)


@pytest.fixture(scope="session")
def tables(django_db_setup: None, django_db_blocker: Any) -> Iterator[Path]:
    """A home whose database has every table, and nothing running in it: copied from the tests' own, since to migrate
    takes most of a minute."""
    with tempfile.TemporaryDirectory(prefix="haitang-test-") as directory, pytest.MonkeyPatch.context() as patched:
        dump = Path(directory) / "dump"
        with django_db_blocker.unblock():
            tests_own = postgres.url("postgres", connection.settings_dict["NAME"])
        with programs.running([postgres.binary("pg_dump"), "-Fc", "-O", "-x", "-f", str(dump)], tests_own):
            pass
        patched.setenv("HAITANG_HOME", str(Path(directory) / "home"))
        with (
            postgres.running(),
            programs.running([postgres.binary("pg_restore"), "-O", "-x", "-d", "haitang", str(dump)], postgres.url()),
        ):
            pass
        yield Path(directory) / "home"


@pytest.fixture
def ready(place: Path, tables: Path) -> Path:
    """A home of the test's own with every table: a copy, in which each file belongs to whom it belonged."""
    subprocess.run(["cp", "-a", tables, place / "home"], check=True)
    return place / "home"
