"""Reads over cases: those to be shown name their viewer, those for actions say so."""

from haitang.cases.queries.administration import get_category, get_rule, list_phrases, list_rules, list_settings
from haitang.cases.queries.boxes import count_todo, list_chosen, list_done, list_mine, list_todo
from haitang.cases.queries.cases import (
    CaseFilter,
    CaseView,
    describe,
    get_case,
    get_case_by_number,
    get_case_for_job,
    list_cases,
    list_photos,
    list_similar,
    list_timeline,
    lock_case,
    lock_cases,
    number_of,
    possible_deeds,
    visible_cases,
    waits_for,
)
from haitang.cases.queries.catalog import catalog
from haitang.cases.queries.columns import case_columns
from haitang.cases.queries.counting import count_cases, count_public, counted, recount
from haitang.cases.queries.exporting import iter_case_rows
from haitang.cases.queries.pages import CasePage, count_mine, find_case, get_case_page, get_photo
from haitang.cases.queries.public import (
    follow_case,
    get_own_case,
    get_result_photo,
    list_similar_public,
    may_be_done_over,
)
from haitang.cases.queries.returning import why_no_return
from haitang.cases.queries.routing import dry_run_routing, list_rule_problems, route
from haitang.cases.queries.targets import kept_target

__all__ = [
    "CaseFilter",
    "CasePage",
    "CaseView",
    "case_columns",
    "catalog",
    "count_cases",
    "count_mine",
    "count_public",
    "count_todo",
    "counted",
    "describe",
    "dry_run_routing",
    "find_case",
    "follow_case",
    "get_case",
    "get_case_by_number",
    "get_case_for_job",
    "get_case_page",
    "get_category",
    "get_own_case",
    "get_photo",
    "get_result_photo",
    "get_rule",
    "iter_case_rows",
    "kept_target",
    "list_cases",
    "list_chosen",
    "list_done",
    "list_mine",
    "list_photos",
    "list_phrases",
    "list_rule_problems",
    "list_rules",
    "list_settings",
    "list_similar",
    "list_similar_public",
    "list_timeline",
    "list_todo",
    "lock_case",
    "lock_cases",
    "may_be_done_over",
    "number_of",
    "possible_deeds",
    "recount",
    "route",
    "visible_cases",
    "waits_for",
    "why_no_return",
]
