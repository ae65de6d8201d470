"""A copy of the test server that follows its log, as a replica on another machine would, and can be held up."""

import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
from django.db import connection, connections
from psycopg.conninfo import make_conninfo

from haitang.runtime import postgres

ALIAS = "replica-1"
_CAUGHT_UP_S_MAX = 30


@dataclass(frozen=True)
class Standby:
    """The running copy. place: its directory, with the socket in it."""

    place: Path

    @property
    def url(self) -> str:
        """Return how the application reaches the copy of the database at work."""
        given = connection.settings_dict
        return make_conninfo(dbname=given["NAME"], user=given["USER"], host=str(self.place), port=postgres.PORT)

    def hold(self) -> None:
        """Have it receive its log and take nothing of it in."""
        self._say("SELECT pg_wal_replay_pause()")
        while self._say("SELECT pg_get_wal_replay_pause_state()") != "paused":
            time.sleep(0.01)

    def go_on(self) -> None:
        """Have it take its log in again."""
        self._say("SELECT pg_wal_replay_resume()")

    def catch_up(self) -> None:
        """Wait until it holds all that is committed now."""
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_current_wal_flush_lsn()::text")
            (place,) = cursor.fetchone()
        deadline = time.monotonic() + _CAUGHT_UP_S_MAX
        while not self._say("SELECT pg_last_wal_replay_lsn() >= %s::pg_lsn", place):
            assert time.monotonic() < deadline, "the copy does not follow"
            time.sleep(0.01)

    def start(self) -> None:
        """Start it, and wait until it answers."""
        options = f"-k {self.place} -p {postgres.PORT} -c shared_buffers=64MB"
        data, log = self.place / "data", self.place / "log"
        postgres._run("pg_ctl", "-D", str(data), "-l", str(log), "-w", "-s", "-o", options, "start")

    def stop(self) -> None:
        """Stop it as by a power cut."""
        postgres._run("pg_ctl", "-D", str(self.place / "data"), "-m", "immediate", "-w", "-s", "stop")

    def _say(self, statement: str, *values: Any) -> Any:
        address = make_conninfo(dbname="postgres", user="postgres", host=str(self.place), port=postgres.PORT)
        with psycopg.connect(address, autocommit=True) as asked:
            row = asked.execute(statement, values or None).fetchone()
            return row[0] if row else None


@contextmanager
def standby() -> Iterator[Standby]:
    """Have a copy of the embedded server up inside, which follows it."""
    place = Path(tempfile.mkdtemp(prefix="haitang-standby-"))
    postgres.open_the_way_to(place)
    postgres.hand_over(place)
    copied = Standby(place)
    try:
        server = ("-h", str(postgres.socket_directory()), "-p", str(postgres.PORT), "-U", "postgres")
        postgres._run("pg_basebackup", *server, "-D", str(place / "data"), "-R", "-X", "stream", "-c", "fast")
        copied.start()
        yield copied
    finally:
        if (place / "data" / "postmaster.pid").exists():
            copied.stop()
        shutil.rmtree(place)


@contextmanager
def known_to_django(copied: Standby) -> Iterator[str]:
    """Let this process know the copy as it would by DATABASE_REPLICA_URL; the value is its alias."""
    connections.settings[ALIAS] = {
        **connections.settings["default"], "HOST": str(copied.place), "CONN_HEALTH_CHECKS": False,
    }  # fmt: skip
    connections[ALIAS].alias = "default"  # by this Django's test case knows what a test may reach
    try:
        yield ALIAS
    finally:
        connections[ALIAS].close()
        del connections[ALIAS]
        del connections.settings[ALIAS]
