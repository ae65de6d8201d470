"""Reads of oversight: those to be shown name their viewer, those for actions and guards say so."""

from haitang.oversight.queries.climbing import told_at
from haitang.oversight.queries.families import family_of, keep_open, keep_standing
from haitang.oversight.queries.openness import burn_down, list_unsolved
from haitang.oversight.queries.panel import OversightPage, get_oversight
from haitang.oversight.queries.requests import asked_by, count_to_decide, get_request, list_requests, list_to_decide
from haitang.oversight.queries.rules import list_oversight_settings, list_rungs, rules
from haitang.oversight.queries.supervising import get_supervision, list_supervised, list_supervisions

__all__ = [
    "OversightPage",
    "asked_by",
    "burn_down",
    "count_to_decide",
    "family_of",
    "get_oversight",
    "get_request",
    "get_supervision",
    "keep_open",
    "keep_standing",
    "list_oversight_settings",
    "list_requests",
    "list_rungs",
    "list_supervised",
    "list_supervisions",
    "list_to_decide",
    "list_unsolved",
    "rules",
    "told_at",
]
