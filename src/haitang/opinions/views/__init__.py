"""The pages of conversations."""

from haitang.opinions.views.desk import (
    desk,
    desk_change,
    desk_conversation,
    desk_deed,
    desk_new,
    moderate,
    settings,
    sheet,
)
from haitang.opinions.views.public import answer, conversation, conversations, mine, results, say, votes

__all__ = [
    "answer", "conversation", "conversations", "desk", "desk_change", "desk_conversation", "desk_deed", "desk_new",
    "mine", "moderate", "results", "say", "settings", "sheet", "votes",
]  # fmt: skip
