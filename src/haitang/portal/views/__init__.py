"""The residents' pages: the front door, reporting in three steps, following and judging a case."""

from haitang.portal.views.following import followed, mine, photo, rate, track
from haitang.portal.views.front import accessibility, enter, front, privacy, promises
from haitang.portal.views.reporting import contact, done, draft_photo, here, matter, outlines, place
from haitang.portal.views.voices import me_too, voiced

__all__ = [
    "accessibility",
    "contact",
    "done",
    "draft_photo",
    "enter",
    "followed",
    "front",
    "here",
    "matter",
    "me_too",
    "mine",
    "outlines",
    "photo",
    "place",
    "privacy",
    "promises",
    "rate",
    "track",
    "voiced",
]
