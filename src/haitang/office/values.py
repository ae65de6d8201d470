"""The words of the office: what can be done to many cases at once, and how much one desk may keep."""

from dataclasses import dataclass
from enum import StrEnum

from haitang.cases.lifecycle import Deed, Status
from haitang.core.errors import Conflict, Invalid, NotFound


class Permission(StrEnum):
    """What may be done in the office beyond what everybody may do with the own desk."""


BATCH_FROM: dict[Deed, frozenset[Status]] = {
    Deed.ACCEPT: frozenset({Status.VERIFYING, Status.REPORTED}),
    Deed.REGISTER: frozenset({Status.ACCEPTED}),
    Deed.DISPATCH: frozenset({Status.REGISTERED}),
    Deed.SIGN: frozenset({Status.DISPATCHED}),
}
"""The deeds for which one opinion fits many cases, and from where. One by one a case may be dispatched anew; many at
once only those that wait for it, so that of two dispatchers the second overrides nothing."""

BATCH_MAX = 100
PHRASES_MAX = 50
PHRASE_LENGTH_MAX = 200
FILTERS_MAX = 20
FILTER_NAME_LENGTH_MAX = 30
PINNED_MAX = 5
WATCHED_MAX = 200


@dataclass(frozen=True, slots=True)
class Line:
    """What became of one case of a batch. reason: why not, a finished sentence; "" where it was done."""

    case_id: int
    number: str
    reason: str = ""

    @property
    def is_done(self) -> bool:
        """Whether the deed was done."""
        return not self.reason


class NotInBatch(Conflict):
    """The case no longer waits for the deed: somebody else has done it meanwhile."""


class NothingChosen(Invalid):
    """No case was chosen, or more than can be done at once."""


class TooManyKept(Conflict):
    """The desk keeps as many of these as it may."""


class NotKept(NotFound):
    """The desk keeps no such thing; that others do is not told."""
