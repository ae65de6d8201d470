"""Phases as data: what may be done while one lasts, those shipped, and the lists of what a round pays for or not."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import Any

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from haitang.core.shipped import read_shipped


class Task(TextChoices):
    """What a phase may permit. Who may do it is the permission's business; when, the phase's."""

    PROPOSE = "propose", _("居民提交提案")
    JOIN = "join", _("居民联名")
    ENTER = "enter", _("工作人员代录纸质和电话提案")
    CHECK = "check", _("初审")
    APPRAISE = "appraise", _("部门出具可行性意见和造价")
    MERGE = "merge", _("合并相似提案")
    REVIEW = "review", _("议事会评议")
    REMARK = "remark", _("居民对公示提出意见")
    BALLOT = "ballot", _("准备选票")
    VOTE = "vote", pgettext_lazy("task", "投票")
    PUBLISH = "publish", _("公布结果")
    START = "start", _("立项实施")
    ACCEPT = "accept", _("验收")
    EVALUATE = "evaluate", _("居民评价")


class ClauseKind(TextChoices):
    """Whether a clause says what money may be used for, or may not."""

    POSITIVE = "positive", _("正面清单")
    NEGATIVE = "negative", _("负面清单")


@dataclass(frozen=True, slots=True)
class PhaseDraft:
    """A phase of a round; both days belong to it. tasks: of Task. source: where the office has it from."""

    name: str
    begins_on: date
    ends_on: date
    tasks: tuple[str, ...] = ()
    source: str = ""

    def lasts(self, day: date) -> bool:
        """Tell whether it lasts on this day."""
        return self.begins_on <= day <= self.ends_on


@dataclass(frozen=True, slots=True)
class Clause:
    """One clause of a list: what is quoted when a proposal is admitted or refused."""

    code: str
    kind: str
    text: str
    source: str


@cache
def _shipped() -> Sequence[dict[str, Any]]:
    found: Sequence[dict[str, Any]] = read_shipped("rounds", "phases.toml")["phase"]
    return found


def default_phases(begins_on: date) -> tuple[PhaseDraft, ...]:
    """Return the phases as shipped, one after the other from this day on."""
    found, day = [], begins_on
    for each in _shipped():
        ends = day + timedelta(days=each["days"] - 1)
        found.append(PhaseDraft(each["name"], day, ends, tuple(each["tasks"]), each["source"]))
        day = ends + timedelta(days=1)
    return tuple(found)


@cache
def shipped_clauses() -> tuple[Clause, ...]:
    """Return the lists as shipped."""
    rows = read_shipped("rounds", "clauses.toml")["clause"]
    return tuple(Clause(each["code"], each["kind"], each["text"], each["source"]) for each in rows)
