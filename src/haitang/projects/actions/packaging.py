"""Several projects given out as one."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from haitang.core import history
from haitang.core.access import Actor
from haitang.core.clock import local_date
from haitang.organizations.queries import organizations
from haitang.projects import policies, queries
from haitang.projects.actions.shared import audience_of, clean, refuse
from haitang.projects.actions.starting import check_units
from haitang.projects.facts import PackageMade, ProjectPacked, ProjectUnpacked
from haitang.projects.lifecycle import OPEN
from haitang.projects.models import Package, Project
from haitang.projects.values import (
    TITLE_LENGTH_MAX,
    WORDS_LENGTH_MAX,
    InOtherPackage,
    PackageKind,
    Partner,
    Permission,
    PlanInvalid,
    WrongProjectState,
)
from haitang.territory.queries import territory


@transaction.atomic
def make_package(
    *,
    actor: Actor,
    title: str,
    kind: str,
    area_id: int,
    organization_ids: Sequence[int],
    now: datetime,
    words: str = "",
    project_ids: Sequence[int] = (),
) -> Package:
    """
    Make a package, with these projects in it.

    organization_ids: of the units that give it out, the leading one first.
    Raises NotAllowed (no LEAD there, or over a project), PlanInvalid, InOtherPackage, WrongProjectState.
    """
    area = territory().get(area_id)
    if area is None or not area.open:
        raise PlanInvalid(_("没有这个区域"), {"area": _("没有这个区域")})
    if not organization_ids:
        raise PlanInvalid(_("请选择牵头单位"), {"organization": _("请选择牵头单位")})
    policies.check_can_start(actor, area.path, organization_ids[0])
    partners = [Partner(each) for each in organization_ids[1:]]
    refuse(check_units(organization_ids[0], partners, organizations(), local_date(now)))
    if kind not in PackageKind.values:
        raise PlanInvalid(_("请选择方式"), {"kind": _("请选择方式")})
    package = Package.objects.create(
        title=clean(title, "title", TITLE_LENGTH_MAX, _("请填写项目包名称")), kind=kind,
        words=clean(words, "words", WORDS_LENGTH_MAX), area_id=area.id, area_ids=list(area.ids),
        organization_id=organization_ids[0], organization_ids=list(organization_ids), created_at=now,
    )  # fmt: skip
    audience = history.Audience(area.path, tuple(organization_ids), Permission.VIEW)
    history.record(actor=actor, fact=PackageMade(package.pk, package.title, kind), at=now, audience=audience)
    pack_projects(actor=actor, package_id=package.pk, project_ids=project_ids, now=now)
    return package


@transaction.atomic
def pack_projects(*, actor: Actor, package_id: int, project_ids: Iterable[int], now: datetime) -> list[Project]:
    """
    Put open projects into a package, all or none; those that are in it already stay.

    Raises PackageNotFound, ProjectNotFound, NotAllowed, InOtherPackage, WrongProjectState.
    """
    package = queries.get_package(viewer=actor, package_id=package_id)
    rows = queries.lock_projects(project_ids)
    for project in rows:
        policies.check_can_lead(actor, project)
        if project.package_id not in (None, package.pk):
            raise InOtherPackage(_("项目 %(number)s 已在另一个项目包中") % {"number": project.number})
        if project.status not in OPEN:
            raise WrongProjectState(_("只有尚未验收的项目可以打包"))
    new = [project for project in rows if project.package_id is None]
    Project.objects.filter(pk__in=[project.pk for project in new]).update(package=package)
    history.record_each(
        actor=actor, at=now, facts=[(ProjectPacked(row.pk, package.pk), audience_of(row)) for row in new]
    )
    return rows


def pack_project(*, actor: Actor, package_id: int, project_id: int, now: datetime) -> Project:
    """Put one open project into a package. Raises as pack_projects does."""
    return pack_projects(actor=actor, package_id=package_id, project_ids=[project_id], now=now)[0]


@transaction.atomic
def unpack_project(*, actor: Actor, package_id: int, project_id: int, now: datetime) -> Project:
    """
    Take an open project out of its package.

    Raises ProjectNotFound (also where it is in another package), NotAllowed, WrongProjectState.
    """
    project = queries.lock_project(project_id)
    policies.check_can_lead(actor, project)
    if project.package_id != package_id:
        raise WrongProjectState(_("项目不在这个项目包中"))
    if project.status not in OPEN:
        raise WrongProjectState(_("只有尚未验收的项目可以移出"))
    project.package = None
    project.save(update_fields=["package"])
    fact = ProjectUnpacked(project.pk, package_id)
    history.record(actor=actor, fact=fact, at=now, audience=audience_of(project))
    return project
