"""What can have happened to links and their years, to the catalogue and the settings."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from haitang.alliances.facts.base import Id, Number, OfAlliances, Word, Words


@dataclass(frozen=True)
class LinkTakenUp(OfAlliances):
    """A unit and a community are linked, and joint work knows of it."""

    label = _("登记结对")
    subject_type = "alliance_link"
    link_id: Id
    unit_id: Id
    community_id: Id


@dataclass(frozen=True)
class LinkReleased(OfAlliances):
    """The link ends on a day; why."""

    label = _("解除结对")
    subject_type = "alliance_link"
    link_id: Id
    to_date: Word
    reason: Words


@dataclass(frozen=True)
class DutiesProposed(OfAlliances):
    """One side has drawn up the year's agreement, or changed it: that is its yes, the other's is waited for."""

    label = _("拟定共建协议")
    subject_type = "alliance_link"
    link_id: Id
    year: Number
    side: Word
    version: Number
    duties: Number


@dataclass(frozen=True)
class DutiesReturned(OfAlliances):
    """The side that was asked would not say yes to it as it stands; why."""

    label = _("退回共建协议")
    subject_type = "alliance_link"
    link_id: Id
    year: Number
    side: Word
    reason: Words


@dataclass(frozen=True)
class DutiesAgreed(OfAlliances):
    """Both sides have said yes to the year's agreement; side: who was the second."""

    label = _("签订共建协议")
    subject_type = "alliance_link"
    link_id: Id
    year: Number
    side: Word


@dataclass(frozen=True)
class ContactMade(OfAlliances):
    """The two were in contact on a day."""

    label = _("登记联系")
    subject_type = "alliance_link"
    link_id: Id
    contact_id: Id
    on: Word
    side: Word
    what: Words


@dataclass(frozen=True)
class ContactStruck(OfAlliances):
    """A contact was struck out as a mistake; why."""

    label = _("划去联系")
    subject_type = "alliance_link"
    link_id: Id
    contact_id: Id
    reason: Words


@dataclass(frozen=True)
class YearJudged(OfAlliances):
    """One side has said what the other was like in the year."""

    label = _("年度考评")
    subject_type = "alliance_link"
    link_id: Id
    year: Number
    side: Word
    given: Number
    of: Number


@dataclass(frozen=True)
class LinkFileBrought(OfAlliances):
    """A file of links was brought in and looked through; nothing is entered yet."""

    label = _("上传结对表格")
    subject_type = "alliance_file"
    file_id: Id
    rows: Number


@dataclass(frozen=True)
class LinkFileTakenIn(OfAlliances):
    """The sound rows of a file were entered."""

    label = _("导入结对表格")
    subject_type = "alliance_file"
    file_id: Id
    rows: Number


@dataclass(frozen=True)
class JointLineChanged(OfAlliances):
    """A duty or a criterion of the catalogue was entered or changed."""

    label = _("维护共建目录")
    subject_type = "alliance_line"
    line_id: Id
    kind: Word
    code: Word
    name: Word


@dataclass(frozen=True)
class AllianceSettingChanged(OfAlliances):
    """A rule of joint work was changed in the office."""

    label = _("修改共建设置")
    subject_type = "alliance_setting"
    setting_id: Id
    key: Word
    value: Word


@dataclass(frozen=True)
class JointWorkMoved(OfAlliances):
    """What lay in an area was tied to its new version."""

    label = _("共建随区域调整")
    subject_type = "alliance_area"
    area_id: Id
    new_area_id: Id
    moved: Number
