"""Moving projects on, one or many at once: launched, delivered, accepted or done over, archived; or given up."""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from haitang.core import history
from haitang.core.access import Actor
from haitang.core.clock import local_date
from haitang.projects import policies, queries
from haitang.projects.actions.shared import audience_of, clean
from haitang.projects.facts import (
    OfProjects,
    ProjectAccepted,
    ProjectArchived,
    ProjectDelivered,
    ProjectGivenUp,
    ProjectLaunched,
    ProjectReturned,
)
from haitang.projects.lifecycle import Deed, Status, check_move
from haitang.projects.models import Acceptance, Project
from haitang.projects.values import WORDS_LENGTH_MAX


def _ready(actor: Actor, project_ids: Iterable[int], deed: Deed) -> tuple[list[Project], Status]:
    """Return the projects, locked, and where the deed leads; raise where it may not be done to any of them."""
    rows, target = queries.lock_projects(project_ids), Status.PLANNED
    for project in rows:
        policies.check_can_do(actor, deed, project)
        target = check_move(project.status, deed)
    return rows, target


def _words(given: str, missing: str = "") -> str:
    return clean(given, "words", WORDS_LENGTH_MAX, missing)


def _write(
    actor: Actor, rows: list[Project], fact: Callable[[int, str], OfProjects], words: str, now: datetime, **values: Any
) -> list[Project]:
    """Write the same values to all rows and record the fact of each; a few statements for all."""
    Project.objects.filter(pk__in=[row.pk for row in rows]).update(**values)
    history.record_each(actor=actor, facts=[(fact(row.pk, words), audience_of(row)) for row in rows], at=now)
    for row in rows:
        for name, value in values.items():
            setattr(row, name, value)
    return rows


@transaction.atomic
def launch_projects(*, actor: Actor, project_ids: Iterable[int], now: datetime, words: str = "") -> list[Project]:
    """Say of many projects, all or none, that the work has begun. Raises as launch_project does."""
    rows, target = _ready(actor, project_ids, Deed.LAUNCH)
    return _write(actor, rows, ProjectLaunched, _words(words), now, status=target, launched_on=local_date(now))


def launch_project(*, actor: Actor, project_id: int, now: datetime, words: str = "") -> Project:
    """
    Say that the work has begun.

    Raises ProjectNotFound, NotAllowed, WrongProjectState, PlanInvalid (words too long).
    """
    return launch_projects(actor=actor, project_ids=[project_id], words=words, now=now)[0]


@transaction.atomic
def deliver_projects(*, actor: Actor, project_ids: Iterable[int], words: str, now: datetime) -> list[Project]:
    """Say of many projects, all or none, that the work is done. Raises as deliver_project does."""
    rows, target = _ready(actor, project_ids, Deed.DELIVER)
    words = _words(words, _("请写明完成情况"))
    return _write(
        actor, rows, ProjectDelivered, words, now, status=target, delivered_on=local_date(now),
        delivered_by_id=actor.id,
    )  # fmt: skip


def deliver_project(*, actor: Actor, project_id: int, words: str, now: datetime) -> Project:
    """
    Say that the work is done and how; somebody else looks and accepts.

    Raises ProjectNotFound, NotAllowed, WrongProjectState, PlanInvalid (nothing said).
    """
    return deliver_projects(actor=actor, project_ids=[project_id], words=words, now=now)[0]


@transaction.atomic
def accept_projects(
    *, actor: Actor, project_ids: Iterable[int], passed: bool, words: str, now: datetime
) -> list[Project]:
    """Look at what was delivered of many projects, all or none. Raises as accept_project does."""
    rows, target = _ready(actor, project_ids, Deed.ACCEPT)
    words = _words(words, _("请写明验收意见"))
    Acceptance.objects.bulk_create(
        Acceptance(
            project=row, passed=passed, words=words, by_name=actor.name, organization_name=actor.organization_name,
            at=now,
        )
        for row in rows
    )  # fmt: skip
    if passed:
        return _write(actor, rows, ProjectAccepted, words, now, status=target, accepted_on=local_date(now))
    returned = _write(actor, rows, ProjectReturned, words, now, status=Status.UNDER_WAY)
    Project.objects.filter(pk__in=[row.pk for row in rows]).update(reworks=F("reworks") + 1)
    for row in returned:
        row.reworks += 1
    return returned


def accept_project(*, actor: Actor, project_id: int, passed: bool, words: str, now: datetime) -> Project:
    """
    Look at what was delivered. Not passed, it is under way again.

    Raises ProjectNotFound, NotAllowed (also to whoever asked for acceptance), WrongProjectState, PlanInvalid.
    """
    return accept_projects(actor=actor, project_ids=[project_id], passed=passed, words=words, now=now)[0]


@transaction.atomic
def archive_project(*, actor: Actor, project_id: int, now: datetime, words: str = "") -> Project:
    """
    Close the books on an accepted project: it is judged no more, and stays as it is.

    Raises ProjectNotFound, NotAllowed, WrongProjectState.
    """
    rows, target = _ready(actor, [project_id], Deed.ARCHIVE)
    return _write(actor, rows, ProjectArchived, _words(words), now, status=target, archived_on=local_date(now))[0]


@transaction.atomic
def give_up_project(*, actor: Actor, project_id: int, words: str, now: datetime) -> Project:
    """
    End a project that comes to nothing, for a reason that is kept.

    Raises ProjectNotFound, NotAllowed, WrongProjectState, PlanInvalid (no reason).
    """
    rows, target = _ready(actor, [project_id], Deed.GIVE_UP)
    return _write(actor, rows, ProjectGivenUp, _words(words, _("请写明终止原因")), now, status=target)[0]
