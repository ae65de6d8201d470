"""The words and the pure functions of the overview."""

from haitang.command.values.charts import Chart, bar_chart
from haitang.command.values.words import (
    LEGEND,
    NOTHING,
    Figures,
    Period,
    Permission,
    StageShare,
    average,
    colour_of,
    daily_chart,
    month_of,
    percent,
    shorten,
    usual_periods,
)

__all__ = [
    "LEGEND",
    "NOTHING",
    "Chart",
    "Figures",
    "Period",
    "Permission",
    "StageShare",
    "average",
    "bar_chart",
    "colour_of",
    "daily_chart",
    "month_of",
    "percent",
    "shorten",
    "usual_periods",
]
