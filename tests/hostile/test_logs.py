"""A line of the log is one line, whatever was sent."""

import json
import logging

import pytest

from haitang.config.logs import Formatter, TextFormatter

SPLITTING = ["\n", "\r\n", "\x0b", "\x0c", "\x1c", "\x85", "\u2028", "\u2029"]
HIDING = ["\x1b[2J", "\x9b2J", "\x08", "\x7f", "\u202e", "\u2066", "\u200b", "\ufeff", "\x00", "\ud800"]


@pytest.mark.parametrize("odd", SPLITTING + HIDING, ids=ascii)
def test_what_is_logged_neither_ends_its_line_nor_hides_in_it(odd):
    sent = f"a{odd}" + '{"level": "INFO", "message": "forged"}'
    record = logging.LogRecord("haitang.x", logging.WARNING, __file__, 1, "no such name: %s", (sent,), None)
    line = Formatter().format(record)
    assert len(line.splitlines()) == 1
    assert all(character.isprintable() for character in line), ascii(line)
    assert json.loads(line)["message"] == f"no such name: {sent}"
    line.encode()
    text = TextFormatter().format(record)
    assert len(text.splitlines()) == 1
    assert text.isprintable()


def test_an_error_with_its_trace_is_one_line_too():
    try:
        raise ValueError("a\nb\u2028c")
    except ValueError as error:
        record = logging.LogRecord(
            "x", logging.ERROR, __file__, 1, "bad", (), (type(error), error, error.__traceback__)
        )
    line = Formatter().format(record)
    assert len(line.splitlines()) == 1
    assert "Traceback" in json.loads(line)["error"]


@pytest.mark.django_db
@pytest.mark.parametrize("sent", ["a\nb-forged-line", "x" * 65, "short", "ok\r\nSet-Cookie: a=1", "日志日志日志日志"])
def test_a_request_id_that_could_be_more_than_an_id_is_not_taken_over(client, sent):
    assert client.get("/healthz", headers={"X-Request-Id": sent})["X-Request-Id"] != sent


@pytest.mark.django_db
def test_a_plain_request_id_is_taken_over(client):
    assert client.get("/healthz", headers={"X-Request-Id": "abcdef-0123456789"})["X-Request-Id"] == "abcdef-0123456789"
