"""Agreements become projects."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from haitang.core.access import EVERYWHERE, Grant, system
from haitang.core.clock import local_date
from haitang.exchange.models import Agreement, Need, Resource
from haitang.exchange.queries import rules
from haitang.exchange.values import read_steps
from haitang.projects.actions import start_projects
from haitang.projects.values import TITLE_LENGTH_MAX, Origin, Partner, ProjectPlan, Step
from haitang.projects.values import Permission as ProjectPermission

STARTER = system("三张清单", Grant(ProjectPermission.LEAD, area_path=EVERYWHERE))
"""Both sides have agreed, each within its own reach; neither need hold what it takes to begin a project alone."""


def start_projects_of(rows: Sequence[Agreement], *, now: datetime) -> None:
    """Start a project for each agreement just reached, and tie the two, in the caller's transaction.

    The unit leads and the community takes part. An agreement of a round that makes no projects stays without one.
    """
    known = rules()
    wanted = [row for row in rows if (round_ := known.round_of(row.round_id)) is None or round_.makes_projects]
    if not wanted:
        return
    needs = Need.objects.in_bulk([row.need_id for row in wanted if row.need_id])
    resources = Resource.objects.in_bulk([row.resource_id for row in wanted])
    steps = read_steps(known.setting("project_steps"))
    plans = [
        _plan(row, needs.get(row.need_id or 0), resources[row.resource_id], steps, row.on or local_date(now))
        for row in wanted
    ]
    for row, project in zip(wanted, start_projects(actor=STARTER, plans=plans, now=now), strict=True):
        row.project_id = project.pk
    Agreement.objects.bulk_update(wanted, ["project_id"])


def _plan(
    row: Agreement, need: Need | None, resource: Resource, steps: Sequence[tuple[str, int]], first: date
) -> ProjectPlan:
    """Return the plan of a project. first: the day agreed on, else that of the agreement."""
    community = row.community_id
    milestones = tuple(Step(name, first + timedelta(days=days)) for name, days in steps)
    return ProjectPlan(
        origin=Origin.AGREEMENT.value, origin_id=str(row.pk),
        title=(need.title if need else resource.title)[:TITLE_LENGTH_MAX], area_id=row.area_id,
        organization_id=row.organization_id, aim=(need.words if need else resource.words) or resource.title,
        served=need.beneficiaries if need else "", people_expected=row.people,
        partners=(Partner(community),) if community and community != row.organization_id else (),
        from_on=first, until_on=max((step.due_on for step in milestones), default=None), milestones=milestones,
        planned_fen=resource.cost_fen or None,
    )  # fmt: skip
