"""The pages of the three lists."""

from haitang.exchange.views.agreements import agreement, agreement_deed, agreements, agreements_export, order, unit
from haitang.exchange.views.files import file, file_take_in, files, template
from haitang.exchange.views.listed import (
    export,
    need,
    need_deed,
    need_new,
    need_unmask,
    needs,
    resource,
    resource_deed,
    resource_new,
    resources,
)
from haitang.exchange.views.matching import figures, plan, plan_order, unmet, unused
from haitang.exchange.views.public import ask, asked, lists
from haitang.exchange.views.rules import batch, category, settings

__all__ = [
    "agreement", "agreement_deed", "agreements", "agreements_export", "ask", "asked", "batch", "category", "export",
    "figures", "file", "file_take_in", "files", "lists", "need", "need_deed", "need_new", "need_unmask", "needs",
    "order", "plan", "plan_order", "resource", "resource_deed", "resource_new", "resources", "settings", "template",
    "unit", "unmet", "unused",
]  # fmt: skip
