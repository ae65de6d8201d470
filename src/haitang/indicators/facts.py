"""What can have happened to indicators. Counts are lines "day|measure|n"."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Annotated

from django.utils.translation import gettext_lazy as _

from haitang.cases.facts import CaseNoted
from haitang.core.facts import Fact
from haitang.core.privacy import Privacy

Id = Annotated[int, Privacy.INTERNAL]
Word = Annotated[str, Privacy.INTERNAL]
Words = Annotated[str, Privacy.PERSONAL]
Lines = Annotated[list[str], Privacy.INTERNAL]


class OfExclusions(CaseNoted):
    """What facts of exclusions have in common: how their fields read, and how they count."""

    field_labels = {
        "case_id": _("案件"), "exclusion_id": _("剔除申请"), "sets": _("指标集"), "reason": _("理由类别"),
        "opinion": _("理由和意见"), "counted": _("扣除的计数"), "approved": _("同意剔除"),
    }  # fmt: skip
    sets: Lines
    counted: Lines

    def counts(self, at: datetime) -> Iterable[tuple[date, str, int]]:
        """Subtract these counts from each set: they count under "excluded:<set>:<measure>"."""
        for line in self.counted:
            day, measure, n = line.split("|")
            for code in self.sets:
                yield date.fromisoformat(day), f"excluded:{code}:{measure}", int(n)


@dataclass(frozen=True)
class ExclusionRequested(CaseNoted):
    """Somebody asks that a case be left out of sets of indicators. opinion: why, and the evidence."""

    label = _("申请剔除")
    field_labels = OfExclusions.field_labels
    exclusion_id: Id = 0
    sets: Lines = field(default_factory=list)
    reason: Word = ""
    opinion: Words = ""


@dataclass(frozen=True)
class ExclusionReviewed(OfExclusions):
    """Somebody else has decided. counted: what is left out from now on, nothing where it was refused."""

    label = _("剔除审核")
    exclusion_id: Id = 0
    approved: Annotated[bool, Privacy.INTERNAL] = False
    opinion: Words = ""
    sets: Lines = field(default_factory=list)
    counted: Lines = field(default_factory=list)


@dataclass(frozen=True)
class ExclusionFollowed(OfExclusions):
    """A case that is left out went on: what is left out with it, by how much it changed."""

    label = _("剔除随案更新")
    exclusion_id: Id = 0
    sets: Lines = field(default_factory=list)
    counted: Lines = field(default_factory=list)


@dataclass(frozen=True)
class ExclusionUndone(OfExclusions):
    """A case is back in the figures; what had been left out is taken back."""

    label = _("恢复计入")
    exclusion_id: Id = 0
    opinion: Words = ""
    sets: Lines = field(default_factory=list)
    counted: Lines = field(default_factory=list)


@dataclass(frozen=True)
class FormulasChanged(Fact):
    """A set of formulas was changed, for periods that begin on or after a day. changed: codes of its indicators."""

    label = _("修改指标公式")
    subject_type = "indicator_set"
    field_labels = {
        "version_id": _("版本"), "set_code": _("指标集"), "valid_from": _("生效日期"), "changed": _("改动的指标"),
        "note": _("说明"),
    }  # fmt: skip
    version_id: Id
    set_code: Word
    valid_from: Word
    changed: Lines
    note: Word


@dataclass(frozen=True)
class FigureGiven(Fact):
    """The office has entered a number about an area. before, after: as texts, "" for none."""

    label = _("填报指标数值")
    subject_type = "area"
    field_labels = {
        "area_id": _("区域"), "code": _("计数项"), "before": _("原值"), "after": _("新值"), "source": _("出处"),
    }  # fmt: skip
    area_id: Id
    code: Word
    before: Word
    after: Word
    source: Word
