"""A person's calendar: apps in which they have promised something put entries into it, and a feed shows them.

Source: RFC 5545 (iCalendar).
"""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from haitang.core.ports import Port


@dataclass(frozen=True, slots=True)
class CalendarEntry:
    """One thing at one time, of one person. uid: always the same for the same thing, "order-7".

    url: its page, a path of this site.
    place: where to go, as the person may know it: never the home of somebody who has not been promised help yet.
    is_due: it has no hour of its own and is only to be done until then; other things may lie beside it.
    """

    volunteer_id: int
    uid: str
    title: str
    began_at: datetime
    ended_at: datetime
    place: str = ""
    url: str = ""
    cancelled: bool = False
    is_due: bool = False


Teller = Callable[[Collection[int], datetime, datetime], Iterable[CalendarEntry]]
"""Tells of volunteers, by id, and the time between two instants, in the same few statements for any number of them."""
CALENDAR: Port[Teller] = Port("where volunteers (by id) have promised to be between two instants, and so nowhere else")
DUE: Port[Teller] = Port("what volunteers (by id) are to have done by an instant between two; no hour is kept for it")

_LINE_BYTES = 75
_ESCAPES = str.maketrans({"\\": "\\\\", ";": "\\;", ",": "\\,", "\n": "\\n", "\r": ""})


def ical(entries: Iterable[CalendarEntry], *, name: str, host: str, made_at: datetime) -> str:
    """Return the entries as a calendar that programs subscribe to.

    name: of the calendar. host: of this site, which makes the numbers of entries unique in the world.
    """
    lines = [
        "BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Haitang//Volunteers//ZH", "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH", f"X-WR-CALNAME:{_text(name)}",
    ]  # fmt: skip
    for entry in entries:
        lines += ["BEGIN:VEVENT", f"UID:{_text(entry.uid)}@{host}", f"DTSTAMP:{_instant(made_at)}"]
        lines += [f"DTSTART:{_instant(entry.began_at)}", f"DTEND:{_instant(entry.ended_at)}"]
        if entry.is_due:
            lines.append("TRANSP:TRANSPARENT")
        lines.append(f"SUMMARY:{_text(entry.title)}")
        if entry.place:
            lines.append(f"LOCATION:{_text(entry.place)}")
        if entry.url:
            lines.append(f"URL:{entry.url}")
        lines += [f"STATUS:{'CANCELLED' if entry.cancelled else 'CONFIRMED'}", "END:VEVENT"]
    lines.append("END:VCALENDAR")
    return "".join(f"{_folded(line)}\r\n" for line in lines)


def _instant(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")


def _text(text: str) -> str:
    return text.translate(_ESCAPES)


def _folded(line: str) -> str:
    """Break a line so that none is longer than 75 bytes, never within a character (RFC 5545, 3.1)."""
    if len(line.encode()) <= _LINE_BYTES:
        return line
    parts, current, size = [], "", 0
    for character in line:
        width = len(character.encode())
        if size + width > _LINE_BYTES:
            parts.append(current)
            current, size = " ", 1
        current, size = current + character, size + width
    return "\r\n".join([*parts, current])
