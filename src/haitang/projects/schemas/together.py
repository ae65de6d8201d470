"""The shapes of what is done with several projects together: packages and selections."""

from datetime import date, datetime
from typing import Annotated, Any

from ninja import Schema as NinjaSchema
from pydantic import Field

from haitang.core.schemas import Id, Schema, text
from haitang.projects.lifecycle import Stage
from haitang.projects.queries import NominationView, PackagePage, PackageView, SelectionPage
from haitang.projects.schemas.projects import ProjectOut, Title, Words, project_out
from haitang.projects.values import LINE_LENGTH_MAX, PARTNERS_MAX, PackageKind, decimals

PACKED_MAX, REVIEWERS_MAX, CRITERIA_MAX, PLACES_MAX = 500, 200, 40, 1000
Ids = Annotated[list[Id], Field(max_length=PACKED_MAX)]


class PackageIn(Schema):
    """A package to be made. organization_ids: of the units that give it out, the leading one first."""

    title: Title
    kind: PackageKind
    area_id: Id
    organization_ids: Annotated[list[Id], Field(min_length=1, max_length=PARTNERS_MAX)]
    words: Words = ""
    project_ids: Ids = []


class PackIn(Schema):
    """Projects to be put into a package."""

    project_ids: Annotated[list[Id], Field(min_length=1, max_length=PACKED_MAX)]


class PackageOut(NinjaSchema):
    """A package with what its projects come to. planned_fen: None where none has a plan of money."""

    id: int
    title: str
    kind: str
    words: str
    area_id: int
    area: str
    organization_ids: list[int]
    organizations: list[str]
    projects: int
    finished: int
    planned_fen: int | None
    created_at: datetime


class PackageDetailOut(PackageOut):
    """A package with its projects, those that the asker may see."""

    items: list[ProjectOut]


class PackagePageOut(NinjaSchema):
    """A page of packages."""

    items: list[PackageOut]
    total: int | None
    next_cursor: str | None


class CriterionIn(Schema):
    """What reviewers mark projects by. weight: in percent; all of a selection together are 100."""

    key: Annotated[str, text(40, 1)]
    title: Annotated[str, text(LINE_LENGTH_MAX, 1)]
    weight: Annotated[int, Field(ge=1, le=100)]
    words: Annotated[str, text(LINE_LENGTH_MAX)] = ""

    def line(self) -> str:
        """Return it as actions take it."""
        return " | ".join(part.replace("|", "｜") for part in (self.key, self.title, str(self.weight), self.words))


class SelectionIn(Schema):
    """A selection to be opened. criteria: left out for those of the settings."""

    title: Title
    area_id: Id
    places: Annotated[int, Field(ge=1, le=PLACES_MAX)]
    until_on: date
    criteria: Annotated[list[CriterionIn], Field(max_length=CRITERIA_MAX)] | None = None


class NominationIn(Schema):
    """A project put forward, and why."""

    project_id: Id
    words: Words


class ScoringIn(Schema):
    """Who marks: accounts that may review there."""

    account_ids: Annotated[list[Id], Field(max_length=REVIEWERS_MAX)]


class MarksIn(Schema):
    """The marks of one reviewer: 0 to 100 by the key of each criterion."""

    marks: Annotated[
        dict[Annotated[str, text(40, 1)], Annotated[int, Field(ge=0, le=100)]], Field(max_length=CRITERIA_MAX)
    ]
    words: Words = ""


class CriterionOut(NinjaSchema):
    """One criterion."""

    key: str
    title: str
    weight: int
    words: str


class PartOut(NinjaSchema):
    """What one criterion comes to. sum: of the marks; points: their mean times the weight, two decimals."""

    title: str
    weight: int
    sum: int
    points: str


class NominationOut(NinjaSchema):
    """A project put forward. own: the asker's marks. parts, total, place: once published; total with two decimals."""

    id: int
    project_id: int
    number: str
    title: str
    area: str
    organization: str
    words: str
    scored: int
    own: dict[str, int] | None
    recused: bool
    parts: list[PartOut]
    total: str | None
    place: int | None
    is_selected: bool


class SelectionOut(NinjaSchema):
    """A selection in a list."""

    id: int
    title: str
    area_id: int
    places: int
    stage: str
    until_on: date
    opened_at: datetime
    published_at: datetime | None


class SelectionDetailOut(SelectionOut):
    """A selection with what was put forward. deeds: what the asker may do now."""

    area: str
    criteria: list[CriterionOut]
    reviewers: list[str]
    nominations: list[NominationOut]
    deeds: list[str]


class SelectionPageOut(NinjaSchema):
    """A page of selections."""

    items: list[SelectionOut]
    total: int | None
    next_cursor: str | None


def package_out(view: PackageView) -> dict[str, Any]:
    """Return a package as `PackageOut`."""
    row = view.package
    return {
        "id": row.pk, "title": row.title, "kind": row.kind, "words": row.words, "area_id": row.area_id,
        "area": view.area_name, "organization_ids": row.organization_ids, "organizations": view.organization_names,
        "projects": view.projects, "finished": view.finished, "planned_fen": view.planned_fen,
        "created_at": row.created_at,
    }  # fmt: skip


def package_detail_out(page: PackagePage) -> dict[str, Any]:
    """Return a package as `PackageDetailOut`."""
    return package_out(page.view) | {"items": [project_out(view) for view in page.projects]}


def selection_out(row: Any) -> dict[str, Any]:
    """Return a selection as `SelectionOut`."""
    names = ("title", "area_id", "places", "stage", "until_on", "opened_at", "published_at")
    return {"id": row.pk} | {name: getattr(row, name) for name in names}


def selection_detail_out(page: SelectionPage) -> dict[str, Any]:
    """Return a selection as `SelectionDetailOut`."""
    deeds = {
        "nominate": bool(page.candidates),
        "begin_scoring": page.may_manage and page.selection.stage == Stage.NOMINATING,
        "score": page.is_reviewer and page.selection.stage == Stage.SCORING,
        "publish": page.may_manage and page.selection.stage == Stage.SCORING,
    }
    return selection_out(page.selection) | {
        "area": page.area_name,
        "criteria": [
            {"key": each.key, "title": each.title, "weight": each.weight, "words": each.words}
            for each in page.criteria
        ],
        "reviewers": [each.name for each in page.reviewers],
        "nominations": [_nomination_out(view) for view in page.rows],
        "deeds": [name for name, may in deeds.items() if may],
    }  # fmt: skip


def _nomination_out(view: NominationView) -> dict[str, Any]:
    row = view.nomination
    return {
        "id": row.pk, "project_id": view.project.pk, "number": view.project.number, "title": view.project.title,
        "area": view.area_name, "organization": view.organization_name, "words": row.words, "scored": view.scored,
        "own": view.own.marks if view.own else None, "recused": view.recused, "parts": view.parts_text,
        "total": decimals(view.total) if view.total is not None else None, "place": row.place,
        "is_selected": row.is_selected,
    }  # fmt: skip
