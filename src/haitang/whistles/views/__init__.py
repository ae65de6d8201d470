"""The staff's pages of whistles."""

from haitang.whistles.views.drafting import add, decide, draft
from haitang.whistles.views.listing import whistle_list
from haitang.whistles.views.meetings import meeting, new_task, task
from haitang.whistles.views.page import call_deed, whistle
from haitang.whistles.views.photos import photo
from haitang.whistles.views.rules import kind, kind_new, ladder, phrases, reminders, settings, street_ladder

__all__ = [
    "add",
    "call_deed",
    "decide",
    "draft",
    "kind",
    "kind_new",
    "ladder",
    "meeting",
    "new_task",
    "photo",
    "phrases",
    "reminders",
    "settings",
    "street_ladder",
    "task",
    "whistle",
    "whistle_list",
]
