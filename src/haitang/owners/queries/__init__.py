"""Reads over estates and decisions: those to be shown name their viewer, those for actions and jobs say so."""

from haitang.owners.queries.columns import (
    ballot_columns,
    ballot_rows,
    code_columns,
    code_rows,
    unit_columns,
    unit_notes,
)
from haitang.owners.queries.committees import (
    CommitteeView,
    MeetingView,
    get_committee,
    has_serving_committee,
    list_committees,
    list_meetings,
    lock_meeting,
    lock_member,
    lock_resolution,
)
from haitang.owners.queries.decisions import (
    DecisionPage,
    DecisionView,
    PublicDecision,
    VoterView,
    describe_decisions,
    find_entry,
    find_sheet,
    get_decision,
    get_decision_for_job,
    get_decision_page,
    get_public_decision,
    get_roll_entry,
    is_voting,
    list_decisions,
    list_entries_of,
    list_open_matters,
    list_owners_accounts,
    list_public_decisions,
    list_roll,
    lock_decision,
    lock_entry,
    view_voter,
)
from haitang.owners.queries.estates import (
    EstateView,
    OwnerView,
    UnitView,
    counted,
    describe_estates,
    draw_heads,
    get_estate,
    get_owner,
    has_estates,
    list_buildings,
    list_deciding_estates,
    list_estates,
    list_owned_estates,
    list_units,
    lock_estate,
)
from haitang.owners.queries.rules import RULES, SETTINGS, list_owners_settings, rules
from haitang.owners.queries.tallying import (
    Tally,
    contradictions,
    count_contradictions,
    count_voted,
    list_outcomes,
    tally,
)

__all__ = [
    "RULES", "SETTINGS", "CommitteeView", "DecisionPage", "DecisionView", "EstateView", "MeetingView", "OwnerView",
    "PublicDecision", "Tally", "UnitView", "VoterView", "ballot_columns", "ballot_rows", "code_columns",
    "code_rows", "contradictions", "count_contradictions", "count_voted", "counted", "describe_decisions",
    "describe_estates", "draw_heads", "find_entry", "find_sheet", "get_committee", "get_decision",
    "get_decision_for_job", "get_decision_page", "get_estate", "get_owner", "get_public_decision",
    "get_roll_entry", "has_estates", "has_serving_committee", "is_voting", "list_buildings", "list_committees",
    "list_deciding_estates", "list_decisions", "list_entries_of", "list_estates", "list_meetings",
    "list_open_matters", "list_outcomes", "list_owned_estates", "list_owners_accounts", "list_owners_settings",
    "list_public_decisions", "list_roll", "list_units", "lock_decision", "lock_entry", "lock_estate",
    "lock_meeting", "lock_member", "lock_resolution", "rules", "tally", "unit_columns", "unit_notes", "view_voter",
]  # fmt: skip
