"""Reads over selections of exemplary projects."""

from dataclasses import dataclass
from fractions import Fraction

from django.db.models import Prefetch, QuerySet
from django.utils.translation import gettext as _

from haitang.core import access
from haitang.core.access import Actor
from haitang.core.keyset import page_by_instant
from haitang.core.paging import Page
from haitang.core.scoping import path_of
from haitang.organizations.queries import organizations
from haitang.people.queries import list_accounts_holding
from haitang.people.queries.rows import get_account
from haitang.projects import policies
from haitang.projects.lifecycle import FINISHED, Stage
from haitang.projects.models import Nomination, Project, Reviewer, Score, Selection
from haitang.projects.queries.projects import PAGE_ROWS, TOTAL_MAX
from haitang.projects.values import Criterion, Permission, SelectionNotFound, decimals, weigh
from haitang.territory.queries import territory


@dataclass(frozen=True, slots=True)
class NominationView:
    """A project put forward, as a page shows it.

    own: the marks of the viewer, None where they gave none. recused: the viewer's organization takes part in it.
    parts: for each criterion the sum of the marks, and what mean times weight comes to; [] before publication.
    """

    nomination: Nomination
    project: Project
    area_name: str
    organization_name: str
    scored: int
    own: Score | None
    recused: bool
    parts: list[tuple[Criterion, int, Fraction]]
    total: Fraction | None

    @property
    def total_text(self) -> str:
        """The total with two decimals, "" before publication."""
        return decimals(self.total) if self.total is not None else ""

    @property
    def parts_text(self) -> list[dict[str, str | int]]:
        """The arithmetic of each criterion, to be printed."""
        return [
            {"title": one.title, "weight": one.weight, "sum": total, "points": decimals(points)}
            for one, total, points in self.parts
        ]


@dataclass(frozen=True, slots=True)
class SelectionPage:
    """A selection with all that its page shows this viewer. candidates: projects that the viewer can put forward."""

    selection: Selection
    area_name: str
    criteria: list[Criterion]
    reviewers: list[Reviewer]
    rows: list[NominationView]
    candidates: list[Project]
    may_manage: bool
    is_reviewer: bool


def _one(rows: QuerySet[Selection]) -> Selection:
    found = rows.first()
    if found is None:
        raise SelectionNotFound(_("没有这次评选"))
    return found


def lock_selection(selection_id: int, *, viewer: Actor) -> Selection:
    """Return the selection, locked. For actions; raises SelectionNotFound, also where the actor may not know of it."""
    rows = Selection.objects.select_for_update(no_key=True).filter(pk=selection_id)
    found = _one(rows)
    if not viewer.holds(Permission.VIEW):
        raise SelectionNotFound(_("没有这次评选"))
    return found


def get_nomination(selection_id: int, nomination_id: int) -> Nomination:
    """Return what was put forward in the selection, with its project. For actions; raises SelectionNotFound."""
    rows = Nomination.objects.filter(selection_id=selection_id, pk=nomination_id).select_related("project")
    found = rows.first()
    if found is None:
        raise SelectionNotFound(_("没有推荐这个项目"))
    return found


def list_selections(*, viewer: Actor, cursor: str = "") -> Page[Selection]:
    """Return a page of selections, newest first: everybody who sees projects sees which rounds there are."""
    access.require(viewer, Permission.VIEW)
    rows = Selection.objects.all()
    return page_by_instant(rows, instant="opened_at", cursor=cursor, limit=PAGE_ROWS, total_max=TOTAL_MAX)


def list_public_selections(*, cursor: str = "") -> Page[Selection]:
    """Return a page of the selections whose result is published, newest first."""
    rows = Selection.objects.filter(stage=Stage.PUBLISHED)
    return page_by_instant(rows, instant="opened_at", cursor=cursor, limit=PAGE_ROWS, total_max=TOTAL_MAX)


def _rows(selection: Selection, viewer: Actor | None) -> list[NominationView]:
    scores = Prefetch("scores", queryset=Score.objects.select_related("reviewer").order_by("reviewer_id"))
    rows = Nomination.objects.filter(selection=selection).select_related("project").prefetch_related(scores)
    criteria = [Criterion(**each) for each in selection.criteria]
    areas, offices = territory(), organizations()
    views = []
    for row in rows.order_by("place", "id"):
        given = list(row.scores.all())
        own = next((each for each in given if viewer and viewer.id and each.reviewer.account_id == viewer.id), None)
        parts: list[tuple[Criterion, int, Fraction]] = []
        total = None
        if selection.stage == Stage.PUBLISHED:
            result = weigh([each.marks for each in given], criteria)
            total = result.total
            parts = [
                (one, sum(each.marks[one.key] for each in given), mean * one.weight / 100)
                for one, mean in zip(criteria, result.means, strict=True)
            ]
        office = offices.by_id(row.project.organization_id)
        views.append(
            NominationView(
                row, row.project, areas.full_name(row.project.area_id), office.name if office else "", len(given), own,
                viewer is not None and viewer.organization_id in row.project.organization_ids, parts, total,
            )
        )  # fmt: skip
    return views


def get_selection_page(*, viewer: Actor, selection_id: int) -> SelectionPage:
    """Return a selection as the viewer sees it: a reviewer with the own marks, nobody with those of others.

    Raises NotAllowed (sees no projects at all), SelectionNotFound.
    """
    access.require(viewer, Permission.VIEW)
    selection = _one(Selection.objects.filter(pk=selection_id))
    path = path_of(selection.area_ids)
    reviewers = list(Reviewer.objects.filter(selection=selection).order_by("id"))
    open_ = selection.stage == Stage.NOMINATING and viewer.holds(Permission.LEAD)
    taken = Nomination.objects.filter(selection=selection).values("project_id")
    free = Project.objects.visible_to(viewer).filter(status__in=FINISHED).below(path).exclude(pk__in=taken)
    return SelectionPage(
        selection=selection,
        area_name=territory().full_name(selection.area_id),
        criteria=[Criterion(**each) for each in selection.criteria],
        reviewers=reviewers,
        rows=_rows(selection, viewer),
        candidates=[
            row for row in free.order_by("-accepted_on", "-id")[:200]
            if access.allows(policies.check_can_lead, viewer, row)
        ] if open_ else [],
        may_manage=access.allows(policies.check_can_select, viewer, path),
        is_reviewer=any(each.account_id == viewer.id for each in reviewers),
    )  # fmt: skip


def get_public_selection(*, selection_id: int) -> SelectionPage:
    """Return a published selection as everybody may read it, with the arithmetic; raises SelectionNotFound."""
    selection = _one(Selection.objects.filter(pk=selection_id, stage=Stage.PUBLISHED))
    return SelectionPage(
        selection, territory().full_name(selection.area_id), [Criterion(**each) for each in selection.criteria],
        list(Reviewer.objects.filter(selection=selection)), _rows(selection, None), [], False, False,
    )  # fmt: skip


def list_possible_reviewers(*, viewer: Actor, selection: Selection) -> list[tuple[int, str]]:
    """Return the accounts (id, name) that may be named as reviewers there; raises NotAllowed without SELECT."""
    path = path_of(selection.area_ids)
    policies.check_can_select(viewer, path)
    return [(each, get_account(each).name) for each in list_accounts_holding(Permission.REVIEW, area_path=path)]
