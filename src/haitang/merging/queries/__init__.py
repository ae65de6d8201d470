"""Reads of merging: what goes together, who said so too, and why a case has its priority."""

from haitang.merging.queries.bundles import Bundle, get_bundle, joins_of, keep_together, main_of
from haitang.merging.queries.repeats import EarlierRequest, find_earlier
from haitang.merging.queries.standing import Standing, get_standing, list_repeats_of, points_of_case
from haitang.merging.queries.voices import VoicedCase, find_voice, find_voice_of, follow_voice, list_voices_of

__all__ = [
    "Bundle",
    "EarlierRequest",
    "Standing",
    "VoicedCase",
    "find_earlier",
    "find_voice",
    "find_voice_of",
    "follow_voice",
    "get_bundle",
    "get_standing",
    "joins_of",
    "keep_together",
    "list_repeats_of",
    "list_voices_of",
    "main_of",
    "points_of_case",
]
