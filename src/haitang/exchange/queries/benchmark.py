"""How fast made-up lists are matched: for `haitang bench` and for nobody else. Nothing is written."""

import time
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from haitang.core import policy
from haitang.exchange.models import Need, Resource
from haitang.exchange.queries.matching import WholePlan, fits, whole_plan
from haitang.exchange.queries.rules import rules
from haitang.exchange.values import Hours
from haitang.organizations.queries import organizations
from haitang.territory.queries import territory

_DAY = date(2026, 5, 12)
_WHO = ("独居老人", "小学生", "双职工家庭", "困难家庭", "社区党员", "文艺队", "待业居民", "外来务工者")
_WHAT = (
    "测血压血糖", "教用智能手机", "辅导作业", "法律咨询", "借用场地排练", "查消防隐患", "办招聘会", "清理河岸",
    "学书法", "送米油", "讲党课", "修水龙头",
)  # fmt: skip
_HOW = ("每月一次", "周末上门", "晚上开课", "集中办一场", "分批进行", "提前预约")


@dataclass(frozen=True, slots=True)
class Matched:
    """Seconds for the whole (who fits whom, the plan, its reasons) and for who fits whom alone; how many pairs fit."""

    seconds: float
    fit_seconds: float
    pairs: int
    plan: WholePlan


def match_made_up(needs: int, resources: int, seed: int = 1) -> Matched:
    """Match so many made-up needs and resources over the areas and categories that there are."""
    random = Random(seed)  # noqa: S311 - made-up lists, no secret
    areas = [area for area in territory().descendants(None) if area.level >= 2]
    categories = [each.id for each in rules().categories if each.is_active]
    units = [each.id for each in organizations()]
    hours = [[], ["daytime"], ["evening"], ["weekend"], ["evening", "weekend"], list(Hours.values)]

    def listed(wide: bool) -> dict:
        area = random.choice(areas)
        ids = list(area.ids[: -1 if wide and len(area.ids) > 2 else None])
        return {
            "title": random.choice(_WHAT) + random.choice(_WHO), "words": random.choice(_HOW) + random.choice(_WHO),
            "category_id": random.choice(categories), "area_id": ids[-1], "area_ids": ids,
            "hours": random.choice(hours), "organization_id": random.choice(units),
        }  # fmt: skip

    asked = [
        Need(
            pk=at, people=random.randint(5, 80), wished_by=_DAY + timedelta(days=random.randint(1, 90)), **listed(False)
        )
        for at in range(1, needs + 1)
    ]
    offered = [
        Resource(pk=at, people_max=random.choice((0, 20, 40, 100)), capacity=random.randint(1, 3), **listed(True))
        for at in range(1, resources + 1)
    ]
    with policy.reading():  # as in a request
        begun = time.perf_counter()
        found = fits(asked, offered, _DAY)
        between = time.perf_counter()
        best = whole_plan(asked, offered, found)
        return Matched(time.perf_counter() - begun, between - begun, len(found), best)
