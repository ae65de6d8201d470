"""Agreements become projects."""

from collections.abc import Sequence
from datetime import datetime

from haitang.core.access import EVERYWHERE, Grant, system
from haitang.exchange.models import Agreement, Need, Resource
from haitang.exchange.queries import rules
from haitang.projects.actions import start_projects
from haitang.projects.values import TITLE_LENGTH_MAX, Origin, Partner, ProjectPlan
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
    plans = [_plan(row, needs.get(row.need_id or 0), resources[row.resource_id]) for row in wanted]
    for row, project in zip(wanted, start_projects(actor=STARTER, plans=plans, now=now), strict=True):
        row.project_id = project.pk
    Agreement.objects.bulk_update(wanted, ["project_id"])


def _plan(row: Agreement, need: Need | None, resource: Resource) -> ProjectPlan:
    community = row.community_id
    return ProjectPlan(
        origin=Origin.AGREEMENT.value, origin_id=str(row.pk),
        title=(need.title if need else resource.title)[:TITLE_LENGTH_MAX], area_id=row.area_id,
        organization_id=row.organization_id, aim=(need.words if need else resource.words) or resource.title,
        served=need.beneficiaries if need else "", people_expected=row.people,
        partners=(Partner(community),) if community and community != row.organization_id else (),
        from_on=row.on, planned_fen=resource.cost_fen or None,
    )  # fmt: skip
