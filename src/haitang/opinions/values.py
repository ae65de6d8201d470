"""The words of conversations: permissions, who may take part, what can be answered, what is handed in, refusals."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from django.db.models import IntegerChoices, TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from haitang.clustering import AGREE, DISAGREE, PASS
from haitang.core.errors import Conflict, Invalid, NotAllowed, NotFound

TITLE_LENGTH_MAX = 60
WORDS_LENGTH_MAX = 1000
STATEMENT_LENGTH_MAX = 140
REASON_LENGTH_MAX = 200
SEEDS_MAX = 100
"""So many statements are put in at once."""


class Permission(StrEnum):
    """What may be done with conversations. Which role holds which is data; taking part needs none."""

    VIEW = "opinions.conversation.view"
    MANAGE = "opinions.conversation.manage"
    MODERATE = "opinions.statement.moderate"
    SETTINGS = "opinions.settings.manage"


class Who(TextChoices):
    """Who may take part, always signed in: otherwise one person could answer for many."""

    RESIDENTS = "residents", _("居民（有账号、没有工作岗位的）")
    SIGNED_IN = "signed_in", _("所有有账号的人")


class Answer(IntegerChoices):
    """What somebody says of a statement. The numbers are those that the published files carry."""

    AGREE = AGREE, pgettext_lazy("answer", "同意")
    PASS = PASS, pgettext_lazy("answer", "不确定，跳过")
    DISAGREE = DISAGREE, pgettext_lazy("answer", "不同意")


@dataclass(frozen=True, slots=True)
class NewConversation:
    """A conversation as it is begun. title: the question; words: what it is about and what the answers are for.

    opens_at, closes_at: aware instants; answers are taken from the one until before the other.
    seeds: statements to begin with, written by staff.
    """

    title: str
    words: str
    area_id: int
    opens_at: datetime
    closes_at: datetime
    who: str = ""
    seeds: tuple[str, ...] = ()


class ConversationNotFound(NotFound):
    """There is no such conversation, or the viewer may not know that there is."""


class StatementNotFound(NotFound):
    """There is no such statement, or it cannot be answered."""


class WrongConversationState(Conflict):
    """The conversation is not in a state in which this can be done."""


class NotOpenNow(Conflict):
    """Answers are not taken now: too early, or too late."""


class TooFewSeeds(Conflict):
    """There are too few statements to begin with."""


class SaidEnough(Conflict):
    """Somebody has as many statements in this conversation as the settings allow."""


class SaidAlready(Conflict):
    """The same words stand there already."""


class NotTakingPart(NotAllowed):
    """The conversation is meant for others."""


class ResultsNotShown(Conflict):
    """Groups are shown to who has answered enough, when enough people have."""


class BadConversation(Invalid):
    """A conversation or statement that cannot be as it is described; its `fields` say where."""
