"""What everybody may read of projects: those published, without who did what."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Count
from django.utils.translation import gettext as _

from haitang.core.keyset import page_by_instant
from haitang.core.paging import Page
from haitang.organizations.queries import organizations
from haitang.projects.models import (
    Acceptance,
    Evaluation,
    Milestone,
    Nomination,
    Progress,
    ProgressPhoto,
    Project,
    ProjectUnit,
)
from haitang.projects.queries.projects import PAGE_ROWS, TOTAL_MAX, WORDS_SHOWN, ProjectView, describe_projects
from haitang.projects.values import ProjectNotFound
from haitang.territory.queries import territory
from haitang.territory.values import AreaRef

STREET_DEPTH = 2


@dataclass(frozen=True, slots=True)
class PublicPage:
    """A project as everybody may read of it. scores: by 5 to 1 how many gave so much. chosen: selections it won."""

    view: ProjectView
    units: list[tuple[ProjectUnit, str]]
    milestones: list[Milestone]
    progress: list[Progress]
    accepted: Acceptance | None
    scores: list[tuple[int, int]]
    chosen: list[Nomination]


def list_public_projects(*, area_path: str = "", kind: str = "", cursor: str = "") -> Page[Project]:
    """Return a page of published projects, the latest first, of an area with all below it."""
    rows = Project.objects.published()
    if area_path:
        rows = rows.below(area_path)
    if kind:
        rows = rows.filter(kind=kind)
    return page_by_instant(rows, instant="published_at", cursor=cursor, limit=PAGE_ROWS, total_max=TOTAL_MAX)


def list_public_areas() -> list[tuple[AreaRef, int]]:
    """Return the areas of the level below the city that have published projects, with how many, in the tree's order."""
    counted = dict(
        Project.objects.published().order_by().values_list(f"area_ids__{STREET_DEPTH - 1}").annotate(n=Count("id"))
    )
    tree = territory()
    return [(area, counted[area.id]) for area in tree.descendants(None) if area.id in counted]


def _published(project_id: int) -> Project:
    found = Project.objects.published().filter(pk=project_id).first()
    if found is None:
        raise ProjectNotFound(_("没有这个项目，或者尚未公开"))
    return found


def get_public_project(*, project_id: int, today: date) -> PublicPage:
    """Return a published project as everybody may read of it; raises ProjectNotFound."""
    project = _published(project_id)
    offices = organizations()
    scores = dict(Evaluation.objects.filter(project=project).order_by().values_list("score").annotate(n=Count("id")))
    told = Progress.objects.filter(project=project, is_public=True).prefetch_related("photos")
    return PublicPage(
        view=describe_projects([project], today)[0],
        units=[
            (row, office.name if (office := offices.by_id(row.organization_id)) else "")
            for row in ProjectUnit.objects.filter(project=project).order_by("role", "id")
        ],
        milestones=list(Milestone.objects.filter(project=project).order_by("due_on", "id")),
        progress=list(told.order_by("-id")[:WORDS_SHOWN]),
        accepted=Acceptance.objects.filter(project=project, passed=True).last(),
        scores=[(score, scores.get(score, 0)) for score in range(5, 0, -1)],
        chosen=list(
            Nomination.objects.filter(project=project, is_selected=True).select_related("selection").order_by("id")
        ),
    )


def get_public_photo(*, project_id: int, photo_id: int) -> ProgressPhoto:
    """Return a photo that stands on a public page; raises ProjectNotFound."""
    project = _published(project_id)
    photo = ProgressPhoto.objects.filter(progress__project=project, progress__is_public=True, pk=photo_id).first()
    if photo is None:
        raise ProjectNotFound(_("没有这张照片"))
    return photo
