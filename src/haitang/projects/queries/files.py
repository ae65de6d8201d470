"""Sheets of projects on their way in, and which of their rows are on the list already."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from haitang.core.access import Actor
from haitang.projects.models import Project, ProjectFile
from haitang.projects.values import ProjectFileUnknown

SHOWN = 20


def list_project_files(*, viewer: Actor) -> list[ProjectFile]:
    """Return the viewer's sheets of late, the latest first."""
    return list(ProjectFile.objects.filter(account_id=viewer.id or 0).order_by("-brought_at", "-id")[:SHOWN])


def get_project_file(*, viewer: Actor, file_id: int) -> ProjectFile:
    """Return one of the viewer's sheets. Raises ProjectFileUnknown."""
    found = ProjectFile.objects.filter(account_id=viewer.id or 0, pk=file_id).first()
    if found is None:
        raise ProjectFileUnknown(_("没有这个文件"))
    return found


def lock_project_file(*, viewer: Actor, file_id: int) -> ProjectFile:
    """Return one of the viewer's sheets, locked. For actions; raises ProjectFileUnknown."""
    found = ProjectFile.objects.select_for_update(no_key=True).filter(account_id=viewer.id or 0, pk=file_id).first()
    if found is None:
        raise ProjectFileUnknown(_("没有这个文件"))
    return found


def find_origins(keys: Iterable[tuple[str, str]]) -> dict[tuple[str, str], Project]:
    """Return the projects there are of these origins: (origin, id there). For actions."""
    wanted: dict[str, list[str]] = {}
    for origin, origin_id in keys:
        wanted.setdefault(origin, []).append(origin_id)
    found: dict[tuple[str, str], Project] = {}
    for origin, ids in wanted.items():
        found |= {(row.origin, row.origin_id): row for row in Project.objects.filter(origin=origin, origin_id__in=ids)}
    return found
