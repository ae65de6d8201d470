"""What the tests of surveys share: a satisfaction survey of a street, its codes, and households that answer."""

from datetime import timedelta
from typing import Any

from haitang.core.access import Actor
from haitang.surveys import actions
from haitang.surveys.models import Survey
from haitang.surveys.values import parse
from haitang.territory import actions as land
from haitang.territory.values import PopulationKind
from haitang.testing.actors import NOW, TODAY
from haitang.testing.land import FOUNDER
from haitang.testing.people import Town

COMMUNITY, STREET = "320585001001", "320585001000"
TEXT = """[单选] 您对社区工作总体满意吗？【必答】【满意度】
满意
基本满意
不满意
说不清

[多选] 哪些方面需要改进？【如果 1=基本满意、不满意】
环境
停车

[矩阵] 您怎么看下面几方面？
行：环境、治安
列：好、一般、差

[文字] 还想说什么？"""


def count_households(town: Town, **households: int) -> None:
    """Have areas, by their words, counted."""
    for word, number in households.items():
        land.add_population(
            actor=FOUNDER, area_id=town.areas[word], kind=PopulationKind.HOUSEHOLDS, number=number, date=TODAY,
            source="测试", now=NOW,
        )  # fmt: skip


def drafted(actor: Actor, **more: Any) -> Survey:
    """Let somebody draft the survey of the street."""
    told: dict[str, Any] = {
        "title": "居民满意度调查", "area_code": STREET, "entry": "code", "questions": parse(TEXT),
        "closes_on": TODAY + timedelta(days=20), "words": "请您说说",
    }  # fmt: skip
    return actions.draft_survey(actor=actor, plan=actions.SurveyPlan(**{**told, **more}), now=NOW)


def opened(actor: Actor, **more: Any) -> Survey:
    """Let somebody draft it, try it out and open it."""
    row = drafted(actor, **more)
    actions.try_survey(actor=actor, survey_id=row.pk, given={"0": "0"}, now=NOW)
    return actions.open_survey(actor=actor, survey_id=row.pk, now=NOW)


def codes_of(actor: Actor, survey: Survey) -> dict[str, list[str]]:
    """Make the codes; return them by the area's name."""
    made: dict[str, list[str]] = {}
    for area, _number, code in actions.issue_survey_codes(actor=actor, survey_id=survey.pk, now=NOW):
        made.setdefault(area, []).append(code)
    return made


def answer(actor: Actor, code: str, **given: Any) -> Survey:
    """Let a household answer: satisfied, unless it says otherwise."""
    told = {key.lstrip("q").replace("_", "."): value for key, value in given.items()} or {"0": 0}
    return actions.answer_by_code(actor=actor, code=code, party="10.0.0.1", given=told, now=NOW)
