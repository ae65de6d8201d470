"""Beginning projects: one or many, each origin once."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from haitang.core import history, policy
from haitang.core.access import Actor
from haitang.core.clock import local_date
from haitang.core.constraints import refusing
from haitang.core.errors import Conflict
from haitang.organizations.queries import Registry, organizations
from haitang.projects import policies, queries
from haitang.projects.actions.shared import audience_of, clean, refuse
from haitang.projects.facts import ProjectStarted
from haitang.projects.models import Milestone, Project, ProjectUnit, Responsible
from haitang.projects.values import (
    AMOUNT_MAX,
    LINE_LENGTH_MAX,
    MILESTONES_MAX,
    NAME_LENGTH_MAX,
    PARTNERS_MAX,
    RESPONSIBLE_MAX,
    TITLE_LENGTH_MAX,
    WORDS_LENGTH_MAX,
    Origin,
    Partner,
    Person,
    PlanInvalid,
    ProjectPlan,
    Step,
    UnitRole,
)
from haitang.territory.queries import territory

_PEOPLE_MAX = 10_000_000
_YEARS_MAX = 10


def start_project(*, actor: Actor, plan: ProjectPlan, now: datetime) -> Project:
    """
    Begin a project as planned, to be launched; asked for again under the same origin, return the one there is.

    Raises NotAllowed (no LEAD over the area or the leading unit), PlanInvalid.
    """
    return start_projects(actor=actor, plans=[plan], now=now)[0]


@transaction.atomic
def start_projects(*, actor: Actor, plans: Iterable[ProjectPlan], now: datetime) -> list[Project]:
    """
    Begin many projects with a few statements for all; those whose origin has its project already are left as they are.

    Returns one project for each plan, in their order. Two at once begin each origin once.
    Raises NotAllowed, PlanInvalid: then none is begun.
    """
    plans = list(plans)
    ready: dict[tuple[str, str], tuple[ProjectPlan, Project]] = {}
    with policy.reading():
        for plan in plans:
            row = build_project(plan, actor=actor, now=now)
            ready.setdefault((plan.origin, plan.origin_id), (plan, row))
    begun = _insert([row for _key, (_plan, row) in sorted(ready.items())])
    _add_parts([(row, ready[row.origin, row.origin_id][0]) for row in begun])
    history.record_each(
        actor=actor, at=now,
        facts=[
            (ProjectStarted(row.pk, row.origin, row.origin_id, row.title, row.organization_id), audience_of(row))
            for row in begun
        ],
    )  # fmt: skip
    known = queries.find_origins(ready)
    return [known[plan.origin, plan.origin_id] for plan in plans]


def _insert(rows: list[Project]) -> list[Project]:
    """Write those whose origin has no project yet, and return them. Whoever is second waits, and finds the first's."""
    while True:
        known = queries.find_origins((row.origin, row.origin_id) for row in rows)
        new = [row for row in rows if (row.origin, row.origin_id) not in known]
        try:
            with refusing({"projects_project_origin": _Taken("")}):
                return Project.objects.bulk_create(new)
        except _Taken:
            continue


class _Taken(Conflict):
    """Somebody else has just begun one of them."""


def _add_parts(begun: list[tuple[Project, ProjectPlan]]) -> None:
    ProjectUnit.objects.bulk_create(
        [ProjectUnit(project=row, organization_id=row.organization_id, role=UnitRole.LEAD) for row, _plan in begun]
        + [
            ProjectUnit(project=row, organization_id=each.organization_id, role=UnitRole.PARTNER, duty=each.duty)
            for row, plan in begun for each in plan.partners
        ]
    )  # fmt: skip
    Responsible.objects.bulk_create(
        Responsible(
            project=row, name=each.name.strip(), account_id=each.account_id, organization_id=each.organization_id,
            task=each.task.strip(),
        )
        for row, plan in begun for each in plan.responsible
    )  # fmt: skip
    Milestone.objects.bulk_create(
        Milestone(project=row, title=step.title.strip(), due_on=step.due_on)
        for row, plan in begun for step in plan.milestones
    )  # fmt: skip


def build_project(plan: ProjectPlan, *, actor: Actor, now: datetime) -> Project:
    """Return the project as it would be written; writes nothing. Raises NotAllowed, PlanInvalid with every fault."""
    area, offices = territory().get(plan.area_id), organizations()
    if area is None or not area.open:
        raise PlanInvalid(_("没有这个区域"), {"area": _("没有这个区域")})
    policies.check_can_start(actor, area.path, plan.organization_id)
    if plan.origin not in Origin.values or not 0 < len(plan.origin_id) <= LINE_LENGTH_MAX:
        raise PlanInvalid(_("项目来源不正确"), {"origin": _("项目来源不正确")})
    title = clean(plan.title, "title", TITLE_LENGTH_MAX, _("请填写项目名称"))
    aim = clean(plan.aim, "aim", WORDS_LENGTH_MAX)
    kind = clean(plan.kind, "kind", NAME_LENGTH_MAX)
    served = clean(plan.served, "served", LINE_LENGTH_MAX)
    money_ref = clean(plan.money_ref, "money_ref", LINE_LENGTH_MAX)
    units = (plan.organization_id, *(each.organization_id for each in plan.partners))
    refuse(
        {
            **check_units(plan.organization_id, plan.partners, offices, local_date(now)),
            **check_people(plan.responsible),
            **check_numbers(plan.people_expected, plan.planned_fen),
            **check_period(plan.from_on, plan.until_on, local_date(now)),
            **check_steps(plan.milestones, local_date(now)),
        }
    )
    return Project(
        origin=plan.origin, origin_id=plan.origin_id, title=title, aim=aim, kind=kind, served=served,
        people_expected=plan.people_expected, area_id=area.id, area_ids=list(area.ids),
        organization_id=plan.organization_id, organization_ids=list(units), from_on=plan.from_on,
        until_on=plan.until_on, planned_fen=plan.planned_fen, money_ref=money_ref, created_at=now,
    )  # fmt: skip


def check_units(lead_id: int, partners: Sequence[Partner], offices: Registry, today: date) -> dict[str, str]:
    """Return what is wrong with the units that take part, by field."""
    faults = {}
    lead = offices.by_id(lead_id)
    if lead is None or not lead.exists(today):
        faults["organization"] = _("没有这个单位")
    ids = [each.organization_id for each in partners]
    if len(ids) > PARTNERS_MAX:
        faults["partners"] = _("参与单位最多 %(n)d 个") % {"n": PARTNERS_MAX}
    elif len({lead_id, *ids}) <= len(ids):
        faults["partners"] = _("同一单位不能重复参与")
    elif any((office := offices.by_id(each)) is None or not office.exists(today) for each in ids):
        faults["partners"] = _("没有这个单位")
    elif any(len(each.duty) > LINE_LENGTH_MAX for each in partners):
        faults["partners"] = _("最多 %(n)d 字") % {"n": LINE_LENGTH_MAX}
    return faults


def check_people(people: Sequence[Person]) -> dict[str, str]:
    """Return what is wrong with those responsible, by field."""
    if len(people) > RESPONSIBLE_MAX:
        return {"responsible": _("责任人最多 %(n)d 名") % {"n": RESPONSIBLE_MAX}}
    for each in people:
        if not 0 < len(each.name.strip()) <= NAME_LENGTH_MAX or len(each.task) > LINE_LENGTH_MAX:
            return {"responsible": _("请填写责任人姓名，姓名和分工不宜过长")}
    return {}


def check_numbers(people_expected: int | None, planned_fen: int | None) -> dict[str, str]:
    """Return what is wrong with how many are served and what it costs, by field."""
    faults = {}
    if people_expected is not None and not 0 < people_expected <= _PEOPLE_MAX:
        faults["people_expected"] = _("预计服务人数应为大于零的整数")
    if planned_fen is not None and not 0 <= planned_fen <= AMOUNT_MAX:
        faults["planned_fen"] = _("计划资金超出范围")
    return faults


def check_period(from_on: date | None, until_on: date | None, today: date) -> dict[str, str]:
    """Return what is wrong with the days between which it is to be done, by field."""
    if any(not _is_near(day, today) for day in (from_on, until_on) if day):
        return {"until_on": _("计划日期应在前后 %(n)d 年之内") % {"n": _YEARS_MAX}}
    if from_on and until_on and until_on < from_on:
        return {"until_on": _("计划完成日期不能早于开始日期")}
    return {}


def check_steps(steps: Sequence[Step], today: date) -> dict[str, str]:
    """Return what is wrong with milestones, by field."""
    if len(steps) > MILESTONES_MAX:
        return {"milestones": _("节点最多 %(n)d 个") % {"n": MILESTONES_MAX}}
    for step in steps:
        if not 0 < len(step.title.strip()) <= TITLE_LENGTH_MAX:
            return {"milestones": _("节点名称应为 1 至 %(n)d 字") % {"n": TITLE_LENGTH_MAX}}
        if not _is_near(step.due_on, today):
            return {"milestones": _("计划日期应在前后 %(n)d 年之内") % {"n": _YEARS_MAX}}
    return {}


def _is_near(day: date, today: date) -> bool:
    return abs(day.year - today.year) <= _YEARS_MAX
