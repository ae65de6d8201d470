"""Moving a project on: launched, delivered, accepted or done over, archived; or given up."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from haitang.core import history
from haitang.core.access import Actor
from haitang.core.clock import local_date
from haitang.projects import policies, queries
from haitang.projects.actions.shared import audience_of, clean
from haitang.projects.facts import (
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


def _ready(actor: Actor, project_id: int, deed: Deed) -> tuple[Project, Status]:
    """Return the project, locked, and where the deed leads; raise where it may not be done."""
    project = queries.lock_project(project_id)
    policies.check_can_do(actor, deed, project)
    return project, check_move(project.status, deed)


def _words(given: str, missing: str = "") -> str:
    return clean(given, "words", WORDS_LENGTH_MAX, missing)


@transaction.atomic
def launch_project(*, actor: Actor, project_id: int, now: datetime, words: str = "") -> Project:
    """
    Say that the work has begun.

    Raises ProjectNotFound, NotAllowed, WrongProjectState, PlanInvalid (words too long).
    """
    project, target = _ready(actor, project_id, Deed.LAUNCH)
    project.status = target
    project.launched_on = local_date(now)
    project.save(update_fields=["status", "launched_on"])
    fact = ProjectLaunched(project.pk, _words(words))
    history.record(actor=actor, fact=fact, at=now, audience=audience_of(project))
    return project


@transaction.atomic
def deliver_project(*, actor: Actor, project_id: int, words: str, now: datetime) -> Project:
    """
    Say that the work is done and how; somebody else looks and accepts.

    Raises ProjectNotFound, NotAllowed, WrongProjectState, PlanInvalid (nothing said).
    """
    project, target = _ready(actor, project_id, Deed.DELIVER)
    project.status = target
    words = _words(words, _("请写明完成情况"))
    project.delivered_on, project.delivered_by_id = local_date(now), actor.id
    project.save(update_fields=["status", "delivered_on", "delivered_by_id"])
    history.record(actor=actor, fact=ProjectDelivered(project.pk, words), at=now, audience=audience_of(project))
    return project


@transaction.atomic
def accept_project(*, actor: Actor, project_id: int, passed: bool, words: str, now: datetime) -> Project:
    """
    Look at what was delivered. Not passed, it is under way again.

    Raises ProjectNotFound, NotAllowed (also to whoever asked for acceptance), WrongProjectState, PlanInvalid.
    """
    project, target = _ready(actor, project_id, Deed.ACCEPT)
    words = _words(words, _("请写明验收意见"))
    Acceptance.objects.create(
        project=project, passed=passed, words=words, by_name=actor.name, organization_name=actor.organization_name,
        at=now,
    )  # fmt: skip
    if passed:
        project.status, project.accepted_on = target, local_date(now)
    else:
        project.status, project.reworks = Status.UNDER_WAY, project.reworks + 1
    project.save(update_fields=["status", "accepted_on", "reworks"])
    fact = (ProjectAccepted if passed else ProjectReturned)(project.pk, words)
    history.record(actor=actor, fact=fact, at=now, audience=audience_of(project))
    return project


@transaction.atomic
def archive_project(*, actor: Actor, project_id: int, now: datetime, words: str = "") -> Project:
    """
    Close the books on an accepted project: it is judged no more, and stays as it is.

    Raises ProjectNotFound, NotAllowed, WrongProjectState.
    """
    project, target = _ready(actor, project_id, Deed.ARCHIVE)
    project.status = target
    project.archived_on = local_date(now)
    project.save(update_fields=["status", "archived_on"])
    fact = ProjectArchived(project.pk, _words(words))
    history.record(actor=actor, fact=fact, at=now, audience=audience_of(project))
    return project


@transaction.atomic
def give_up_project(*, actor: Actor, project_id: int, words: str, now: datetime) -> Project:
    """
    End a project that comes to nothing, for a reason that is kept.

    Raises ProjectNotFound, NotAllowed, WrongProjectState, PlanInvalid (no reason).
    """
    project, target = _ready(actor, project_id, Deed.GIVE_UP)
    project.status = target
    words = _words(words, _("请写明终止原因"))
    project.save(update_fields=["status"])
    history.record(actor=actor, fact=ProjectGivenUp(project.pk, words), at=now, audience=audience_of(project))
    return project
