"""The words of joint work: permissions, sides, what is entered, refusals."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from haitang.core.errors import Conflict, Invalid, NotAllowed, NotFound
from haitang.core.shipped import read_shipped

NAME_LENGTH_MAX = 50
TITLE_LENGTH_MAX = 60
LINE_LENGTH_MAX = 200
WORDS_LENGTH_MAX = 1000
DECISION = "decision-"
"""Before the id of a decision: from what a project begins."""
MINUTES_LENGTH_MAX = 5000
ROWS_MAX = 2_000
"""Of what is done at once."""
TIMES_MAX = 366
AGENDA_MAX = 40
POINTS_MAX = 100
YEARS = (2000, 2200)
_MONTH_DAY = re.compile(r"(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])")


class Permission(StrEnum):
    """What may be done about joint work. Which role holds which is data."""

    VIEW = "alliances.link.view"
    KEEP = "alliances.link.keep"
    SPEAK = "alliances.link.speak"
    CONVENE = "alliances.committee.convene"
    MANAGE = "alliances.settings.manage"


class Side(TextChoices):
    """The two sides of a link."""

    COMMUNITY = "community", _("社区")
    UNIT = "unit", _("单位")


class Owed(TextChoices):
    """Who owes a duty of an agreement."""

    BOTH = "both", _("双方")
    UNIT = "unit", _("单位")
    COMMUNITY = "community", _("社区")


class Kind(TextChoices):
    """What sort of line a catalogue has: a duty of agreements, or what one side is judged by."""

    DUTY = "duty", _("共建责任")
    OF_UNIT = "of_unit", _("社区评单位")
    OF_COMMUNITY = "of_community", _("单位评社区")


JUDGED_BY = {Side.COMMUNITY.value: Kind.OF_UNIT, Side.UNIT.value: Kind.OF_COMMUNITY}
"""By which lines a side judges the other."""


@dataclass(frozen=True, slots=True)
class ShippedItem:
    """A line of a catalogue as a release brings it. group: of a duty, one of the four kinds of joint work.

    owed, times: of a duty, who owes it and how often a year. points: of a criterion, how many it gives at most.
    """

    kind: str
    code: str
    name: str
    group: str = ""
    owed: str = ""
    times: int = 0
    points: int = 0
    words: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True)
class NewDuty:
    """A duty of an agreement. code: of the catalogue. times: how often within the year. goal: in words."""

    code: str
    times: int = 1
    goal: str = ""


@dataclass(frozen=True, slots=True)
class NewAgreement:
    """A year's agreement of a link. duties: () for all of the catalogue as they stand there."""

    link_id: int
    year: int
    duties: tuple[NewDuty, ...] = ()
    words: str = ""


@dataclass(frozen=True, slots=True)
class NewContact:
    """A contact that was made: on which day, who took part (as an office or in a few words), what it was about.

    duty: code of the duty that it fulfils, "" for none. No place and no hour: who was where is nobody's business.
    """

    link_id: int
    on: date
    who: str
    what: str
    duty: str = ""


@dataclass(frozen=True, slots=True)
class NewEvaluation:
    """What one side says of the other for a year. marks: points by the code of the criterion."""

    agreement_id: int
    side: str
    marks: Mapping[str, int] = field(default_factory=dict)
    words: str = ""


class CommitteeKind(TextChoices):
    """At which level a committee sits."""

    CITY = "city", _("专委会")
    STREET = "street", _("大工委")
    COMMUNITY = "community", _("大党委")


class SeatKind(TextChoices):
    """Whether a member belongs to the committee's own organization or comes from a unit of the area."""

    PERMANENT = "permanent", _("专职委员")
    PART_TIME = "part_time", _("兼职委员")


@dataclass(frozen=True, slots=True)
class NewCommittee:
    """A committee to be. organization_id: the party organization that runs it."""

    kind: str
    name: str
    organization_id: int
    area_id: int
    from_date: date


@dataclass(frozen=True, slots=True)
class NewSeat:
    """A member to be. home_id: the unit that the member comes from; a part-time member has one. until: of the term."""

    committee_id: int
    kind: str
    name: str
    post: str
    from_date: date
    home_id: int | None = None
    until: date | None = None


@dataclass(frozen=True, slots=True)
class NewItem:
    """An item of an agenda. proposer_id: the unit that brings it up, None for the committee."""

    title: str
    proposer_id: int | None = None


@dataclass(frozen=True, slots=True)
class NewMeeting:
    """A meeting to be. at: aware instant."""

    committee_id: int
    title: str
    at: datetime
    place: str = ""
    agenda: tuple[NewItem, ...] = ()


@dataclass(frozen=True, slots=True)
class NewDecision:
    """What was decided. office_id: who sees to it, None for the committee's own organization."""

    text: str
    office_id: int | None = None
    due_on: date | None = None


@dataclass(frozen=True, slots=True)
class Held:
    """A meeting that was held, with its minutes and what it decided."""

    meeting_id: int
    minutes: str
    decisions: tuple[NewDecision, ...] = ()


@dataclass(frozen=True, slots=True)
class Settled:
    """What became of a decision. words: how it went, or why it was dropped. dropped: it is not done any more."""

    decision_id: int
    words: str
    dropped: bool = False


class LinkNotFound(NotFound):
    """There is no such link, or the viewer may not know that there is."""


class AgreementNotFound(NotFound):
    """The link has no agreement for that year, or the viewer may not know the link."""


class ContactNotFound(NotFound):
    """There is no such contact on this link, or it was struck out."""


class CommitteeNotFound(NotFound):
    """There is no such committee, or the viewer may not know that there is."""


class SeatNotFound(NotFound):
    """There is no such member, or the seat was left."""


class MeetingNotFound(NotFound):
    """There is no such meeting, or the viewer may not know that there is."""


class DecisionNotFound(NotFound):
    """There is no such decision, or the viewer may not know that there is."""


class CommitteeExists(Conflict):
    """The area has such a committee already."""


class AlreadySeated(Conflict):
    """Somebody of that name and unit sits there, or the seat was filled by somebody else."""


class MeetingIsOver(Conflict):
    """The meeting was held or called off."""


class DecisionSettledAlready(Conflict):
    """It has been settled what becomes of the decision."""


class NotYourTurn(Conflict):
    """The agreement does not wait for this side."""


class DutiesChanged(Conflict):
    """The other side has changed the agreement since it was read."""


class NotAgreed(Conflict):
    """Both sides have not said yes to the agreement."""


class OutsideWindow(Conflict):
    """Evaluations are given at the year's end alone."""


class AlreadyJudged(Conflict):
    """This side has evaluated the year before."""


class HasEnded(Conflict):
    """The committee, the alliance, the branch or the post is over."""


class LinkHasEnded(Conflict):
    """The two are not linked any more."""


class OtherSide(NotAllowed):
    """The deed belongs to the other side."""


class BadWords(Invalid):
    """What was entered cannot stand."""


def shipped_items() -> list[ShippedItem]:
    """Return the duties and criteria of `data/duties.toml` and `data/criteria.toml`, in their order."""
    return [
        ShippedItem(**{"kind": Kind.DUTY.value, "code": code, **each})
        for code, each in read_shipped("alliances", "duties.toml").items()
    ] + [ShippedItem(code=code, **each) for code, each in read_shipped("alliances", "criteria.toml").items()]


def shipped_settings() -> dict[str, dict[str, Any]]:
    """Return by key the value and the source of each setting, as `data/settings.toml` ships them."""
    return read_shipped("alliances", "settings.toml")


def setting_fits(value: Any, like: Any) -> bool:
    """Tell whether an office's own value can stand in place of the shipped one.

    A text is a day of the year ("12-01"); a list are bands, "name lowest-percent", the highest first.
    """
    if isinstance(like, str):
        return _MONTH_DAY.fullmatch(value) is not None
    if isinstance(like, list):
        floors = [floor for _name, floor in bands_of(value)]
        return bool(floors) and floors == sorted(set(floors), reverse=True) and floors[-1] == 0 and floors[0] <= 100
    return 1 <= value <= 3660


def bands_of(lines: list[str]) -> list[tuple[str, int]]:
    """Return name and lowest percentage of each band; raise ValueError for a line that is none."""
    found = []
    for line in lines:
        name, floor = str(line).rsplit(maxsplit=1)
        found.append((name, int(floor)))
    return found


def day_of(year: int, month_day: str) -> date:
    """Return that day of the year; the 29th of February is the 28th where there is none."""
    month, day = map(int, month_day.split("-"))
    while True:
        try:
            return date(year, month, day)
        except ValueError:
            day -= 1
