"""Joint meetings: minutes, and what was decided."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from haitang.cases.actions import note_on_case
from haitang.core.access import Actor
from haitang.core.clock import EARLIEST, local_date
from haitang.core.errors import Conflict, Invalid, NotFound
from haitang.organizations.queries import organizations
from haitang.whistles import policies, queries
from haitang.whistles.actions.common import clean_words, lock_known_whistle
from haitang.whistles.actions.reminding import plan_reminder
from haitang.whistles.facts import MeetingHeld, MeetingTaskGiven, MeetingTaskSettled
from haitang.whistles.lifecycle import Status
from haitang.whistles.models import UNBLOWN, Call, Meeting, Task, Whistle
from haitang.whistles.values import (
    OPINION_LENGTH_MAX,
    TASKS_MAX,
    TEXT_LENGTH_MAX,
    WORDS_LENGTH_MAX,
    NewTask,
    WrongStep,
)

_FAR = timedelta(days=3653)


@transaction.atomic
def hold_meeting(
    *, actor: Actor, now: datetime, whistle_id: int, held_at: datetime, minutes: str, place: str = "",
    attendees: str = "", tasks: Sequence[NewTask] = (),
) -> Meeting:  # fmt: skip
    """
    Write down a joint meeting (会商) with its minutes and the tasks it decided.

    held_at: aware instant, not in the future. tasks: for departments called by this whistle, or for whoever blew it.
    Raises WhistleNotFound, NotAllowed, WrongStep (not blown), Invalid.
    """
    case, whistle, calls = lock_known_whistle(actor, whistle_id)
    policies.check_can_convene(actor, case)
    if whistle.status in UNBLOWN:
        raise WrongStep(_("哨单当前为“%(status)s”，不能会商") % {"status": Status(whistle.status).label})
    if not EARLIEST <= held_at <= now:
        raise Invalid(_("会商时间不能晚于现在"), {"held_at": _("会商时间不能晚于现在")})
    minutes = clean_words(minutes, "minutes", _("会商纪要"), TEXT_LENGTH_MAX)
    if len(tasks) > TASKS_MAX:
        text = _("一次会商最多 %(n)d 项任务") % {"n": TASKS_MAX}
        raise Invalid(text, {"tasks": text})
    meeting = Meeting.objects.create(
        whistle=whistle, held_at=held_at, minutes=minutes,
        place=clean_words(place, "place", _("会商地点"), WORDS_LENGTH_MAX, needed=False),
        attendees=clean_words(attendees, "attendees", _("参会单位和人员"), TEXT_LENGTH_MAX, needed=False),
        recorded_by_name=actor.name, recorded_at=now,
    )  # fmt: skip
    Task.objects.bulk_create(_task(meeting, task, _bound(whistle, calls), now) for task in tasks)
    fact = MeetingHeld(case.pk, whistle.pk, whistle.number, minutes, meeting.pk, len(tasks))
    called = [call.organization_id for call in calls]
    note_on_case(actor=actor, fact=fact, now=now, case=case, organization_ids=called)
    return meeting


@transaction.atomic
def give_meeting_task(*, actor: Actor, now: datetime, whistle_id: int, meeting_id: int, task: NewTask) -> Task:
    """
    Add a task to a meeting that was written down, for a department called by the whistle, or for whoever blew it.

    Raises WhistleNotFound, NotFound, NotAllowed, Conflict (thirty tasks), Invalid.
    """
    case, whistle, calls = lock_known_whistle(actor, whistle_id)
    policies.check_can_convene(actor, case)
    meeting = Meeting.objects.filter(pk=meeting_id, whistle=whistle).first()
    if meeting is None:
        raise NotFound(_("没有这次会商"))
    if meeting.tasks.count() >= TASKS_MAX:
        raise Conflict(_("一次会商最多 %(n)d 项任务") % {"n": TASKS_MAX})
    made = _task(meeting, task, _bound(whistle, calls), now)
    made.save()
    desk = organizations().by_id(made.organization_id)
    fact = MeetingTaskGiven(
        case.pk, whistle.pk, whistle.number, made.text, meeting.pk, made.pk, made.organization_id,
        desk.label if desk else "",
    )  # fmt: skip
    note_on_case(actor=actor, fact=fact, now=now, case=case, organization_ids=[made.organization_id])
    return made


def _bound(whistle: Whistle, calls: Sequence[Call]) -> set[int | None]:
    """Return the ids of those who can be given a task: they know of the whistle, and can say that it is done."""
    return {whistle.organization_id, *(call.organization_id for call in calls)}


def _task(meeting: Meeting, new: NewTask, bound: set[int | None], now: datetime) -> Task:
    desk = organizations().by_code(new.organization_code)
    if desk is None or not desk.exists(local_date(now)):
        text = _("没有编码为“%(code)s”的单位") % {"code": new.organization_code[:40]}
        raise Invalid(text, {"tasks": text})
    if desk.id not in bound:
        text = _("%(name)s未被这张哨单召集，请先增加为协同单位") % {"name": desk.label}
        raise Invalid(text, {"tasks": text})
    today: date = local_date(now)
    if not today - _FAR < new.due_on < today + _FAR:
        raise Invalid(_("任务期限超出范围"), {"tasks": _("任务期限超出范围")})
    text = clean_words(new.text, "tasks", _("任务内容"), WORDS_LENGTH_MAX)
    task = Task(meeting=meeting, organization_id=desk.id, text=text, due_on=new.due_on)
    plan_reminder(task, queries.rules_of(meeting.whistle.rules_id).reminding, now)
    return task


@transaction.atomic
def settle_meeting_task(*, actor: Actor, now: datetime, whistle_id: int, task_id: int, done: bool, note: str) -> Task:
    """
    Say whether what a meeting decided was done, with a word on it: by the unit it is for, or by the street.

    Raises WhistleNotFound, NotFound, NotYourCall, NotAllowed, WrongStep (said already), Invalid.
    """
    case, whistle, _calls = lock_known_whistle(actor, whistle_id)
    task = Task.objects.filter(pk=task_id, meeting__whistle=whistle).first()
    if task is None:
        raise NotFound(_("没有这项会商任务"))
    policies.check_can_settle(actor, task.organization_id, case)
    if task.is_done is not None:
        raise WrongStep(_("这项会商任务已经办结"))
    task.note = clean_words(note, "note", _("办理情况"), OPINION_LENGTH_MAX)
    task.is_done, task.settled_at, task.remind_at = done, now, None
    task.save(update_fields=["is_done", "note", "settled_at", "remind_at"])
    desk = organizations().by_id(task.organization_id)
    fact = MeetingTaskSettled(case.pk, whistle.pk, whistle.number, task.note, task.pk, desk.label if desk else "", done)
    note_on_case(actor=actor, fact=fact, now=now, case=case, organization_ids=[task.organization_id])
    return task
