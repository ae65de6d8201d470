"""A database that is away or too slow, and a disk that is full, are told in a sentence, with 503: such things pass."""

import errno
import json
import logging
import sys
import time

import psycopg
import pytest
from django.db import InterfaceError, OperationalError, connection
from django.test import RequestFactory

from haitang.config import failures
from haitang.config.logs import Briefly, Formatter
from haitang.core import files


def answer(path: str, error: Exception):
    try:
        raise error
    except type(error):
        return failures.server_error(RequestFactory().get(path))


def disk_full() -> OperationalError:
    error = OperationalError("could not extend file")
    error.__cause__ = psycopg.errors.DiskFull()
    return error


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        (OperationalError("connection refused"), failures.UNAVAILABLE),
        (InterfaceError("the connection is closed"), failures.UNAVAILABLE),
        (disk_full(), failures.FULL),
        (OSError(errno.ENOSPC, "No space left on device"), failures.FULL),
    ],
)
def test_what_will_pass_is_told_so(error, sentence):
    told = answer("/api/v1/cases", error)
    assert told.status_code == 503
    assert told["Retry-After"] == "5"
    assert sentence in told.content.decode("unicode_escape" if b"\\u" in told.content else "utf-8")
    told = answer("/open311/v2/requests.json", error)
    assert told.status_code == 503
    page = answer("/cases/", error)
    assert page.status_code == 503
    assert "系统暂时无法处理" in page.content.decode()


def test_what_will_pass_is_logged_briefly_and_a_bug_at_length():
    for status, said, more in ((503, "WARNING", False), (500, "ERROR", True)):
        record = logging.LogRecord("django.request", logging.ERROR, "", 0, "%s", ("here",), None)
        record.status_code = status
        try:
            raise OperationalError("connection refused\nis it running?")
        except OperationalError:
            record.exc_info = sys.exc_info()
        assert Briefly().filter(record)
        line = json.loads(Formatter().format(record))
        assert (line["level"], "error" in line) == (said, more)
        assert "here" in line["message"]


def test_a_bug_is_none_of_these():
    for error in (ValueError("a bug"), OSError(errno.ENOENT, "No such file")):
        assert answer("/api/v1/cases", error).status_code == 500
        assert answer("/cases/", error).status_code == 500


@pytest.mark.django_db
def test_a_statement_that_takes_too_long_is_given_up():
    bounded = connection.copy()
    bounded.settings_dict = {**bounded.settings_dict, "STATEMENT_SECONDS": "1"}
    began = time.monotonic()
    with pytest.raises(OperationalError), bounded.cursor() as cursor:
        cursor.execute("SELECT pg_sleep(20)")
    bounded.close()
    assert time.monotonic() - began < 5


def test_a_file_that_finds_no_room_leaves_nothing_half(settings, tmp_path):
    """The process may write no file as large as this one, which is how a full disk looks without one."""
    import resource

    settings.FILES_ROOT = tmp_path
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, hard))
    try:
        with pytest.raises(OSError) as full:
            files.store(b"x" * 200_000)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert answer("/api/v1/cases/1/attachments", full.value).status_code == 503
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]
    name = files.store(b"x" * 200_000)
    assert files.read(name) == b"x" * 200_000
