"""Progress with photos where wanted, and publication."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from haitang.core import files, history
from haitang.core.access import Actor
from haitang.core.errors import Conflict
from haitang.core.photos import clean_photo
from haitang.projects import policies, queries
from haitang.projects.actions.shared import audience_of, clean
from haitang.projects.facts import ProgressPhotoAdded, ProgressTold, ProjectPublished, PublicationEnded
from haitang.projects.lifecycle import Status
from haitang.projects.models import Progress, ProgressPhoto, Project
from haitang.projects.values import PHOTOS_MAX, WORDS_LENGTH_MAX, WrongProjectState


@transaction.atomic
def tell_progresses(*, actor: Actor, told: Mapping[int, str], now: datetime, is_public: bool = True) -> list[Progress]:
    """Tell how far many projects are, all or none. told: the words by project. Raises as tell_progress does."""
    projects = queries.lock_projects(told)
    for project in projects:
        policies.check_can_tell(actor, project)
        if project.status in (Status.PLANNED, Status.ARCHIVED, Status.GIVEN_UP):
            status = Status(project.status).label
            raise WrongProjectState(_("项目当前为“%(status)s”，不能登记进展") % {"status": status})
    rows = Progress.objects.bulk_create(
        Progress(
            project=each, words=clean(told[each.pk], "words", WORDS_LENGTH_MAX, _("请写明进展情况")),
            is_public=is_public, at=now,
        )
        for each in projects
    )  # fmt: skip
    history.record_each(
        actor=actor, at=now,
        facts=[(ProgressTold(row.project_id, row.pk, row.words), audience_of(row.project)) for row in rows],
    )  # fmt: skip
    return rows


def tell_progress(*, actor: Actor, project_id: int, words: str, now: datetime, is_public: bool = True) -> Progress:
    """
    Tell how far the work is. is_public: it also stands on the public page, where there is one.

    Raises ProjectNotFound, NotAllowed, WrongProjectState (not begun, or archived), PlanInvalid (nothing said).
    """
    return tell_progresses(actor=actor, told={project_id: words}, is_public=is_public, now=now)[0]


def add_progress_photo(*, actor: Actor, project_id: int, progress_id: int, data: bytes, now: datetime) -> ProgressPhoto:
    """
    Add a photo to what was told, written anew without metadata; the same one twice is one.

    data: what was uploaded, as `core.photos.clean_photo` takes it.
    Raises ProjectNotFound, NotAllowed, PhotoRefused, Conflict (nine are there already).
    """
    policies.check_can_tell(actor, queries.get_project(viewer=actor, project_id=project_id))
    digest = files.store((photo := clean_photo(data)).data)
    with transaction.atomic():
        project = queries.lock_project(project_id)
        progress = queries.get_progress(project_id, progress_id)
        held = ProgressPhoto.objects.filter(progress=progress)
        same = held.filter(digest=digest).first()
        if same is not None:
            return same
        if held.count() >= PHOTOS_MAX:
            raise Conflict(_("每条进展最多 %(n)d 张照片") % {"n": PHOTOS_MAX})
        row = ProgressPhoto.objects.create(progress=progress, digest=digest, size=len(photo.data))
        fact = ProgressPhotoAdded(project.pk, progress.pk)
        history.record(actor=actor, fact=fact, at=now, audience=audience_of(project))
    files.claim(digest)
    return row


@transaction.atomic
def publish_projects(*, actor: Actor, project_ids: Iterable[int], now: datetime) -> list[Project]:
    """Let everybody read of many projects, all or none, their summaries as they stand. Raises as publish_project."""
    rows = queries.lock_projects(project_ids)
    for row in rows:
        _check_can_publish(actor, row)
    Project.objects.filter(pk__in=[row.pk for row in rows], published_at__isnull=True).update(published_at=now)
    history.record_each(actor=actor, facts=[(ProjectPublished(row.pk), audience_of(row)) for row in rows], at=now)
    return rows


def _check_can_publish(actor: Actor, project: Project) -> None:
    policies.check_can_publish(actor, project)
    if project.status == Status.GIVEN_UP:
        raise WrongProjectState(_("项目已终止，不能公开"))


@transaction.atomic
def publish_project(*, actor: Actor, project_id: int, now: datetime, summary: str = "") -> Project:
    """
    Let everybody read of the project on a page of its own; published again, its summary reads anew.

    summary: what it has brought, or will, in plain words for everybody.
    Raises ProjectNotFound, NotAllowed, WrongProjectState (given up), PlanInvalid.
    """
    project = queries.lock_project(project_id)
    _check_can_publish(actor, project)
    project.summary = clean(summary, "summary", WORDS_LENGTH_MAX)
    project.published_at = project.published_at or now
    project.save(update_fields=["summary", "published_at"])
    history.record(actor=actor, fact=ProjectPublished(project.pk), at=now, audience=audience_of(project))
    return project


@transaction.atomic
def end_publication(*, actor: Actor, project_id: int, now: datetime) -> Project:
    """
    Close the public page of the project.

    Raises ProjectNotFound, NotAllowed, WrongProjectState (it is not public).
    """
    project = queries.lock_project(project_id)
    policies.check_can_publish(actor, project)
    if project.published_at is None:
        raise WrongProjectState(_("项目尚未公开"))
    project.published_at = None
    project.save(update_fields=["published_at"])
    history.record(actor=actor, fact=PublicationEnded(project.pk), at=now, audience=audience_of(project))
    return project
