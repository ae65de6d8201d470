"""The four clocks, and limits on them as officials write them.

Source: GB/T 30428.8 practice, recorded in docs/sources.md under "four clocks".
"""

import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from django.utils.translation import gettext as _

from haitang.worktime.values.words import LimitUnreadable


class Clock(StrEnum):
    """How time is counted against a limit."""

    URGENT_HOUR = "urgent_hour"
    """紧急工作时: every hour, nights and holidays too."""
    WORK_HOUR = "work_hour"
    """工作时: office hours only."""
    WORK_DAY = "work_day"
    """工作日: working days, make-up days among them."""
    NATURAL_DAY = "natural_day"
    """自然日: calendar days."""

    @property
    def counts_days(self) -> bool:
        """Whether limits on this clock are whole days rather than minutes."""
        return self in (Clock.WORK_DAY, Clock.NATURAL_DAY)

    @property
    def label(self) -> str:
        """The clock's name as people say it."""
        return {
            Clock.URGENT_HOUR: _("紧急工作时"),
            Clock.WORK_HOUR: _("工作时"),
            Clock.WORK_DAY: _("工作日"),
            Clock.NATURAL_DAY: _("自然日"),
        }[self]


MINUTES_MAX = 366 * 24 * 60
DAYS_MAX = 3660

# Longer words first: 工作小时 holds 小时, 自然日 holds 日.
_UNITS: tuple[tuple[str, Clock, int], ...] = (
    ("urgent_hour", Clock.URGENT_HOUR, 60),
    ("work_hour", Clock.WORK_HOUR, 60),
    ("work_day", Clock.WORK_DAY, 1),
    ("natural_day", Clock.NATURAL_DAY, 1),
    ("工作分钟", Clock.WORK_HOUR, 1),
    ("工作小时", Clock.WORK_HOUR, 60),
    ("工作时", Clock.WORK_HOUR, 60),
    ("工作日", Clock.WORK_DAY, 1),
    ("工作天", Clock.WORK_DAY, 1),
    ("自然日", Clock.NATURAL_DAY, 1),
    ("自然天", Clock.NATURAL_DAY, 1),
    ("分钟", Clock.URGENT_HOUR, 1),
    ("小时", Clock.URGENT_HOUR, 60),
    ("天", Clock.NATURAL_DAY, 1),
    ("日", Clock.NATURAL_DAY, 1),
)
_URGENT = "紧急"
_NUMBER = r"\d{1,6}(?:\.\d{1,4})?"
_WRITTEN = re.compile(
    rf"({_NUMBER})?个?({'|'.join(unit for unit, _clock, _factor in _UNITS)})个?({_NUMBER})?(?:以内|之内|内)?"
)
_BY_UNIT = {unit: (clock, factor) for unit, clock, factor in _UNITS}


@dataclass(frozen=True, slots=True)
class Limit:
    """So much time on such a clock.

    amount: whole minutes for the two hour clocks, whole days for the two day clocks; at least 1.

    Raises: LimitUnreadable when the amount is below 1 or beyond a year of minutes or ten years of days.
    """

    clock: Clock
    amount: int

    def __post_init__(self) -> None:
        if not 1 <= self.amount <= (DAYS_MAX if self.clock.counts_days else MINUTES_MAX):
            raise LimitUnreadable(_("时限须大于零，且按小时不超过一年、按日不超过十年"))

    @classmethod
    def parse(cls, text: str) -> "Limit":
        """Read a limit as it is written: 4工作时, 紧急工作时2, 7个工作日, 30分钟, 15天, 2 work_day.

        紧急 anywhere makes it the continuous clock, and is looked for before the number: read the other
        way round, 紧急工作时 becomes 工作时 and a night emergency waits until morning. Bare minutes and
        hours are continuous, bare days are calendar days. Full-width digits are read; hours may have
        decimals that give whole minutes.

        Raises: LimitUnreadable.
        """
        written = re.sub(r"\s", "", unicodedata.normalize("NFKC", text[:40]))
        urgent = _URGENT in written
        match = _WRITTEN.fullmatch(written.replace(_URGENT, "", 1))
        unreadable = LimitUnreadable(
            _("看不懂时限“%(text)s”，请写成“4工作时”“7工作日”“紧急工作时2”“15天”这样") % {"text": text[:40]}
        )
        if match is None or (match[1] is None) == (match[3] is None):
            raise unreadable
        clock, factor = _BY_UNIT[match[2]]
        if urgent:
            if clock.counts_days:
                raise unreadable
            clock = Clock.URGENT_HOUR
        amount = Decimal(match[1] or match[3]) * factor
        if amount != int(amount):
            raise unreadable
        return cls(clock, int(amount))

    def __str__(self) -> str:
        """Write the limit so that `parse` reads the same one again: 4 工作时."""
        if self.clock is Clock.WORK_DAY:
            return f"{self.amount} 工作日"
        if self.clock is Clock.NATURAL_DAY:
            return f"{self.amount} 自然日"
        hours, minutes = divmod(self.amount, 60)
        if self.clock is Clock.WORK_HOUR:
            return f"{self.amount} 工作分钟" if minutes else f"{hours} 工作时"
        return f"{self.amount} 分钟" if minutes else f"{hours} 紧急工作时"
