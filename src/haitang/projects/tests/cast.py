"""What tests of projects are about: a plan of the community's secretary, and who stands around it."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from haitang.core.access import Actor
from haitang.people.values import shipped_roles
from haitang.projects import actions
from haitang.projects.models import Project
from haitang.projects.values import Origin, Partner, Person, ProjectPlan, Step
from haitang.territory.queries import territory
from haitang.testing.actors import NOW, TODAY, actor_with
from haitang.testing.people import Town


def role(code: str, name: str, account_id: int, **over: Any) -> Actor:
    """Return somebody with a shipped role over an area or a unit."""
    permissions = next(each.permissions for each in shipped_roles() if each.code == code)
    return actor_with(*permissions, account_id=account_id, name=name, **over)


def street_leader(town: Town) -> Actor:
    """Return the street's leader, who accepts."""
    return role("street_leader", "陈书记", 31, area_path=territory().area(town.areas["street"]).path)


def plan_of(town: Town, **changes: Any) -> ProjectPlan:
    """Return the secretary's plan: benches for those who wait at the clinic, with the department's help."""
    plan = ProjectPlan(
        Origin.SECRETARY, "form-1", "健康驿站改造", town.areas["spring"], town.desks["CHSQ"],
        aim="为候诊老人增设座椅和扶手", kind="设施改造", served="社区老年居民", people_expected=300,
        partners=(Partner(town.desks["ZJJ"], "施工指导"),),
        responsible=(Person("王书记", town.secretary.id, town.desks["CHSQ"], "总负责"),),
        milestones=(Step("方案公示", TODAY + timedelta(days=10)), Step("安装完成", TODAY + timedelta(days=40))),
        from_on=TODAY, until_on=TODAY + timedelta(days=60), planned_fen=2_000_000, money_ref="党组织为民服务专项经费",
    )  # fmt: skip
    return replace(plan, **changes)


def start(town: Town, **changes: Any) -> Project:
    """Begin the secretary's project, or what the changes make of it."""
    return actions.start_project(actor=town.secretary, plan=plan_of(town, **changes), now=NOW)
