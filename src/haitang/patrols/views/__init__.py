"""The staff's pages of patrols and visits."""

from haitang.patrols.views.hazards import (
    hazard,
    hazard_assign,
    hazard_case,
    hazard_deed,
    hazard_new,
    hazard_photo,
    hazards,
)
from haitang.patrols.views.rounds import check_item, progress, round_page, rounds
from haitang.patrols.views.rules import checklist, checklist_new, checklists

__all__ = [
    "check_item",
    "checklist",
    "checklist_new",
    "checklists",
    "hazard",
    "hazard_assign",
    "hazard_case",
    "hazard_deed",
    "hazard_new",
    "hazard_photo",
    "hazards",
    "progress",
    "round_page",
    "rounds",
]
