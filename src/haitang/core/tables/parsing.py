"""What people type into cells, turned into values. Each function raises Invalid with a finished sentence.

Full-width digits and spaces are taken as their plain forms, and a number's trailing ".0" (what Excel makes of
a code) is dropped. Text without a zone is local time in Asia/Shanghai unless the caller says otherwise.
"""

import re
import unicodedata
from datetime import date, datetime, time, timedelta, tzinfo
from functools import lru_cache

from haitang.core.clock import LOCAL
from haitang.core.errors import Invalid

YEAR_MIN, YEAR_MAX = 1900, 2200
"""A year beyond is a slip of the pen. In the year 1 it would even be one that, moved to UTC, no program can read."""

_SERIAL_EPOCH = datetime(1899, 12, 30)  # noqa: DTZ001 - a wall-clock date; the zone is the reader's
_SERIAL = re.compile(r"\d{5}(\.\d+)?")
_DATE = (
    r"(?P<year>\d{4})(?:\s*[-/.年]\s*(?P<month>\d{1,2})\s*[-/.月]\s*(?P<day>\d{1,2})\s*日?"
    r"|(?P<month2>\d{2})(?P<day2>\d{2}))"
)
_TIME = (
    r"(?P<half>凌晨|早上|上午|中午|下午|傍晚|晚上|am|pm)?\s*"
    r"(?P<hour>\d{1,2})\s*(?:[:时点]\s*(?:(?P<minute>\d{1,2})\s*(?:分|(?=[:\s.+\-zap]|$)))?"
    r"(?::?\s*(?P<second>\d{1,2})(?:\.(?P<fraction>\d{1,9}))?\s*秒?)?)"
    r"\s*(?P<half2>am|pm)?"
)
_ZONE = r"(?P<zone>z|[+-]\d{2}:?\d{2})"
_INSTANT = re.compile(rf"{_DATE}(?:[\st]*{_TIME})?\s*{_ZONE}?", re.IGNORECASE)
_COMPACT = re.compile(r"(\d{8})(\d{2})(\d{2})(\d{2})?")
_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d{1,3})?", re.IGNORECASE)
_GROUPED = re.compile(r"[+-]?\d{1,3}(,\d{3})+(\.\d+)?")
_SCIENTIFIC = re.compile(r"\d(\.\d+)?e\+\d+", re.IGNORECASE)
_POINT_ZERO = re.compile(r"\d+\.0+")
_PHONE = re.compile(
    r"(?:\+?0{0,2}86)?(1[3-9]\d{9})|(0\d{9,11}|[48]00\d{7}|\+\d{7,15}|[2-9]\d{6,7}|1\d{2,5}|9\d{4,7})(?:(?:转|ext\.?|#|x)(\d{1,6}))?"
)
_PHONE_NOISE = re.compile(r"[\s()\-‐-―_.·/]+")
_TRUE = frozenset(["是", "有", "真", "对", "√", "✓", "✔", "y", "yes", "true", "t", "1"])
_FALSE = frozenset(["否", "无", "假", "错", "×", "✗", "✘", "n", "no", "false", "f", "0", "没有"])


def plain(text: str) -> str:
    """Return the text with full-width forms made plain and outer spaces removed."""
    if text.isascii():
        return text.strip()
    return unicodedata.normalize("NFKC", text).strip()


def parse_code(text: str) -> str:
    """Return a code as it was meant: plain digits and letters, no spaces, no trailing ".0"."""
    code = "".join(plain(text).split())
    if _POINT_ZERO.fullmatch(code):
        return code.partition(".")[0]
    if _SCIENTIFIC.fullmatch(code):
        raise Invalid(f"“{_short(text)}”已被表格软件改写成科学计数法，请把该列设为文本格式后重新填写")
    return code


@lru_cache(maxsize=65_536)
def parse_date(text: str) -> date:
    """Return the date meant: 2026-1-5, 2026/01/05, 2026.1.5, 2026年1月5日, 20260105, an Excel serial number.

    A time of day of 0:00 may follow, as spreadsheets add it; any other is refused.
    """
    moment, zone = _wall_clock(text, "日期")
    if moment.time() != time() or zone is not None:
        raise Invalid(f"“{_short(text)}”应只写日期，例如 2026-01-05")
    return moment.date()


def parse_instant(text: str, zone: tzinfo = LOCAL) -> datetime:
    """Return the aware instant meant: any shape of `parse_date`, with or without a time of day and a zone.

    Times: 14:05, 14:05:09, 14时05分, 下午2:05, 2:05 PM. Without a zone in the text it is local time in `zone`;
    without a time it is the beginning of the day.
    """
    if len(text) == 19 and text[4] == "-" and text[13] == ":" and text.isascii():
        try:
            moment = datetime.fromisoformat(text)
        except ValueError:
            return _instant(text, zone)  # which says what is wrong with it
        if YEAR_MIN <= moment.year <= YEAR_MAX:
            return moment.replace(tzinfo=zone)
    return _instant(text, zone)


@lru_cache(maxsize=4_096)
def _instant(text: str, zone: tzinfo) -> datetime:
    moment, own_zone = _wall_clock(text, "时间")
    return moment.replace(tzinfo=own_zone or zone)


def _wall_clock(text: str, what: str) -> tuple[datetime, tzinfo | None]:
    moment, zone = _moment(text, what)
    if not YEAR_MIN <= moment.year <= YEAR_MAX:
        raise Invalid(f"“{_short(text)}”的年份应在 {YEAR_MIN} 至 {YEAR_MAX} 之间")
    return moment, zone


def _moment(text: str, what: str) -> tuple[datetime, tzinfo | None]:
    typed = plain(text)
    try:
        if found := _INSTANT.fullmatch(typed):
            return _assemble(found)
        if found := _COMPACT.fullmatch(typed):
            digits, hour, minute, second = found.groups(default="0")
            day = datetime.strptime(digits, "%Y%m%d")  # noqa: DTZ007 - a wall-clock date
            return day.replace(hour=int(hour), minute=int(minute), second=int(second)), None
        if _SERIAL.fullmatch(typed):
            return _from_serial(float(typed)), None
    except (ValueError, OverflowError):
        raise Invalid(f"“{_short(text)}”不是存在的{what}") from None
    example = "2026-01-05" if what == "日期" else "2026-01-05 14:05"
    raise Invalid(f"{what}“{_short(text)}”无法识别，请写成 {example} 的样子")


def _from_serial(days: float) -> datetime:
    """Return what Excel means by a day number (1900 date system), rounded to the second."""
    return _SERIAL_EPOCH + timedelta(seconds=round(days * 86_400))


def _assemble(found: re.Match[str]) -> tuple[datetime, tzinfo | None]:
    part = found.groupdict()
    day = datetime(  # noqa: DTZ001 - a wall-clock date; the zone is added by the caller
        int(part["year"]), int(part["month"] or part["month2"]), int(part["day"] or part["day2"])
    )
    zone = datetime.strptime(part["zone"].upper(), "%z").tzinfo if part["zone"] else None
    if part["hour"] is None:
        return day, zone
    hour, minute, second = (int(part[name] or 0) for name in ("hour", "minute", "second"))
    if hour == 24 and not (minute or second or part["half"] or part["half2"]):
        return day + timedelta(days=1), zone
    hour = _hour_of_day(hour, (part["half"] or part["half2"] or "").lower())
    microsecond = int((part["fraction"] or "0").ljust(6, "0")[:6])
    return day.replace(hour=hour, minute=minute, second=second, microsecond=microsecond), zone


def _hour_of_day(hour: int, half: str) -> int:
    """Return the hour on the 24-hour clock; a word and an hour that contradict each other are a ValueError."""
    if not half or hour > 12:
        allowed = {
            "": range(24),
            "下午": range(13, 18 + 1),
            "傍晚": range(16, 20),
            "晚上": range(18, 24),
            "pm": range(13, 24),
        }
        if hour in allowed.get(half, ()):
            return hour
    elif half in ("凌晨", "早上", "上午", "am"):
        return hour % 12  # Excel writes midnight as 上午12:00
    elif half == "中午":
        if hour in (11, 12, 1, 2):
            return hour if hour > 2 else hour + 12
    elif half in ("下午", "pm", "傍晚"):
        return hour % 12 + 12
    elif 5 <= hour <= 11:
        return hour + 12
    raise ValueError(f"{half}{hour}")


@lru_cache(maxsize=65_536)
def parse_number(text: str) -> float:
    """Return the number meant; thousands may be grouped by commas."""
    typed = plain(text)
    if _GROUPED.fullmatch(typed):
        typed = typed.replace(",", "")
    if not _NUMBER.fullmatch(typed):
        raise Invalid(f"“{_short(text)}”不是数字")
    number = float(typed)
    if number in (float("inf"), float("-inf")):
        raise Invalid(f"“{_short(text)}”超出了数字的范围")
    return number


def parse_integer(text: str) -> int:
    """Return the whole number meant; 3.0 is 3, 3.5 is refused."""
    typed = plain(text).replace(",", "")
    digits = typed.partition(".")[0] if re.fullmatch(r"[+-]?\d+\.0*", typed) else typed
    if not re.fullmatch(r"[+-]?\d{1,18}", digits):
        raise Invalid(f"“{_short(text)}”不是整数")
    return int(digits)


@lru_cache(maxsize=65_536)
def parse_phone(text: str) -> str:
    """Return the telephone number as digits, with "-801" for an extension; "" for a masked one.

    A number that we ourselves masked (138****1234) carries nothing and reads as absent, so that an export can
    be imported again.
    """
    typed = _PHONE_NOISE.sub("", parse_code(text)).lower()
    if "*" in typed:
        return ""
    found = _PHONE.fullmatch(typed)
    if not found:
        raise Invalid(f"电话“{_short(text)}”不是有效的号码")
    mobile, other, extension = found.groups()
    return mobile or (f"{other}-{extension}" if extension else other)


def parse_bool(text: str) -> bool:
    """Return yes or no: 是/否, 有/无, √/×, yes/no, true/false, 1/0."""
    typed = plain(text).lower().removesuffix(".0")
    if typed in _TRUE:
        return True
    if typed in _FALSE:
        return False
    raise Invalid(f"“{_short(text)}”应填“是”或“否”")


def _short(text: str) -> str:
    """Return the text as a sentence can bear it: one line, at most 30 characters."""
    line = " ".join(text.replace("\0", "").split())
    return line if len(line) <= 30 else line[:30] + "…"
