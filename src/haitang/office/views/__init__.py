"""The pages of the office."""

from haitang.office.views.batch import batch
from haitang.office.views.deputies import act, act_end, deputies, deputy_end
from haitang.office.views.handing import handover
from haitang.office.views.layouts import layout, layout_new, layouts
from haitang.office.views.own import (
    filter_pin,
    filter_remove,
    filter_save,
    phrase_remove,
    phrases,
    unwatch,
    watch,
    watched,
)
from haitang.office.views.sheets import sheet, sheet_docx, whistle_docx, whistle_sheet
from haitang.office.views.uploads import feedback, upload, upload_confirm, upload_result, upload_template, uploads

__all__ = [
    "act",
    "act_end",
    "batch",
    "deputies",
    "deputy_end",
    "feedback",
    "filter_pin",
    "filter_remove",
    "filter_save",
    "handover",
    "layout",
    "layout_new",
    "layouts",
    "phrase_remove",
    "phrases",
    "sheet",
    "sheet_docx",
    "unwatch",
    "upload",
    "upload_confirm",
    "upload_result",
    "upload_template",
    "uploads",
    "watch",
    "watched",
    "whistle_docx",
    "whistle_sheet",
]
