"""The words of the office: what can be done to many cases at once, and how much one desk may keep."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from haitang.cases.lifecycle import Deed, Status
from haitang.core.errors import Conflict, Invalid, NotFound


class Permission(StrEnum):
    """What may be kept for the whole office. Which role holds which is data."""

    LAYOUT = "office.layout.manage"


BATCH_FROM: dict[Deed, frozenset[Status]] = {
    Deed.ACCEPT: frozenset({Status.VERIFYING, Status.REPORTED}),
    Deed.REGISTER: frozenset({Status.ACCEPTED}),
    Deed.DISPATCH: frozenset({Status.REGISTERED}),
    Deed.SIGN: frozenset({Status.DISPATCHED}),
}
"""The deeds for which one opinion fits many cases, and from where. One by one a case may be dispatched anew; many at
once only those that wait for it, so that of two dispatchers the second overrides nothing."""

UPLOAD_BYTES_MAX = 20_000_000
UPLOAD_DAYS = 7
"""So long a file and its result are kept: they hold what people said and how they can be reached."""
REASONS_SHOWN = 100


class Layout(StrEnum):
    """How a file of cases is read: with our own headers, or as a hotline exports its tickets."""

    CASES = "cases"
    HOTLINE = "hotline"


LAYOUT_NAME_LENGTH_MAX = 40
HEADER_LENGTH_MAX = 60
HEADERS_KEPT_MAX = 40
HEADERS_FED_BACK_MAX = 60
WORDS_MAX = 100
LAYOUT_NEEDS = ("external_id", "reported_at", "description")
"""What a hotline's file must say of every ticket: its number, when it came in, and the matter."""


AS_TOLD = "told:"
"""How the word of a column of the feedback file begins that holds what the hotline itself said; its header follows."""
EMPTY = "-"
"""The word of a column of the feedback file in which nothing is written: the hotline's file has it, we do not."""


@dataclass(frozen=True, slots=True)
class HotlineFormat:
    """How the files of a hotline are read.

    columns: by the hotline's header, our column (cases.queries.import_columns). kinds: by the hotline's word, our kind
    of matter; other_kind for any other word. kept: headers whose cells stand on the case's page as they came.
    source: the name by which repeated tickets are known. channel: through which the matter reached us.
    feedback: the columns of the file back to the hotline in its order, (header, word of queries.feedback_words); with
    the word "" what is kept goes back as it came, and what is read goes back as it is today. None: as shipped.
    """

    name: str
    source: str
    columns: Mapping[str, str]
    kinds: Mapping[str, str] = field(default_factory=dict)
    other_kind: str = "help"
    channel: str = "hotline"
    kept: tuple[str, ...] = ()
    feedback: tuple[tuple[str, str], ...] = ()


class UploadState(TextChoices):
    """How far a file has come."""

    CHECKING = "checking", _("正在预检")
    CHECKED = "checked", _("待确认")
    IMPORTING = "importing", _("正在导入")
    DONE = "done", _("已导入")
    FAILED = "failed", _("不能导入")


BATCH_MAX = 100
PHRASES_MAX = 50
PHRASE_LENGTH_MAX = 200
FILTERS_MAX = 20
FILTER_NAME_LENGTH_MAX = 30
PINNED_MAX = 5
WATCHED_MAX = 200


@dataclass(frozen=True, slots=True)
class Line:
    """What became of one case of a batch. reason: why not, a finished sentence; "" where it was done.

    kind, thing_id: of a hand-over, what else it was: a call of a whistle or a dispute, which has no case.
    """

    case_id: int
    number: str
    reason: str = ""
    kind: str = "case"
    thing_id: int = 0

    @property
    def is_done(self) -> bool:
        """Whether the deed was done."""
        return not self.reason


@dataclass(frozen=True, slots=True)
class InHand:
    """Something that somebody has in hand. kind: case, call (of a whistle) or dispute, with its id (of the whistle).

    key: the id under which it is handed over. case_id: 0 for a dispute.
    """

    kind: str
    key: int
    thing_id: int
    case_id: int
    number: str
    status: str
    text: str
    due_at: datetime | None
    area_ids: tuple[int, ...]
    organization_id: int | None


class NotInBatch(Conflict):
    """The case no longer waits for the deed: somebody else has done it meanwhile."""


class NothingChosen(Invalid):
    """No case was chosen, or more than can be done at once."""


class TooManyKept(Conflict):
    """The desk keeps as many of these as it may."""


class NothingToHandOver(Conflict):
    """Whoever leaves has nothing in hand."""


class RowsRefused(Conflict):
    """Rows of the file cannot come in, and its owner wants all of it or nothing."""


class UploadNotReady(Conflict):
    """The file is not waiting to be taken in: it is being read, or was dealt with."""


class LayoutChangedMeanwhile(Conflict):
    """Somebody else has saved the layout since it was opened."""


class NotKept(NotFound):
    """The desk keeps no such thing; that others do is not told."""
