"""The staff's pages of patrols and visits."""

from haitang.patrols.views.disputes import (
    dispute,
    dispute_deed,
    dispute_new,
    dispute_unmask,
    disputes,
)
from haitang.patrols.views.hazards import (
    hazard,
    hazard_assign,
    hazard_case,
    hazard_deed,
    hazard_new,
    hazard_photo,
    hazards,
)
from haitang.patrols.views.rounds import (
    check_item,
    progress,
    round_page,
    rounds,
)
from haitang.patrols.views.rules import (
    checklist,
    checklist_new,
    checklists,
)
from haitang.patrols.views.visits import (
    door,
    household,
    household_unmask,
    household_withdraw,
    monitor,
    patrol_settings,
    visit,
    visit_new,
    visits,
    wish,
    wishes,
)

__all__ = [
    "check_item",
    "checklist",
    "checklist_new",
    "checklists",
    "dispute",
    "dispute_deed",
    "dispute_new",
    "dispute_unmask",
    "disputes",
    "door",
    "hazard",
    "hazard_assign",
    "hazard_case",
    "hazard_deed",
    "hazard_new",
    "hazard_photo",
    "hazards",
    "household",
    "household_unmask",
    "household_withdraw",
    "monitor",
    "patrol_settings",
    "progress",
    "round_page",
    "rounds",
    "visit",
    "visit_new",
    "visits",
    "wish",
    "wishes",
]
