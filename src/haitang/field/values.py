"""The words of the field page: what a capture is, and its refusals."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from haitang.core.errors import Conflict, NotAllowed, NotFound


@dataclass(frozen=True, slots=True)
class Capture:
    """What a worker has written down on the spot.

    key: made on the phone, one for each capture and the same however often it is sent.
    lon, lat: WGS84, both or neither. captured_at: by the phone's clock.
    done: what was done about it at once (即采即办); "" where it is only reported.
    """

    key: UUID
    description: str
    captured_at: datetime
    category_code: str = ""
    place: str = ""
    area_code: str = ""
    lon: float | None = None
    lat: float | None = None
    done: str = ""


@dataclass(frozen=True, slots=True)
class Sent:
    """The case that a capture has become."""

    case_id: int
    number: str


class PhoneUnknown(NotFound):
    """This phone was never switched on for the account, or was switched off: its drafts can be read by nobody."""


class OutsideOwnGrids(NotAllowed):
    """The position lies where the worker may not report."""


class OtherAccount(Conflict):
    """The phone was switched on by another account."""
