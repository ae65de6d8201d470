"""The words of Open311 GeoReport v2: formats, bounds, instants, and how it says no.

Source: Open311 GeoReport v2.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from django.utils.translation import gettext as _

from haitang.core.errors import Refusal


class Format(StrEnum):
    """In what a request is answered: the suffix of its address says it."""

    XML = "xml"
    JSON = "json"


PREFIX = "/open311/v2/"
"""Where the interface is; below it nothing is a page."""
SPECIFICATION = "http://wiki.open311.org/GeoReport_v2"
CHANGESET = "2026-11-21T00:00:00Z"
"""When the discovery document last said something else."""

SPAN_MAX = timedelta(days=90)
ROWS_MAX = 1000
PAGE_ROWS_DEFAULT = 50
IDS_MAX = 100
DEPTH_MAX = 10_000
"""How deep `page` reaches; further on the links of the pages themselves lead."""
UPDATES_BACK = timedelta(days=1)
"""Updates since when, where nobody says."""
RADIUS_MAX = 50_000
"""Metres."""
DESCRIPTION_LENGTH_MAX = 4000
URL_LENGTH_MAX = 500
PHONE_LENGTH_MAX = 30
NAME_PART_LENGTH_MAX = 25
KEY_LENGTH_MAX = 80
RETRY_MINUTES = 10
"""The same report again within the same so many minutes, under no Idempotency-Key, is that one."""
MEDIA_VALID_S = 24 * 3600

_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,6})?)?(Z|[+-]\d\d:\d\d)")


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong with a request. code: 400, 403, 404, or what says it more exactly."""

    code: int
    description: str


class Faulty(Refusal):
    """A request with one or several faults: all of them are told at once."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__("；".join(fault.description for fault in self.faults))


def status_of(codes: Iterable[int]) -> int:
    """Return the one HTTP status for faults with these codes: 403 and 404 where all say so, 400 for everything else."""
    found = set(codes)
    return found.pop() if len(found) == 1 and found <= {403, 404} else 400


def instant_of(text: str) -> datetime:
    """Return the instant that the text names; raise ValueError where it is none, or names no time zone."""
    if not _INSTANT.fullmatch(text):
        raise ValueError(_("应为带时区的时间，如 2026-05-06T09:30:00+08:00"))
    try:
        return datetime.fromisoformat(text).astimezone(UTC)
    except OverflowError as error:
        raise ValueError(str(error)) from error


def print_instant(instant: datetime | None) -> str | None:
    """Return the instant as the interface writes it, to the second, in UTC."""
    return None if instant is None else instant.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
