"""The staff's pages of whistles."""

from haitang.whistles.views.drafting import decide, draft
from haitang.whistles.views.listing import whistle_list
from haitang.whistles.views.meetings import meeting, task
from haitang.whistles.views.page import call_deed, whistle
from haitang.whistles.views.photos import photo
from haitang.whistles.views.rules import kind, kind_new, ladder, phrases, settings

__all__ = [
    "call_deed",
    "decide",
    "draft",
    "kind",
    "kind_new",
    "ladder",
    "meeting",
    "photo",
    "phrases",
    "settings",
    "task",
    "whistle",
    "whistle_list",
]
