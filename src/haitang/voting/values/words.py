"""The words of votes: permissions, kinds of ballots, who is on the roll, what a vote is prepared with, refusals."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from haitang.core.errors import Conflict, Invalid, NotFound

TITLE_LENGTH_MAX, WORDS_LENGTH_MAX, NAME_LENGTH_MAX = 80, 2000, 50
OPTIONS_MAX, MARKS_MAX, COST_FEN_MAX, ROLL_MAX, BLANKS_MAX = 300, 1000, 10**12, 200_000, 500


class Permission(StrEnum):
    """What may be done about votes. Which role holds which is data; voting itself takes none."""

    VIEW = "voting.vote.view"
    PREPARE = "voting.vote.prepare"
    ADMINISTER = "voting.vote.administer"
    ROLL = "voting.roll.keep"
    PAPER = "voting.paper.enter"
    SETTINGS = "voting.settings.manage"


class BallotKind(TextChoices):
    """What a ballot says."""

    ONE = "one", pgettext_lazy("ballot", "单选")
    APPROVAL = "approval", pgettext_lazy("ballot", "多选")
    KNAPSACK = "knapsack", _("在预算内选")
    POINTS = "points", _("分配点数")
    RANKED = "ranked", pgettext_lazy("ballot", "排序")
    SCORED = "scored", _("逐项打分")


class Basis(TextChoices):
    """Who has one vote."""

    PERSON = "person", _("每人一票")
    HOUSEHOLD = "household", _("每户一票")


class Both(TextChoices):
    """What counts where somebody votes on paper and electronically; fixed before opening."""

    PAPER = "paper", _("纸质票优先：收到纸质票，电子票作废")
    FIRST = "first", _("先到先计：投过一种，不再收另一种")


class Standing(TextChoices):
    """How somebody stands on the roll. Listed and proven ones count."""

    LISTED = "listed", _("在册")
    PROVISIONAL = "provisional", pgettext_lazy("roll", "待核实")
    PROVEN = "proven", _("已核实")
    REFUSED = "refused", pgettext_lazy("roll", "不予核实")


COUNTING = (Standing.LISTED, Standing.PROVEN)


class Via(TextChoices):
    """How a ballot came. Aside: an envelope while paper of the same household is there; never opened as it is.

    Mixed: of a published ballot, where so few came in one way that saying which would say whose they are.
    """

    ELECTRONIC = "electronic", _("电子")
    PAPER = "paper", _("纸质")
    ASIDE = "aside", _("由同户的纸质票代替")
    MIXED = "mixed", _("不区分")


METHOD_WORDS = {
    "greedy": _("按票数从高到低，预算够就入选"),
    "greedy-no-skip": _("按票数从高到低，第一个预算不够的到此为止"),
    "equal-shares/add1": _("等额分摊：每位投票人有同样的一份预算，逐元补足"),
    "equal-shares/add1-comparison": _("等额分摊，再与按票数的结果比较，取支持人多的"),
    "phragmen": _("均匀积累：每位投票人的钱同速增加，支持者凑够就入选，轮到的项目预算不够即止；不看分数和名次"),
}
"""The rules that a vote can have, in a sentence each."""

VOID = {"void": 1}
"""What stands on a ballot of paper that the rules make void."""


@dataclass(frozen=True, slots=True)
class OptionDraft:
    """One option of a ballot paper. cost_fen: None for what has no price."""

    title: str
    words: str = ""
    cost_fen: int | None = None
    category: str = ""
    area_name: str = ""


@dataclass(frozen=True, slots=True)
class Cap:
    """At most so much money, or so many options, of one category or district; None for no bound.

    kind: "category" or "district", by the `category` and `area_name` of options.
    """

    kind: str
    value: str
    cost_fen: int | None = None
    count: int | None = None


@dataclass(frozen=True)
class VotePlan:
    """What a vote is prepared with; all of it is fixed and published when it opens.

    least, most: of options marked (points: most is the sum; scored: the highest of each). budget_fen: 0 where options
    have no price; then the `winners` most voted for win. method, ties, seed: the rule, as `haitang.tallying` knows it.
    least_votes: an option needs so many ballots. turnout_percent: so many of those entitled must take part, else
    nothing is chosen. takes_strangers: whoever is not on the roll may vote first and prove residence later.
    excluding: numbers of options, from 1, of which at most one wins. caps: bounds of categories and districts.
    """

    title: str
    area_id: int
    kind: str
    options: tuple[OptionDraft, ...]
    opens_at: datetime
    closes_at: datetime
    words: str = ""
    basis: str = Basis.PERSON
    both: str = Both.PAPER
    least: int = 0
    most: int = 1
    winners: int = 1
    budget_fen: int = 0
    method: str = "greedy"
    ties: tuple[str, ...] = ("votes", "lot")
    seed: str = ""
    least_votes: int = 1
    turnout_percent: int = 0
    takes_strangers: bool = True
    excluding: tuple[tuple[int, ...], ...] = ()
    caps: tuple[Cap, ...] = ()


@dataclass(frozen=True, slots=True)
class Voter:
    """Somebody for the roll. document: number of an identity document, or a telephone. household: where the home is."""

    name: str
    document: str
    household: str = ""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A code to be printed and handed over; nothing keeps it."""

    number: int
    name: str
    household: str
    code: str


@dataclass(frozen=True)
class Receipt:
    """What a voter takes away. code: finds the ballot on the published list; nothing keeps it.

    counts: whether it counts already, or when the voter has proven residence.
    """

    code: str
    counts: bool
    options: tuple[tuple[str, int], ...] = field(default=())


class VoteNotFound(NotFound):
    """There is no such vote, entry or paper, or the viewer may not know of it."""


class BadVote(Invalid):
    """A vote, roll or paper that cannot be as it is described; its `fields` say where."""


class BadBallot(Invalid):
    """The ballot breaks a limit of the ballot paper."""


class WrongVoteState(Conflict):
    """The vote is not in a state that permits this."""


class SamePerson(Conflict):
    """It takes a second person, and this one was the first."""


class WrongVotingCode(Invalid):
    """No entry of this vote's roll has that code."""


class AlreadyVoted(Conflict):
    """The person or household has voted already, in a way that this may not replace."""


class AlreadyListed(Conflict):
    """The person stands on the roll already."""


class WrongKey(Invalid):
    """The key does not open this vote's box."""


class NotReconciled(Conflict):
    """Papers are entered once only, differ, or are not as many as the roll says."""
