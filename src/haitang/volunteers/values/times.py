"""Times of the week in 21 slots: morning, afternoon and evening of each day, as one ticks them on a telephone.

A slot is weekday * 3 + part: 0 is Monday morning, 20 Sunday evening.
"""

from collections.abc import Iterable
from datetime import datetime, time, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from haitang.core.clock import LOCAL

PARTS = (
    (gettext_lazy("上午"), time(0), time(12)),
    (gettext_lazy("下午"), time(12), time(18)),
    (gettext_lazy("晚上"), time(18), time.max),
)
"""Name, first and last moment of each part of a day."""
WEEKDAYS = (
    gettext_lazy("周一"), gettext_lazy("周二"), gettext_lazy("周三"), gettext_lazy("周四"), gettext_lazy("周五"),
    gettext_lazy("周六"), gettext_lazy("周日"),
)  # fmt: skip
SLOTS = range(7 * len(PARTS))
_WEEK = timedelta(days=7)


def slots_between(began_at: datetime, ended_at: datetime) -> frozenset[int]:
    """Return the slots that a period touches, in local time; the slot of the instant where both are the same.

    began_at, ended_at: aware, the end not included.
    """
    if ended_at - began_at >= _WEEK:
        return frozenset(SLOTS)
    found, at, end = set(), began_at.astimezone(LOCAL), ended_at.astimezone(LOCAL)
    while True:
        part = next(
            index for index, (_name, _from, until) in enumerate(PARTS) if at.time() < until or until == time.max
        )
        found.add(at.weekday() * len(PARTS) + part)
        last = PARTS[part][2]
        at = (
            datetime.combine(at.date() + timedelta(days=1), time(0), LOCAL)
            if last == time.max
            else datetime.combine(at.date(), last, LOCAL)
        )
        if at >= end:
            return frozenset(found)


def fits_times(times: Iterable[int], began_at: datetime, ended_at: datetime) -> bool:
    """Tell whether somebody with those slots has time for the whole period; who named none may be asked at any."""
    given = frozenset(times)
    return not given or slots_between(began_at, ended_at) <= given


def slots_in_words(times: Iterable[int]) -> str:
    """Return the slots as people read them, in the reader's language: 周六上午、周日下午."""
    given = sorted(set(times) & set(SLOTS))
    if not given:
        return _("随时可以")
    named = [(WEEKDAYS[slot // len(PARTS)], PARTS[slot % len(PARTS)][0]) for slot in given]
    return "、".join(_("%(day)s%(part)s") % {"day": day, "part": part} for day, part in named)
