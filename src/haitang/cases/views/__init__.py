"""The staff's pages of cases."""

from haitang.cases.views.boxes import done, mine, todo
from haitang.cases.views.entry import new, similar, suggest
from haitang.cases.views.listing import case_list, export
from haitang.cases.views.page import case, deed, unmask
from haitang.cases.views.photos import photo

__all__ = [
    "case",
    "case_list",
    "deed",
    "done",
    "export",
    "mine",
    "new",
    "photo",
    "similar",
    "suggest",
    "todo",
    "unmask",
]
