"""The pages of call-ups: the caller's, those of the people called, and the settings."""

from haitang.callups.views.leading import (
    callup,
    callup_new,
    callups,
    code_image,
    deed,
    people,
    poster,
    take_down,
)
from haitang.callups.views.own import answer, call, here, mine
from haitang.callups.views.rules import callup_settings

__all__ = [
    "answer", "call", "callup", "callup_new", "callup_settings", "callups", "code_image", "deed", "here", "mine",
    "people", "poster", "take_down",
]  # fmt: skip
