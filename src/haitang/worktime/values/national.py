"""The public holidays and make-up days of the whole country, as published each autumn.

Source: 国务院办公厅 notices on holidays (节假日安排), as carried by the `holidays` package;
《全国年节及纪念日放假办法》.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

import holidays

SUPPORTED_FROM = 2001
"""The package knows make-up days from this year on."""


@dataclass(frozen=True)
class NationalDays:
    """names: each public holiday with its name. makeup_days: weekend days that are worked."""

    names: dict[date, str]
    makeup_days: frozenset[date]


@cache
def national_days(first_year: int, last_year: int) -> NationalDays:
    """Return the country's holidays and make-up days of these years, both included.

    The package names only the weekdays that are off. The notice's holiday is the whole run of days off
    around them (春节 2026 is 15 to 23 February), so weekends that touch a named day are holidays too.
    """
    years = range(max(first_year, SUPPORTED_FROM), last_year + 1)
    published = holidays.country_holidays("CN", years=years, language="zh_CN")
    makeup_days = frozenset(day for day in published.weekend_workdays if day.year in years)
    names = {day: _tidy(name) for day, name in published.items()}
    for day, name in sorted(published.items()):
        for step in (-1, 1):
            near = day + timedelta(days=step)
            while near.weekday() >= 5 and near not in makeup_days and near not in names and near.year in years:
                names[near] = _tidy(name)
                near += timedelta(days=step)
    return NationalDays(names, makeup_days)


def _tidy(name: str) -> str:
    return "调休" if name.startswith("休息日") else name.replace("（补假）", "").replace("（观察）", "")
