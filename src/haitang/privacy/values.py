"""The words of personal rights: who asks, what an app holds about them, what can be asked and why it may be refused.

Source: 《中华人民共和国个人信息保护法》 art. 44-50; GB/T 35273-2020 chapter 8.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from functools import cache
from typing import Any

from django.db.models import TextChoices
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from haitang.core.errors import Conflict, Invalid, NotFound
from haitang.core.ports import Port
from haitang.core.shipped import read_shipped

WORDS_LENGTH_MAX = 1000
ANSWER_LENGTH_MAX = 1000
TEXT_LENGTH_MAX = 200
ACCOUNT = "account"
"""The part that is the account itself: it goes last, when nothing is waited for any more."""


class Permission(StrEnum):
    """What may be done about requests and their rules. Which role holds which is data."""

    DECIDE = "privacy.request.decide"
    SETTINGS = "privacy.settings.manage"
    REPORT = "privacy.report.view"
    LOOKS = "privacy.look.view"


class Kind(TextChoices):
    """What somebody asks for; to see and to take along their data they need ask nobody."""

    CORRECT = "correct", _("更正、补充")
    ERASE = "erase", _("删除")


class State(TextChoices):
    """How a request stands. GOING: agreed to, and waiting for what is still under way."""

    WAITING = "waiting", _("待答复")
    GOING = "going", _("已同意，等事项办结后删除")
    DONE = "done", _("已办理")
    REFUSED = "refused", _("未同意")
    WITHDRAWN = "withdrawn", _("已撤回")


OPEN = (State.WAITING, State.GOING)


@dataclass(frozen=True, slots=True)
class Asker:
    """Whose data are asked for: an account's, or those of who knows the code of one thing.

    thing: what the code opens: its type and id, ("case", 7).
    """

    account_id: int | None = None
    thing: tuple[str, int] | None = None

    def thing_of(self, kind: str) -> int | None:
        """Return the id of the thing of that type that the asker's code opens."""
        return self.thing[1] if self.thing is not None and self.thing[0] == kind else None


@dataclass(frozen=True, slots=True)
class Item:
    """One thing that is held about the asker, and about nobody else. Every text is ready to be read.

    lines: label and what is kept there. url: where they find it. kept: why it is not erased on request, or not yet.
    subject: type and id under which the history tells who has opened what is masked of it, None where nothing is.
    whose: a field of those entries with its value, where the subject is not the person's alone ("owner_id", 7).
    """

    title: str
    lines: tuple[tuple[str, str], ...] = ()
    at: datetime | None = None
    url: str = ""
    kept: str = ""
    subject: tuple[str, int] | None = None
    whose: tuple[str, int] | None = None


@dataclass(frozen=True, slots=True)
class Erased:
    """What erasing has done with one part: how many things are gone, wait for their end, or are kept by law.

    subjects: what entries of the history are about that must forget them, too: pairs of type and id.
    hidden: texts (a name, a number) to be struck out of what others have written about these.
    everywhere: the account itself is gone: all its deeds no longer say whose they were.
    """

    erased: int = 0
    later: int = 0
    kept: int = 0
    subjects: tuple[tuple[str, int], ...] = ()
    hidden: tuple[str, ...] = ()
    everywhere: bool = False


@dataclass(frozen=True)
class Holder:
    """One part of what is held about people: an app's answer to the port.

    code: as in data/holdings.toml, which says what for and how long. name: what the person calls it.
    held(asker): what is held. erase(actor=, asker=, now=): erases it. Both know their own rows alone.
    rank: the account is last.
    """

    code: str
    name: str | Promise = field(repr=False)
    held: Callable[[Asker], Iterable[Item]] = field(repr=False)
    erase: Callable[..., Erased] = field(repr=False)


class How(StrEnum):
    """How it is decided when data of a table go. ERASE: the nightly job, after months; RULE: another setting;
    PERSON: until the person leaves or asks; ARCHIVE: a record of an office, by the local archive rules."""

    ERASE = "erase"
    RULE = "rule"
    PERSON = "person"
    ARCHIVE = "archive"


@dataclass(frozen=True)
class Cleaner:
    """How one rule of data/retention.toml is carried out. code: of the rule.

    due(before, limit): how many rows ended before an instant and still hold what is to go, counted up to limit.
    clean(actor=, before=, limit=, now=): erases at most so many, those that ended first, and returns how many.
    """

    code: str
    due: Callable[[datetime, int], int] = field(repr=False)
    clean: Callable[..., int] = field(repr=False)


CLEANERS: Port[Cleaner] = Port("how personal data are erased once their time is over")
HOLDERS: Port[Holder] = Port("what is held about a person, and how it is erased")
Opener = Callable[[str, str], tuple[str, int] | None]
KEYS: Port[Opener] = Port("what a number and its code open, for people without account")
"""Each is asked with number and code as typed, and returns type and id of what they open, or None."""


@dataclass(frozen=True, slots=True)
class Holding:
    """What for, on what ground, and how long something is held, in the reader's language."""

    purpose: str
    basis: str
    keep: str


@cache
def _holdings() -> dict[str, dict[str, Any]]:
    return read_shipped("privacy", "holdings.toml")


@cache
def refusals() -> Mapping[str, dict[str, str]]:
    """Return the reasons for which the law allows a refusal, by code."""
    return read_shipped("privacy", "refusals.toml")


def said(told: Mapping[str, Any], key: str) -> str:
    """Return a text of a data file in the reader's language: the Chinese one, or that of `key_en` beside it."""
    language = (get_language() or "zh").partition("-")[0]
    return str(told.get(key if language == "zh" else f"{key}_{language}") or told.get(key, ""))


def holding_of(code: str) -> Holding:
    """Return what for and how long a part is held."""
    told = _holdings()[code]
    return Holding(said(told, "purpose"), said(told, "basis"), said(told, "keep"))


def holding_codes() -> set[str]:
    """Return the codes of all parts that the data file explains."""
    return set(_holdings())


class RequestUnknown(NotFound):
    """There is no such request, or it is somebody else's."""


class RequestOpen(Conflict):
    """The same is asked for already and not answered yet."""


class RequestOver(Conflict):
    """The request was answered or withdrawn."""


class RequestInvalid(Invalid):
    """The request lacks what it needs."""


class WrongKey(Invalid):
    """Number and code do not open anything together."""


def told(*pairs: tuple[Any, Any]) -> tuple[tuple[str, str], ...]:
    """Return labels with what is kept under them, as items hold it, without those under which nothing is kept."""
    return tuple((str(label), str(value)) for label, value in pairs if value not in (None, "", [], {}))
