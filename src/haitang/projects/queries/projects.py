"""Reads over projects for those who work on them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from django.db.models import Count, Exists, OuterRef, Q
from django.utils.translation import gettext as _

from haitang.core import access, history
from haitang.core.access import Actor
from haitang.core.keyset import page_by_instant
from haitang.core.models import Entry
from haitang.core.money import format_yuan
from haitang.core.paging import Page
from haitang.core.scoping import path_of
from haitang.organizations.queries import organizations
from haitang.people.queries import list_accounts_holding
from haitang.people.queries.rows import get_account
from haitang.projects import policies
from haitang.projects.lifecycle import OPEN, Deed, Status, deeds_from
from haitang.projects.models import (
    Acceptance,
    Evaluation,
    EvaluationCode,
    Milestone,
    Progress,
    ProgressPhoto,
    Project,
    ProjectUnit,
    Responsible,
)
from haitang.projects.models.project import ProjectQuerySet
from haitang.projects.values import MilestoneNotFound, Permission, ProjectNotFound, decimals
from haitang.territory.queries import territory

PAGE_ROWS = 30
TOTAL_MAX = 10_000
WORDS_SHOWN = 20


@dataclass(frozen=True, slots=True)
class ProjectFilter:
    """Which projects are wanted; what is "" or False narrows nothing.

    status: a state, or "open" for all before acceptance. late: a milestone, or the whole, was not reached by its day.
    organization_id: a unit that takes part. text: part of the title, or a number.
    """

    status: str = ""
    origin: str = ""
    kind: str = ""
    area_path: str = ""
    late: bool = False
    organization_id: int | None = None
    text: str = ""
    package_id: int | None = None


@dataclass(frozen=True, slots=True)
class ProjectView:
    """A project with the names that a page shows. milestones, done, late: how many, as of the day asked for."""

    project: Project
    area_name: str
    organization_name: str
    milestones: int = 0
    done: int = 0
    late: int = 0

    @property
    def score(self) -> Fraction | None:
        """The mean of what those served gave, 1 to 5; None where nobody did."""
        row = self.project
        return Fraction(row.score_sum, row.evaluations) if row.evaluations else None

    @property
    def score_text(self) -> str:
        """The mean with two decimals, "" for none."""
        return decimals(self.score) if self.score is not None else ""

    @property
    def money(self) -> str:
        """The planned money in yuan, "" for none."""
        return "" if self.project.planned_fen is None else format_yuan(self.project.planned_fen)

    @property
    def money_url(self) -> str:
        """Where the money stands in the books, if that is an address."""
        return self.project.money_ref if self.project.money_ref.startswith(("http://", "https://")) else ""


@dataclass(frozen=True, slots=True)
class ProjectPage:
    """What the page of one project shows. deeds: those that the viewer may do now. codes_left: not used yet."""

    view: ProjectView
    units: list[tuple[ProjectUnit, str]]
    responsible: list[tuple[Responsible, str]]
    milestones: list[Milestone]
    progress: list[Progress]
    acceptances: list[Acceptance]
    entries: list[Entry]
    deeds: list[Deed]
    may_plan: bool
    may_tell: bool
    may_publish: bool
    may_issue: bool
    codes_left: int
    judgements: list[Evaluation]


def lock_project(project_id: int) -> Project:
    """Return the project, locked. For actions; raises ProjectNotFound."""
    return lock_projects([project_id])[0]


def lock_projects(project_ids: Iterable[int]) -> list[Project]:
    """Return the projects, locked in the order of their ids. For actions; raises ProjectNotFound if one is missing."""
    wanted = set(project_ids)
    found = list(Project.objects.select_for_update(no_key=True).filter(pk__in=wanted).order_by("pk"))
    if len(found) != len(wanted):
        raise ProjectNotFound(_("没有这个项目"))
    return found


def get_milestone(project_id: int, milestone_id: int) -> Milestone:
    """Return a milestone of the project. For actions; raises MilestoneNotFound."""
    found = Milestone.objects.filter(project_id=project_id, pk=milestone_id).first()
    if found is None:
        raise MilestoneNotFound(_("没有这个节点"))
    return found


def get_progress(project_id: int, progress_id: int) -> Progress:
    """Return what was told of the project. For actions; raises ProjectNotFound."""
    found = Progress.objects.filter(project_id=project_id, pk=progress_id).first()
    if found is None:
        raise ProjectNotFound(_("没有这条进展"))
    return found


def get_project(*, viewer: Actor, project_id: int) -> Project:
    """Return the project. Raises ProjectNotFound, also where the viewer may not know of it."""
    found = Project.objects.filter(pk=project_id).first()
    if found is None:
        raise ProjectNotFound(_("没有这个项目"))
    policies.check_may_see(viewer, found)
    return found


def get_project_for_job(project_id: int) -> tuple[Project, list[int]] | None:
    """Return a project as it stands with the accounts that answer for it, or None. For jobs, which show nobody it."""
    found = Project.objects.filter(pk=project_id).first()
    if found is None:
        return None
    accounts = Responsible.objects.filter(project=found, account_id__isnull=False)
    return found, [each for each in accounts.values_list("account_id", flat=True) if each]


def find_project_of_code(code: str) -> Project | None:
    """Return the project that an unused evaluation code lets judge now. For actions, which count who guesses."""
    return Project.objects.filter(
        codes__code=code, codes__used_on__isnull=True, status__in=(Status.DELIVERED, Status.ACCEPTED)
    ).first()


def _late(today: date) -> Q:
    missed = Milestone.objects.filter(project=OuterRef("pk"), done_on__isnull=True, due_on__lt=today)
    return Q(status__in=OPEN) & (Q(until_on__lt=today) | Q(Exists(missed)))


def filter_projects(*, viewer: Actor, wanted: ProjectFilter, today: date) -> ProjectQuerySet:
    """Return the projects that the viewer may see and wants, as rows still to be read. today: by which one is late."""
    rows = Project.objects.visible_to(viewer)
    if wanted.area_path:
        rows = rows.below(wanted.area_path)
    if wanted.status == "open":
        rows = rows.open()
    elif wanted.status:
        rows = rows.filter(status=wanted.status)
    if wanted.origin:
        rows = rows.filter(origin=wanted.origin)
    if wanted.kind:
        rows = rows.filter(kind=wanted.kind)
    if wanted.organization_id:
        rows = rows.filter(organization_ids__contains=[wanted.organization_id])
    if wanted.package_id:
        rows = rows.filter(package_id=wanted.package_id)
    if wanted.late:
        rows = rows.filter(_late(today))
    if wanted.text:
        rows = rows.filter(_named(wanted.text))
    return rows


def _named(text: str) -> Q:
    """Return the condition for part of a title, or for a number as people read it out."""
    number = text.strip().upper()
    tail = number.rpartition("-")[2]
    if number.startswith("XM") and tail.isascii() and tail.isdigit() and len(tail) <= 18:
        return Q(pk=int(tail))
    return Q(title__icontains=text.strip())


def list_projects(*, viewer: Actor, wanted: ProjectFilter, today: date, cursor: str = "") -> Page[Project]:
    """Return a page of projects that the viewer may see, newest first. today: by which one is late."""
    rows = filter_projects(viewer=viewer, wanted=wanted, today=today)
    return page_by_instant(rows, instant="created_at", cursor=cursor, limit=PAGE_ROWS, total_max=TOTAL_MAX)


def count_by_status(*, viewer: Actor, wanted: ProjectFilter, today: date) -> dict[str, int]:
    """Return how many projects stand at each state, all states named; the status wanted is not asked for."""
    narrowed = ProjectFilter(
        origin=wanted.origin, kind=wanted.kind, area_path=wanted.area_path, late=wanted.late,
        organization_id=wanted.organization_id, text=wanted.text, package_id=wanted.package_id,
    )  # fmt: skip
    rows = filter_projects(viewer=viewer, wanted=narrowed, today=today)
    counted = rows.order_by().values_list("status").annotate(n=Count("id"))
    return dict.fromkeys(Status.values, 0) | dict(counted)


def describe_projects(projects: Iterable[Project], today: date) -> list[ProjectView]:
    """Return the projects with their names and how far their milestones are: one query for all."""
    rows = list(projects)
    late = Count("id", filter=Q(done_on__isnull=True, due_on__lt=today))
    counted = {
        project_id: (total, done, missed)
        for project_id, total, done, missed in Milestone.objects.filter(project__in=rows)
        .values_list("project_id")
        .annotate(total=Count("id"), done=Count("done_on"), missed=late)
    }
    areas, offices = territory(), organizations()
    return [
        ProjectView(
            row, areas.full_name(row.area_id), office.name if (office := offices.by_id(row.organization_id)) else "",
            *counted.get(row.pk, (0, 0, 0)),
        )
        for row in rows
    ]  # fmt: skip


def list_milestones(*, viewer: Actor, project_ids: Iterable[int]) -> dict[int, list[Milestone]]:
    """Return by project the milestones of those that the viewer may see, in the order of their days; one query."""
    seen = Project.objects.visible_to(viewer).filter(pk__in=set(project_ids))
    found: dict[int, list[Milestone]] = {}
    for row in Milestone.objects.filter(project__in=seen).order_by("due_on", "pk"):
        found.setdefault(row.project_id, []).append(row)
    return found


@dataclass(frozen=True, slots=True)
class ProjectRef:
    """A project as apps above point to it. may_see: whether the viewer may open its page; is_public: everybody may."""

    id: int
    number: str
    title: str
    status: Status
    may_see: bool
    is_public: bool


def refer_to(*, viewer: Actor, project_ids: Iterable[int]) -> dict[int, ProjectRef]:
    """Return how the projects are called and where they stand, by id, for those who know of them from elsewhere."""
    rows = Project.objects.in_bulk(set(project_ids))
    return {
        pk: ProjectRef(
            pk, row.number, row.title, Status(row.status), access.allows(policies.check_may_see, viewer, row),
            row.published_at is not None,
        )
        for pk, row in rows.items()
    }  # fmt: skip


def get_project_page(*, viewer: Actor, project_id: int, today: date) -> ProjectPage:
    """Return the project with all that its page shows; raise ProjectNotFound as `get_project` does."""
    project = get_project(viewer=viewer, project_id=project_id)
    offices = organizations()
    may_publish = access.allows(policies.check_can_publish, viewer, project)

    def named(organization_id: int | None) -> str:
        office = offices.by_id(organization_id)
        return office.name if office else ""

    return ProjectPage(
        view=describe_projects([project], today)[0],
        units=[
            (row, named(row.organization_id))
            for row in ProjectUnit.objects.filter(project=project).order_by("role", "id")
        ],
        responsible=[
            (row, named(row.organization_id)) for row in Responsible.objects.filter(project=project).order_by("id")
        ],
        milestones=list(Milestone.objects.filter(project=project).order_by("due_on", "id")),
        progress=list(
            Progress.objects.filter(project=project).prefetch_related("photos").order_by("-id")[:WORDS_SHOWN]
        ),
        acceptances=list(Acceptance.objects.filter(project=project).order_by("id")),
        entries=history.timeline("project", project.pk),
        deeds=[
            deed for deed in deeds_from(project.status) if access.allows(policies.check_can_do, viewer, deed, project)
        ],
        may_plan=project.status in OPEN and access.allows(policies.check_can_lead, viewer, project),
        may_tell=project.status in (*OPEN, Status.ACCEPTED) and access.allows(policies.check_can_tell, viewer, project),
        may_publish=may_publish and project.status != Status.GIVEN_UP,
        may_issue=may_publish and project.status in (Status.DELIVERED, Status.ACCEPTED),
        codes_left=EvaluationCode.objects.filter(project=project, used_on__isnull=True).count(),
        judgements=list(Evaluation.objects.filter(project=project).exclude(words="").order_by("-id")[:WORDS_SHOWN]),
    )  # fmt: skip


def list_leaders(*, project: Project) -> list[tuple[int, str]]:
    """Return the accounts (id, name) that lead projects there, and so can be told of this one. For the form of it."""
    path = path_of(project.area_ids)
    accounts = set(list_accounts_holding(Permission.LEAD, area_path=path))
    for organization_id in project.organization_ids:
        accounts |= set(list_accounts_holding(Permission.LEAD, organization_id=organization_id))
    return [(each, get_account(each).name) for each in sorted(accounts)]


def list_unused_codes(*, viewer: Actor, project_id: int) -> tuple[Project, list[str]]:
    """Return the project and its evaluation codes that were not used, in the order made; raise as PUBLISH asks."""
    project = get_project(viewer=viewer, project_id=project_id)
    policies.check_can_publish(viewer, project)
    rows = EvaluationCode.objects.filter(project=project, used_on__isnull=True).order_by("id")
    return project, list(rows.values_list("code", flat=True))


def get_photo(*, viewer: Actor, project_id: int, photo_id: int) -> ProgressPhoto:
    """Return one photo of a project that the viewer may see; raise ProjectNotFound, also where it is none of it."""
    project = get_project(viewer=viewer, project_id=project_id)
    photo = ProgressPhoto.objects.filter(progress__project=project, pk=photo_id).first()
    if photo is None:
        raise ProjectNotFound(_("没有这张照片"))
    return photo
