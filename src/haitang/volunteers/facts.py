"""What can have happened in the register. Nothing here says who somebody is or what they can: that can be erased."""

from dataclasses import dataclass
from typing import Annotated

from django.utils.translation import gettext_lazy as _

from haitang.core.facts import Fact
from haitang.core.privacy import Privacy
from haitang.volunteers.values import ItemKind, Management, MemberClass, Via

Id = Annotated[int, Privacy.INTERNAL]
Word = Annotated[str, Privacy.INTERNAL]
Number = Annotated[int, Privacy.INTERNAL]


class OfVolunteers(Fact):
    """What facts of the register have in common: how their fields and the values of these read."""

    subject_type = "volunteer"
    field_labels = {
        "volunteer_id": _("登记人"), "account_id": _("账号"), "consent_id": _("知情同意说明"), "via": _("登记方式"),
        "consent": _("同意书版本"), "fields": _("修改项"),
        "member_class": _("类别"), "management": _("管理方式"), "from_date": _("起始日期"), "reason": _("理由"),
        "by_staff": _("由工作人员办理"), "source": _("来源"), "source_id": _("来源编号"), "minutes": _("时长（分钟）"),
        "unit_id": _("单位"), "registered": _("登记人数"), "known": _("已在册人数"), "refused": _("未通过行数"),
        "services": _("服务次数"), "rows": _("行数"), "in_full": _("含完整电话"), "item_id": _("目录项"),
        "kind": _("目录"), "code": _("代码"), "name": _("名称"), "is_active": _("启用"), "setting_id": _("设置"),
        "key": _("设置项"), "value": _("改后"),
    }  # fmt: skip
    field_words = {
        "via": dict(Via.choices), "member_class": dict(MemberClass.choices),
        "management": dict(Management.choices), "kind": dict(ItemKind.choices),
    }  # fmt: skip


@dataclass(frozen=True)
class VolunteerRegistered(OfVolunteers):
    """Somebody has agreed to stand in the register. consent: the version of the text they agreed to."""

    label = _("志愿登记")
    volunteer_id: Id
    via: Word
    consent: Word


@dataclass(frozen=True)
class VolunteersImported(OfVolunteers):
    """A unit has entered its people from a list. known: stood here already. refused: rows that could not be used."""

    label = _("导入志愿登记")
    subject_type = "organization"
    unit_id: Id
    registered: Number
    known: Number
    refused: Number


@dataclass(frozen=True)
class VolunteerChanged(OfVolunteers):
    """An entry was changed. fields: which of it, never what stood or stands there."""

    label = _("修改志愿登记")
    volunteer_id: Id
    fields: Annotated[list[str], Privacy.INTERNAL]
    by_staff: Annotated[bool, Privacy.INTERNAL]


@dataclass(frozen=True)
class VolunteerWithdrew(OfVolunteers):
    """Somebody has withdrawn, and what was known of them is erased."""

    label = _("撤回志愿登记")
    volunteer_id: Id
    by_staff: Annotated[bool, Privacy.INTERNAL]


@dataclass(frozen=True)
class ClaimCodeIssued(OfVolunteers):
    """Somebody without account was given the code of their entry."""

    label = _("发给认领码")
    volunteer_id: Id


@dataclass(frozen=True)
class VolunteerClaimed(OfVolunteers):
    """Somebody opens their entry by their own account from now on."""

    label = _("本人认领登记")
    volunteer_id: Id


@dataclass(frozen=True)
class VolunteerConsented(OfVolunteers):
    """Somebody has agreed to a newer text."""

    label = _("同意新版说明")
    volunteer_id: Id
    consent: Word


@dataclass(frozen=True)
class ConsentChanged(OfVolunteers):
    """Whoever registers from now on agrees to another text."""

    label = _("修改知情同意说明")
    subject_type = "volunteer_consent"
    consent_id: Id
    consent: Word


@dataclass(frozen=True)
class MembershipChanged(OfVolunteers):
    """From a day on somebody is tied to the branches in another way; "" for not at all."""

    label = _("变更管理关系")
    volunteer_id: Id
    member_class: Annotated[str, Privacy.PERSONAL]
    management: Annotated[str, Privacy.PERSONAL]
    from_date: Word


@dataclass(frozen=True)
class ServiceRecorded(OfVolunteers):
    """A service was put to somebody's record."""

    label = _("记录志愿服务")
    volunteer_id: Id
    source: Word
    source_id: Word
    minutes: Number


@dataclass(frozen=True)
class CertificateIssued(OfVolunteers):
    """Somebody took a certificate of their services."""

    label = _("出具服务证明")
    volunteer_id: Id
    services: Number
    minutes: Number


@dataclass(frozen=True)
class CalendarOpened(OfVolunteers):
    """Somebody got a secret address for their calendar; the one before is dead."""

    label = _("生成日历地址")
    volunteer_id: Id


@dataclass(frozen=True)
class CalendarClosed(OfVolunteers):
    """Somebody revoked the secret address of their calendar."""

    label = _("吊销日历地址")
    volunteer_id: Id


@dataclass(frozen=True)
class VolunteerUnmasked(OfVolunteers):
    """A telephone was looked at in full."""

    label = _("查看志愿者电话")
    volunteer_id: Id
    reason: Annotated[str, Privacy.PERSONAL]


@dataclass(frozen=True)
class VolunteersExported(OfVolunteers):
    """Rows of the register were taken away as a file. in_full: with telephones."""

    label = _("导出志愿登记")
    subject_type = "account"
    account_id: Id
    rows: Number
    in_full: Annotated[bool, Privacy.INTERNAL]
    reason: Annotated[str, Privacy.PERSONAL]


@dataclass(frozen=True)
class CatalogueItemChanged(OfVolunteers):
    """A skill, language or other force was entered or changed."""

    label = _("修改志愿目录")
    subject_type = "volunteer_item"
    item_id: Id
    kind: Word
    code: Word
    name: Word
    is_active: Annotated[bool, Privacy.INTERNAL]


@dataclass(frozen=True)
class VolunteerSettingChanged(OfVolunteers):
    """A rule for the register was changed. value: as it is now, as JSON."""

    label = _("修改志愿设置")
    subject_type = "volunteer_setting"
    setting_id: Id
    key: Word
    value: Word
