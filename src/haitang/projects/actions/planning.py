"""Changing what is planned, and its milestones: set, reached, dropped, told of when they are late."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from haitang.core import history
from haitang.core.access import Actor
from haitang.core.clock import local_date
from haitang.organizations.queries import organizations
from haitang.projects import policies, queries
from haitang.projects.actions.shared import audience_of, clean, refuse
from haitang.projects.actions.starting import check_numbers, check_people, check_period, check_steps, check_units
from haitang.projects.facts import MilestoneDropped, MilestoneOverdue, MilestoneReached, MilestoneSet, PlanChanged
from haitang.projects.lifecycle import OPEN, Status
from haitang.projects.models import Milestone, Project, ProjectUnit, Responsible
from haitang.projects.values import (
    LINE_LENGTH_MAX,
    MILESTONES_MAX,
    NAME_LENGTH_MAX,
    TITLE_LENGTH_MAX,
    WORDS_LENGTH_MAX,
    AlreadyReached,
    MilestoneNotFound,
    NewPlan,
    Partner,
    Person,
    PlanInvalid,
    Step,
    UnitRole,
    WrongProjectState,
)

_TOLD_ROWS = 500


def _planned(actor: Actor, project_id: int) -> Project:
    """Return the project, locked, whose plan the actor may change; raise otherwise."""
    project = queries.lock_project(project_id)
    policies.check_can_lead(actor, project)
    if project.status not in OPEN:
        raise WrongProjectState(_("项目当前为“%(status)s”，方案不能再改") % {"status": Status(project.status).label})
    return project


@transaction.atomic
def change_plan(*, actor: Actor, project_id: int, plan: NewPlan, now: datetime) -> Project:
    """
    Write the plan anew while the project is open; what is as it was is not recorded.

    Raises ProjectNotFound, NotAllowed, WrongProjectState (it is over), PlanInvalid.
    """
    project = _planned(actor, project_id)
    refuse(check_numbers(plan.people_expected, plan.planned_fen))
    refuse(check_period(plan.from_on, plan.until_on, local_date(now)))
    given = {
        "title": clean(plan.title, "title", TITLE_LENGTH_MAX, _("请填写项目名称")),
        "aim": clean(plan.aim, "aim", WORDS_LENGTH_MAX),
        "kind": clean(plan.kind, "kind", NAME_LENGTH_MAX),
        "served": clean(plan.served, "served", LINE_LENGTH_MAX),
        "money_ref": clean(plan.money_ref, "money_ref", LINE_LENGTH_MAX),
        "people_expected": plan.people_expected, "planned_fen": plan.planned_fen,
        "from_on": plan.from_on, "until_on": plan.until_on,
    }  # fmt: skip
    changed = [name for name, value in given.items() if getattr(project, name) != value]
    for name in changed:
        setattr(project, name, given[name])
    if changed:
        project.save(update_fields=changed)
        fact = PlanChanged(project.pk, changed)
        history.record(actor=actor, fact=fact, at=now, audience=audience_of(project))
    return project


@transaction.atomic
def change_parties(
    *, actor: Actor, project_id: int, partners: Sequence[Partner], responsible: Sequence[Person], now: datetime
) -> Project:
    """
    Set which units take part beside the leading one, and who answers for what.

    Raises ProjectNotFound, NotAllowed, WrongProjectState, PlanInvalid.
    """
    project = _planned(actor, project_id)
    refuse(
        {
            **check_units(project.organization_id, partners, organizations(), local_date(now)),
            **check_people(responsible),
        }
    )
    ProjectUnit.objects.filter(project=project, role=UnitRole.PARTNER).delete()
    ProjectUnit.objects.bulk_create(
        ProjectUnit(
            project=project, organization_id=each.organization_id, role=UnitRole.PARTNER, duty=each.duty.strip()
        )
        for each in partners
    )  # fmt: skip
    Responsible.objects.filter(project=project).delete()
    Responsible.objects.bulk_create(
        Responsible(
            project=project, name=each.name.strip(), account_id=each.account_id, organization_id=each.organization_id,
            task=each.task.strip(),
        )
        for each in responsible
    )  # fmt: skip
    project.organization_ids = [project.organization_id, *(each.organization_id for each in partners)]
    project.save(update_fields=["organization_ids"])
    fact = PlanChanged(project.pk, ["partners", "responsible"])
    history.record(actor=actor, fact=fact, at=now, audience=audience_of(project))
    return project


@transaction.atomic
def set_milestone(
    *, actor: Actor, project_id: int, title: str, due_on: date, now: datetime, milestone_id: int | None = None
) -> Milestone:
    """
    Add a milestone, or give one that was not reached another name or day; a new day is reminded of anew.

    Raises ProjectNotFound, MilestoneNotFound, NotAllowed, WrongProjectState, AlreadyReached, PlanInvalid.
    """
    project = _planned(actor, project_id)
    refuse(check_steps([Step(title, due_on)], local_date(now)))
    if milestone_id is None:
        if Milestone.objects.filter(project=project).count() >= MILESTONES_MAX:
            raise PlanInvalid(_("节点最多 %(n)d 个") % {"n": MILESTONES_MAX})
        row = Milestone.objects.create(project=project, title=title.strip(), due_on=due_on)
    else:
        row = _unreached(project, milestone_id)
        row.told = row.told and row.due_on == due_on
        row.title, row.due_on = title.strip(), due_on
        row.save(update_fields=["title", "due_on", "told"])
    fact = MilestoneSet(project.pk, row.pk, row.title, due_on.isoformat())
    history.record(actor=actor, fact=fact, at=now, audience=audience_of(project))
    return row


def _unreached(project: Project, milestone_id: int) -> Milestone:
    row = queries.get_milestone(project.pk, milestone_id)
    _check_unreached(row)
    return row


def _check_unreached(row: Milestone) -> None:
    if row.done_on is not None:
        raise AlreadyReached(_("这个节点已经完成"))


@transaction.atomic
def reach_milestone(
    *, actor: Actor, project_id: int, milestone_id: int, now: datetime, words: str = "", done_on: date | None = None
) -> Milestone:
    """
    Say that a milestone was reached. done_on: the day, not after today; None for today.

    Whoever leads any unit that takes part may say so.
    Raises ProjectNotFound, MilestoneNotFound, NotAllowed, WrongProjectState, AlreadyReached, PlanInvalid.
    """
    project = queries.lock_project(project_id)
    _check_can_reach(actor, project)
    row = _unreached(project, milestone_id)
    today = local_date(now)
    done_on = done_on or today
    refuse(check_steps([Step(row.title, done_on)], today))
    if done_on > today:
        raise PlanInvalid(_("完成日期不能晚于今天"), {"done_on": _("完成日期不能晚于今天")})
    row.done_on, row.words = done_on, clean(words, "words", WORDS_LENGTH_MAX)
    row.save(update_fields=["done_on", "words"])
    fact = MilestoneReached(project.pk, row.pk, row.title, done_on.isoformat(), row.words)
    history.record(actor=actor, fact=fact, at=now, audience=audience_of(project))
    return row


@transaction.atomic
def reach_milestones(*, actor: Actor, milestone_ids: Iterable[int], now: datetime, words: str = "") -> list[Milestone]:
    """Say that milestones of many projects were reached today, all or none. Raises as reach_milestone does."""
    wanted, today = set(milestone_ids), local_date(now)
    found = Milestone.objects.filter(pk__in=wanted)
    projects = {row.pk: row for row in queries.lock_projects(found.values_list("project_id", flat=True))}
    rows = list(found.order_by("pk"))
    if len(rows) != len(wanted):
        raise MilestoneNotFound(_("没有这个节点"))
    words = clean(words, "words", WORDS_LENGTH_MAX)
    for row in rows:
        _check_can_reach(actor, projects[row.project_id])
        _check_unreached(row)
        row.done_on, row.words = today, words
    found.update(done_on=today, words=words)
    history.record_each(
        actor=actor, at=now,
        facts=[
            (MilestoneReached(row.project_id, row.pk, row.title, today.isoformat(), words),
             audience_of(projects[row.project_id]))
            for row in rows
        ],
    )  # fmt: skip
    return rows


def _check_can_reach(actor: Actor, project: Project) -> None:
    policies.check_can_tell(actor, project)
    if project.status not in OPEN:
        raise WrongProjectState(_("项目当前为“%(status)s”，不能再登记") % {"status": Status(project.status).label})


@transaction.atomic
def drop_milestone(*, actor: Actor, project_id: int, milestone_id: int, now: datetime) -> None:
    """
    Take a milestone that was not reached out of the plan; the history keeps that it was there.

    Raises ProjectNotFound, MilestoneNotFound, NotAllowed, WrongProjectState, AlreadyReached.
    """
    project = _planned(actor, project_id)
    row = _unreached(project, milestone_id)
    fact = MilestoneDropped(project.pk, row.pk, row.title)
    row.delete()
    history.record(actor=actor, fact=fact, at=now, audience=audience_of(project))


@transaction.atomic
def tell_overdue_milestones(*, actor: Actor, now: datetime) -> int:
    """Record which milestones were not reached by their day, each once, and return how many; at most 500 a call."""
    late = Milestone.objects.filter(
        due_on__lt=local_date(now), done_on__isnull=True, told=False, project__status__in=OPEN
    ).order_by("due_on", "id")
    rows = list(
        late.select_for_update(skip_locked=True, no_key=True, of=("self",)).select_related("project")[:_TOLD_ROWS]
    )
    history.record_each(
        actor=actor, at=now,
        facts=[
            (MilestoneOverdue(row.project_id, row.pk, row.title, row.due_on.isoformat()), audience_of(row.project))
            for row in rows
        ],
    )  # fmt: skip
    Milestone.objects.filter(pk__in=[row.pk for row in rows]).update(told=True)
    return len(rows)
