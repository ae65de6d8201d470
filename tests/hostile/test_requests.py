"""Requests that another site sends, that are too large, too deep, or framed so that two programs read them apart."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import suppress

import pytest
from django.http import HttpResponseForbidden
from django.test import Client

from haitang.config.middleware import FOR_PROGRAMS
from haitang.core import clock
from haitang.people import actions
from haitang.people.queries import get_actor
from haitang.testing import people as cast
from haitang.testing.ports import free_port
from tests.hostile.walking import patterns

API, OPEN311 = "/api/v1/areas/locate", "/open311/v2/requests.json"


KNOWN_BY_THEIR_SECRET = {"/oidc/token/", "/oidc/userinfo/", "/oidc/revoke/"}
"""Asked by connected systems, which prove themselves in every request and bring no cookies."""


def addresses() -> list[str]:
    """Return an address of every page, arguments filled with something."""
    found = set()
    for address, _view in patterns():
        if "(" in address or "[" in address:
            continue
        parts = [part if "<" not in part else ("1" if "int:" in part else "x") for part in address.split("/")]
        found.add("/".join(parts))
    return sorted(found - KNOWN_BY_THEIR_SECRET)


def refuse(request, reason=""):
    """Answer a forged form, in few words: the page that is shown is tested elsewhere."""
    return HttpResponseForbidden("forged")


@pytest.mark.django_db
def test_no_page_takes_a_form_that_another_site_sends(settings):
    """Whatever the page: the check comes before the page looks who asks."""
    settings.CSRF_FAILURE_VIEW = "tests.hostile.test_requests.refuse"
    account = cast.build_account()
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(account)
    answers = {
        path: browser.post(path, {"a": "1"}, headers={"Origin": "https://example.invalid"}) for path in addresses()
    }
    refused = [path for path, answer in answers.items() if answer.content == b"forged"]
    nowhere = [path for path, answer in answers.items() if answer.status_code in (301, 404)]
    assert set(refused) | set(nowhere) == set(answers)
    assert len(refused) > 10 * len(nowhere)
    assert browser.get("/me/").status_code == 200, "the same session, asked by its own browser"


def test_no_page_is_exempt_from_the_check():
    exempt = {address for address, view in patterns() if getattr(view, "csrf_exempt", False)}
    assert exempt == KNOWN_BY_THEIR_SECRET


@pytest.mark.django_db
def test_doors_for_programs_take_no_cookies():
    """They need no form token because a browser's session is nothing to them."""
    account = cast.build_account()
    cast.give(account, "leader")
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(account)
    answer = browser.get("/api/v1/areas")
    assert answer.status_code == 401
    assert not answer.cookies
    assert not browser.get("/open311/v2/services.json").cookies
    assert browser.post(OPEN311, {}).status_code in (400, 403)
    assert set(FOR_PROGRAMS) == {"/api/", "/open311/v2/", "/wechat/messages"}


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/accounts/login/", API, OPEN311])
def test_more_than_anybody_has_reason_to_send_is_refused_unread(client, settings, path):
    class Unread:
        def read(self, *_given: int) -> bytes:
            raise AssertionError("read all the same")

        readline = read

    length = settings.REQUEST_BYTES_MAX + 1
    answer = client.generic("POST", path, b"", headers={"Content-Length": str(length)}, **{"wsgi.input": Unread()})
    refused = 400 if path == OPEN311 else 413  # the standard knows no other
    assert answer.status_code == refused
    said = answer.json()["detail"] if path == API else answer.content.decode()
    assert "过大" in said
    assert client.generic("POST", path, b"", headers={"Content-Length": "9" * 40}).status_code == refused


@pytest.mark.django_db
@pytest.mark.parametrize("length", ["abc", "-1", "+5", "1e3", "５", " "])
@pytest.mark.parametrize("path", ["/accounts/login/", API, OPEN311])
def test_what_is_no_length_is_refused(length, path):
    answer = Client(raise_request_exception=False).generic("POST", path, b"", CONTENT_LENGTH=length)
    assert answer.status_code == 400


@pytest.mark.django_db
def test_too_many_fields_and_files_are_refused(client, settings):
    fields = {f"f{n}": "1" for n in range(settings.DATA_UPLOAD_MAX_NUMBER_FIELDS + 1)}
    assert client.post("/accounts/login/", fields).status_code == 413
    large = {"login": "x" * (settings.DATA_UPLOAD_MAX_MEMORY_SIZE + 1)}
    assert client.post("/accounts/login/", large).status_code == 413
    from django.core.files.base import ContentFile

    files = {f"f{n}": ContentFile(b"x", f"{n}.txt") for n in range(settings.DATA_UPLOAD_MAX_NUMBER_FILES + 1)}
    assert client.post("/accounts/login/", files).status_code == 413


@pytest.mark.django_db
@pytest.mark.parametrize(
    "kind",
    [
        "application/x-www-form-urlencoded; charset=nonsense", "application/x-www-form-urlencoded; charset=utf-7",
        "multipart/form-data; boundary=", "multipart/form-data", "multipart/form-data; boundary=" + "x" * 300,
    ],
)  # fmt: skip
@pytest.mark.parametrize("path", ["/accounts/login/", "/report/", OPEN311])
def test_a_form_that_cannot_be_read_is_refused_once(path, kind):
    """The page that says so does not try to read it again."""
    browser = Client(enforce_csrf_checks=True, raise_request_exception=False)
    answer = browser.generic("POST", path, b"a=1", content_type=kind)
    assert answer.status_code in (400, 403), answer.content


@pytest.fixture
def asking(db, areas, client):
    """Return a function that sends a body to an operation, as somebody who may use it."""
    account = cast.build_account()
    cast.give(account, "leader")
    actor = get_actor(account.pk)
    _row, token = actions.create_token(actor=actor, account_id=account.pk, name="x", now=clock.now())

    def ask(body: bytes):
        return client.generic(
            "POST", API, body, content_type="application/json", headers={"Authorization": f"Bearer {token}"}
        )

    assert ask(b'{"points": [[120.9, 31.3]]}').status_code == 200
    return ask


@pytest.mark.parametrize(
    "body",
    [
        b"[" * 100_000, b'{"a":' * 50_000, b"{", b"\xff\xfe{}", '{"points": []}'.encode("utf-16"),
        b'{"points": [[NaN, 1]]}',
        b'{"points": [[Infinity, 1]]}', b'{"points": [[-Infinity, 1]]}', b"\x00", b"'", b'\xef\xbb\xbf{"points": []}',
    ],
    ids=lambda body: repr(body[:16]),
)  # fmt: skip
def test_what_is_no_json_is_refused_in_a_sentence(asking, body):
    answer = asking(body)
    assert (answer.status_code, answer["Content-Type"]) == (400, "application/problem+json")
    assert answer.json()["detail"] == "请求内容不是有效的 JSON"


@pytest.mark.parametrize(
    "body",
    [
        b'{"points": [[1e400, 1]]}',
        b'{"points": "\\ud800"}',
        b'{"points": [["\\u0000", 1]]}',
        b"[]",
        b"null",
        b"1" * 4000,
    ],
)
def test_what_does_not_fit_is_refused_in_a_sentence(asking, body):
    answer = asking(body)
    assert answer.status_code in (400, 422)
    json.dumps(answer.json(), ensure_ascii=False).encode()


def test_a_body_past_the_limit_is_refused(asking, settings):
    answer = asking(b'{"points": [' + b"[1.0,1.0]," * (settings.DATA_UPLOAD_MAX_MEMORY_SIZE // 10) + b"[1.0,1.0]]}")
    assert (answer.status_code, answer.json()["title"]) == (413, "TooLarge")


_SITE = """
from granian import Granian
from granian.constants import Interfaces
import sys
Granian("tests.hostile.echo:application", address="127.0.0.1", port=int(sys.argv[1]),
        interface=Interfaces.WSGI, workers=1, blocking_threads=1, websockets=False).serve()
"""


@pytest.fixture(scope="module")
def server():
    """The web server of the product before a site that says how it was asked; yields the port."""
    port = free_port()
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([os.getcwd(), *sys.path])}
    process = subprocess.Popen(
        [sys.executable, "-c", _SITE, str(port)], env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            try:
                socket.create_connection(("127.0.0.1", port), timeout=1).close()
                break
            except OSError:
                time.sleep(0.05)
        yield port
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _answers(port: int, sent: bytes) -> bytes:
    """Return everything that comes back on one connection until the server ends it or says no more for a second."""
    got = b""
    with socket.create_connection(("127.0.0.1", port), timeout=5) as connection, suppress(OSError):
        connection.sendall(sent)
        connection.settimeout(1)
        while piece := connection.recv(65536):
            got += piece
    return got


HOST = b"Host: localhost\r\n"
SMUGGLED = b"GET /smuggled HTTP/1.1\r\nHost: localhost\r\n\r\n"


@pytest.mark.parametrize(
    "head",
    [
        b"Content-Length: 5\r\nContent-Length: 6\r\n",
        b"Content-Length: +5\r\n",
        b"Content-Length: 0x5\r\n",
        b"Content-Length : 5\r\n",
        b"Transfer-Encoding: chunked, identity\r\n",
        b"Transfer-Encoding: x\r\n",
        b"X: a\r\n folded: b\r\nContent-Length: 5 5\r\n",
    ],
)
def test_a_body_whose_length_can_be_read_in_two_ways_is_refused(server, head):
    got = _answers(server, b"POST / HTTP/1.1\r\n" + HOST + head + b"\r\n" + b"0\r\n\r\n" + SMUGGLED)
    assert got.startswith(b"HTTP/1.1 4"), got
    assert b"/smuggled" not in got


def test_of_both_lengths_the_chunks_count_and_the_connection_ends_or_both_read_alike(server):
    """RFC 9112, 6.3: with both, the chunks count; then what follows them is the next request, for every proxy too."""
    got = _answers(
        server,
        b"POST /first HTTP/1.1\r\n"
        + HOST
        + b"Content-Length: 44\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"
        + SMUGGLED,
    )
    refused = not got or got.startswith(b"HTTP/1.1 4")
    assert refused or got.count(b"HTTP/1.1 200") <= 2


def test_heads_without_end_are_refused(server):
    for head in (b"X: " + b"a" * 1_000_000 + b"\r\n", b"".join(b"X%d: a\r\n" % n for n in range(2_000))):
        got = _answers(server, b"GET / HTTP/1.1\r\n" + HOST + head + b"\r\n")
        assert not got or got.startswith(b"HTTP/1.1 4"), got[:60]


def test_the_server_is_alive_after_all_that(server):
    assert _answers(server, b"GET /well HTTP/1.1\r\n" + HOST + b"Connection: close\r\n\r\n").endswith(b"/well")
