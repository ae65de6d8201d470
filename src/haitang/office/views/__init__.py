"""The pages of the office."""

from haitang.office.views.batch import batch
from haitang.office.views.own import (
    filter_pin,
    filter_remove,
    filter_save,
    phrase_remove,
    phrases,
    unwatch,
    watch,
    watched,
)

__all__ = [
    "batch",
    "filter_pin",
    "filter_remove",
    "filter_save",
    "phrase_remove",
    "phrases",
    "unwatch",
    "watch",
    "watched",
]
