"""Tasks of joint meetings: on whose to-do list they stand, and when their owners are reminded of them."""

from datetime import date, datetime, timedelta

import pytest
from django.urls import reverse

from haitang.core.clock import LOCAL
from haitang.core.errors import Invalid, NotAllowed
from haitang.core.models import Entry
from haitang.people.models import Notice
from haitang.testing.actors import NOW
from haitang.whistles import actions, jobs, queries
from haitang.whistles.models import Task
from haitang.whistles.tests.cast import THIRD, as_role, blow, everywhere, street_leader
from haitang.whistles.tests.test_pages import text
from haitang.whistles.values import NewTask, NotYourCall, Permission

pytestmark = pytest.mark.django_db
MONDAY = date(2026, 5, 18)
"""NOW is Wednesday, 6 May."""


def at(day: int, hour: int = 8, minute: int = 0) -> datetime:
    """Return an instant in May."""
    return datetime(2026, 5, day, hour, minute, tzinfo=LOCAL)


def given_task(town, code: str = "CGJ", due_on: date = MONDAY, **more) -> Task:
    """Return a task that a meeting gave a department."""
    whistle, _calls = blow(town, **more)
    meeting = actions.hold_meeting(
        actor=street_leader(town), now=NOW, whistle_id=whistle.pk, held_at=NOW, minutes="分工如下",
        tasks=[NewTask(code, "查清排水", due_on)],
    )  # fmt: skip
    return Task.objects.get(meeting=meeting)


def remind(now: datetime) -> list[str]:
    """Let the clock do its work; return what was written down by then."""
    while actions.remind_of_meeting_tasks(actor=jobs.CLOCK, now=now):
        pass
    return list(Entry.objects.filter(fact__startswith="MeetingTask").order_by("id").values_list("fact", flat=True))


def test_its_owner_is_reminded_on_the_working_day_before_and_on_the_one_after_once_each(town):
    task = given_task(town)
    assert remind(at(15, 7, 59)) == []
    assert remind(at(15)) == ["MeetingTaskNear"]
    assert remind(at(18, 17)) == ["MeetingTaskNear"]
    assert remind(at(19)) == ["MeetingTaskNear", "MeetingTaskLate"]
    assert remind(at(29)) == ["MeetingTaskNear", "MeetingTaskLate"]
    task.refresh_from_db()
    assert (task.reminded, task.remind_at) == (2, None)


def test_what_is_done_is_not_reminded_of(town):
    task = given_task(town)
    actions.settle_meeting_task(
        actor=town.rival, now=at(14), whistle_id=task.meeting.whistle_id, task_id=task.pk, done=True, note="已查清"
    )
    assert remind(at(29)) == ["MeetingTaskSettled"]


def test_who_is_given_it_late_is_reminded_afterwards_alone_and_far_off_days_of_nothing(town):
    given_task(town, due_on=NOW.date())
    assert remind(at(8)) == ["MeetingTaskLate"]
    far = given_task(town, due_on=date(2036, 4, 1))
    assert far.remind_at is None or far.remind_at.year == 2036


def test_the_reminder_reaches_the_department_and_afterwards_the_street_too(town):
    rival, leader = town.account("rival"), town.account("leader")
    given_task(town)
    remind(at(15))
    entry = Entry.objects.get(fact="MeetingTaskNear")
    for _twice in range(2):
        jobs.tell_task_near(**entry.data, entry_id=entry.pk)
    (notice,) = Notice.objects.all()
    assert (notice.account_id, notice.parts["day"]) == (rival.pk, "2026-05-18")
    assert "到期" in notice.text
    remind(at(19))
    entry = Entry.objects.get(fact="MeetingTaskLate")
    for _twice in range(2):
        jobs.tell_task_late(**entry.data, entry_id=entry.pk)
    late = Notice.objects.filter(text__contains="逾期")
    assert late.filter(account_id=rival.pk).count() == 1
    assert leader.pk not in set(late.values_list("account_id", flat=True))


def test_a_reminder_of_days_is_a_setting_that_older_whistles_do_not_follow(town, as_):
    from haitang.testing import cases as cast

    old = given_task(town)
    manager = as_(everywhere(cast.FOUNDER, Permission.MANAGE))
    assert "到期前 1 个工作日提醒" in text(manager.get(reverse("whistles:settings")))
    where = reverse("whistles:reminders")
    assert manager.post(where, {"before_days": "31", "after_days": "1"}).status_code == 422
    assert manager.post(where, {"before_days": "3", "after_days": "0"}).status_code == 302
    assert (queries.rules().reminding.before_days, queries.rules().reminding.after_days) == (3, 0)
    new = given_task(town)
    assert (old.remind_at, new.remind_at) == (at(15), at(13))
    with pytest.raises(Invalid):
        actions.change_meeting_reminders(
            actor=everywhere(cast.FOUNDER, Permission.MANAGE), now=NOW, before_days=-1, after_days=0
        )
    with pytest.raises(NotAllowed):
        actions.change_meeting_reminders(actor=town.dispatcher, now=NOW, before_days=1, after_days=0)


def test_a_task_stands_on_the_to_do_list_of_its_owner_alone(town, as_):
    task = given_task(town)
    for actor, seen in ((town.rival, True), (town.handler, False), (street_leader(town), False)):
        shown = "查清排水" in text(as_(actor).get("/whistles/", {"box": "todo"}))
        assert shown is seen
        assert bool(queries.list_open_tasks(viewer=actor)) is seen
    assert "本单位的会商任务" in text(as_(town.rival).get("/whistles/"))
    actions.settle_meeting_task(
        actor=town.rival, now=at(14), whistle_id=task.meeting.whistle_id, task_id=task.pk, done=True, note="已查清"
    )
    assert "查清排水" not in text(as_(town.rival).get("/whistles/", {"box": "todo"}))


def test_the_unit_that_blew_the_whistle_has_its_own_tasks_too(town):
    whistle, _calls = blow(town, desks=(THIRD,))
    drafted_by = whistle.organization
    meeting = actions.hold_meeting(
        actor=street_leader(town), now=NOW, whistle_id=whistle.pk, held_at=NOW, minutes="分工如下",
        tasks=[NewTask(drafted_by.code, "通知居民", MONDAY)],
    )  # fmt: skip
    task = Task.objects.get(meeting=meeting)
    clerk = as_role(town, "street_dispatcher", over="street", desk=drafted_by.code, account_id=60)
    assert [each.pk for each, _desk in queries.list_open_tasks(viewer=clerk)] == [task.pk]
    assert queries.count_whistles_todo(viewer=clerk) == 1
    said = {
        "now": NOW + timedelta(days=1),
        "whistle_id": whistle.pk,
        "task_id": task.pk,
        "done": True,
        "note": "已通知",
    }
    with pytest.raises((NotAllowed, NotYourCall)):
        actions.settle_meeting_task(actor=town.handler, **said)
    secretary = as_role(town, "community_secretary", over="spring", desk=drafted_by.code, account_id=61)
    actions.settle_meeting_task(actor=secretary, **said)
    assert queries.list_open_tasks(viewer=clerk) == []
