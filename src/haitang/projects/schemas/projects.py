"""The shapes of the API's projects: what comes in, bounded and strict, and what goes out."""

from datetime import date, datetime
from typing import Annotated, Any, Literal

from ninja import Schema as NinjaSchema
from pydantic import Field

from haitang.core.schemas import Id, Schema, text
from haitang.projects.queries import ProjectPage, ProjectView
from haitang.projects.values import (
    AMOUNT_MAX,
    LINE_LENGTH_MAX,
    MILESTONES_MAX,
    NAME_LENGTH_MAX,
    PARTNERS_MAX,
    RESPONSIBLE_MAX,
    TITLE_LENGTH_MAX,
    WORDS_LENGTH_MAX,
    Origin,
    Partner,
    Person,
    ProjectPlan,
    Step,
)

Words = Annotated[str, text(WORDS_LENGTH_MAX)]
Line = Annotated[str, text(LINE_LENGTH_MAX)]
Name = Annotated[str, text(NAME_LENGTH_MAX)]
Title = Annotated[str, text(TITLE_LENGTH_MAX, 1)]


_ORIGINS = tuple(each for each in Origin.values if each != Origin.AGREEMENT)


class PartnerIn(Schema):
    """A unit that takes part beside the leading one."""

    organization_id: Id
    duty: Line = ""


class PersonIn(Schema):
    """Somebody responsible."""

    name: Annotated[str, text(NAME_LENGTH_MAX, 1)]
    organization_id: Id | None = None
    task: Line = ""


class StepIn(Schema):
    """A milestone."""

    title: Title
    due_on: date


class ProjectIn(Schema):
    """A project to be begun. origin_id: what it is called where it comes from; sent again, it is the same project.

    origin: of the three lists comes what their agreements begin, and nothing else.
    """

    origin: Literal[_ORIGINS] = Origin.SECRETARY.value  # type: ignore[valid-type]  # choices from an enum
    origin_id: Annotated[str, text(LINE_LENGTH_MAX, 1)]
    title: Title
    area_id: Id
    organization_id: Id
    aim: Words = ""
    kind: Name = ""
    served: Line = ""
    people_expected: Annotated[int, Field(ge=1, le=10_000_000)] | None = None
    partners: Annotated[list[PartnerIn], Field(max_length=PARTNERS_MAX)] = []
    responsible: Annotated[list[PersonIn], Field(max_length=RESPONSIBLE_MAX)] = []
    milestones: Annotated[list[StepIn], Field(max_length=MILESTONES_MAX)] = []
    from_on: date | None = None
    until_on: date | None = None
    planned_fen: Annotated[int, Field(ge=0, le=AMOUNT_MAX)] | None = None
    money_ref: Line = ""

    def plan(self) -> ProjectPlan:
        """Return it as actions take it."""
        given = {name: getattr(self, name) for name in type(self).model_fields}
        return ProjectPlan(**given | {
            "partners": tuple(Partner(each.organization_id, each.duty) for each in self.partners),
            "responsible": tuple(Person(each.name, None, each.organization_id, each.task) for each in self.responsible),
            "milestones": tuple(Step(each.title, each.due_on) for each in self.milestones),
        })  # fmt: skip


class WordsIn(Schema):
    """What is said with a deed."""

    words: Words = ""


class AcceptIn(Schema):
    """What was found when looking at what was delivered."""

    passed: bool
    words: Words


class ReachIn(Schema):
    """That a milestone was reached. done_on: empty for today."""

    words: Words = ""
    done_on: date | None = None


class ProgressIn(Schema):
    """How far the work is."""

    words: Words
    is_public: bool = True


class PublishIn(Schema):
    """What everybody reads first."""

    summary: Words = ""


class CountIn(Schema):
    """How many."""

    count: Annotated[int, Field(ge=1, le=500)]


class EvaluationIn(Schema):
    """The judgement of somebody served, with the code given to them."""

    code: Annotated[str, text(20, 1)]
    score: Annotated[int, Field(ge=1, le=5)]
    words: Words = ""


class ProjectOut(NinjaSchema):
    """A project in a list. score: the mean of the judgements with two decimals, None where there are none."""

    id: int
    number: str
    title: str
    origin: str
    origin_id: str
    status: str
    kind: str
    area_id: int
    area: str
    organization_id: int
    organization: str
    from_on: date | None
    until_on: date | None
    milestones: int
    milestones_done: int
    milestones_late: int
    evaluations: int
    score: str | None
    published: bool


class PublicProjectOut(NinjaSchema):
    """A published project."""

    id: int
    number: str
    title: str
    summary: str
    aim: str
    kind: str
    status: str
    area: str
    organization: str
    from_on: date | None
    until_on: date | None
    evaluations: int
    score: str | None


class UnitOut(NinjaSchema):
    """A unit that takes part."""

    organization_id: int
    organization: str
    role: str
    duty: str


class MilestoneOut(NinjaSchema):
    """A milestone."""

    id: int
    title: str
    due_on: date
    done_on: date | None
    words: str


class ProgressOut(NinjaSchema):
    """What was told."""

    id: int
    words: str
    is_public: bool
    at: datetime
    photos: int


class PhotoOut(NinjaSchema):
    """A photo as it is kept. size: in bytes, without metadata."""

    id: int
    size: int


class ProjectDetailOut(ProjectOut):
    """A project with all that belongs to it. deeds: what the asker may do now."""

    aim: str
    served: str
    people_expected: int | None
    planned_fen: int | None
    money_ref: str
    reworks: int
    summary: str
    units: list[UnitOut]
    timeline: list[MilestoneOut]
    progress: list[ProgressOut]
    deeds: list[str]


class ProjectPageOut(NinjaSchema):
    """A page of projects."""

    items: list[ProjectOut]
    total: int | None
    next_cursor: str | None


class PublicPageOut(NinjaSchema):
    """A page of published projects."""

    items: list[PublicProjectOut]
    total: int | None
    next_cursor: str | None


class CodesOut(NinjaSchema):
    """Evaluation codes just made."""

    codes: list[str]


class EvaluatedOut(NinjaSchema):
    """How the project stands after the judgement."""

    project: str
    evaluations: int


def project_out(view: ProjectView) -> dict[str, Any]:
    """Return a project as `ProjectOut`."""
    row = view.project
    return {
        "id": row.pk, "number": row.number, "title": row.title, "origin": row.origin, "origin_id": row.origin_id,
        "status": row.status, "kind": row.kind, "area_id": row.area_id, "area": view.area_name,
        "organization_id": row.organization_id, "organization": view.organization_name, "from_on": row.from_on,
        "until_on": row.until_on, "milestones": view.milestones, "milestones_done": view.done,
        "milestones_late": view.late, "evaluations": row.evaluations, "score": view.score_text or None,
        "published": row.published_at is not None,
    }  # fmt: skip


def public_out(view: ProjectView) -> dict[str, Any]:
    """Return a published project as `PublicProjectOut`."""
    row = view.project
    return {
        "id": row.pk, "number": row.number, "title": row.title, "summary": row.summary, "aim": row.aim,
        "kind": row.kind, "status": row.status, "area": view.area_name, "organization": view.organization_name,
        "from_on": row.from_on, "until_on": row.until_on, "evaluations": row.evaluations,
        "score": view.score_text or None,
    }  # fmt: skip


def detail_out(page: ProjectPage) -> dict[str, Any]:
    """Return a project as `ProjectDetailOut`."""
    row = page.view.project
    return project_out(page.view) | {
        "aim": row.aim, "served": row.served, "people_expected": row.people_expected, "planned_fen": row.planned_fen,
        "money_ref": row.money_ref, "reworks": row.reworks, "summary": row.summary,
        "units": [
            {"organization_id": unit.organization_id, "organization": name, "role": unit.role, "duty": unit.duty}
            for unit, name in page.units
        ],
        "timeline": [
            {"id": step.pk, "title": step.title, "due_on": step.due_on, "done_on": step.done_on, "words": step.words}
            for step in page.milestones
        ],
        "progress": [
            {"id": told.pk, "words": told.words, "is_public": told.is_public, "at": told.at,
             "photos": len(told.photos.all())}
            for told in page.progress
        ],
        "deeds": [deed.value for deed in page.deeds],
    }  # fmt: skip
