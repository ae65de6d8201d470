"""A month of matters, enough of some and too few of others, and what turns publishing on."""

from datetime import UTC, datetime, timedelta
from typing import Any

from haitang.cases import actions as cases
from haitang.core.access import EVERYWHERE, Grant, system
from haitang.opendata import actions
from haitang.opendata.values import Permission
from haitang.testing.cases import report
from haitang.testing.land import SOUTH, STEP, WEST
from haitang.testing.people import Town

KEEPER = system("数据开放", Grant(Permission.MANAGE, area_path=EVERYWHERE))
MONTH = "2026-05"
IN_MAY = datetime(2026, 5, 6, 1, 30, tzinfo=UTC)
IN_JUNE = datetime(2026, 6, 2, 1, 30, tzinfo=UTC)
LAMP, WATER = "10305", "10101"


def rule(key: str, value: Any) -> None:
    """Set a rule, without waiting for what follows from it."""
    actions.change_open_data_rule(actor=KEEPER, key=key, value=value, now=IN_MAY)


def fill(town: Town, count: int, category: str = LAMP, column: float = 0.5, **changes: Any) -> list[Any]:
    """Report so many matters in May, in the grid in whose column of the land the point lies."""
    point = {"lon": WEST + STEP * column, "lat": SOUTH + STEP / 2}
    return [
        report(town.resident, **{"category_code": category, "now": IN_MAY + timedelta(hours=n), **point, **changes})
        for n in range(count)
    ]


def publish(at: datetime = IN_JUNE) -> int:
    """Give the night its turn."""
    return actions.publish_open_data(actor=KEEPER, now=at)


__all__ = ["IN_JUNE", "IN_MAY", "KEEPER", "LAMP", "MONTH", "WATER", "cases", "fill", "publish", "rule"]
