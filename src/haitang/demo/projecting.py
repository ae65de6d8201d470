"""Projects of the demo city: every community's secretary takes one on a year (书记领办), at any point of its life."""

from collections import Counter
from datetime import date, datetime, timedelta
from itertools import cycle
from typing import Any

from haitang.core.access import VISITOR, Actor
from haitang.core.clock import local_date
from haitang.demo.city import City
from haitang.demo.playing import Cast, installer
from haitang.demo.units import code_of
from haitang.organizations.queries import organizations
from haitang.projects import actions
from haitang.projects.queries import ProjectFilter, get_project_page, list_projects
from haitang.projects.values import Origin, Permission, Person, ProjectPlan, Step
from haitang.territory.queries import territory

_ORIGIN = "demo-{code}"
_BEGAN_DAYS, _MOVED_PER_STREET, _JUDGES = 75, 2, 6
_LATE_EVERY = 11
"""So few have let a date pass: as in a city whose projects are looked after, and yet some to see."""
_STEPS = ("征求居民意见", "完成主要内容", "居民试用评价")
_PLANS = (
    ("楼道扶手加装", "设施改造", "给老楼楼道加装扶手，方便老人上下楼。", "社区老年居民", 180, 4_800_000),
    ("小区微花园", "环境整治", "把楼前荒地整理成居民一起照看的小花园。", "小区居民", 600, 3_200_000),
    ("周末议事亭", "议事协商", "每周六请居民、物业、业委会坐下来商量身边的事。", "小区居民", 400, 600_000),
    ("邻里学堂", "文化活动", "请有特长的党员和居民开书法、剪纸、手机课堂。", "社区老人和儿童", 240, 1_500_000),
    ("暖心敲门", "关爱帮扶", "网格党员定期看望独居老人，代买代办。", "独居老人", 90, 800_000),
    ("消防通道畅通行动", "平安法治", "清理楼道堆物，划好消防通道，装充电棚。", "小区居民", 900, 5_600_000),
)  # fmt: skip
"""Name, kind, aim, for whom, how many, planned fen."""
_MONEY = "党组织为民服务专项经费"
_WORDS = ("很实用，希望坚持做下去。", "老人都说好。", "", "效果不错，细节还可以再改进。", "", "谢谢社区。")


def is_done(*, now: datetime) -> bool:
    """Tell whether the secretaries have taken their projects on."""
    viewer = installer(Permission.VIEW)
    wanted = ProjectFilter(origin=Origin.SECRETARY)
    return bool(list_projects(viewer=viewer, wanted=wanted, today=local_date(now)).rows)


def take_on(cast: Cast, city: City, *, now: datetime) -> None:
    """Begin a project in each community, and move two of each street on. now: of the build; all lies before it."""
    began = now - timedelta(days=_BEGAN_DAYS)
    desks, areas = organizations(), territory()
    plans = []
    moves = _moved(city)
    for number, (place, (title, kind, aim, served, people, fen)) in enumerate(
        zip(city.communities, cycle(_PLANS), strict=False)
    ):
        first, *due, last = dates_of(number, local_date(now), moves=number in moves)
        secretary = cast.secretary(place.code)
        desk, area = desks.by_code(code_of("community", place)), areas.by_code(place.code)
        if desk is None or area is None:
            raise LookupError(f"nothing serves {place.code}")
        plans.append(ProjectPlan(
            Origin.SECRETARY, _ORIGIN.format(code=place.code), f"{place.name}{title}", area.id, desk.id, aim=aim,
            kind=kind, served=served, people_expected=people, planned_fen=fen, money_ref=_MONEY, from_on=first,
            until_on=last, responsible=(Person(secretary.name, secretary.id, desk.id, "总负责"),),
            milestones=tuple(Step(step, day) for step, day in zip(_STEPS, due, strict=True)),
        ))  # fmt: skip
    begun = actions.start_projects(actor=installer(Permission.LEAD), plans=plans, now=began)
    for number, (place, project) in enumerate(zip(city.communities, begun, strict=True)):
        if number in moves:
            _move(cast.secretary(place.code), cast.director(place.parent), project.pk, number, began)


def _moved(city: City) -> set[int]:
    """Return which communities move theirs on: the first of each street."""
    so_far: Counter[str] = Counter()
    moved = set()
    for number, place in enumerate(city.communities):
        if so_far[place.parent] < _MOVED_PER_STREET:
            so_far[place.parent] += 1
            moved.add(number)
    return moved


def _stays_under_way(number: int) -> bool:
    return number % 3 == 1


def dates_of(number: int, today: date, *, moves: bool) -> tuple[date, ...]:
    """Return the days of a project's plan: its beginning, its three milestones, its end.

    What waits begins in the weeks to come, what is under way has its next milestone ahead, what is done was in time;
    one in _LATE_EVERY has let its days pass.
    """
    began = today - timedelta(days=_BEGAN_DAYS)
    if number % _LATE_EVERY == _LATE_EVERY - 1 or (moves and not _stays_under_way(number)):
        days: tuple[int, ...] = (0, 15, 60, 110, 120)
    elif moves:
        days = (0, 15, _BEGAN_DAYS + 12 + number % 20, _BEGAN_DAYS + 50, _BEGAN_DAYS + 60)
    else:
        start = _BEGAN_DAYS + 7 + number * 5 % 40
        days = (start, start + 15, start + 60, start + 110, start + 120)
    return tuple(began + timedelta(days=each) for each in days)


def _move(secretary: Actor, leader: Actor, project_id: int, number: int, began: datetime) -> None:
    """Bring a project on; every third stays under way, every third waits for acceptance, the rest are judged."""
    own: dict[str, Any] = {"actor": secretary, "project_id": project_id}
    page = get_project_page(viewer=secretary, project_id=project_id, today=local_date(began))
    at, (first, second, _third) = began + timedelta(days=3), page.milestones
    actions.launch_project(**own, now=at)
    at += timedelta(days=10)
    actions.reach_milestone(**own, milestone_id=first.pk, words="入户和议事会上都征求过意见。", now=at)
    actions.publish_project(**own, summary=page.view.project.aim, now=at)
    actions.tell_progress(**own, words="材料和人手都已到位，正在分楼推进。", now=at + timedelta(days=20))
    if _stays_under_way(number):
        return
    at += timedelta(days=40)
    actions.reach_milestone(**own, milestone_id=second.pk, words="主要内容已经完成。", now=at)
    actions.deliver_project(**own, words="按方案全部完成，居民试用正常。", now=at)
    codes = actions.issue_codes(**own, count=_JUDGES, now=at + timedelta(days=1))
    for turn, code in enumerate(codes[: _JUDGES - 1]):
        actions.evaluate_project(
            actor=VISITOR, code=code, party=f"demo-{number}", score=5 - (turn + number) % 3 // 2, words=_WORDS[turn],
            now=at + timedelta(days=2),
        )  # fmt: skip
    if number % 3 == 0:
        actions.accept_project(
            actor=leader, project_id=project_id, passed=True, words="符合方案，居民认可。", now=at + timedelta(days=5)
        )
