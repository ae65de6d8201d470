"""Writes to joint work: one function for each thing that can be done."""

from haitang.alliances.actions.agreeing import (
    agree_year,
    agree_years,
    propose_agreement,
    propose_agreements,
    return_agreement,
)
from haitang.alliances.actions.carrying_out import make_decision_case, make_decision_project
from haitang.alliances.actions.circles import (
    end_alliance,
    end_branch,
    forget_member,
    form_branches,
    found_alliances,
    join_alliance,
    join_branch,
    leave_alliance,
    leave_branch,
)
from haitang.alliances.actions.committees import end_committee, replace_member, seat_members, set_up_committees
from haitang.alliances.actions.contacting import judge_year, judge_years, make_contact, make_contacts, strike_contact
from haitang.alliances.actions.filing import bring_link_file, take_in_link_file
from haitang.alliances.actions.following import move_joint_work
from haitang.alliances.actions.linking import follow_links, link_unit, release_link
from haitang.alliances.actions.meetings import (
    add_decisions,
    call_meetings,
    call_off_meeting,
    change_meeting,
    hold_meetings,
    reopen_decision,
    settle_decisions,
)
from haitang.alliances.actions.posts import (
    close_station,
    end_contact_point,
    end_instructor,
    open_stations,
    send_instructors,
    set_contact_points,
    visit_points,
)
from haitang.alliances.actions.rules import change_alliance_setting, change_joint_line, ship_joint_lines

__all__ = [
    "add_decisions",
    "agree_year",
    "agree_years",
    "bring_link_file",
    "call_meetings",
    "call_off_meeting",
    "change_alliance_setting",
    "change_joint_line",
    "change_meeting",
    "close_station",
    "end_alliance",
    "end_branch",
    "end_committee",
    "end_contact_point",
    "end_instructor",
    "follow_links",
    "forget_member",
    "form_branches",
    "found_alliances",
    "hold_meetings",
    "join_alliance",
    "join_branch",
    "judge_year",
    "judge_years",
    "leave_alliance",
    "leave_branch",
    "link_unit",
    "make_contact",
    "make_contacts",
    "make_decision_case",
    "make_decision_project",
    "move_joint_work",
    "open_stations",
    "propose_agreement",
    "propose_agreements",
    "release_link",
    "reopen_decision",
    "replace_member",
    "return_agreement",
    "seat_members",
    "send_instructors",
    "set_contact_points",
    "set_up_committees",
    "settle_decisions",
    "ship_joint_lines",
    "strike_contact",
    "take_in_link_file",
    "visit_points",
]
