"""Surveys of the demo city: one of all communities that has closed, with a low figure under review, and one open.

Where residents are satisfied less than 60 % the district on which the demo is built looks into it (居民满意度低于60%).
"""

from datetime import datetime, timedelta
from random import Random

from haitang.core.clock import local_date
from haitang.demo.city import City
from haitang.demo.playing import installer
from haitang.surveys import actions, queries
from haitang.surveys.values import Entry, Permission, parse
from haitang.territory import actions as area_actions
from haitang.territory.queries import territory
from haitang.territory.values import Permission as AreaPermission
from haitang.territory.values import PopulationKind

SAMPLE_PER_COMMUNITY, LOW = 80, 7
"""So many that most cells need not be hidden. LOW: which community is less satisfied than the others."""
_OPENED_DAYS, _CLOSED_DAYS, _OPEN_FOR_DAYS = 45, 15, 20
_YEARLY = """[单选] 您对社区工作总体满意吗？【必答】【满意度】
满意
基本满意
不满意

[多选] 您最希望社区在哪些方面改进？【如果 1=基本满意、不满意】
环境卫生
停车秩序
养老服务
物业管理

[矩阵] 您怎么看下面几方面？
行：环境卫生、治安、停车
列：满意、基本满意、不满意

[文字] 您还想对社区说什么？"""
_CANTEEN = """[单选] 社区食堂您多久去一次？【必答】
常去
偶尔去
没去过

[量表] 饭菜合口味吗？【如果 1=常去、偶尔去】
很不合
不太合
一般
比较合
很合

[文字] 您希望添什么菜、什么服务？"""
_WORDS = ("希望多设几个停车位", "楼道灯有时不亮", "活动办得很好", "希望早点加装电梯", "垃圾清运再勤一些")


def is_done() -> bool:
    """Tell whether anything has been asked."""
    return bool(queries.list_surveys(viewer=installer(Permission.VIEW)).rows)


def survey(city: City, *, seed: int, now: datetime) -> None:
    """Count households, ask all communities, review the low figure, and open another survey. now: of the plan."""
    clerk = installer(*Permission, AreaPermission.MANAGE)
    rng, began = Random(f"{seed}:surveys"), now - timedelta(days=_OPENED_DAYS)
    tree = territory()
    communities = [area for each in city.communities if (area := tree.by_code(each.code)) is not None]
    for area in communities:
        area_actions.add_population(
            actor=clerk, area_id=area.id, kind=PopulationKind.HOUSEHOLDS, number=rng.randint(600, 2400),
            date=local_date(began), source="演示数据", now=began,
        )  # fmt: skip
    ended = now - timedelta(days=_CLOSED_DAYS)
    plan = actions.SurveyPlan(
        "居民满意度年度调查", city.root.code, Entry.CODE, parse(_YEARLY), local_date(ended),
        "每个社区按户抽样，凭通知单上的问卷码匿名填写，用来改进工作。", SAMPLE_PER_COMMUNITY * len(communities),
    )  # fmt: skip
    row = actions.draft_survey(actor=clerk, plan=plan, now=began)
    actions.try_survey(actor=clerk, survey_id=row.pk, given={"0": 0}, now=began)
    actions.open_survey(actor=clerk, survey_id=row.pk, now=began)
    actions.issue_survey_codes(actor=clerk, survey_id=row.pk, now=began)
    invited = {line.area.id: line.invited for line in queries.areas_of(row)}
    sheets = [
        actions.Sheet(area.code, _answers(rng, low=number == LOW))
        for number, area in enumerate(communities)
        for _each in range(int(invited[area.id] * rng.uniform(0.55, 0.9)))
    ]
    actions.bring_answers(actor=clerk, survey_id=row.pk, sheets=sheets, now=ended)
    actions.close_survey(actor=clerk, survey_id=row.pk, now=ended)
    actions.open_reviews(actor=clerk, survey_id=row.pk, now=ended)
    actions.publish_survey(actor=clerk, survey_id=row.pk, now=ended + timedelta(days=3))
    opened = now - timedelta(days=3)
    plan = actions.SurveyPlan(
        "社区食堂办得怎么样", city.root.code, Entry.LINK, parse(_CANTEEN),
        local_date(now) + timedelta(days=_OPEN_FOR_DAYS), "想听听大家对社区食堂的意见，谁都可以填。",
    )  # fmt: skip
    row = actions.draft_survey(actor=clerk, plan=plan, now=opened)
    actions.try_survey(actor=clerk, survey_id=row.pk, given={"0": 2}, now=opened)
    actions.open_survey(actor=clerk, survey_id=row.pk, now=opened)


def _answers(rng: Random, *, low: bool) -> dict[str, object]:
    weights = (34, 16, 50) if low else (55, 30, 15)
    overall = rng.choices(range(3), weights)[0]
    given: dict[str, object] = {"0": overall}
    if overall in (1, 2) and (wanted := [n for n in range(4) if rng.random() < 0.4]):
        given["1"] = wanted
    for aspect in range(3):
        given[f"2.{aspect}"] = rng.choices(range(3), (30, 20, 50) if low else (50, 33, 17))[0]
    if rng.random() < 0.05:
        given["3"] = rng.choice(_WORDS)
    return given
