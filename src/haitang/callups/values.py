"""The words of call-ups: urgency, answers, permissions, what a caller says, refusals."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from haitang.core.errors import Conflict, Invalid, NotFound

PURPOSE_LENGTH_MAX = 50
WORDS_LENGTH_MAX = 500
PLACE_LENGTH_MAX = 100
REASON_LENGTH_MAX = 100
PLACES_MAX = 10_000
CODE_BYTES = 12


class Permission(StrEnum):
    """What may be done with call-ups over an area. Which role holds which is data."""

    VIEW = "callups.callup.view"
    CALL = "callups.callup.call"
    SETTINGS = "callups.settings.manage"


class Urgency(TextChoices):
    """How urgent it is, as those called read it."""

    EMERGENCY = "emergency", pgettext_lazy("urgency", "紧急")
    URGENT = "urgent", pgettext_lazy("urgency", "加急")
    NORMAL = "normal", pgettext_lazy("urgency", "一般")


class Answer(TextChoices):
    """What somebody called has answered."""

    NONE = "", _("未答复")
    COMING = "coming", _("来")
    LATE = "late", _("晚到")
    CANNOT = "cannot", _("来不了")


COMES = (Answer.COMING, Answer.LATE)
"""Answers that take a place."""


class Group(TextChoices):
    """Those called, as the caller's page sorts them."""

    ALL = "all", _("全部")
    COMING = "coming", _("来")
    LATE = "late", _("晚到")
    WAITING = "waiting", _("候补")
    CANNOT = "cannot", _("来不了")
    SILENT = "silent", _("未答复")
    HERE = "here", _("已报到")


@dataclass(frozen=True, slots=True)
class Whom:
    """Whom to call, among those who have agreed to be called. area_code: where they live, all below it too.

    skills: codes of the register, every one of them. classes: of volunteers.values.MemberClass, any of them.
    only_free: leave out those who have said that they have no time at those hours of the week, or have promised
    something else then.
    """

    area_code: str
    skills: tuple[str, ...] = ()
    classes: tuple[str, ...] = ()
    only_free: bool = False


@dataclass(frozen=True, slots=True)
class NewCallUp:
    """What a caller says. place: in words. begins_at, ends_at, answer_by: aware; answers are taken until answer_by.

    places: how many are needed, None for as many as come.
    """

    purpose: str
    place: str
    begins_at: datetime
    ends_at: datetime
    answer_by: datetime
    whom: Whom
    words: str = ""
    urgency: str = Urgency.NORMAL.value
    places: int | None = None


@dataclass(frozen=True, slots=True)
class Counted:
    """How those called have answered. coming, late: with a place. here: who has reported."""

    called: int
    coming: int
    late: int
    waiting: int
    cannot: int
    silent: int
    here: int

    def of(self, group: str) -> int:
        """Return how many belong to a group."""
        return self.called if group == Group.ALL else int(getattr(self, Group(group).value))

    def as_data(self) -> Mapping[str, int]:
        """Return the numbers by their names."""
        return {name: getattr(self, name) for name in self.__slots__}


class CallUpNotFound(NotFound):
    """There is no such call-up, or the viewer may not know that there is."""


class NotCalled(NotFound):
    """The viewer was not called to this, or stands in no register of helpers."""


class CallUpOver(Conflict):
    """The call-up has been closed or cancelled."""


class AnswersOver(Conflict):
    """The end of answers has passed; only giving a place back is still possible."""


class TimePromised(Conflict):
    """Whoever would come has promised to be elsewhere then."""


class NoPlaceLeft(Conflict):
    """Every place is taken, and the one who reports has none."""


class NotYet(Conflict):
    """Reporting on the spot has not begun."""


class WrongReportCode(NotFound):
    """The code that was scanned belongs to no call-up that goes on."""


class CallUpInvalid(Invalid):
    """What was said of a call-up cannot stand."""


class NobodyFits(Invalid):
    """Nobody who has agreed to be called is as was asked."""
