"""What oversight writes down about cases, and about its own rules. Instants are ISO 8601 texts."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from haitang.cases.facts import CaseNoted
from haitang.cases.values import Level
from haitang.core.facts import Fact
from haitang.core.privacy import Privacy
from haitang.oversight.values import Cause

Id = Annotated[int, Privacy.INTERNAL]
Word = Annotated[str, Privacy.INTERNAL]
Words = Annotated[str, Privacy.PERSONAL]


class OversightFact(CaseNoted):
    """What facts of oversight about a case have in common: how they read."""

    field_labels = {
        **CaseNoted.field_labels, "request_id": _("申请"), "until": _("缓办至"), "more": _("延长"),
        "supervision_id": _("督办"), "cause": _("督办类型"), "answer_by": _("答复时限"), "other_id": _("相关案件"),
        "other_number": _("相关案件编号"), "step": _("级次"), "by_itself": _("自动"),
    }  # fmt: skip
    field_words = {**CaseNoted.field_words, "cause": dict(Cause.choices), "level": dict(Level.choices)}


@dataclass(frozen=True)
class PauseRequested(OversightFact):
    """缓办 was asked for, until then."""

    label = _("申请缓办")
    request_id: Id
    opinion: Words
    until: Word


@dataclass(frozen=True)
class PauseApproved(OversightFact):
    """The clock stands until then."""

    label = _("批准缓办")
    told = _("经批准暂缓办理，到期自动恢复")
    request_id: Id
    opinion: Words
    until: Word

    def measures(self) -> tuple[tuple[str, int], ...]:
        """Return one pause."""
        return (("paused", 1),)


@dataclass(frozen=True)
class CaseResumed(OversightFact):
    """The clock goes on; by itself on the day, or by hand."""

    label = _("恢复办理")
    told = _("恢复办理")
    request_id: Id
    opinion: Words
    by_itself: Annotated[bool, Privacy.INTERNAL]


@dataclass(frozen=True)
class ExtensionRequested(OversightFact):
    """延期 was asked for: so much more time."""

    label = _("申请延期")
    request_id: Id
    opinion: Words
    more: Word


@dataclass(frozen=True)
class ExtensionApproved(OversightFact):
    """The stage has so much more time."""

    label = _("批准延期")
    told = _("经批准延长办理时限")
    request_id: Id
    opinion: Words
    more: Word

    def measures(self) -> tuple[tuple[str, int], ...]:
        """Return one extension."""
        return (("extended", 1),)


@dataclass(frozen=True)
class ReturnRequested(OversightFact):
    """The desk asks the street to take the case from it."""

    label = _("申请退回")
    request_id: Id
    opinion: Words


@dataclass(frozen=True)
class ReturnApproved(OversightFact):
    """The street takes the case back; the return itself is the case's own fact."""

    label = _("同意退回")
    request_id: Id
    opinion: Words


@dataclass(frozen=True)
class RequestDeclined(OversightFact):
    """What was asked for is not granted."""

    label = _("不予批准")
    request_id: Id
    opinion: Words


@dataclass(frozen=True)
class RequestWithdrawn(OversightFact):
    """Whoever asked no longer does."""

    label = _("撤回申请")
    request_id: Id


@dataclass(frozen=True)
class RequestLapsed(OversightFact):
    """The case has left the stage that the request was made for."""

    label = _("申请失效")
    request_id: Id


@dataclass(frozen=True)
class CaseUrged(OversightFact):
    """催办: the desk is asked to get on with it."""

    label = _("催办")
    opinion: Words

    def measures(self) -> tuple[tuple[str, int], ...]:
        """Return one urging."""
        return (("urged", 1),)


@dataclass(frozen=True)
class CaseSupervised(OversightFact):
    """督办: an answer is demanded by then."""

    label = _("督办")
    supervision_id: Id
    cause: Word
    opinion: Words
    answer_by: Word

    def measures(self) -> tuple[tuple[str, int], ...]:
        """Return one supervision, and under its cause."""
        return (("supervised", 1), (f"supervised:{self.cause}", 1))


@dataclass(frozen=True)
class CaseSupervisedByRule(CaseSupervised):
    """The ladder demands an answer: the same, and the desk is told once of all such cases together."""

    label = _("超期自动督办")


@dataclass(frozen=True)
class SupervisionAnswered(OversightFact):
    """The desk has answered."""

    label = _("督办答复")
    supervision_id: Id
    opinion: Words


@dataclass(frozen=True)
class SupervisionClosed(OversightFact):
    """The supervisor is satisfied (销办)."""

    label = _("督办销办")
    supervision_id: Id
    opinion: Words


@dataclass(frozen=True)
class CaseEscalated(OversightFact):
    """An overdue case has come to this rung of the ladder; level: of those who were told."""

    label = _("超期升级")
    step: Annotated[int, Privacy.INTERNAL]
    level: Word
    due_at: Word

    @classmethod
    def heading(cls, data: Mapping[str, Any]) -> str:
        """Return to which rung, and of whom."""
        level = str(data.get("level", ""))
        said = {"step": data.get("step", ""), "level": cls.field_words["level"].get(level, level)}
        return gettext("超期升级至第 %(step)s 级（%(level)s）") % said

    def measures(self) -> tuple[tuple[str, int], ...]:
        """Return one step to that level."""
        return ((f"escalated:{self.level}", 1),)


@dataclass(frozen=True)
class PartTied(OversightFact):
    """The case has become a part of another."""

    label = _("列为子案件")
    other_id: Id
    other_number: Word


@dataclass(frozen=True)
class PartGained(OversightFact):
    """Another case has become a part of this one."""

    label = _("增加子案件")
    other_id: Id
    other_number: Word


@dataclass(frozen=True)
class PartUntied(OversightFact):
    """The case is no longer a part of another."""

    label = _("解除子案件关系")
    other_id: Id
    other_number: Word


class OfRules(Fact):
    """What facts about the rules have in common."""

    field_labels = {
        "rung_id": _("升级规则"), "key": _("设置"), "value": _("值"), "changes": _("更改内容"), "removed": _("删除"),
        "setting_id": _("督查设置"),
    }  # fmt: skip


@dataclass(frozen=True)
class RungChanged(OfRules):
    """A rung of a ladder was made, changed or removed; `changes` are its fields as text."""

    label = _("更改升级规则")
    subject_type = "rung"
    rung_id: Id
    changes: Annotated[dict[str, str], Privacy.INTERNAL]
    removed: Annotated[bool, Privacy.INTERNAL] = False


@dataclass(frozen=True)
class OversightRuleChanged(OfRules):
    """A rule of oversight has another value."""

    label = _("更改督查设置")
    subject_type = "oversight"
    setting_id: Id
    key: Word
    value: Word
