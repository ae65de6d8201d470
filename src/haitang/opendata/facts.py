"""What can have happened to open data."""

from dataclasses import dataclass
from typing import Annotated

from django.utils.translation import gettext_lazy as _

from haitang.core.facts import Fact
from haitang.core.privacy import Privacy

Id = Annotated[int, Privacy.INTERNAL]
Word = Annotated[str, Privacy.INTERNAL]


class OfOpenData(Fact):
    """What these facts have in common: how their fields read."""

    field_labels = {
        "publication_id": _("数据文件"), "month": _("月份"), "rows": _("条数"), "left_out": _("未公开条数"),
        "setting_id": _("设置"), "key": _("设置"), "value": _("值"), "months": _("月数"), "files": _("文件数"),
    }  # fmt: skip


@dataclass(frozen=True)
class MonthPublished(OfOpenData):
    """A month's files were published, or published anew because what they say has changed. left_out: lines too rare."""

    label = _("开放一个月的数据")
    subject_type = "open_data"
    publication_id: Id
    month: Word
    rows: Annotated[int, Privacy.INTERNAL]
    left_out: Annotated[int, Privacy.INTERNAL]


@dataclass(frozen=True)
class OpenDataWithdrawn(OfOpenData):
    """So many files were taken off the list: past their months, without lines, or because open data were turned off.

    publication_id: 0, of all of them.
    """

    label = _("撤下开放数据")
    subject_type = "open_data"
    publication_id: Id
    files: Annotated[int, Privacy.INTERNAL]


@dataclass(frozen=True)
class OpenDataWritten(OfOpenData):
    """So many months were written to a folder by whoever runs the machine. publication_id: 0, of none."""

    label = _("导出开放数据")
    subject_type = "open_data"
    publication_id: Id
    months: Annotated[int, Privacy.INTERNAL]


@dataclass(frozen=True)
class OpenDataRuleChanged(OfOpenData):
    """A rule of open data was set otherwise: its key and its new value as text."""

    label = _("修改数据开放规则")
    subject_type = "open_data_setting"
    setting_id: Id
    key: Word
    value: Word
