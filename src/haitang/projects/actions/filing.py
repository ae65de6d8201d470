"""Sheets of projects: looked through first, row by row, then taken in by whoever brought them."""

import hashlib
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from haitang.core import files, history
from haitang.core.access import Actor, require
from haitang.core.brought import Sifted, lock_to_take_in, new_file, sift
from haitang.core.clock import local_date
from haitang.core.tables import Row, parse_date
from haitang.organizations.queries import organizations
from haitang.projects import queries
from haitang.projects.actions.starting import build_project, start_projects
from haitang.projects.facts import ProjectFileBrought, ProjectFileTakenIn
from haitang.projects.models import ProjectFile
from haitang.projects.queries import DELIMITER, STEP_DELIMITER, project_columns
from haitang.projects.values import (
    Origin,
    Partner,
    Permission,
    Person,
    PlanInvalid,
    ProjectPlan,
    Step,
)
from haitang.territory.queries import territory

_PLAIN = ("aim", "kind", "served", "people_expected", "from_on", "until_on", "money_ref")
_NUMBERED = "XM"
_BROUGHT = "sheet:"
"""What a sheet calls a project is no agreement's or decision's id of ours."""


@transaction.atomic
def bring_project_file(*, actor: Actor, file_name: str, data: bytes, now: datetime) -> ProjectFile:
    """
    Look a sheet of projects through and keep it; nothing begins before it is taken in.

    Each row that cannot be taken in gets its reason; those on the list already are counted and left alone.
    Raises NotAllowed (LEAD nowhere), Invalid (too large, no table).
    """
    require(actor, Permission.LEAD)
    read, known = _read(actor, data, now)
    row = new_file(ProjectFile, read, actor=actor, file_name=file_name, data=data, now=now, known=known)
    row.save()
    history.record(actor=actor, fact=ProjectFileBrought(row.pk, read.rows), at=now)
    return row


@transaction.atomic
def take_in_project_file(*, actor: Actor, file_id: int, now: datetime) -> ProjectFile:
    """
    Begin the projects of a sheet that was looked through; once, and none that there is.

    The sheet is read again, so that what has changed meanwhile counts.
    Raises FileUnknown, FileTaken, NotAllowed.
    """
    row = lock_to_take_in(ProjectFile.objects.all(), actor, file_id)
    read, known = _read(actor, files.read(row.digest), now)
    start_projects(actor=actor, plans=[plan for plan in read.found if plan is not None], now=now)
    row.hold(read, known=known, taken_at=now)
    row.save()
    history.record(actor=actor, fact=ProjectFileTakenIn(row.pk, row.sound), at=now)
    return row


def _read(actor: Actor, data: bytes, now: datetime) -> tuple[Sifted[ProjectPlan | None], int]:
    """Return what a sheet holds that is new, and how many of its rows are on the list already."""

    def plan_of(row: Row) -> ProjectPlan | None:
        if str(row.cells.get("number") or "").startswith(_NUMBERED):
            return None  # given out from here
        plan = _plan(row, local_date(now))
        build_project(plan, actor=actor, now=now)
        return plan

    read = sift(data, project_columns(), plan_of)
    plans: dict[tuple[str, str], tuple[int, ProjectPlan]] = {}
    for line, plan in read.sound:
        if plan is None:
            continue
        if (plan.origin, plan.origin_id) in plans:
            read.reasons.append([line, _("与本表前面的一行是同一个项目")])
        plans.setdefault((plan.origin, plan.origin_id), (line, plan))
    there = queries.find_origins(plans)
    known = sum(plan is None for plan in read.found) + len(there)
    read.sound = [(line, plan) for key, (line, plan) in plans.items() if key not in there]
    return read, known


def _plan(row: Row, today: date) -> ProjectPlan:
    """Return the plan that a row holds. Raises PlanInvalid, Invalid."""
    cells = {name: value for name, value in row.cells.items() if value is not None}
    areas = territory().named(cells["area"].strip())
    if len(areas) != 1:
        raise PlanInvalid(_("“区域”：%(name)s不存在或不止一个，请填编码") % {"name": cells["area"][:30]})
    origin, origin_id = cells.get("origin", Origin.SECRETARY.value), cells.get("origin_id", "")
    lead = _office(cells["organization"], today)
    named = "|".join((cells["title"].strip(), areas[0].code, str(lead), str(cells.get("from_on", ""))))
    origin_id = origin_id.removeprefix(_BROUGHT) or hashlib.sha256(named.encode()).hexdigest()[:32]
    return ProjectPlan(
        origin, _BROUGHT + origin_id, cells["title"], areas[0].id,
        lead, **{name: cells[name] for name in _PLAIN if name in cells},
        partners=tuple(Partner(_office(each, today)) for each in _parts(cells.get("partners", ""), DELIMITER)),
        responsible=tuple(
            Person(each, None, lead) for each in _parts(cells.get("responsible", ""), DELIMITER)
        ),
        milestones=tuple(_step(each) for each in _parts(cells.get("milestones", ""), STEP_DELIMITER)),
        planned_fen=round(cells["planned"] * 100) if "planned" in cells else None,
    )  # fmt: skip


def _parts(text: str, delimiter: str) -> list[str]:
    for each in (";", "\n") if delimiter == STEP_DELIMITER else (",", "，", "\n"):
        text = text.replace(each, delimiter)
    return [part.strip() for part in text.split(delimiter) if part.strip()]


def _office(named: str, today: date) -> int:
    found = organizations().named(named.strip(), today)
    if len(found) != 1:
        raise PlanInvalid(_("单位“%(name)s”不存在或不止一个，请填代码") % {"name": named[:30]})
    return found[0].id


def _step(text: str) -> Step:
    title, _space, day = text.replace("\u3000", " ").rpartition(" ")
    if not title:
        raise PlanInvalid(_("“节点”：%(text)s应写名称和日期，中间空一格") % {"text": text[:30]})
    return Step(title.strip(), parse_date(day))
