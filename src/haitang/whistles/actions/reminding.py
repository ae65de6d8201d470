"""Tasks of joint meetings: who has one is reminded before its day, and after it where nobody said that it is done."""

from datetime import date, datetime, timedelta

from django.db import transaction

from haitang.cases.actions import note_on_case
from haitang.cases.queries import lock_free_cases
from haitang.core.access import Actor
from haitang.core.clock import LOCAL, local_date
from haitang.organizations.queries import organizations
from haitang.whistles import queries
from haitang.whistles.facts import MeetingTaskLate, MeetingTaskNear
from haitang.whistles.models import Task
from haitang.whistles.values import REMINDER_DAYS_MAX, Reminding
from haitang.worktime.queries import get_calendar
from haitang.worktime.values import Calendar, OutsideCalendar

_BATCH = 500
_WINDOW = timedelta(days=REMINDER_DAYS_MAX * 3)
"""So many working days lie in three times as many days, long holidays included."""


def plan_reminder(task: Task, rule: Reminding, now: datetime) -> None:
    """Set when the task is next reminded of: once before its day and once after it, at the opening of the office.

    Whoever is given it on that day or later is not reminded of it beforehand. The caller saves it.
    """
    desk = organizations().by_id(task.organization_id)
    calendar = get_calendar(desk.calendar_id if desk else None)
    before = _opening(calendar, task.due_on, -rule.before_days) if not task.reminded else None
    after = _opening(calendar, task.due_on, rule.after_days)
    task.remind_at = next((at for at in (before, after) if at is not None and at > now), None)


def _opening(calendar: Calendar, day: date, n: int) -> datetime | None:
    """Return when the office opens on the n-th working day after the day, before it for less than zero; None for 0."""
    step = timedelta(days=1 if n > 0 else -1)
    left, at = abs(n), day
    try:
        while left and abs(at - day) < _WINDOW:
            at += step
            left -= bool(calendar.hours_on(at))
    except OutsideCalendar:
        return None
    if n == 0 or left:
        return None
    opens = calendar.hours_on(at)[0][0]
    return datetime(at.year, at.month, at.day, opens // 60, opens % 60, tzinfo=LOCAL)


@transaction.atomic
def remind_of_meeting_tasks(*, actor: Actor, now: datetime) -> int:
    """
    Remind of tasks of joint meetings whose day is near or has passed, each once before and once after; return how many.

    At most 500 a call, those due first; cases that somebody is working on this instant come next time.
    """
    due = Task.objects.filter(remind_at__lte=now, is_done=None).order_by("remind_at", "id")
    waiting = dict(due.values_list("pk", "meeting__whistle__case_id")[:_BATCH])
    cases = {case.pk: case for case in lock_free_cases(waiting.values())}
    rows = Task.objects.filter(pk__in=waiting, remind_at__lte=now, is_done=None, meeting__whistle__case_id__in=cases)
    tasks = list(rows.select_related("meeting__whistle").order_by("id"))
    for task in tasks:
        whistle, desk = task.meeting.whistle, organizations().by_id(task.organization_id)
        kind = MeetingTaskNear if local_date(now) <= task.due_on else MeetingTaskLate
        fact = kind(
            whistle.case_id, whistle.pk, whistle.number, task.text, task.pk, task.organization_id,
            desk.label if desk else "", task.due_on.isoformat(),
        )  # fmt: skip
        note_on_case(
            actor=actor, fact=fact, now=now, case=cases[whistle.case_id], organization_ids=[task.organization_id]
        )
        task.reminded += 1
        plan_reminder(task, queries.rules_of(whistle.rules_id).reminding, now)
    Task.objects.bulk_update(tasks, ["remind_at", "reminded"])
    return len(tasks)
