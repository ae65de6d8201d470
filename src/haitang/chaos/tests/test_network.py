"""A real site whose way to the database is cut, shut, and made slow: it says so, in time, and goes on by itself."""

import http.client
import json
import tempfile
import threading
import time
from contextlib import closing
from pathlib import Path

import psycopg
import pytest
from django.db import connection

from haitang.bench.database import conninfo
from haitang.bench.site import Site, running_site
from haitang.runtime import postgres, prepare
from haitang.testing.lines import Proxy, between

pytestmark = [pytest.mark.django_db, pytest.mark.long]
SECONDS = "2"


def get(site: Site, path: str = "/api/v1/votes") -> tuple[int, str, float]:
    began = time.monotonic()
    with closing(http.client.HTTPConnection("127.0.0.1", site.port, timeout=30)) as asked:
        asked.request("GET", path, headers={"Host": "localhost"})
        answer = asked.getresponse()
        body = answer.read().decode()
    if answer.status == 503:
        assert "系统暂时无法处理" in (json.loads(body)["detail"] if path.startswith("/api/") else body)
        assert answer.headers["Retry-After"]
    return answer.status, body, time.monotonic() - began


@pytest.fixture
def proxy(monkeypatch):
    if not postgres.is_embedded():
        pytest.skip("stands before the embedded server's socket alone")
    with (
        tempfile.TemporaryDirectory(prefix="haitang-proxy-") as place,
        between(postgres.socket_directory(), Path(place)) as line,
    ):
        server = postgres.socket_directory()
        monkeypatch.setenv("HAITANG_HOME", place)
        prepare.skip_static()  # which a directory of its own would be collected for
        monkeypatch.setitem(connection.settings_dict, "HOST", place)
        monkeypatch.setenv("HAITANG_STATEMENT_SECONDS", SECONDS)
        yield line, server


def test_the_site_says_so_in_time_and_goes_on_by_itself(proxy: tuple[Proxy, Path]):
    line, server = proxy
    direct = conninfo().replace(connection.settings_dict["HOST"], str(server))
    with running_site() as site:
        assert get(site)[0] == 200
        _cut(line, site)
        _shut(line, site)
        _slow(line, site)
        _locked(site, direct)


def _cut(proxy: Proxy, site: Site) -> None:
    """Each thread learns of it once; asked again, it answers."""
    assert proxy.cut()
    answers = [get(site)[0] for _each in range(40)]
    assert set(answers) <= {200, 503}
    assert set(answers[-8:]) == {200}


def _shut(proxy: Proxy, site: Site) -> None:
    proxy.is_shut = True
    proxy.cut()
    answers = [get(site) for _each in range(12)]
    assert answers[-1][0] == 503
    assert max(taken for _status, _body, taken in answers) < 8
    assert get(site, "/healthz")[0] == 503, "a balancer in front looks elsewhere"
    assert get(site, "/")[0] == 503
    proxy.is_shut = False
    answers = [get(site)[0] for _each in range(20)]
    assert set(answers[-8:]) == {200}


def _slow(proxy: Proxy, site: Site) -> None:
    """A fifth of a second for every question and answer: slow, and right."""
    proxy.delay_s = 0.1
    status, _body, taken = get(site)
    assert status == 200
    assert taken < 10
    proxy.delay_s = 0.0


def _locked(site: Site, direct: str) -> None:
    """Somebody holds a table and does not let go: who asks is told, after as long as a statement may take."""
    with psycopg.connect(direct) as holder:
        holder.execute("LOCK TABLE voting_vote IN ACCESS EXCLUSIVE MODE")
        asked = [threading.Thread(target=_is_told, args=(site,)) for _each in range(4)]
        for thread in asked:
            thread.start()
        for thread in asked:
            thread.join()
        holder.rollback()
    assert get(site)[0] == 200


def _is_told(site: Site) -> None:
    status, _body, taken = get(site)
    assert status == 503
    assert taken < float(SECONDS) + 6
