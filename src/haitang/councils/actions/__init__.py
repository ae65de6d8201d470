"""Writes of deliberation: one function for each thing that can be done."""

from haitang.councils.actions.councils import (
    end_council,
    let_member_leave,
    move_councils,
    seat_council_members,
    set_up_councils,
)
from haitang.councils.actions.draws import (
    announce_draw,
    answer_draw,
    draw_lots,
    enter_candidates,
    enter_oneself,
    erase_candidates,
    freeze_draw,
    strike_candidate,
)
from haitang.councils.actions.erasing import erase_speaker
from haitang.councils.actions.following import (
    bring_resolution_to_vote,
    follow_carried_out,
    free_from_vote,
    make_resolution_case,
    make_resolution_project,
    reopen_resolution,
    settle_resolution,
)
from haitang.councils.actions.questions import answer_question, ask_question, escalate_question
from haitang.councils.actions.rules import change_council_kind, change_council_setting, ship_council_kinds
from haitang.councils.actions.sessions import (
    add_resolutions,
    call_off_session,
    call_sessions,
    change_session,
    hold_sessions,
    publish_session_summary,
)
from haitang.councils.actions.topics import (
    accept_topics,
    add_topic_photo,
    deny_topic,
    forget_council_authors,
    raise_topic,
    withdraw_topic,
)

__all__ = [
    "accept_topics",
    "add_resolutions",
    "add_topic_photo",
    "announce_draw",
    "answer_draw",
    "answer_question",
    "ask_question",
    "bring_resolution_to_vote",
    "call_off_session",
    "call_sessions",
    "change_council_kind",
    "change_council_setting",
    "change_session",
    "deny_topic",
    "draw_lots",
    "end_council",
    "enter_candidates",
    "enter_oneself",
    "erase_candidates",
    "erase_speaker",
    "escalate_question",
    "follow_carried_out",
    "forget_council_authors",
    "free_from_vote",
    "freeze_draw",
    "hold_sessions",
    "let_member_leave",
    "make_resolution_case",
    "make_resolution_project",
    "move_councils",
    "publish_session_summary",
    "raise_topic",
    "reopen_resolution",
    "seat_council_members",
    "set_up_councils",
    "settle_resolution",
    "ship_council_kinds",
    "strike_candidate",
    "withdraw_topic",
]  # fmt: skip
