from datetime import UTC, date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from haitang.core.clock import LOCAL
from haitang.core.errors import Invalid
from haitang.core.tables import (
    parse_bool,
    parse_code,
    parse_date,
    parse_instant,
    parse_integer,
    parse_number,
    parse_phone,
)


@pytest.mark.parametrize(
    "typed",
    ["2026-1-5", "2026-01-05", "2026/01/05", "2026/1/5", "2026.1.5", "2026年1月5日", "2026 年 1 月 5 日", "20260105",
     "２０２６－０１－０５", " 2026-01-05 ", "2026-01-05 00:00:00", "46027", "46027.0"],
)  # fmt: skip
def test_every_shape_of_a_date(typed):
    assert parse_date(typed) == date(2026, 1, 5)


@pytest.mark.parametrize(
    "typed", ["", "2026-13-01", "2026-02-30", "05/01/2026", "2026", "昨天", "2026-01-05 14:05", "123", "0000-01-01"]
)
def test_what_is_no_date_is_refused_with_a_sentence(typed):
    with pytest.raises(Invalid) as refusal:
        parse_date(typed)
    assert refusal.value.message


@pytest.mark.parametrize(
    ("typed", "hour", "minute", "second"),
    [
        ("2026-01-05 14:05", 14, 5, 0), ("2026-1-5 14:05:09", 14, 5, 9), ("2026/1/5 9:05", 9, 5, 0),
        ("2026-01-05T14:05:09", 14, 5, 9), ("2026年1月5日 14时05分", 14, 5, 0), ("2026年1月5日14时5分9秒", 14, 5, 9),
        ("2026-01-05 下午2:05", 14, 5, 0), ("2026年1月5日 下午 2:05:09", 14, 5, 9), ("2026-01-05 上午9:05", 9, 5, 0),
        ("2026-01-05 上午12:05", 0, 5, 0), ("2026-01-05 下午12:05", 12, 5, 0), ("2026-01-05 中午12:05", 12, 5, 0),
        ("2026-01-05 中午1点", 13, 0, 0), ("2026-01-05 晚上8:05", 20, 5, 0), ("2026-01-05 凌晨2:05", 2, 5, 0),
        ("2026-01-05 2:05 PM", 14, 5, 0), ("2026-01-05 14：05", 14, 5, 0), ("20260105 14:05:09", 14, 5, 9),
        ("20260105140509", 14, 5, 9), ("202601051405", 14, 5, 0), ("46027.5868055556", 14, 5, 0),
        ("2026-01-05 14:05:09.62", 14, 5, 9), ("2026-01-05", 0, 0, 0), ("20260105", 0, 0, 0),
    ],
)  # fmt: skip
def test_every_shape_of_an_instant_is_local_time(typed, hour, minute, second):
    assert parse_instant(typed).replace(microsecond=0) == datetime(2026, 1, 5, hour, minute, second, tzinfo=LOCAL)


def test_a_zone_in_the_text_stands_before_the_default():
    assert parse_instant("2026-01-05T06:05:09Z") == datetime(2026, 1, 5, 6, 5, 9, tzinfo=UTC)
    assert parse_instant("2026-01-05 14:05:09+0900") == datetime(
        2026, 1, 5, 14, 5, 9, tzinfo=timezone(timedelta(hours=9))
    )
    boston = ZoneInfo("America/New_York")
    assert parse_instant("2026-01-05 01:05:09", boston) == datetime(2026, 1, 5, 6, 5, 9, tzinfo=UTC)
    assert parse_instant("2026-1-5 1:05", boston) == datetime(2026, 1, 5, 6, 5, tzinfo=UTC)


def test_midnight_at_the_end_of_the_day():
    assert parse_instant("2026-01-05 24:00") == datetime(2026, 1, 6, tzinfo=LOCAL)


@pytest.mark.parametrize(
    "typed",
    [
        "2026-01-05 25:00",
        "2026-01-05 14:60",
        "2026-01-05 上午15:00",
        "2026-01-05 晚上2:00",
        "2026-01-05 24:01",
        "0001-01-01 00:00:00",
        "9999-12-31 23:59:59",
        "0001-1-1",
        "x",
        "9999999999",
    ],
)
def test_what_is_no_instant_is_refused(typed):
    with pytest.raises(Invalid):
        parse_instant(typed)


@given(st.text(max_size=40))
def test_any_text_is_a_value_or_a_refusal(typed):
    refused = []
    for parse in (parse_date, parse_instant, parse_number, parse_integer, parse_phone, parse_bool, parse_code):
        try:
            parse(typed)
        except Invalid as refusal:
            refused.append(refusal.message)
    assert all(refused)


@given(
    st.datetimes(datetime.fromisoformat("1992-01-01"), datetime.fromisoformat("2100-01-01")).map(
        lambda moment: moment.replace(microsecond=0, tzinfo=LOCAL)
    )
)
def test_an_instant_survives_every_way_of_writing_it(moment):
    for shape in (
        "%Y-%m-%d %H:%M:%S",
        "%Y/%m/%d %H:%M:%S",
        "%Y年%m月%d日 %H时%M分%S秒",
        "%Y%m%d%H%M%S",
        "%Y-%m-%dT%H:%M:%S%z",
    ):
        assert parse_instant(moment.strftime(shape)) == moment


def test_numbers_and_codes():
    assert parse_number("１，２３４．５") == 1234.5
    assert parse_number("-1.5e3") == -1500
    assert parse_integer("3.0") == 3
    assert parse_code("３２０５８５.0") == "320585"
    assert parse_code(" 3205 8500 ") == "32058500"
    for parse, typed in (
        (parse_number, "nan"),
        (parse_number, "1,23"),
        (parse_integer, "3.5"),
        (parse_code, "1.01004E+11"),
    ):
        with pytest.raises(Invalid):
            parse(typed)


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("138 1234 5678", "13812345678"), ("１３８１２３４５６７８", "13812345678"), ("138-1234-5678", "13812345678"),
        ("+86 13812345678", "13812345678"), ("13812345678.0", "13812345678"), ("0512-53521234", "051253521234"),
        ("（0512）53521234转801", "051253521234-801"), ("12345", "12345"), ("400-810-0000", "4008100000"),
        ("138****5678", ""), ("+1 617 555 0100", "+16175550100"),
    ],
)  # fmt: skip
def test_telephones(typed, number):
    assert parse_phone(typed) == number


@pytest.mark.parametrize("typed", ["1381234567", "无", "1.38E+10", "138123456789"])
def test_what_is_no_telephone_is_refused(typed):
    with pytest.raises(Invalid):
        parse_phone(typed)


def test_yes_and_no():
    assert [parse_bool(typed) for typed in ("是", "√", "Y", "１", "TRUE")] == [True] * 5
    assert [parse_bool(typed) for typed in ("否", "×", "n", "0", "无")] == [False] * 5
    with pytest.raises(Invalid):
        parse_bool("也许")
