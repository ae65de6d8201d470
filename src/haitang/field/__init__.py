"""The field worker's phone: capture without a network, sent exactly once; drafts that only the sign-in can read.

What it holds: the keys of phones that were switched on for it, and which capture became which case. Not for:
where anybody was and when; a place goes with a case, when the worker puts it there, and nowhere else.
"""
