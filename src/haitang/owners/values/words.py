"""The words of owners' decisions: permissions, kinds, what is handed in, refusals."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from django.db.models import TextChoices
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from haitang.core.errors import Conflict, Invalid, NotAllowed, NotFound
from haitang.core.ids import normalize_code

NAME_LENGTH_MAX = 50
TITLE_LENGTH_MAX = 60
LINE_LENGTH_MAX = 200
WORDS_LENGTH_MAX = 1000
TEXT_LENGTH_MAX = 5000
FILE_BYTES_MAX = 10_000_000
ROWS_MAX = 20_000
QUESTIONS_MAX = 20
SIZE_MAX = 100_000_000
CODE_LENGTH = 12
"""60 bits at random: nobody comes upon one by trying."""


class Permission(StrEnum):
    """What may be done with estates and owners' decisions. Which role holds which is data."""

    VIEW = "owners.estate.view"
    KEEP = "owners.estate.keep"
    UNMASK = "owners.estate.unmask"
    PREPARE = "owners.decision.prepare"
    CLOSE = "owners.decision.close"
    ENTER = "owners.ballot.enter"
    SETTINGS = "owners.settings.manage"


class UnitKind(TextChoices):
    """What a unit is used for."""

    HOME = "home", _("住宅")
    SHOP = "shop", _("商业")
    OFFICE = "office", _("办公")
    PARKING = "parking", _("车位")
    STORAGE = "storage", _("储藏")
    OTHER = "other", _("其他")


class UnitState(TextChoices):
    """Whose it is: what is not sold or not handed over counts with the builder."""

    DELIVERED = "delivered", pgettext_lazy("estate", "已交付")
    UNDELIVERED = "undelivered", _("已售未交付")
    UNSOLD = "unsold", _("未出售")


class Basis(TextChoices):
    """Where the area is taken from, the better first (法释〔2009〕7号第八条)."""

    REGISTER = "register", _("不动产登记簿")
    SURVEY = "survey", _("测绘实测")
    CONTRACT = "contract", _("买卖合同")


class Convener(TextChoices):
    """Who runs a vote."""

    COMMITTEE = "committee", _("业主委员会")
    COMMUNITY = "community", _("社区（居民委员会）")


class Channel(TextChoices):
    """How a ballot was given."""

    ELECTRONIC = "electronic", _("电子")
    PAPER = "paper", _("纸质")


class Precedence(TextChoices):
    """Which ballot counts where an owner's paper and electronic ones say different things; fixed before the vote."""

    FIRST = "first", _("先投的为准")
    PAPER = "paper", _("纸质票为准")
    ELECTRONIC = "electronic", _("电子票为准")


class Seat(TextChoices):
    """What somebody is on an owners' committee."""

    CHAIR = "chair", pgettext_lazy("owners' committee", "主任")
    DEPUTY = "deputy", _("副主任")
    MEMBER = "member", pgettext_lazy("owners' committee", "委员")
    RESERVE = "reserve", _("候补委员")


class Party(TextChoices):
    """Who sits at a joint meeting (3+3+N) and sees to what it has agreed on."""

    COMMUNITY = "community", _("社区")
    COMMITTEE = "committee", _("业主委员会")
    PROPERTY = "property", _("物业服务企业")
    OTHER = "other", _("其他单位")


@dataclass(frozen=True, slots=True)
class NewEstate:
    """A housing estate as it is handed in. company_id: the organization that manages it, None for none."""

    name: str
    area_code: str
    address: str = ""
    builder: str = ""
    company_id: int | None = None


@dataclass(frozen=True, slots=True)
class NewQuestion:
    """A matter to be decided. item: 1 to 9, of article 278."""

    item: int
    text: str


@dataclass(frozen=True, slots=True)
class NewDecision:
    """A decision as it is drafted. votes_from, votes_until: aware; the first and the instant after the last."""

    title: str
    body: str
    convener: str
    votes_from: datetime
    votes_until: datetime
    questions: tuple[NewQuestion, ...]
    precedence: str = Precedence.FIRST.value


@dataclass(frozen=True, slots=True)
class NewMeeting:
    """A joint meeting as it is called. others: further units that are asked to come, by name."""

    title: str
    at: datetime
    agenda: str
    place: str = ""
    others: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class NewResolution:
    """What a meeting has agreed on."""

    text: str
    party: str
    due_on: date | None = None


Choices = Mapping[int, str]
"""By the id of the question what was chosen; on paper a question may be missing: left blank or not readable."""


def hash_code(code: str) -> bytes:
    """Return what is stored of a code: keyed by the installation's secret, so that the database gives none away."""
    return salted_hmac("haitang.owners.code", normalize_code(code), algorithm="sha256").digest()


def spell_code(code: str) -> str:
    """Return a code as it is printed: in groups of four."""
    return "-".join(re.findall(".{1,4}", code))


def spell_size(size: int) -> str:
    """Return an area in square metres with two digits, exactly: 8,123.45."""
    return f"{size // 100:,}.{size % 100:02d}"


def parse_size(text: str) -> int:
    """Return the area typed in square metres in 0.01 m². Raises BadEstate: it has at most two digits after the point.

    Text, not a number: a workbook that hands over 89.99 as a float is read by its shortest decimal form.
    """
    plain = text.strip().replace(",", "").removesuffix("㎡").removesuffix("平方米").strip()
    match = re.fullmatch(r"([0-9]{1,7})(?:\.([0-9]{1,2})0*)?", plain)
    size = int(match[1]) * 100 + int((match[2] or "").ljust(2, "0")) if match else 0
    if not 0 < size <= SIZE_MAX:
        raise BadEstate(gettext("面积应为正数，最多两位小数：%(text)s") % {"text": text[:20]})
    return size


class EstateNotFound(NotFound):
    """There is no such estate, or the viewer may not see it."""


class OwnerNotFound(NotFound):
    """There is no such owner of that estate."""


class DecisionNotFound(NotFound):
    """There is no such decision, or the viewer may not see it yet."""


class VoterNotFound(NotFound):
    """The code is not on the roll, or that entry is not."""


class BadEstate(Invalid):
    """An estate, a unit or a file of them that cannot be as it is; its `fields` say where."""


class BadDecision(Invalid):
    """A decision that cannot be as it is drafted; its `fields` say where."""


class BadBallot(Invalid):
    """A ballot that does not answer these questions; its `fields` say where."""


class WrongDecisionState(Conflict):
    """The decision is not in a state from which this deed leads anywhere."""


class NotVotingNow(Conflict):
    """Ballots are not taken, not yet or no more."""


class AlreadyVoted(Conflict):
    """The owner has voted, and the vote says that nobody changes it."""


class OpenObjections(Conflict):
    """Somebody has objected to the roll, and nobody has settled it."""


class ObjectedEnough(Conflict):
    """The home has an objection without an answer yet, or has raised as many as the settings allow."""


class NothingCorrected(Conflict):
    """An objection is to be upheld, and nothing was corrected since it was raised."""


class PapersUnsettled(Conflict):
    """Paper ballots were read once only, or read differently."""


class TakesTwo(NotAllowed):
    """What takes two people was tried by one."""


class AlreadyThere(Conflict):
    """There is one of that name already."""
