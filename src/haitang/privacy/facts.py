"""What can have happened to requests about personal data, and what an erasure leaves in the history."""

from dataclasses import dataclass
from typing import Annotated

from django.utils.translation import gettext_lazy as _

from haitang.core.facts import Fact
from haitang.core.privacy import Privacy
from haitang.privacy.values import Kind, State

Id = Annotated[int, Privacy.INTERNAL]
Word = Annotated[str, Privacy.INTERNAL]
Codes = Annotated[list[str], Privacy.INTERNAL]
Number = Annotated[int, Privacy.INTERNAL]


class OfPrivacy(Fact):
    """What facts of requests have in common: how their fields and the values of these read."""

    subject_type = "privacy_request"
    field_labels = {
        "request_id": _("个人信息请求"), "kind": _("请求"), "parts": _("范围"), "state": _("结果"),
        "refusal": _("不同意的依据"), "erased": _("已删除件数"), "later": _("待办结后删除件数"),
        "kept": _("依法保留件数"),
        "entries": _("历史中清除的记录数"), "entry_id": _("操作记录"), "rest": _("余下内容的摘要"),
        "account_id": _("账号"), "setting_id": _("设置"), "key": _("设置项"), "value": _("改后"),
        "form": _("文件格式"), "count": _("行数"),
        "notice_id": _("个人信息告知"), "code": _("告知"), "version": _("版本"), "changed": _("修改的内容"),
        "run_id": _("到期删除"), "rule": _("保存规则"),
        "months": _("保存月数"), "before": _("改前"),
    }  # fmt: skip
    field_words = {"kind": dict(Kind.choices), "state": dict(State.choices)}


@dataclass(frozen=True)
class RightsAsked(OfPrivacy):
    """Somebody asks for something about their own data."""

    label = _("提出个人信息请求")
    request_id: Id
    kind: Word
    parts: Codes


@dataclass(frozen=True)
class RightsAnswered(OfPrivacy):
    """The desk has answered, or what was agreed to is done. refusal: the code of the reason, "" for a yes."""

    label = _("答复个人信息请求")
    request_id: Id
    state: Word
    refusal: Word
    erased: Number = 0
    later: Number = 0
    kept: Number = 0
    entries: Number = 0


@dataclass(frozen=True)
class RightsWithdrawn(OfPrivacy):
    """Somebody no longer asks."""

    label = _("撤回个人信息请求")
    request_id: Id


@dataclass(frozen=True)
class OwnDataTaken(OfPrivacy):
    """Somebody took what is held about them along as a file. account_id: 0 for who came with a code."""

    label = _("导出本人信息")
    subject_type = "account"
    account_id: Id
    form: Word


@dataclass(frozen=True)
class LooksExported(OfPrivacy):
    """The list of who looked at what is masked was taken away as a sheet. account_id: by whom."""

    label = _("导出查看记录")
    subject_type = "account"
    account_id: Id
    count: Number


@dataclass(frozen=True)
class EntryErased(OfPrivacy):
    """What an entry said of a person is gone. rest: the hash of what is left (core.seal.rest_hash)."""

    label = _("清除操作记录中的个人信息")
    subject_type = "entry"
    entry_id: Id
    rest: Word


@dataclass(frozen=True)
class RetentionCarriedOut(OfPrivacy):
    """Rows were erased because they had been kept for their time. rule: of data/retention.toml."""

    label = _("到期删除个人信息")
    subject_type = "retention_run"
    run_id: Id
    rule: Word
    months: Number
    erased: Number


@dataclass(frozen=True)
class RetentionChanged(OfPrivacy):
    """A rule keeps for another number of months."""

    label = _("修改保存期限")
    subject_type = "retention_rule"
    setting_id: Id
    key: Word
    before: Number
    months: Number


@dataclass(frozen=True)
class NoticeChanged(OfPrivacy):
    """A form says something else about personal data from now on."""

    label = _("修改个人信息告知")
    subject_type = "privacy_notice"
    notice_id: Id
    code: Word
    version: Number
    changed: Codes


@dataclass(frozen=True)
class PrivacySettingChanged(OfPrivacy):
    """A rule for requests was changed. value: as it is now, as JSON."""

    label = _("修改个人信息保护设置")
    subject_type = "privacy_setting"
    setting_id: Id
    key: Word
    value: Word
