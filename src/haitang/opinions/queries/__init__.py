"""Reads over conversations: those to be shown name their viewer, those for actions and jobs say so."""

from haitang.opinions.queries.answering import OwnAnswer, OwnPart, get_own_part
from haitang.opinions.queries.conversations import (
    ConversationFilter,
    ConversationView,
    count_waiting,
    describe_conversations,
    due_conversations,
    get_conversation,
    get_conversation_for_job,
    get_public_conversation,
    hold_conversation,
    list_conversations,
    list_open_for_job,
    list_public_conversations,
    list_statements,
    lock_conversation,
    lock_statements,
)
from haitang.opinions.queries.landscape import (
    Found,
    GroupView,
    Line,
    Results,
    Share,
    find,
    get_results,
    list_anonymous_votes,
    print_of,
)
from haitang.opinions.queries.participants import new_key, participant_of
from haitang.opinions.queries.rules import RULES, SETTINGS, clustering_rules, list_opinion_settings, rules

__all__ = [
    "RULES", "SETTINGS", "ConversationFilter", "ConversationView", "Found", "GroupView", "Line", "OwnAnswer",
    "OwnPart", "Results", "Share", "clustering_rules", "count_waiting", "describe_conversations", "due_conversations",
    "find", "get_conversation", "get_conversation_for_job", "get_own_part", "get_public_conversation", "get_results",
    "hold_conversation", "list_anonymous_votes", "list_conversations", "list_open_for_job", "list_opinion_settings",
    "list_public_conversations", "list_statements", "lock_conversation", "lock_statements", "new_key",
    "participant_of", "print_of", "rules",
]  # fmt: skip
