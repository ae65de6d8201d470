"""What can have happened to call-backs. Instants are ISO 8601 texts."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated

from django.utils.translation import gettext_lazy as _

from haitang.callbacks.values import Outcome, Satisfaction, State, Via
from haitang.cases.facts import CaseNoted
from haitang.core.facts import Fact
from haitang.core.privacy import Privacy

Id = Annotated[int, Privacy.INTERNAL]
Word = Annotated[str, Privacy.INTERNAL]


class OfCallbacks(CaseNoted):
    """What facts of call-backs have in common: how their fields and the values of these read."""

    field_labels = {
        "case_id": _("案件"), "task_id": _("回访"), "round": _("第几次结案"), "due_at": _("回访时限"),
        "attempt": _("第几次尝试"), "outcome": _("通话结果"), "gave_up": _("不再重打"), "counted_on": _("计入统计日"),
        "via": _("回访方式"), "valid": _("有效回访"), "contacted": _("是否联系"), "solved": _("是否解决"),
        "satisfaction": _("是否满意"), "opinion": _("诉求人的话"), "negative": _("回答否定"), "instead_of": _("原状态"),
    }  # fmt: skip
    field_words = {
        "outcome": dict(Outcome.choices), "via": dict(Via.choices), "satisfaction": dict(Satisfaction.choices),
        "instead_of": dict(State.choices),
    }  # fmt: skip


@dataclass(frozen=True)
class CallbackDue(OfCallbacks):
    """After a closure the reporter is to be called back. round: 1 for the first closure of the case."""

    label = _("转入回访")
    task_id: Id = 0
    round: Annotated[int, Privacy.INTERNAL] = 1
    due_at: Word = ""

    def measures(self) -> tuple[tuple[str, int], ...]:
        """Count a call-back to be made."""
        return (("callback:due", 1),)


@dataclass(frozen=True)
class CallbackTried(OfCallbacks):
    """A call came to nothing. outcome: of values.Outcome. gave_up: it was the last that the rules ask for."""

    label = _("回访未接通")
    task_id: Id = 0
    attempt: Annotated[int, Privacy.INTERNAL] = 1
    outcome: Word = ""
    gave_up: Annotated[bool, Privacy.INTERNAL] = False
    counted_on: Word = ""

    def counts(self, at: datetime) -> Iterator[tuple[date, str, int]]:
        """Count the attempt, and the call-back that failed."""
        day = date.fromisoformat(self.counted_on)
        yield day, "callback:tried", 1
        if self.gave_up:
            yield day, "callback:failed", 1


@dataclass(frozen=True)
class CallbackWithdrawn(OfCallbacks):
    """The case is being done over before anybody called: there is nothing to ask yet."""

    label = _("回访取消")
    task_id: Id = 0

    def measures(self) -> tuple[tuple[str, int], ...]:
        """Count one call-back less to be made."""
        return (("callback:withdrawn", 1),)


@dataclass(frozen=True)
class CallbackAnswered(OfCallbacks):
    """The reporter has answered. via: staff or reporter. None: not asked or not said.
    opinion: the answer as a sentence, with the reporter's words.
    negative: it is an answer on which the case is done over, if the rules allow it once more.
    instead_of: the state it replaces where the call-back had been given up or withdrawn, "" otherwise.
    counted_on: the day it counts to, by the day cut in force when it was given.
    """

    label = _("回访结果")
    task_id: Id = 0
    round: Annotated[int, Privacy.INTERNAL] = 1
    via: Word = ""
    valid: Annotated[bool, Privacy.INTERNAL] = False
    contacted: Annotated[bool | None, Privacy.PERSONAL] = None
    solved: Annotated[bool | None, Privacy.PERSONAL] = None
    satisfaction: Annotated[str | None, Privacy.PERSONAL] = None
    opinion: Annotated[str, Privacy.PERSONAL] = ""
    negative: Annotated[bool, Privacy.PERSONAL] = False
    instead_of: Word = ""
    counted_on: Word = ""

    def counts(self, at: datetime) -> Iterator[tuple[date, str, int]]:
        """Count the answer; only a valid one enters the rates."""
        day = date.fromisoformat(self.counted_on)
        yield day, "callback:answered", 1
        if self.instead_of in (State.FAILED.value, State.WITHDRAWN.value):
            yield day, f"callback:{self.instead_of}", -1
        if self.negative:
            yield day, "callback:negative", 1
        if not self.valid:
            return
        yield day, "callback:valid", 1
        if self.contacted is None:
            yield day, "callback:unasked", 1
        elif self.contacted:
            yield day, "callback:contacted", 1
        if self.solved is not None:
            yield day, "callback:solved" if self.solved else "callback:unsolved", 1
        if self.satisfaction in Satisfaction.values:
            yield day, f"callback:{self.satisfaction}", 1


@dataclass(frozen=True)
class CallbackRuleChanged(Fact):
    """A rule for call-backs was changed, from one value to another."""

    label = _("修改回访规则")
    subject_type = "callback_setting"
    field_labels = {"setting_id": _("设置"), "key": _("设置项"), "before": _("改前"), "after": _("改后")}
    setting_id: Id
    key: Word
    before: Word
    after: Word
