"""The columns of the sheet of projects: as it is filled in, and as it is given out."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.db.models import QuerySet

from haitang.core.access import Actor
from haitang.core.tables import Column
from haitang.core.tables import Kind as Cell
from haitang.organizations.queries import organizations
from haitang.projects.lifecycle import Status
from haitang.projects.models import Milestone, Project, ProjectUnit, Responsible
from haitang.projects.queries.projects import ProjectFilter, ProjectView, describe_projects, filter_projects
from haitang.projects.queries.rules import rules
from haitang.projects.values import (
    LINE_LENGTH_MAX,
    NAME_LENGTH_MAX,
    TITLE_LENGTH_MAX,
    WORDS_LENGTH_MAX,
    Origin,
    UnitRole,
)
from haitang.territory.queries import territory

DELIMITER, STEP_DELIMITER = "、", "；"
_AT_ONCE, _LENGTH_MAX = 500, 4_000
_EXPORTED_MAX = 10_000


def project_columns() -> tuple[Column, ...]:
    """Return the columns of a sheet of projects as it is filled in. What was given out can be brought back."""
    kinds = {each: each for each in rules()["kinds"]}
    return (
        Column("number", "编号", ("项目编号",), kind=Cell.CODE),
        Column("title", "名称", ("项目名称",), required=True, length_max=TITLE_LENGTH_MAX, width=30),
        Column("origin", "来源", choices={str(label): code for code, label in Origin.choices}),
        Column("origin_id", "来源编号", kind=Cell.CODE, length_max=LINE_LENGTH_MAX),
        Column("kind", "类别", choices=kinds),
        Column("area", "区域", ("社区",), required=True, length_max=NAME_LENGTH_MAX),
        Column("organization", "牵头单位", ("责任单位",), required=True, length_max=100, width=28),
        Column("partners", "参与单位", length_max=_LENGTH_MAX, width=28),
        Column("responsible", "责任人", ("项目负责人",), length_max=_LENGTH_MAX),
        Column("aim", "目标和内容", ("内容",), length_max=WORDS_LENGTH_MAX, width=40),
        Column("served", "服务对象", length_max=LINE_LENGTH_MAX),
        Column("people_expected", "预计服务人数", kind=Cell.INTEGER),
        Column("from_on", "计划开始", kind=Cell.DATE), Column("until_on", "计划完成", kind=Cell.DATE),
        Column("planned", "计划资金（元）", kind=Cell.NUMBER),
        Column("money_ref", "资金来源", length_max=LINE_LENGTH_MAX, width=24),
        Column("milestones", "节点", length_max=_LENGTH_MAX, width=40),
    )  # fmt: skip


def project_notes() -> tuple[str, ...]:
    """Return a filling note for each column of the sheet."""
    return (
        "填写说明：新项目不填", "60 字以内", "从下拉框选，不填为书记领办", "原系统的编号，防止重复导入，可不填",
        "可不填", "区域编码或名称", "单位代码或全称", "用顿号分开，可不填", "姓名用顿号分开，可不填", "可不填",
        "可不填", "可不填", "可不填", "可不填", "可不填", "经费名称或文号，可不填",
        "名称和日期，用分号分开：征求意见 2026-12-01；完工 2027-03-01",
    )  # fmt: skip


def export_columns() -> tuple[Column, ...]:
    """Return the columns of the list as it is given out: those filled in, and what became of it."""
    return (
        *project_columns(), Column("status", "状态", choices={str(label): code for code, label in Status.choices}),
        Column("steps", "节点数", kind=Cell.INTEGER), Column("done", "已完成节点", kind=Cell.INTEGER),
        Column("late", "逾期节点", kind=Cell.INTEGER), Column("reworks", "返工次数", kind=Cell.INTEGER),
        Column("evaluations", "评价数", kind=Cell.INTEGER), Column("score", "平均分"),
    )  # fmt: skip


def export_rows(*, viewer: Actor, wanted: ProjectFilter, today: date) -> Iterator[list[Any]]:
    """Yield every project wanted as a row of `export_columns`, newest first, a few hundred at a time."""
    rows = filter_projects(viewer=viewer, wanted=wanted, today=today).order_by("-created_at", "-id")
    ids = list(rows.values_list("pk", flat=True)[:_EXPORTED_MAX])
    for start in range(0, len(ids), _AT_ONCE):
        some = Project.objects.in_bulk(ids[start : start + _AT_ONCE])
        yield from _cells(describe_projects([some[each] for each in ids[start : start + _AT_ONCE]], today))


def _cells(views: list[ProjectView]) -> Iterator[list[Any]]:
    offices, areas = organizations(), territory()
    held = [view.project.pk for view in views]
    partners = _by_project(ProjectUnit.objects.filter(project__in=held, role=UnitRole.PARTNER))
    people = _by_project(Responsible.objects.filter(project__in=held))
    steps = _by_project(Milestone.objects.filter(project__in=held))
    for view in views:
        row = view.project
        names = [office.name for each in partners.get(row.pk, ()) if (office := offices.by_id(each.organization_id))]
        planned = sorted(steps.get(row.pk, ()), key=lambda step: (step.due_on, step.pk))
        yield [
            row.number, row.title, row.origin, row.origin_id, row.kind or None, areas.area(row.area_id).code,
            view.organization_name, DELIMITER.join(names), DELIMITER.join(each.name for each in people.get(row.pk, ())),
            row.aim, row.served, row.people_expected, row.from_on, row.until_on,
            None if row.planned_fen is None else row.planned_fen / 100, row.money_ref,
            STEP_DELIMITER.join(f"{step.title} {step.due_on:%Y-%m-%d}" for step in planned),
            row.status, view.milestones, view.done, view.late, row.reworks, row.evaluations, view.score_text,
        ]  # fmt: skip


def _by_project(rows: QuerySet[Any]) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = {}
    for row in rows.order_by("pk"):
        found.setdefault(row.project_id, []).append(row)
    return found
