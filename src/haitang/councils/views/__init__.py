"""The pages of deliberation."""

from haitang.councils.views.desk import (
    council_deed,
    desk,
    desk_council,
    desk_export,
    desk_new,
    desk_questions,
    desk_topic,
    desk_topics,
    member,
    resolutions,
    resolutions_export,
)
from haitang.councils.views.draws import desk_draw, draw, draw_again, draw_deed, draw_list, draw_own
from haitang.councils.views.public import (
    council,
    councils,
    mine,
    question,
    question_new,
    session,
    topic,
    topic_new,
    topic_photo,
    topic_photos,
    topic_withdraw,
)
from haitang.councils.views.rules import kind, settings
from haitang.councils.views.sessions import desk_session, resolution_deed, session_change, session_deed, session_new

__all__ = [
    "council", "council_deed", "councils", "desk", "desk_council", "desk_draw", "desk_export", "desk_new",
    "desk_questions", "desk_session", "desk_topic", "desk_topics", "draw", "draw_again", "draw_deed",
    "draw_list", "draw_own", "kind", "member", "mine", "question", "question_new", "resolution_deed",
    "resolutions", "resolutions_export", "session", "session_change", "session_deed", "session_new", "settings",
    "topic", "topic_new", "topic_photo", "topic_photos", "topic_withdraw",
]  # fmt: skip
