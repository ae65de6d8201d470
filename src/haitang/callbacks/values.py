"""The words of call-backs: outcomes of a call, answers, permissions, refusals; and how judgements become answers."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Any

from django.db.models import TextChoices
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from haitang.core.clock import LOCAL
from haitang.core.errors import Conflict, NotFound
from haitang.core.language import in_house


class Permission(StrEnum):
    """What may be done about call-backs. Which role holds which is data."""

    ANSWER = "callbacks.task.answer"
    MANAGE = "callbacks.settings.manage"


class State(TextChoices):
    """Where the call-back of one closure stands."""

    WAITING = "waiting", _("待回访")
    ANSWERED = "answered", _("已回访")
    FAILED = "failed", _("未能回访")
    WITHDRAWN = "withdrawn", _("无需回访")


class Outcome(TextChoices):
    """What came of one call."""

    ANSWERED = "answered", _("接通并作答")
    NO_ANSWER = "no_answer", _("无人接听")
    BUSY = "busy", _("占线或关机")
    LATER = "later", _("请改时再打")
    REFUSED = "refused", _("拒绝回访")
    WRONG_NUMBER = "wrong_number", _("空号或错号")


class Satisfaction(TextChoices):
    """How content the reporter is."""

    SATISFIED = "satisfied", pgettext_lazy("answer", "满意")
    BASICALLY = "basically", pgettext_lazy("answer", "基本满意")
    DISSATISFIED = "dissatisfied", pgettext_lazy("answer", "不满意")


class Via(TextChoices):
    """Who gave the answer to whom."""

    STAFF = "staff", _("电话回访")
    REPORTER = "reporter", _("诉求人自评")


class Negative(TextChoices):
    """What makes an answer one on which a case is done over."""

    UNSOLVED = "unsolved", _("未解决")
    DISSATISFIED = "dissatisfied", pgettext_lazy("answer", "不满意")
    NOT_CONTACTED = "not_contacted", _("未联系")


WORDS_LENGTH_MAX = 500
UNMASK_REASON = "回访"
"""Under which reason looking at the reporter's telephone is recorded."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What the reporter said; None for what they were not asked or did not say."""

    contacted: bool | None = None
    solved: bool | None = None
    satisfaction: str | None = None
    words: str = ""

    def negatives(self) -> set[str]:
        """Return what about it is negative, as words of `Negative`."""
        found = set()
        if self.solved is False:
            found.add(Negative.UNSOLVED.value)
        if self.contacted is False:
            found.add(Negative.NOT_CONTACTED.value)
        if self.satisfaction == Satisfaction.DISSATISFIED:
            found.add(Negative.DISSATISFIED.value)
        return found

    def in_words(self) -> str:
        """Return what was answered in a few words, in the reader's language; "" where nothing was."""
        said = []
        if self.contacted is not None:
            said.append(gettext("已联系") if self.contacted else gettext("未联系"))
        if self.solved is not None:
            said.append(gettext("已解决") if self.solved else gettext("未解决"))
        if self.satisfaction:
            said.append(str(Satisfaction(self.satisfaction).label))
        return "，".join(said)

    def sentence(self) -> str:
        """Return the answer as the history keeps it: in the office's language, with the reporter's words."""
        with in_house():
            return "。".join(filter(None, (self.in_words(), self.words)))

    def is_valid(self, questions: list[str]) -> bool:
        """Tell whether all of these questions were answered (有效回访)."""
        return all(getattr(self, question) is not None for question in questions)


def satisfaction_of(score: int, scale: Mapping[str, Any]) -> str:
    """Return what a judgement of 1 to 5 points says: the best step whose lowest score it reaches.

    scale: the lowest score for satisfied and for basically.
    """
    for step in (Satisfaction.SATISFIED, Satisfaction.BASICALLY):
        if score >= scale[step.value]:
            return step.value
    return Satisfaction.DISSATISFIED.value


def counted_on(at: datetime, day_cut: str) -> date:
    """Return the day to which an answer counts where days begin at day_cut ("HH:MM") rather than at midnight.

    With "12:00" a day runs from noon of the day before to noon: what comes later counts to the next day.
    """
    cut = time.fromisoformat(day_cut)
    local = at.astimezone(LOCAL)
    return local.date() + timedelta(days=cut != time.min and local.time() >= cut)


class TaskNotFound(NotFound):
    """There is no such call-back, or the viewer may not know that there is."""


class AlreadyAnswered(Conflict):
    """The call-back is over: answered, given up, or no longer needed."""


class TooEarly(Conflict):
    """The reporter is to be left alone until the next attempt is due."""
