"""Writes to conversations: one function for each thing that can be done."""

from haitang.opinions.actions.answering import answer_statement, enter_sheets, say_statement
from haitang.opinions.actions.closing import close_conversation, close_due_conversation, find_opinion_groups
from haitang.opinions.actions.moderating import accept_statements, deny_statement, tell_authors
from haitang.opinions.actions.preparing import add_seeds, change_conversation, open_conversation, start_conversation
from haitang.opinions.actions.rules import change_opinion_setting, move_conversations

__all__ = [
    "accept_statements", "add_seeds", "answer_statement", "change_conversation", "change_opinion_setting",
    "close_conversation", "close_due_conversation", "deny_statement", "enter_sheets", "find_opinion_groups",
    "move_conversations", "open_conversation", "say_statement", "start_conversation", "tell_authors",
]  # fmt: skip
