"""The words and the arithmetic of the overview: shares that may have nothing to be a share of, periods, colours."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from haitang.cases.values import Level, Stage
from haitang.command.values.charts import Chart, bar_chart

NOTHING = "—"
"""What stands where there is nothing to divide by: no share is neither 0 % nor 100 %."""

DESCRIPTION_SHOWN = 60


_BELOW = frozenset({Level.GRID, Level.COMMUNITY})


class Permission(StrEnum):
    """What may be seen here beyond the cases themselves."""

    VIEW_DASHBOARD = "command.dashboard.view"


def percent(part: int, whole: int) -> str:
    """Return the share with two decimals, 93.72%, half rounded up; NOTHING where the whole is 0."""
    return f"{_two(100 * Decimal(part) / whole)}%" if whole else NOTHING


def average(total: int, count: int) -> str:
    """Return the mean with two decimals, half rounded up; NOTHING where nothing was counted."""
    return f"{_two(Decimal(total) / count)}" if count else NOTHING


def _two(number: Decimal) -> Decimal:
    return number.quantize(Decimal("0.01"), ROUND_HALF_UP)


@dataclass(frozen=True, slots=True)
class StageShare:
    """How one stage was kept: finished within its deadline, and past it."""

    stage: Stage
    in_time: int
    late: int

    @property
    def name(self) -> str:
        """The stage's name."""
        return str(self.stage.label)

    @property
    def rate(self) -> str:
        """The share that was in time."""
        return percent(self.in_time, self.in_time + self.late)


@dataclass(frozen=True, slots=True)
class LevelShare:
    """How many matters one level solved. whole: all that were solved at some level."""

    level: Level
    solved: int
    whole: int

    @property
    def name(self) -> str:
        """The level's name."""
        return str(self.level.label)

    @property
    def rate(self) -> str:
        """The share that was solved there."""
        return percent(self.solved, self.whole)


@dataclass(frozen=True, slots=True)
class Figures:
    """What the counters say of one row: a day, an area, a category, a channel, or all of a period.

    reported: cases reported in the period; of these open_: still open, done: closed by now. accepted, closed: deeds
    done in the period, whenever the case was reported. solved, unsolved, score: judgements of the period.
    levels: where the matters that were solved in the period were solved, the grid first.
    """

    reported: int = 0
    open_: int = 0
    done: int = 0
    accepted: int = 0
    closed: int = 0
    solved: int = 0
    unsolved: int = 0
    score: int = 0
    stages: tuple[StageShare, ...] = tuple(StageShare(stage, 0, 0) for stage in Stage)
    levels: tuple[LevelShare, ...] = tuple(LevelShare(level, 0, 0) for level in Level)

    @property
    def handling(self) -> StageShare:
        """How the stage 处置 was kept: the office's 按时处置."""
        return next(share for share in self.stages if share.stage is Stage.HANDLE)

    @property
    def solved_below_rate(self) -> str:
        """The share solved in grid and community (小事不出网格、大事不出社区)."""
        return percent(sum(share.solved for share in self.levels if share.level in _BELOW), self.levels[0].whole)

    @property
    def judged(self) -> int:
        """How many judgements were given."""
        return self.solved + self.unsolved

    @property
    def solved_rate(self) -> str:
        """The share of judgements that say it is solved."""
        return percent(self.solved, self.judged)

    @property
    def average_score(self) -> str:
        """The mean of the points given, 1 to 5."""
        return average(self.score, self.judged)

    @classmethod
    def of(cls, measures: Mapping[str, int], *, reported: int, open_: int, done: int) -> "Figures":
        """Return the figures of a row of counters; see cases.queries.counting for the measures."""
        solved_at = {level: measures.get(f"solved_at:{level.value}", 0) for level in Level}
        whole = sum(solved_at.values())
        return cls(
            reported=reported, open_=open_, done=done,
            accepted=measures.get("did:accept", 0), closed=measures.get("did:close", 0),
            solved=measures.get("solved", 0), unsolved=measures.get("unsolved", 0), score=measures.get("score", 0),
            stages=tuple(
                StageShare(stage, measures.get(f"in_time:{stage.value}", 0), measures.get(f"late:{stage.value}", 0))
                for stage in Stage
            ),
            levels=tuple(LevelShare(level, n, whole) for level, n in solved_at.items()),
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Period:
    """Days from first to last, both included."""

    first: date
    last: date

    @property
    def end(self) -> date:
        """The day after the last."""
        return self.last + timedelta(days=1)

    @property
    def days(self) -> list[date]:
        """Every day of the period, in order."""
        return [self.first + timedelta(days=n) for n in range((self.end - self.first).days)]


def month_of(today: date) -> Period:
    """Return this month up to today."""
    return Period(today.replace(day=1), today)


def usual_periods(today: date) -> list[tuple[str, Period]]:
    """Return the periods that an office asks for, each with its name."""
    last_month = today.replace(day=1) - timedelta(days=1)
    return [
        (_("今天"), Period(today, today)),
        (_("本周"), Period(today - timedelta(days=today.weekday()), today)),
        (_("本月"), month_of(today)),
        (_("上月"), Period(last_month.replace(day=1), last_month)),
        (_("今年"), Period(today.replace(month=1, day=1), today)),
    ]


def daily_chart(days: Sequence[tuple[date, Figures]], *, by_month: bool = False) -> Chart:
    """Return the bars of what was reported and what was closed, for each day or month beginning with that day."""
    return bar_chart(
        [f"{day:%Y-%m}" if by_month else f"{day.month}-{day.day}" for day, _figures in days],
        [
            (pgettext("count", "上报"), [figures.reported for _day, figures in days]),
            (pgettext("count", "结案"), [figures.closed for _day, figures in days]),
        ],
    )


COLOUR_OF_STAGE = {
    Stage.VERIFY: "grey", Stage.ACCEPT: "grey", Stage.DISPATCH: "grey", Stage.SIGN: "blue", Stage.HANDLE: "blue",
    Stage.CHECK: "green",
}  # fmt: skip

LEGEND = (
    ("red", gettext_lazy("已超期")),
    ("orange", gettext_lazy("即将到期")),
    ("grey", gettext_lazy("待核实、待受理、待派遣")),
    ("blue", gettext_lazy("待签收、处置中")),
    ("green", gettext_lazy("待核查、待结案")),
)
"""What the colours on the map mean; the words stand beside each point and in the list as well."""


def colour_of(stage: str | None, due_at: datetime | None, now: datetime, *, is_due_soon: bool) -> str:
    """Return the colour of an open case: its deadline first, else the stage it is in."""
    if due_at is not None and due_at < now:
        return "red"
    if is_due_soon:
        return "orange"
    return COLOUR_OF_STAGE[Stage(stage)] if stage else "grey"


def shorten(text: str, length: int = DESCRIPTION_SHOWN) -> str:
    """Return the text in one line, at most so many characters long, an ellipsis included."""
    line = " ".join(text.split())
    return line if len(line) <= length else line[: length - 1] + "…"
