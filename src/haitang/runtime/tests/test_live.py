"""Live messages, from the database to an open page: a real server on loopback."""

import http.client
import json
import os
import select
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated

import pytest
from django.contrib.sessions.models import Session
from django.db import connection, transaction
from django.test import Client
from psycopg.conninfo import make_conninfo

from haitang.core import history
from haitang.core.access import Actor
from haitang.core.facts import Fact
from haitang.core.privacy import Privacy
from haitang.runtime import live
from haitang.territory.queries import get_area
from haitang.testing import people as cast
from haitang.testing.desks import enter

NOW = datetime(2026, 5, 1, 8, tzinfo=UTC)
VIEW = "cases.case.view"
SECRETLY = "cases.case.view_reports"
SOMEBODY = Actor("某人", id=5)
pytestmark = pytest.mark.django_db(transaction=True)


@dataclass(frozen=True)
class GongStruck(Fact):
    subject_type = "gong"
    gong_id: Annotated[int, Privacy.INTERNAL]
    words: Annotated[str, Privacy.PERSONAL]


class Page:
    """An open page: reads events as a browser would."""

    def __init__(self, port: int, session: str = "", origin: str = "") -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
        headers = {"Cookie": f"haitang_session={session}"} if session else {}
        self.connection.request("GET", "/live/", headers=headers | ({"Origin": origin} if origin else {}))
        self.response = self.connection.getresponse()
        self.status = self.response.status
        self.buffer = b""

    def next(self, within_s: float = 5) -> tuple[str, dict] | None:
        """Return the next event's name and data, None if none comes in time."""
        deadline = time.monotonic() + within_s
        while b"\n\n" not in self.buffer or not self.buffer.split(b"\n\n")[0].startswith(b"event:"):
            if b"\n\n" in self.buffer:
                self.buffer = self.buffer.split(b"\n\n", 1)[1]
                continue
            if not select.select([self.connection.sock], [], [], max(deadline - time.monotonic(), 0))[0]:
                return None
            read = self.response.fp.read1(65536)
            # The stream is chunked: lengths stand on lines of their own between the chunks.
            lines = [line for line in read.split(b"\r\n") if not _is_length(line)]
            self.buffer += b"".join(lines)
            if not read:
                return None
        first, self.buffer = self.buffer.split(b"\n\n", 1)
        name, data = first.decode().split("\n")
        return name.removeprefix("event: "), json.loads(data.removeprefix("data: "))

    def close(self) -> None:
        self.response.close()
        self.connection.close()


def status(*arguments) -> int:
    with closing(Page(*arguments)) as page:
        return page.status


def _is_length(line: bytes) -> bool:
    return 0 < len(line) < 6 and all(c in b"0123456789abcdef" for c in line)


def tell(subject_id: int = 1, *, path: str = "", organizations: tuple[int, ...] = (), permission: str = VIEW) -> None:
    audience = history.Audience(path, organizations, permission)
    with transaction.atomic():
        history.record(actor=SOMEBODY, fact=GongStruck(subject_id, "秘密"), at=NOW, audience=audience)


@pytest.fixture(scope="module")
def server(django_db_setup) -> Iterator[int]:
    """The live process on the test database; yields its port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    parameters = connection.get_connection_params()
    url = make_conninfo(**{key: parameters[key] for key in live.CONNINFO if key in parameters})
    process = subprocess.Popen(
        [sys.executable, "-m", "haitang", "live"],
        env={**os.environ, "DATABASE_URL": url, "PORT": str(port - 1), "PYTHONPATH": os.pathsep.join(sys.path)},
        stdin=subprocess.DEVNULL,
    )
    try:
        for _ in range(200):
            try:
                with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=5)) as asked:
                    asked.request("GET", "/healthz")
                    if asked.getresponse().status == 200:
                        break
            except OSError:
                time.sleep(0.1)
        else:
            pytest.fail("the live process did not come up")
        yield port
    finally:
        process.terminate()
        process.wait(timeout=20)


def session_of(account) -> str:
    client = Client()
    client.force_login(account)
    return client.cookies["haitang_session"].value


def path_of(area_id: int) -> str:
    return get_area(area_id).path


def test_a_page_hears_what_its_grants_let_it_see(server, areas):
    account = cast.build_account()
    cast.give(account, permission=VIEW, area_id=areas["street"])
    with closing(Page(server, session_of(account))) as page:
        assert page.status == 200
        tell(1, path=path_of(areas["other_street"]))
        tell(2, path=path_of(areas["grid"]), permission=SECRETLY)
        tell(3, path=path_of(areas["city"]))
        tell(4, path=path_of(areas["grid"]))
        assert page.next() == ("fact", {"type": "gong", "id": 4, "fact": "GongStruck"})


def test_news_of_an_organization_reaches_those_who_hold_it(server, areas):
    organization = enter()
    account = cast.build_account()
    cast.give(account, permission=VIEW, organization_id=organization)
    with closing(Page(server, session_of(account))) as page:
        tell(1, path=path_of(areas["grid"]), organizations=(organization + 1,))
        tell(2, path=path_of(areas["grid"]), organizations=(organization + 1, organization))
        assert page.next()[1]["id"] == 2


def test_what_is_rolled_back_is_not_told(server, areas):
    account = cast.build_account()
    cast.give(account, permission=VIEW, area_id=areas["city"])
    with closing(Page(server, session_of(account))) as page:
        with transaction.atomic():
            tell(1, path=path_of(areas["grid"]))
            transaction.set_rollback(True)
        tell(2, path=path_of(areas["grid"]))
        assert page.next()[1]["id"] == 2


def test_nobody_listens_without_a_session(server):
    assert status(server) == 401
    assert status(server, "no-such-session") == 401


def test_a_session_that_has_ended_or_a_switched_off_account_does_not_listen(server):
    account = cast.build_account()
    session = session_of(account)
    Session.objects.all().delete()
    assert status(server, session) == 401
    session = session_of(account)
    type(account).objects.filter(pk=account.pk).update(is_active=False)
    assert status(server, session) == 401


def test_foreign_pages_are_turned_away_and_our_own_may_read(server):
    account = cast.build_account()
    session = session_of(account)
    assert status(server, session, "https://elsewhere.example") == 403
    with closing(Page(server, session, "http://127.0.0.1:8000")) as page:
        assert page.status == 200
        assert page.response.headers["Access-Control-Allow-Origin"] == "http://127.0.0.1:8000"
        assert page.response.headers["Access-Control-Allow-Credentials"] == "true"


def test_after_a_lost_database_connection_pages_are_told_to_look_again(server, areas):
    account = cast.build_account()
    cast.give(account, permission=VIEW, area_id=areas["city"])
    with closing(Page(server, session_of(account))) as page:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE application_name = 'haitang-live' AND datname = current_database()"
            )
        assert page.next(10) == ("missed", {})
        for _ in range(50):
            tell(7, path=path_of(areas["grid"]))
            if page.next(0.2):
                break
        else:
            pytest.fail("nothing was heard after the connection came back")


class TestWithoutServer:
    """What needs no server: who may hear what, and a page that does not keep up."""

    NEWS = {"s": "case", "i": 1, "f": "X", "p": "/1/2/3/", "o": [7], "g": VIEW, "a": [31]}

    def test_a_slow_page_is_told_that_it_missed_something(self):
        client = live.Client(SOMEBODY)
        for number in range(live.WAITING_MAX + 1):
            client.push(b"%d" % number)
        assert client.queue.qsize() == 1
        assert client.queue.get_nowait() == live.MISSED

    def test_the_end_reaches_a_page_that_does_not_keep_up(self):
        client = live.Client(SOMEBODY)
        for number in range(live.WAITING_MAX):
            client.push(b"%d" % number)
        client.push(None)
        assert client.queue.get_nowait() is None

    def test_where_too_much_has_changed_every_page_is_told_to_look_again(self):
        site = live.Application(
            conninfo="", channel="", cookie="", read_actor=lambda _session: None, hosts=[], origins=[]
        )
        client = live.Client(SOMEBODY)
        site.clients.add(client)
        site.spread(history.LOOK_AGAIN)
        assert client.queue.get_nowait() == live.MISSED

    def test_whom_it_concerns_hears_it_without_any_permission(self):
        assert live.may_hear(Actor("志愿者", id=31), self.NEWS)
        assert not live.may_hear(Actor("志愿者", id=32), self.NEWS)

    def test_a_visitor_hears_nothing(self):
        assert not live.may_hear(SOMEBODY, self.NEWS)
