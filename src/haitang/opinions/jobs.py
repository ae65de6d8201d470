"""The clock's own work on conversations. Every job may run twice and does its work once."""

from django.urls import reverse
from django.utils.translation import gettext_noop
from procrastinate.contrib.django import app

from haitang.core import clock
from haitang.core.access import system
from haitang.core.clock import local_date
from haitang.core.history import reacts_to
from haitang.opinions import actions, queries
from haitang.opinions.values import Permission
from haitang.people.actions import send_notices
from haitang.people.queries import list_accounts_holding
from haitang.territory.facts import AreaEnded, AreaReplaced

CLOCK = system("意见征集")
WAITING = gettext_noop("意见征集“{title}”有观点等待审核")


@app.periodic(cron="*/10 * * * *")
@app.task(queue="clock", name="opinions.watch_conversations", queueing_lock="opinions.watch", pass_context=False)
def watch_conversations(timestamp: int) -> None:
    """Every ten minutes: close what is over, and find the groups anew where votes have come."""
    now = clock.now()
    for conversation_id in queries.due_conversations(now):
        actions.close_due_conversation(actor=CLOCK, conversation_id=conversation_id, now=now)
    for conversation in queries.list_open_for_job():
        actions.find_opinion_groups(actor=CLOCK, conversation_id=conversation.pk, now=now)


@app.periodic(cron="5 * * * *")
@app.task(queue="clock", name="opinions.tell_authors", queueing_lock="opinions.tell_authors", pass_context=False)
def tell_authors(timestamp: int) -> None:
    """Every hour: tell authors that their statements were read; many at once, so that no single one is singled out."""
    while actions.tell_authors(actor=CLOCK, now=clock.now()):
        pass


@app.periodic(cron="0 1 * * *")
@app.task(queue="clock", name="opinions.remind_moderators", queueing_lock="opinions.remind", pass_context=False)
def remind_moderators(timestamp: int) -> None:
    """Once a day (09:00 in Shanghai): tell moderators of statements that wait to be read."""
    now = clock.now()
    for view in queries.describe_conversations(queries.list_open_for_job()):
        row = view.conversation
        if view.waiting:
            send_notices(
                actor=CLOCK, account_ids=list_accounts_holding(Permission.MODERATE, area_path=row.area_path),
                key=f"opinions:{row.pk}:waiting:{local_date(now)}", text=WAITING, parts={"title": row.title},
                url=reverse("opinions:desk_conversation", args=[row.pk]), subject_type="conversation",
                subject_id=row.pk, now=now,
            )  # fmt: skip


@reacts_to(AreaReplaced)
@app.task(queue="default", name="opinions.follow_replaced_area")
def follow_replaced_area(*, area_id: int, new_area_id: int, **_: object) -> None:
    """Tie what lies in an area to its new version."""
    actions.move_conversations(actor=CLOCK, area_id=area_id, new_area_id=new_area_id, now=clock.now())


@reacts_to(AreaEnded)
@app.task(queue="default", name="opinions.follow_ended_area")
def follow_ended_area(*, area_id: int, replaced_by_id: int | None, **_: object) -> None:
    """Tie what lies in an area that ceased to the one in its place, if there is one."""
    if replaced_by_id is not None:
        actions.move_conversations(actor=CLOCK, area_id=area_id, new_area_id=replaced_by_id, now=clock.now())
