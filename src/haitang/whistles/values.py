"""The words of whistles: permissions, roles, what a whistle's rules say, refusals."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any

from django.db.models import TextChoices
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from haitang.core.errors import Conflict, Invalid, NotAllowed, NotFound
from haitang.organizations.values import PostKind
from haitang.worktime.values import Limit


class Permission(StrEnum):
    """What may be done to whistles. Which role holds which is data."""

    VIEW = "whistles.whistle.view"
    DRAFT = "whistles.whistle.draft"
    APPROVE = "whistles.whistle.approve"
    RESPOND = "whistles.whistle.respond"
    EVALUATE = "whistles.whistle.evaluate"
    WAIVE = "whistles.whistle.waive"
    MANAGE = "whistles.rules.manage"


class Role(TextChoices):
    """What part a department has in a whistle; one leads."""

    LEAD = "lead", _("牵头单位")
    ASSIST = "assist", _("协同单位")


class Stage(TextChoices):
    """The stretches that have a deadline of their own: four of a department's answer, two of the street's decisions."""

    SIGN = "sign", _("签收")
    CONTACT = "contact", _("联系")
    ARRIVE = "arrive", _("报到")
    HANDLE = "handle", _("处置")
    APPROVE = "approve", _("审批")
    RULE = "rule", _("裁定")


STREET_STAGES = (Stage.APPROVE, Stage.RULE)
"""Decisions that the street owes: on the whistle that was drafted, on a department's refusal."""
DEPARTMENT_STAGES = tuple(stage for stage in Stage if stage not in STREET_STAGES)


class Rating(TextChoices):
    """How the street judges a department's part."""

    SATISFIED = "satisfied", _("满意")
    BASIC = "basic", _("基本满意")
    UNSATISFIED = "unsatisfied", _("不满意")


class Over(StrEnum):
    """Whose people a step of a ladder calls: the department's, the street office's, or who answer for the area."""

    DEPARTMENT = "department"
    STREET = "street"
    AREA = "area"


OPINION_LENGTH_MAX = 1000
TEXT_LENGTH_MAX = 2000
WORDS_LENGTH_MAX = 200
DEPARTMENTS_MAX = 30
PHOTOS_MAX = 9
TASKS_MAX = 30
PHRASES_MAX = 20
REMINDER_DAYS_MAX = 30


@dataclass(frozen=True, slots=True)
class NewCall:
    """A department to be called. task: what is asked of it, "" what the whistle asks of all."""

    organization_code: str
    role: str = Role.ASSIST.value
    task: str = ""


@dataclass(frozen=True, slots=True)
class NewTask:
    """What a joint meeting has decided: who does what until when."""

    organization_code: str
    text: str
    due_on: date


@dataclass(frozen=True, slots=True)
class KindRule:
    """One kind of whistle. use: when it is blown. limits: by stage, those up to arrival counted from the whistle.

    Every kind limits the departments; the limits of the street's own decisions (approve, rule) may be missing.

    approver_posts: kinds of posts in the street office, one of which the approver holds; none: whoever may approve.
    """

    code: str
    name: str
    use: str
    approver_posts: tuple[str, ...]
    limits: Mapping[str, Limit]
    is_active: bool
    source: str


@dataclass(frozen=True, slots=True)
class Rung:
    """One step of a ladder that a missed deadline climbs.

    after: how long past the deadline; None at once. Called are the holders of the posts in the department or the
    street office, or, where no post is named, the holders of the permission over the department or over the case's
    area; no permission either: those whose decision is late.
    """

    name: str
    after: Limit | None
    posts: tuple[str, ...]
    permission: str
    over: Over
    source: str


@dataclass(frozen=True, slots=True)
class Reminding:
    """When who has a task of a joint meeting is reminded: so many working days before its day, and after; 0 never."""

    before_days: int
    after_days: int
    source: str = ""


@dataclass(frozen=True, slots=True)
class Rules:
    """One version of everything that a city decides about whistles. version: 0 is what the release ships.

    ladder: climbed where a department is late; street_ladder: where the street owes a decision.
    reminding: of tasks of joint meetings.
    """

    version: int
    kinds: Mapping[str, KindRule]
    ladder: tuple[Rung, ...]
    phrases: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    street_ladder: tuple[Rung, ...] = ()
    reminding: Reminding = Reminding(0, 0)

    @classmethod
    def read(cls, version: int, content: Mapping[str, Any]) -> "Rules":
        """Read the rules as they are kept: tables named kind, rung, street_rung, meeting_task and phrases.

        Raises LimitUnreadable for a limit that is none, RulesUnusable for what is missing or unknown.
        """
        kinds = {row["code"]: _kind(row) for row in content["kind"]}
        ladder = tuple(_rung(row) for row in content["rung"])
        if not any(kind.is_active for kind in kinds.values()):
            raise RulesUnusable(gettext("至少应有一种启用的哨"))
        phrases = {deed: tuple(texts) for deed, texts in content["phrases"].items()}
        street_ladder = tuple(_rung(row) for row in content.get("street_rung", ()))
        return cls(version, kinds, ladder, phrases, street_ladder, _reminding(content.get("meeting_task")))

    def ladder_of(self, stage: str) -> tuple[Rung, ...]:
        """Return the ladder that a missed deadline of that stage climbs."""
        return self.street_ladder if Stage(stage) in STREET_STAGES else self.ladder


def _kind(row: Mapping[str, Any]) -> KindRule:
    missing = [stage.label for stage in DEPARTMENT_STAGES if not row["limits"].get(stage.value)]
    if missing:
        raise RulesUnusable(gettext("缺少时限：%(stages)s") % {"stages": "、".join(map(str, missing))})
    _check_posts(row["approver_posts"])
    return KindRule(
        row["code"], row["name"], row["use"], tuple(row["approver_posts"]),
        {stage.value: Limit.parse(text) for stage in Stage if (text := row["limits"].get(stage.value))},
        row["is_active"], row["source"],
    )  # fmt: skip


def _reminding(row: Mapping[str, Any] | None) -> Reminding:
    if row is None:
        return Reminding(0, 0)
    found = Reminding(row["before_days"], row["after_days"], row.get("source", ""))
    if not all(0 <= days <= REMINDER_DAYS_MAX for days in (found.before_days, found.after_days)):
        raise RulesUnusable(gettext("提醒天数应为 0 至 %(n)d") % {"n": REMINDER_DAYS_MAX})
    return found


def _rung(row: Mapping[str, Any]) -> Rung:
    _check_posts(row["posts"])
    return Rung(
        row["name"], Limit.parse(row["after"]) if row["after"] else None, tuple(row["posts"]), row["permission"],
        Over(row["over"]), row["source"],
    )  # fmt: skip


def _check_posts(posts: list[str]) -> None:
    if set(posts) - set(PostKind.values):
        raise RulesUnusable(gettext("没有这种岗位类别"))


class WhistleNotFound(NotFound):
    """There is no such whistle, or the viewer may not know that there is."""


class WrongStep(Conflict):
    """The whistle, or the department's answer to it, is not in a state from which this deed leads anywhere."""


class AlreadyBlown(Conflict):
    """Another whistle of the case is still open."""


class AlreadyCalled(Conflict):
    """The whistle has called that department already."""


class StillAnswering(Conflict):
    """The case may not end: a department has neither signed off nor been released or waived."""


class CaseHasEnded(Conflict):
    """The case waits for nothing any more, so nobody is called to it and nothing of it is done over."""


class NotTheApprover(NotAllowed):
    """This kind of whistle is approved by the holder of another post."""


class NotYourCall(NotAllowed):
    """Another department was called; only it can answer for itself."""


class RulesUnusable(Invalid):
    """Rules of whistles that nobody could work by."""
