"""Writes of merging: one function for each thing that can be done."""

from haitang.merging.actions.ending import close_along, leave_main, tell_solved
from haitang.merging.actions.erasing import clean_old_voices, erase_voices
from haitang.merging.actions.flagging import flag_case, flag_old_cases, judge_case, unflag_case
from haitang.merging.actions.joining import merge_cases, part_cases
from haitang.merging.actions.repeating import link_repeat, note_repeat, repeat_own
from haitang.merging.actions.voicing import say_me_too

__all__ = [
    "clean_old_voices",
    "close_along",
    "erase_voices",
    "flag_case",
    "flag_old_cases",
    "judge_case",
    "leave_main",
    "link_repeat",
    "merge_cases",
    "note_repeat",
    "part_cases",
    "repeat_own",
    "say_me_too",
    "tell_solved",
    "unflag_case",
]
