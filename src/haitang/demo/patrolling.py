"""A few days of the home grid: checklists half done, hazards at every stage, visits, a wish, quarrels."""

from datetime import datetime, timedelta
from uuid import NAMESPACE_URL, uuid5

from haitang.core.access import Actor
from haitang.core.clock import local_date
from haitang.core.errors import NotFound
from haitang.demo.playing import installer
from haitang.patrols import actions, queries
from haitang.patrols.values import NewHazard, NewNeed, NewParty, Permission
from haitang.people.queries import get_account_id, get_actor

WORKER, SECRETARY = "grid", "community"
_DONE_BEFORE = 7
_VISITED_BEFORE_DAYS, _TAKEN_UP_BEFORE_DAYS = 10, 8
HAZARDS = (
    ("fire_lane", "两辆私家车停在消防车通道上，大门只剩一人宽", "major", "3幢南侧", "物业公司"),
    ("ebikes", "二单元门厅停了四辆电动自行车，有人从楼上拉线充电", "major", "5幢2单元", "物业公司"),
    ("covers", "雨水井盖松动，踩上去会翘", "general", "东门内花坛旁", "物业公司"),
)
"""Of the first checklist: item, what was found, how grave, where, who puts it right."""
HOMES = (
    ("1幢101", {"contact_name": "林阿姨", "contact_phone": "15400001101", "people": "2", "help": "每月陪诊一次"}),
    ("1幢302", {"contact_name": "周先生", "contact_phone": "15400001302", "best_time": "晚上七点以后"}),
    ("2幢501", {"people": "4"}),
)
QUARRELS = (
    ("邻里纠纷", "楼上卫生间漏水，楼下天花板发霉，双方对赔偿金额有分歧", "林阿姨", "孙先生", "agreed"),
    ("物业纠纷", "业主认为停车收费没有公示，拒交本季度停车费", "周先生", "春和物业", ""),
)


def patrol(*, grid_code: str, now: datetime) -> None:
    """Play the home grid's month, done once; without its accounts (a smaller city) nothing is played.

    grid_code: of the home grid. now: the present of the plan.
    """
    month = local_date(now)
    actions.generate_rounds(actor=installer(Permission.MANAGE), month=month, now=now)
    try:
        worker, secretary = (get_actor(get_account_id(name)) for name in (WORKER, SECRETARY))
    except NotFound:
        return
    _walk(worker, secretary, now)
    _visit(worker, grid_code, now)
    _mediate(worker, grid_code, now)


def _walk(worker: Actor, secretary: Actor, now: datetime) -> None:
    mine = queries.list_rounds(viewer=worker, month=local_date(now).replace(day=1))
    if not mine or any(view.round.items_done for view in mine):
        return
    first, found = mine[0], []
    told = {key: NewHazard(words, level, place, who) for key, words, level, place, who in HAZARDS}
    for item in mine[0].checklist.items[:_DONE_BEFORE]:
        hazard = told.get(item.key)
        row = actions.check_item(
            actor=worker, round_id=first.round.pk, key=item.key, result="hazard" if hazard else "in_order",
            hazard=hazard, now=now,
        )  # fmt: skip
        if row.hazard_id:
            found.append(row.hazard_id)
    if found:
        actions.rectify_hazard(actor=worker, hazard_id=found[0], words="车主已挪车，物业重新划线", now=now)
        actions.recheck_hazard(actor=secretary, hazard_id=found[0], passed=True, words="通道畅通", now=now)
    if len(found) > 1:
        actions.make_hazard_case(actor=worker, hazard_id=found[1], now=now)


def _visit(worker: Actor, grid_code: str, now: datetime) -> None:
    if queries.list_visits(viewer=worker).rows:
        return
    for number, (room, answers) in enumerate(HOMES):
        at = now - timedelta(days=_VISITED_BEFORE_DAYS + number)
        home = actions.open_household(actor=worker, area_code=grid_code, room=room, now=at)
        needs = [NewNeed("楼道灯不亮，晚上下楼看不清"), NewNeed("想学会用手机挂号", "wish")] if number == 0 else []
        actions.record_visit(
            actor=worker, household_id=home.pk, entry_key=uuid5(NAMESPACE_URL, f"haitang:demo:visit:{room}"), now=at,
            consented=True, answers=answers, needs=needs,
        )  # fmt: skip


def _mediate(worker: Actor, grid_code: str, now: datetime) -> None:
    if sum(queries.count_disputes(viewer=worker).values()):
        return
    for kind, matter, applicant, respondent, outcome in QUARRELS:
        at = now - timedelta(days=_TAKEN_UP_BEFORE_DAYS)
        parties = [NewParty("applicant", applicant, "15400001101"), NewParty("respondent", respondent)]
        row = actions.open_dispute(actor=worker, area_code=grid_code, kind=kind, matter=matter, parties=parties, now=at)
        words = "双方到场，听取意见，查看现场"
        actions.hold_session(actor=worker, dispute_id=row.pk, on=local_date(at), words=words, now=at)
        if outcome:
            words = "楼上一周内修好防水，承担楼下粉刷费用"
            actions.conclude_dispute(actor=worker, dispute_id=row.pk, status=outcome, words=words, now=at)
