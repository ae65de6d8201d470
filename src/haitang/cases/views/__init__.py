"""The staff's pages of cases."""

from haitang.cases.views.asking import category_form
from haitang.cases.views.boxes import done, mine, todo
from haitang.cases.views.catalog import categories, category, category_new, phrase_remove, phrases, settings
from haitang.cases.views.entry import new, questions, similar, suggest
from haitang.cases.views.listing import case_list, export
from haitang.cases.views.page import case, correct, deed, unmask
from haitang.cases.views.photos import photo
from haitang.cases.views.routes import route, route_change, route_new, routes
from haitang.cases.views.workbook import catalog_export, catalog_import

__all__ = [
    "case",
    "case_list",
    "catalog_export",
    "catalog_import",
    "categories",
    "category",
    "category_form",
    "category_new",
    "correct",
    "deed",
    "done",
    "export",
    "mine",
    "new",
    "photo",
    "phrase_remove",
    "phrases",
    "questions",
    "route",
    "route_change",
    "route_new",
    "routes",
    "settings",
    "similar",
    "suggest",
    "todo",
    "unmask",
]
