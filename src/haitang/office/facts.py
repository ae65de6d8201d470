"""What can have happened in the office."""

from dataclasses import dataclass
from typing import Annotated

from django.utils.translation import gettext_lazy as _

from haitang.cases.facts import CaseNoted
from haitang.core.facts import Fact
from haitang.core.privacy import Privacy

Id = Annotated[int, Privacy.INTERNAL]
Word = Annotated[str, Privacy.INTERNAL]
Count = Annotated[int, Privacy.INTERNAL]


class _OfUpload(Fact):
    subject_type = "upload"
    field_labels = {
        "upload_id": _("导入文件"), "file": _("文件名"), "source": _("来源系统"), "loaded": _("新增"),
        "overwritten": _("更新"), "refused": _("未导入"), "does_overwrite": _("覆盖重复的行"),
        "is_whole": _("全部能导入才导入"),
    }  # fmt: skip


@dataclass(frozen=True)
class UploadBrought(_OfUpload):
    """A file of cases was brought, to be checked."""

    label = _("上传案件文件")
    upload_id: Id
    file: Annotated[str, Privacy.PERSONAL]
    source: Word


@dataclass(frozen=True)
class UploadConfirmed(_OfUpload):
    """Whoever brought the file has looked at the check and wants its sound rows taken in."""

    label = _("确认导入")
    upload_id: Id
    does_overwrite: Annotated[bool, Privacy.INTERNAL]
    is_whole: Annotated[bool, Privacy.INTERNAL] = False


@dataclass(frozen=True)
class UploadTakenIn(_OfUpload):
    """A file of cases was taken in."""

    label = _("导入案件文件")
    upload_id: Id
    file: Annotated[str, Privacy.PERSONAL]
    source: Word
    loaded: Count
    overwritten: Count
    refused: Count


@dataclass(frozen=True)
class HotlineLayoutChanged(Fact):
    """How the files of a hotline are read was changed: a new version, for files brought from now on."""

    label = _("修改热线格式")
    subject_type = "hotline_layout"
    field_labels = {
        "layout_id": _("热线格式"), "name": _("名称"), "version": _("版本"), "changed": _("改动的列"),
        "is_active": _("启用"), "note": _("说明"),
    }  # fmt: skip
    layout_id: Id
    name: Word
    version: Count
    changed: Annotated[list[str], Privacy.INTERNAL]
    is_active: Annotated[bool, Privacy.INTERNAL]
    note: Word


@dataclass(frozen=True)
class TicketsFedBack(Fact):
    """The hotline was told how its tickets stand, in a file."""

    label = _("导出热线反馈文件")
    subject_type = "account"
    field_labels = {"account_id": _("账号"), "source": _("来源系统"), "count": _("工单数")}
    account_id: Id
    source: Word
    count: Count


@dataclass(frozen=True)
class TicketUpdated(CaseNoted):
    """The hotline says something new of its ticket. columns: which of its columns."""

    label = _("热线更新工单")
    field_labels = {**CaseNoted.field_labels, "number": _("工单编号"), "columns": _("更新的栏目")}
    number: Word
    columns: Annotated[list[str], Privacy.INTERNAL]


@dataclass(frozen=True)
class CaseHandedOver(CaseNoted):
    """The case has another handler: the former one leaves, or is away for long."""

    label = _("工作交接")
    field_labels = {
        **CaseNoted.field_labels, "from_account_id": _("移交人"), "to_account_id": _("接收人"), "reason": _("理由"),
    }  # fmt: skip
    from_account_id: Id
    to_account_id: Id
    reason: Annotated[str, Privacy.PERSONAL]


@dataclass(frozen=True)
class DeskHandedOver(Fact):
    """All that somebody had in hand went to somebody else."""

    label = _("办理工作交接")
    subject_type = "account"
    field_labels = {
        "account_id": _("移交人"), "to_account_id": _("接收人"), "cases": _("移交事项数"), "left": _("未能移交"),
        "reason": _("理由"),
    }  # fmt: skip
    account_id: Id
    to_account_id: Id
    cases: Count
    left: Count
    reason: Annotated[str, Privacy.PERSONAL]
