"""The form of the rules."""

from django.utils.translation import gettext_lazy as _

from haitang.core.ui import settings
from haitang.opendata.values import AREA_KINDS, TEXT_LENGTH_MAX, Dates
from haitang.territory.values import Kind

LABELS = {
    "enabled": _("对外开放"), "months": _("开放最近多少个整月"), "area_kind": _("区域最细到哪一级"),
    "rounding_m": _("位置取整到多少米的方格"), "dates": _("日期精确到"),
    "cell_min": _("同月、同类别、同区域至少多少件"), "unpublished": _("不开放的类别编码（每行一个）"),
    "licence": _("许可"), "licence_url": _("许可全文网址"), "publisher": _("发布单位"), "contact": _("联系方式"),
}  # fmt: skip


class OpenDataRulesForm(settings.SettingsForm):
    """The rules, as their page shows them."""

    labels = LABELS
    optional = ("unpublished", "licence_url", "publisher", "contact")
    choices = {"area_kind": [(kind, Kind(kind).label) for kind in AREA_KINDS], "dates": Dates.choices}
    number_min = 0
    number_max = 10_000
    text_max = TEXT_LENGTH_MAX
