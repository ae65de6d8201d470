"""What can have happened to zones and packages."""

from dataclasses import dataclass
from typing import Annotated

from django.utils.translation import gettext_lazy as _

from haitang.cases.facts import CaseNoted
from haitang.core.facts import Fact, Label
from haitang.core.privacy import Privacy

Number = Annotated[int, Privacy.INTERNAL]
Word = Annotated[str, Privacy.INTERNAL]

_LABELS: dict[str, Label] = {
    "case_id": _("案件"), "zone_id": _("本区域"), "partner_id": _("摆渡对方"), "package_id": _("摆渡包"),
    "arrival_id": _("带入的文件"), "code": _("区域代码"), "key_digest": _("密钥指纹"), "number": _("包号"),
    "digest": _("摘要"), "cases": _("案件数"), "steps": _("进展数"), "problems": _("未能办到的件数"),
    "changed": _("更改内容"), "reason": _("理由"), "zone": _("区域"), "theirs": _("对方案件编号"),
}  # fmt: skip


class OfFerry(Fact):
    """What facts of the ferry have in common: how their fields read."""

    field_labels = _LABELS


@dataclass(frozen=True)
class ZoneKeysMade(OfFerry):
    """This installation has a name as a zone and keys of its own; packages are signed with them from now on."""

    label = _("生成摆渡密钥")
    subject_type = "ferry_zone"
    zone_id: Number
    code: Word
    key_digest: Word


@dataclass(frozen=True)
class PartnerKept(OfFerry):
    """A zone was entered with which packages are exchanged, or what is known of it was changed."""

    label = _("登记摆渡对方")
    subject_type = "ferry_partner"
    partner_id: Number
    code: Word
    key_digest: Word
    changed: Annotated[list[str], Privacy.INTERNAL]


@dataclass(frozen=True)
class FerryPackageMade(OfFerry):
    """A package was made to be carried to a partner."""

    label = _("生成摆渡包")
    subject_type = "ferry_package"
    package_id: Number
    partner_id: Number
    number: Number
    digest: Word
    cases: Number
    steps: Number


@dataclass(frozen=True)
class FerryPackageTaken(OfFerry):
    """A partner's package was taken in. problems: of how much of it nothing could be made here."""

    label = _("导入摆渡包")
    subject_type = "ferry_package"
    package_id: Number
    partner_id: Number
    number: Number
    digest: Word
    cases: Number
    steps: Number
    problems: Number


@dataclass(frozen=True)
class FerryPackageTurnedAway(OfFerry):
    """A file that was brought is no package for this zone, was altered, or is not in its turn."""

    label = _("拒绝摆渡包")
    subject_type = "ferry_arrival"
    arrival_id: Number
    digest: Word
    reason: Word


@dataclass(frozen=True)
class CaseHandedAcross(CaseNoted):
    """The case was put into a package: it is dealt with in the other zone from now on."""

    label = _("摆渡转出")
    told = _("已转交办理")
    field_labels = _LABELS
    zone: Word
    number: Number


@dataclass(frozen=True)
class CaseTakenAcross(CaseNoted):
    """The case came in a package from the other zone, where its reporter follows it. theirs: its number there."""

    label = _("摆渡转入")
    field_labels = _LABELS
    zone: Word
    number: Number
    theirs: Word
