"""What happens because of projects, and the clock's own work. Every job may run twice and does its work once."""

from django.urls import reverse
from django.utils.translation import gettext_noop
from procrastinate.contrib.django import app

from haitang.core import clock
from haitang.core.access import system
from haitang.core.history import reacts_to
from haitang.core.scoping import path_of
from haitang.people.actions import send_notices
from haitang.people.queries import list_accounts_holding
from haitang.projects import actions, queries
from haitang.projects.facts import MilestoneOverdue, ProjectAccepted, ProjectDelivered, ProjectReturned
from haitang.projects.values import Permission
from haitang.territory.facts import AreaEnded, AreaReplaced

CLOCK = system("项目")
NEWS = {
    "delivered": gettext_noop("项目申请验收：{number}"),
    "accepted": gettext_noop("项目通过验收：{number}"),
    "returned": gettext_noop("项目验收未通过，请返工：{number}"),
    "overdue": gettext_noop("项目节点逾期：{number}"),
}


def _tell(news: str, project_id: int, entry_id: int, *, acceptors: bool = False) -> None:
    """Tell those who answer for the project, or those who accept it."""
    found = queries.get_project_for_job(project_id)
    if found is None:
        return
    project, accounts = found
    if acceptors:
        accounts = list_accounts_holding(Permission.ACCEPT, area_path=path_of(project.area_ids))
    send_notices(
        actor=CLOCK, account_ids=accounts, key=f"entry:{entry_id}", text=NEWS[news],
        parts={"number": f"{project.number} {project.title}"}, url=reverse("projects:project", args=[project.pk]),
        subject_type="project", subject_id=project.pk, now=clock.now(),
    )  # fmt: skip


@reacts_to(ProjectDelivered)
@app.task(queue="notices", name="projects.tell_delivered")
def tell_delivered(*, project_id: int, entry_id: int, **_: object) -> None:
    """Tell those who accept projects there that one is to be looked at."""
    _tell("delivered", project_id, entry_id, acceptors=True)


@reacts_to(ProjectAccepted)
@app.task(queue="notices", name="projects.tell_accepted")
def tell_accepted(*, project_id: int, entry_id: int, **_: object) -> None:
    """Tell those responsible that it is accepted."""
    _tell("accepted", project_id, entry_id)


@reacts_to(ProjectReturned)
@app.task(queue="notices", name="projects.tell_returned")
def tell_returned(*, project_id: int, entry_id: int, **_: object) -> None:
    """Tell those responsible that it is to be done over."""
    _tell("returned", project_id, entry_id)


@reacts_to(MilestoneOverdue)
@app.task(queue="notices", name="projects.tell_overdue")
def tell_overdue(*, project_id: int, entry_id: int, **_: object) -> None:
    """Tell those responsible that a milestone was not reached by its day."""
    _tell("overdue", project_id, entry_id)


@app.periodic(cron="10 0 * * *")
@app.task(queueing_lock="projects.tell_overdue_milestones", name="projects.tell_overdue_milestones")
def tell_overdue_milestones(timestamp: int) -> None:
    """Note what was not reached by its day, once a day (08:10 in Shanghai)."""
    while actions.tell_overdue_milestones(actor=CLOCK, now=clock.now()):
        pass


@reacts_to(AreaReplaced)
@app.task(queue="default", name="projects.follow_replaced_area")
def follow_replaced_area(*, area_id: int, new_area_id: int, **_: object) -> None:
    """Tie projects to an area's new version."""
    actions.move_projects(actor=CLOCK, area_id=area_id, new_area_id=new_area_id, now=clock.now())


@reacts_to(AreaEnded)
@app.task(queue="default", name="projects.follow_ended_area")
def follow_ended_area(*, area_id: int, replaced_by_id: int | None = None, **_: object) -> None:
    """Tie projects of an area that has ended to the one that takes its place, if one does."""
    if replaced_by_id:
        actions.move_projects(actor=CLOCK, area_id=area_id, new_area_id=replaced_by_id, now=clock.now())
