"""Joint meetings of a whistle, written down on its page."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from haitang.core import clock
from haitang.core.access import SIGNED_IN, allow
from haitang.core.errors import NotFound, Refusal
from haitang.core.http import Request
from haitang.whistles import actions, forms, queries
from haitang.whistles.values import Permission
from haitang.whistles.views.page import called_choices, put_on, show


@require_POST
@allow(Permission.EVALUATE)
def meeting(request: Request, whistle_id: int) -> HttpResponse:
    """Write down a joint meeting with its tasks."""
    page = queries.get_whistle_page(viewer=request.actor, whistle_id=whistle_id)
    form = forms.MeetingForm(request.POST, called=called_choices(page))
    return _write(request, whistle_id, form, actions.hold_meeting, _("会商纪要已记录"))


@require_POST
@allow(Permission.EVALUATE)
def new_task(request: Request, whistle_id: int, meeting_id: int) -> HttpResponse:
    """Give a department one more task of a meeting."""
    page = queries.get_whistle_page(viewer=request.actor, whistle_id=whistle_id)
    form = forms.NewTaskForm(meeting_id, request.POST, called=called_choices(page))
    return _write(request, whistle_id, form, actions.give_meeting_task, _("会商任务已交办"), meeting_id=meeting_id)


@require_POST
@allow(SIGNED_IN)
def task(request: Request, whistle_id: int, task_id: int) -> HttpResponse:
    """Say whether what a meeting decided was done."""
    form = forms.TaskForm(task_id, request.POST)
    return _write(request, whistle_id, form, actions.settle_meeting_task, _("会商任务已登记"), task_id=task_id)


def _write(request: Request, whistle_id: int, form: Any, action: Any, done: str, **more: int) -> HttpResponse:
    status = 422
    if form.is_valid():
        try:
            action(actor=request.actor, now=clock.now(), whistle_id=whistle_id, **more, **form.given())
        except NotFound:
            raise
        except Refusal as refusal:
            put_on(form, refusal)
            status = refusal.status
        else:
            messages.success(request, done)
            return redirect("whistles:whistle", whistle_id)
    return show(request, whistle_id, sent=form, status=status)
