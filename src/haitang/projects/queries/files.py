"""Sheets of projects on their way in, and which of their rows are on the list already."""

from collections.abc import Iterable

from haitang.core.access import Actor
from haitang.core.brought import get_file, list_files
from haitang.projects.models import Project, ProjectFile


def list_project_files(*, viewer: Actor) -> list[ProjectFile]:
    """Return the viewer's sheets of late, the latest first."""
    return list_files(ProjectFile.objects.all(), viewer)


def get_project_file(*, viewer: Actor, file_id: int) -> ProjectFile:
    """Return one of the viewer's sheets. Raises FileUnknown."""
    return get_file(ProjectFile.objects.all(), viewer, file_id)


def find_origins(keys: Iterable[tuple[str, str]]) -> dict[tuple[str, str], Project]:
    """Return the projects there are of these origins: (origin, id there). For actions."""
    wanted: dict[str, list[str]] = {}
    for origin, origin_id in keys:
        wanted.setdefault(origin, []).append(origin_id)
    found: dict[tuple[str, str], Project] = {}
    for origin, ids in wanted.items():
        found |= {(row.origin, row.origin_id): row for row in Project.objects.filter(origin=origin, origin_id__in=ids)}
    return found
