"""The words of deliberation: permissions, what is handed in, refusals."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from fractions import Fraction
from typing import Any

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from haitang.core.access import Actor
from haitang.core.errors import Conflict, Invalid, NotAllowed, NotFound
from haitang.core.ports import Port
from haitang.core.shipped import read_shipped
from haitang.worktime.values import Limit

NAME_LENGTH_MAX = 40
TITLE_LENGTH_MAX = 60
LINE_LENGTH_MAX = 200
WORDS_LENGTH_MAX = 1000
MINUTES_LENGTH_MAX = 10_000
AGENDA_MAX = 30
PHOTOS_MAX = 6
ROWS_MAX = 2_000
"""So many rows at most in one set-based action."""
RESOLUTION = "resolution-"
"""Before a resolution's id, where it is the origin of a project."""
_DAYS_MAX = 3650


class Permission(StrEnum):
    """What may be done in deliberation. Which role holds which is data; raising a topic and asking need none."""

    VIEW = "councils.council.view"
    CONVENE = "councils.council.convene"
    MODERATE = "councils.topic.moderate"
    ANSWER = "councils.question.answer"
    SUPERVISE = "councils.question.supervise"
    MANAGE = "councils.settings.manage"


class Post(TextChoices):
    """What a member is in a council."""

    CONVENER = "convener", _("召集人")
    MEMBER = "member", _("议事成员")


class AgeBand(TextChoices):
    """An age, as roughly as a draw needs it; given voluntarily."""

    UNSAID = "", _("不填写")
    YOUNG = "18-34", _("18–34 岁")
    MIDDLE = "35-59", _("35–59 岁")
    OLD = "60+", _("60 岁以上")


@dataclass(frozen=True, slots=True)
class NewKind:
    """A kind of council. quorum: the share of members that must be there ("2/3"), "" for none; passes: the share of
    those present that more must agree than ("1/2"), "" where people agree without counting. habit: when it meets."""

    code: str
    name: str
    words: str = ""
    habit: str = ""
    quorum: str = ""
    passes: str = ""
    source: str = ""
    is_active: bool = True


@dataclass(frozen=True, slots=True)
class NewCouncil:
    """A council to be. kind: a code. organization_id: the organization that convenes it."""

    kind: str
    name: str
    area_id: int | None
    organization_id: int | None
    from_date: date
    habit: str = ""


@dataclass(frozen=True, slots=True)
class NewMember:
    """A member to be. username: of the account by which they are invited, "" for none. until: of the term."""

    council_id: int
    name: str
    from_date: date
    post: str = Post.MEMBER.value
    until: date | None = None
    username: str = ""


@dataclass(frozen=True, slots=True)
class NewTopic:
    """What a resident wants talked about."""

    area_id: int
    title: str
    words: str


@dataclass(frozen=True, slots=True)
class NewSession:
    """A meeting as it is called. at: aware. topics: ids of accepted topics; items: further matters, in words."""

    council_id: int
    title: str
    at: datetime
    place: str = ""
    topics: tuple[int, ...] = ()
    items: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class NewResolution:
    """What a meeting resolved. office_id: who sees to it, None for the organization of the council.

    agreed: how many members were for it, None where nobody counted. topic_id: of the agenda, which it answers.
    """

    text: str
    office_id: int | None = None
    due_on: date | None = None
    agreed: int | None = None
    topic_id: int | None = None


@dataclass(frozen=True, slots=True)
class SessionHeld:
    """What is taken down of a meeting. minutes: for the office; summary: for everybody, "" to publish none yet.

    present: ids of the members who were there, for the quorum of this meeting alone.
    """

    meeting_id: int
    minutes: str
    present: tuple[int, ...]
    resolutions: tuple[NewResolution, ...] = ()
    summary: str = ""


@dataclass(frozen=True, slots=True)
class NewCandidate:
    """Somebody who may be drawn. contact: how to reach them. area, age_band: only where given; "" for neither."""

    name: str
    contact: str = ""
    area: str = ""
    age_band: str = ""
    account_id: int | None = None


@dataclass(frozen=True, slots=True)
class Voting:
    """A vote that a resolution was brought to. url: where everybody sees it; desk_url: where it is prepared.

    An app above tells by its url that the vote was counted: `actions.follow_carried_out`.
    """

    title: str
    url: str
    desk_url: str


@dataclass(frozen=True, slots=True)
class VotingOffer:
    """One vote that a resolution can be brought to. place: tells the offers of a way apart, "" where there is one."""

    place: str
    label: Any


@dataclass(frozen=True, slots=True)
class VotingWay:
    """A way of bringing a resolution to a vote.

    offers: to an actor, for the path of a council's area. start: given actor, title, words, the area's id, the offer's
    place, the matter and now, prepares the vote and returns it. matters: by code what the law tells apart and somebody
    has to say, none where nothing is.
    """

    code: str
    offers: Callable[[Actor, str], Sequence[VotingOffer]]
    start: Callable[..., Voting]
    matters: Callable[[], Mapping[str, Any]] = dict


@dataclass(frozen=True, slots=True)
class VotingChoice:
    """A vote as somebody chooses it. code: the way that bringing a resolution to it takes; matters: of the way."""

    code: str
    label: Any
    matters: Mapping[str, Any]


VOTING: Port[VotingWay] = Port("ways of bringing a resolution to a vote: each joins with one VotingWay")


class CouncilNotFound(NotFound):
    """There is no such council."""


class MemberNotFound(NotFound):
    """There is no such member, or they have left."""


class SessionNotFound(NotFound):
    """There is no such meeting."""


class TopicNotFound(NotFound):
    """There is no such topic, or the viewer may not know that there is."""


class ResolutionNotFound(NotFound):
    """There is no such resolution."""


class QuestionNotFound(NotFound):
    """There is no such question, or the viewer may not know that there is."""


class DrawNotFound(NotFound):
    """There is no such draw."""


class NoSuchKind(NotFound):
    """There is no such kind of council."""


class CouncilExists(Conflict):
    """A council of that name is there already."""


class MemberAlready(Conflict):
    """That person is a member already."""


class CouncilHasEnded(Conflict):
    """The council is over."""


class SessionIsOver(Conflict):
    """The meeting was held or called off, or not yet held."""


class NotQuorate(Conflict):
    """Too few members were there for anything to be resolved, or too few agreed."""


class WrongTopicState(Conflict):
    """The topic is not where this can be done."""


class SettledAlready(Conflict):
    """The resolution is not open, or is carried out elsewhere."""


class AnsweredAlready(Conflict):
    """The question has its answer."""


class WrongDrawState(Conflict):
    """The draw is not where this can be done."""


class EnteredAlready(Conflict):
    """That person is on the list already."""


class AskedEnough(Conflict):
    """Somebody has raised or asked as much within a day as the settings allow."""


class NotYours(NotAllowed):
    """Only who raised or asked it may do this."""


class BadEntry(Invalid):
    """What was entered cannot stand; its `fields` say where."""


_SHARE = re.compile(r"([0-9]{1,4})(?:/([0-9]{1,4}))?")


def share_of(text: str) -> Fraction | None:
    """Return the share that is written like "2/3", None for "". Raises ValueError for what is none between 0 and 1."""
    if not text:
        return None
    match = _SHARE.fullmatch(text)
    if match is None or not 0 < int(match[1]) <= int(match[2] or 1):
        raise ValueError(text)
    return Fraction(int(match[1]), int(match[2] or 1))


def shipped_kinds() -> list[NewKind]:
    """Return the kinds of `data/kinds.toml`, in their order."""
    return [NewKind(code=code, **each) for code, each in read_shipped("councils", "kinds.toml").items()]


def setting_fits(value: Any, like: Any) -> bool:
    """Tell whether an office's own value can stand in place of the shipped one: a limit that reads, or a number."""
    if isinstance(like, str):
        return bool(str(Limit.parse(value)))
    return 1 <= value <= _DAYS_MAX
