"""The words of rounds: permissions, how a proposal comes, what is handed in, refusals."""

from dataclasses import dataclass
from enum import StrEnum

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from haitang.core.errors import Conflict, Invalid, NotFound
from haitang.rounds.values.phases import PhaseDraft
from haitang.rounds.values.rules import BallotRule

TITLE_LENGTH_MAX, WORDS_LENGTH_MAX, NAME_LENGTH_MAX, PLACE_LENGTH_MAX = 40, 1000, 50, 100
PHASES_MAX, POTS_MAX, PHOTOS_MAX, CO_PROPOSERS_MAX, MEMBERS_MAX = 20, 200, 6, 50, 200
AMOUNT_MAX = 10**12
"""In fen: more than ten thousand million yuan is a slip of the keyboard."""


class Permission(StrEnum):
    """What may be done about rounds. Which role holds which is data; proposing takes an account and no permission."""

    VIEW = "rounds.round.view"
    MANAGE = "rounds.round.manage"
    ENTER = "rounds.proposal.enter"
    CHECK = "rounds.proposal.check"
    APPRAISE = "rounds.proposal.appraise"
    COUNCIL = "rounds.council.keep"
    SETTINGS = "rounds.settings.manage"


class Channel(TextChoices):
    """How a proposal came in."""

    ONLINE = "online", _("居民网上提交")
    PAPER = "paper", _("纸质表")
    PHONE = "phone", pgettext_lazy("channel", "电话")
    FILE = "file", _("从文件导入")


class Feasibility(TextChoices):
    """What an officer says of a proposal."""

    FEASIBLE = "feasible", _("可行")
    WITH_CHANGES = "with_changes", _("调整后可行")
    NOT_FEASIBLE = "not_feasible", _("不可行")


class Choice(TextChoices):
    """What a member of the council says to a proposal."""

    YES = "yes", _("赞成")
    NO = "no", _("反对")
    ABSTAIN = "abstain", _("弃权")


@dataclass(frozen=True, slots=True)
class PotDraft:
    """Money of a round for one area, in fen: a community's own, or the whole area's of the round."""

    area_id: int
    budget_fen: int


@dataclass(frozen=True)
class RoundDraft:
    """A round as it is entered. area_id: where; pots lie in it. ballot: how its votes go, published with the round."""

    title: str
    area_id: int
    pots: tuple[PotDraft, ...]
    phases: tuple[PhaseDraft, ...]
    ballot: BallotRule
    words: str = ""


@dataclass(frozen=True, slots=True)
class NewProposal:
    """A proposal as it is handed in. pot_id: whose money. area_id: where it lies. cost_fen: the author's estimate.

    name, phone: how the author is reached, stored sealed. co_proposers: names on paper, stored sealed.
    lon, lat: WGS84 degrees, both or neither.
    """

    pot_id: int
    title: str
    words: str
    category: str
    area_id: int
    cost_fen: int
    name: str
    phone: str
    place: str = ""
    lon: float | None = None
    lat: float | None = None
    co_proposers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Appraisal:
    """What an officer says of a proposal. price_fen: what is voted on; None only where it cannot be done.

    organization_id: who would carry it out. exclusive: those of the pot with the same word are not chosen together.
    """

    feasibility: str
    price_fen: int | None
    organization_id: int
    opinion: str = ""
    exclusive: str = ""


@dataclass(frozen=True, slots=True)
class SeatDraft:
    """A member of the council. account_id: who gives hands on their own telephone; None: the keeper enters them."""

    name: str
    account_id: int | None = None


class RoundNotFound(NotFound):
    """There is no such round or pot, or the viewer may not know of it."""


class ProposalNotFound(NotFound):
    """There is no such proposal, or the viewer may not read it."""


class MergerNotFound(NotFound):
    """There is no such merger, or the viewer has no part in it."""


class SittingNotFound(NotFound):
    """There is no such sitting of a council, or the viewer has no seat in it."""


class BadRound(Invalid):
    """A round that cannot be as it is described; its `fields` say where."""


class BadProposal(Invalid):
    """What was entered about a proposal cannot stand; its `fields` say where."""


class BadSitting(Invalid):
    """What was entered about a sitting cannot stand; its `fields` say where."""


class NotInPhase(Conflict):
    """No phase of the round that lasts today permits this."""


class WrongRoundState(Conflict):
    """The round, its vote or a sitting is not in a state that permits this."""


class WrongProposalState(Conflict):
    """The proposal is not in a state from which this deed leads anywhere."""


class AlreadyJoined(Conflict):
    """The account stands behind the proposal already."""


class AlreadyMerging(Conflict):
    """One of the proposals belongs to another merger."""


class NotYetCounted(Conflict):
    """The vote has not been counted."""
