"""The conformance program: it reads answers without trusting them, prints a table, and says no by its status."""

import json

import httpx
import pytest

from haitang.runtime.console import Unusable
from haitang.runtime.open311_check import command, program, reading
from haitang.runtime.open311_check.checks import CHECKS
from haitang.runtime.open311_check.peer import Failed, errors_of
from haitang.runtime.open311_check.reading import Answer, Unreadable, read_xml
from haitang.runtime.open311_check.shapes import REQUEST, SERVICE, check_shape

BOMB = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "bb"><!ENTITY c "&b;&b;">]><a>&c;</a>'
FILE = b'<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>'
ADDRESS = "http://city.example"


@pytest.mark.parametrize("document", [BOMB, FILE, b"<a>", b"", b"<a>" * 40 + b"</a>" * 40, b"<a></b>", b"\xff<a/>"])
def test_xml_that_is_not_plain_is_refused(document):
    with pytest.raises(Unreadable):
        read_xml(document)


def test_xml_is_read_with_or_without_a_namespace():
    node = read_xml(b'<n:services xmlns:n="http://wiki.open311.org/GeoReport_v2"><n:service/></n:services>')
    assert (node.tag, [child.tag for child in node.children]) == ("services", ["service"])


@pytest.mark.parametrize(
    "wrong",
    [
        b"[]", b"{}", b'[{"code": 400}]', b'[{"code": "x", "description": "y"}]', b"[1]", b"{", b'{"errors": []}',
        b"[" * 100_000,
    ],
)  # fmt: skip
def test_errors_have_a_shape(wrong):
    with pytest.raises(Failed):
        errors_of(Answer("json", 400, "application/json", wrong, "GET /"))


@pytest.mark.parametrize(
    ("rules", "record"),
    [
        (SERVICE, {"service_code": "1", "service_name": "x"}),
        (SERVICE, {"service_code": 1, "service_name": "x", "type": "realtime"}),
        (SERVICE, {"service_code": "1", "service_name": "x", "type": "realtime", "metadata": "true"}),
        (REQUEST, {"service_request_id": "1", "status": "new", "service_code": "1",
                   "requested_datetime": "2026-05-06T00:00:00Z"}),
        (REQUEST, {"service_request_id": "1", "status": "open", "service_code": "1",
                   "requested_datetime": "2026-05-06T00:00:00"}),
        (REQUEST, {"service_request_id": "1", "status": "open", "service_code": "1",
                   "requested_datetime": "2026-05-06T00:00:00Z", "lat": True}),
    ],
)  # fmt: skip
def test_records_have_a_shape(rules, record):
    with pytest.raises(Failed):
        check_shape(rules, record)


@pytest.fixture
def server(monkeypatch):
    """Have the program ask this function instead of the network."""
    client = httpx.Client

    def serve(answer):
        transport = httpx.MockTransport(answer)
        monkeypatch.setattr(program.httpx, "Client", lambda **given: client(transport=transport, **given))

    return serve


def broken(request: httpx.Request) -> httpx.Response:
    """A server with a discovery that is none, and nothing else."""
    found = request.url.path == "/open311/v2/discovery.xml"
    return httpx.Response(200 if found else 500, text="<discovery/>")


def test_it_finds_the_usual_place_and_leaves_with_one_where_a_check_fails(server, capsys):
    server(broken)
    with pytest.raises(SystemExit) as left:
        command([ADDRESS])
    assert left.value.code == 1
    out = capsys.readouterr().out.splitlines()
    assert out[0].split()[:2] == ["C1", "FAILED"]
    assert out[-1].startswith("56 checks: 0 ok, ")


def test_it_tells_as_json_and_only_what_is_asked_for(server, capsys):
    server(broken)
    with pytest.raises(SystemExit):
        command([ADDRESS, "--json", "--only", "c2,C25"])
    rows = json.loads(capsys.readouterr().out)
    assert [(row["check"], row["verdict"]) for row in rows] == [("C2", "FAILED"), ("C25", "n/a")]
    assert rows[1]["why"] == "nothing is written without --token"


def test_where_nothing_fails_it_leaves_quietly(server, capsys):
    server(broken)
    command([ADDRESS, "--only", "C25"])
    assert "1 checks: 0 ok, 0 failed, 1 do not apply" in capsys.readouterr().out


def test_an_answer_without_end_is_not_read_to_its_end(server, monkeypatch):
    def endless():
        while True:
            yield b" " * 100_000

    monkeypatch.setattr(reading, "BYTES_MAX", 1_000_000)
    server(lambda request: httpx.Response(200, content=endless()))
    with pytest.raises(Unusable, match="longer than"):
        command([ADDRESS])


def test_what_is_no_server_is_said(server):
    server(lambda request: httpx.Response(404))
    with pytest.raises(Unusable, match=r"没有 discovery\.xml：404"):
        command([ADDRESS])

    def down(request):
        raise httpx.ConnectError("refused")

    server(down)
    with pytest.raises(Unusable, match="refused"):
        command([ADDRESS])
    with pytest.raises(Unusable, match="C99"):
        command([ADDRESS, "--only", "C99"])
    with pytest.raises(Unusable, match="--lat"):
        command([ADDRESS, "--lat", "31"])
    assert len(CHECKS) == 56
