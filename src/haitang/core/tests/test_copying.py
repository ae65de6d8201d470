"""Lines put together for COPY come back as the values they were made of."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from haitang.core import copying

TEXTS = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]))


@pytest.fixture
def copied(db):
    """Return a function that writes rows to a table of every type in use, and reads them back."""
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TEMPORARY TABLE copied (n bigserial, a text, b bytea, c float8, d bool, e timestamptz, f date)"
        )

    def write(*rows):
        copying.write("copied", "a, b, c, d, e, f", map(copying.line, rows))
        with connection.cursor() as cursor:
            cursor.execute("SELECT a, b, c, d, e, f FROM copied ORDER BY n")
            return cursor.fetchall()

    return write


def test_every_type_comes_back(copied):
    noon = datetime(2026, 5, 1, 12, 0, 0, 1, tzinfo=UTC)
    rows = [
        ("\\N \\. \t\r\n\\t 路灯 \u2028😀", b"\x00\\\n\xff", 1.5e-07, True, noon, date(1900, 1, 1)),
        (None, None, None, None, None, None),
        ("", b"", -0.1, False, datetime(1900, 1, 1, tzinfo=timezone(timedelta(hours=14))), date(2200, 1, 1)),
        ("\\N", None, 121.123456, None, None, None),
        ("\\.", None, 0.0, None, None, None),
    ]  # fmt: skip
    assert copied(*rows) == rows


def test_no_lines_write_nothing(copied):
    assert copied() == []


@given(value=TEXTS)
def test_a_text_stays_in_its_place(value):
    line = copying.line(("x", value, None))
    assert line.count("\n") == line.count("\t") - 1 == 1
    assert "\r" not in line
    escapes = {"\\": "\\", "n": "\n", "t": "\t", "r": "\r"}
    there, back = iter(copying.text(value)), ""
    for character in there:
        back += escapes[next(there)] if character == "\\" else character
    assert back == value
