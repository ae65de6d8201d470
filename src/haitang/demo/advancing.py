"""Projects of the demo city are brought on: those of the three lists at every point of their life, some given out in
packages, the best chosen in a round; then units and communities say what they think of each other.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from random import Random
from typing import Any

from haitang.core.access import VISITOR
from haitang.core.clock import local_date
from haitang.demo.city import SEED, City
from haitang.demo.exchanging import for_units
from haitang.demo.playing import Cast, draw_photo, installer
from haitang.exchange import actions as exchange_actions
from haitang.exchange.queries import AgreementFilter, filter_agreements
from haitang.exchange.values import Permission as ExchangePermission
from haitang.projects import actions
from haitang.projects.lifecycle import FINISHED, OPEN
from haitang.projects.queries import ProjectFilter, filter_projects, list_milestones, list_selections
from haitang.projects.values import Origin, PackageKind, Permission
from haitang.territory.queries import territory

REVIEWERS = ("leader", "supervisor", "checker")
_STAY, _DELIVER, _RETURNED = 8, 3, 20
"""Every so-and-so-many projects: stays planned; is delivered; is to be done over."""
_SPOKEN, _JUDGED, _JUDGES = 24, 12, 4
_PLACES, _NOMINATED = 10, 18
_TOLD = (
    "已和社区对接时间和人员，居民报名踊跃。", "第一次活动已开展，下次时间也定好了。",
    "物资已到位，正在分批送到居民家中。", "单位已排出志愿者，社区落实了场地。",
)  # fmt: skip
_DONE = "按约定全部完成，服务对象名单和照片已留存。"
_JUDGEMENTS = ("很需要，希望常来。", "", "老师很耐心。", "")
_PACKED = 4
_PACKAGES = ("适老化改造包", "邻里服务联合包", "网格微项目包")
_PACKED_WORDS = "同类项目一起设计、一起采购、一起验收。"
_MARKS = (72, 98)


def is_done() -> bool:
    """Tell whether the projects have been brought on."""
    return bool(list_selections(viewer=installer(Permission.VIEW)).rows)


def advance(cast: Cast, city: City, *, now: datetime) -> None:
    """Bring the projects on, pack some, hold a round. now: of the build; all lies before it."""
    rows = list(_projects(Origin.AGREEMENT, now))
    _bring_on(cast, rows, now)
    _speak(now)
    _pack(cast, city, now)
    _select(cast, city, now)


def _projects(origin: str, now: datetime) -> Iterator[Any]:
    viewer = installer(Permission.VIEW)
    rows = filter_projects(viewer=viewer, wanted=ProjectFilter(origin=origin), today=local_date(now))
    return rows.order_by("pk").iterator()


def _bring_on(cast: Cast, rows: Sequence[Any], now: datetime) -> None:
    lead: dict[str, Any] = {"actor": installer(Permission.LEAD, Permission.VIEW, Permission.PUBLISH)}
    begun = [row.pk for at, row in enumerate(rows) if at % _STAY]
    if not begun:
        return
    actions.launch_projects(project_ids=begun, words="双方负责人已见面", now=now - timedelta(days=14), **lead)
    delivered = begun[::_DELIVER]
    first = _steps([pk for at, pk in enumerate(begun) if at % 10 or pk in delivered], 0)
    actions.reach_milestones(milestone_ids=first, words="时间、人员和场地已约好", now=now - timedelta(days=12), **lead)
    actions.publish_projects(project_ids=begun, now=now - timedelta(days=12), **lead)
    told = {pk: _TOLD[at % len(_TOLD)] for at, pk in enumerate(begun)}
    told_rows = actions.tell_progresses(told=told, now=now - timedelta(days=9), **lead)
    for at, row in enumerate(told_rows[:: max(len(told_rows) // 6, 1)][:6]):
        data = draw_photo(at)
        actions.add_progress_photo(
            project_id=row.project_id, progress_id=row.pk, data=data, now=now - timedelta(days=9), **lead
        )
    done = [row for at, row in enumerate(rows) if at % _STAY][::_DELIVER]
    ids = [row.pk for row in done]
    actions.reach_milestones(milestone_ids=_steps(ids, 1), words="活动已办完", now=now - timedelta(days=6), **lead)
    actions.deliver_projects(project_ids=ids, words=_DONE, now=now - timedelta(days=6), **lead)
    for at, pk in enumerate(ids[:_JUDGED]):
        codes = actions.issue_codes(project_id=pk, count=_JUDGES + 2, now=now - timedelta(days=6), **lead)
        for turn, code in enumerate(codes[:_JUDGES]):
            actions.evaluate_project(
                actor=VISITOR, code=code, party=f"demo-list-{at}", score=5 - (turn + at) % 4 // 3,
                words=_JUDGEMENTS[turn % len(_JUDGEMENTS)], now=now - timedelta(days=5),
            )  # fmt: skip
    _accept(cast, done, now - timedelta(days=4))


def _steps(project_ids: Sequence[int], number: int) -> list[int]:
    """Return of each project the milestone of that number, by their days."""
    found = list_milestones(viewer=installer(Permission.VIEW), project_ids=project_ids)
    return [steps[number].pk for steps in found.values() if len(steps) > number]


def _accept(cast: Cast, rows: Sequence[Any], now: datetime) -> None:
    """Let the director of each street look at what was delivered there; some is done over, some still waits."""
    by_street: dict[str, list[int]] = {}
    for row in rows[: len(rows) - len(rows) // 10]:
        by_street.setdefault(territory().area(row.area_ids[1]).code, []).append(row.pk)
    accepted: list[int] = []
    for street, ids in by_street.items():
        passed = [pk for at, pk in enumerate(ids) if (at + 1) % _RETURNED]
        returned = sorted(set(ids) - set(passed))
        look: dict[str, Any] = {"actor": cast.director(street), "now": now}
        actions.accept_projects(project_ids=passed, passed=True, words="符合约定，社区反映好。", **look)
        actions.accept_projects(project_ids=returned, passed=False, words="还差一次活动，请补上。", **look)
        accepted += passed
    exchange_actions.follow_projects(actor=installer(), project_ids=accepted, now=now)


def _speak(now: datetime) -> None:
    """Let both sides of some agreements say what they think of each other."""
    clerk = installer(*ExchangePermission)
    unit = for_units(clerk)
    delivered = filter_agreements(viewer=clerk, wanted=AgreementFilter(stage="delivered")).order_by("pk")
    for at, row in enumerate(delivered[:_SPOKEN]):
        say: dict[str, Any] = {"agreement_id": row.pk, "now": now - timedelta(days=2)}
        stars = 5 - at % 3 // 2
        exchange_actions.evaluate_agreement(actor=clerk, side="community", stars=stars, words="准时、用心", **say)
        if at % 4:
            words = "组织得好，来的人多"
            exchange_actions.evaluate_agreement(actor=unit, side="unit", stars=5, words=words, **say)


def _pack(cast: Cast, city: City, now: datetime) -> None:
    """Give some projects of secretaries out together: in one street as a bundle, in the next by several units."""
    free = [row for row in _projects(Origin.SECRETARY, now) if row.status in OPEN]
    for street, kind, title in zip(city.streets, PackageKind, _PACKAGES, strict=False):
        area = territory().by_code(street.code)
        rows = [row for row in free if area is not None and row.area_ids[1] == area.id][:_PACKED]
        if area is None or not rows:
            continue
        units = list(dict.fromkeys(row.organization_id for row in rows))
        issuers = units[:1] if kind == PackageKind.BUNDLE else units
        actions.make_package(
            actor=cast.director(street.code), title=f"{area.name}{title}", kind=kind, area_id=area.id,
            organization_ids=issuers, words=_PACKED_WORDS, project_ids=[row.pk for row in rows],
            now=now - timedelta(days=8),
        )  # fmt: skip


def _select(cast: Cast, city: City, now: datetime) -> None:
    """Hold a round that is over, with its arithmetic, and open one in which projects are put forward."""
    area = territory().by_code(city.root.code)
    if area is None:
        raise LookupError("the city has no area")
    manager, lead = cast.actor("manager"), installer(Permission.LEAD, Permission.VIEW)
    finished = [row for row in _projects("", now) if row.status in FINISHED][:_NOMINATED]
    if not finished:
        return
    at = now - timedelta(days=3)
    opened: dict[str, Any] = {"actor": manager, "area_id": area.id, "now": at}
    first = actions.open_selection(
        title="“百佳示范项目”评选（第一批）", places=_PLACES, until_on=local_date(at), **opened
    )
    rows = [
        actions.nominate_project(
            actor=lead, selection_id=first.pk, project_id=row.pk, words="居民需要、效果好、能坚持。", now=at
        )
        for row in finished
    ]
    reviewers = [cast.actor(name) for name in REVIEWERS]
    actions.begin_scoring(
        actor=manager, selection_id=first.pk, account_ids=[each.id for each in reviewers if each.id], now=at
    )
    keys = [each["key"] for each in first.criteria]
    marked = Random(SEED)
    for reviewer in reviewers:
        for row in rows:
            marks = {key: marked.randint(*_MARKS) for key in keys}
            actions.score_project(
                actor=reviewer, selection_id=first.pk, nomination_id=row.pk, marks=marks, now=now - timedelta(days=2)
            )
    actions.publish_selection(actor=manager, selection_id=first.pk, now=now - timedelta(days=1))
    until = local_date(now) + timedelta(days=30)
    second = actions.open_selection(title="“百佳示范项目”评选（第二批）", places=2 * _PLACES, until_on=until, **opened)
    for row in finished[-3:]:
        actions.nominate_project(
            actor=lead, selection_id=second.pk, project_id=row.pk, words="第一批未入选，整改后再报。", now=at
        )
