"""Reads over packages."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q, Sum
from django.utils.translation import gettext as _

from haitang.core import access
from haitang.core.access import Actor
from haitang.core.keyset import page_by_instant
from haitang.core.money import format_yuan
from haitang.core.paging import Page
from haitang.core.scoping import path_of
from haitang.organizations.queries import organizations
from haitang.projects import policies
from haitang.projects.lifecycle import FINISHED, OPEN
from haitang.projects.models import Package, Project
from haitang.projects.queries.projects import PAGE_ROWS, TOTAL_MAX, ProjectView, describe_projects
from haitang.projects.values import PackageNotFound
from haitang.territory.queries import territory


@dataclass(frozen=True, slots=True)
class PackageView:
    """A package with its names and what its projects come to. planned_fen: None where none has a plan of money."""

    package: Package
    area_name: str
    organization_names: list[str]
    projects: int
    finished: int
    planned_fen: int | None

    @property
    def money(self) -> str:
        """The planned money in yuan, "" for none."""
        return "" if self.planned_fen is None else format_yuan(self.planned_fen)


@dataclass(frozen=True, slots=True)
class PackagePage:
    """A package with its projects. candidates: open projects that the viewer could add."""

    view: PackageView
    projects: list[ProjectView]
    candidates: list[Project]
    may_change: bool


def get_package(*, viewer: Actor, package_id: int) -> Package:
    """Return the package. Raises PackageNotFound, also where the viewer may not know of it."""
    found = Package.objects.visible_to(viewer).filter(pk=package_id).first()
    if found is None:
        raise PackageNotFound(_("没有这个项目包"))
    return found


def list_packages(*, viewer: Actor, cursor: str = "") -> tuple[Page[Package], list[PackageView]]:
    """Return a page of packages that the viewer may see, newest first, and them with their names."""
    rows = Package.objects.visible_to(viewer)
    page = page_by_instant(rows, instant="created_at", cursor=cursor, limit=PAGE_ROWS, total_max=TOTAL_MAX)
    return page, _describe(list(page.rows))


def _describe(packages: list[Package]) -> list[PackageView]:
    counted = {
        package_id: (n, done, money)
        for package_id, n, done, money in Project.objects.filter(package__in=packages)
        .order_by().values_list("package_id")
        .annotate(n=Count("id"), done=Count("id", filter=Q(status__in=FINISHED)), money=Sum("planned_fen"))
    }  # fmt: skip
    areas, offices = territory(), organizations()
    return [
        PackageView(
            row, areas.full_name(row.area_id),
            [office.name for each in row.organization_ids if (office := offices.by_id(each))],
            *counted.get(row.pk, (0, 0, None)),
        )
        for row in packages
    ]  # fmt: skip


def get_package_page(*, viewer: Actor, package_id: int, today: date) -> PackagePage:
    """Return the package with its projects, those that the viewer may see; raises PackageNotFound."""
    package = get_package(viewer=viewer, package_id=package_id)
    rows = Project.objects.visible_to(viewer).filter(package=package).order_by("id")
    path = path_of(package.area_ids)
    may = access.allows(policies.check_can_start, viewer, path, package.organization_id)
    free = Project.objects.visible_to(viewer).filter(package__isnull=True, status__in=OPEN).below(path)
    return PackagePage(
        _describe([package])[0], describe_projects(rows, today),
        list(free.order_by("-created_at")[:200]) if may else [], may,
    )  # fmt: skip
