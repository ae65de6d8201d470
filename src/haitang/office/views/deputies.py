"""Standing in (代办、AB岗): who does it for whom, and acting in another's place."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from haitang.cases.values import Permission
from haitang.core import clock
from haitang.core.access import SIGNED_IN, allow
from haitang.core.errors import Invalid, NotAllowed, Refusal
from haitang.core.http import Request
from haitang.core.ui.pages import respond
from haitang.office.forms import DeputyForm
from haitang.people import actions, queries
from haitang.people.values import STANDING_IN
from haitang.people.values import Permission as PeoplePermission


@require_http_methods(["GET", "HEAD", "POST"])
@allow(Permission.VIEW)
def deputies(request: Request) -> HttpResponse:
    """Show who stands in for whom, as far as the viewer is concerned, and arrange it."""
    viewer, now = request.actor, clock.now()
    may_arrange = viewer.holds(PeoplePermission.DELEGATION_MANAGE)
    form, status = (
        DeputyForm(request.POST if request.method == "POST" else None, viewer=viewer, others=may_arrange),
        200,
    )
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                actions.give_delegation(actor=viewer, now=now, **form.given())
            except Refusal as refusal:
                _put_on(form, refusal)
                status = refusal.status
            else:
                messages.success(request, _("已安排代办，到期自动结束"))
                return redirect("office:deputies")
    rows = queries.list_delegations(viewer=viewer, now=now)
    today = clock.local_date(now)
    context: dict[str, Any] = {
        "form": form, "acting": viewer.standing_in_for is not None, "today": today,
        "rows": [
            {"row": row, "has_begun": row.from_date <= today, "may_act": row.deputy_id == viewer.id and
             row.from_date <= today and viewer.standing_in_for is None}
            for row in rows
        ],
    }  # fmt: skip
    return respond(request, "office/deputies.html", None, context, status)


def _put_on(form: DeputyForm, refusal: Refusal) -> None:
    fields = refusal.fields if isinstance(refusal, Invalid) else {}
    for field, text in (fields or {"": refusal.message}).items():
        form.add_error(field if field in form.fields else None, text)


@require_POST
@allow(SIGNED_IN)
def deputy_end(request: Request, delegation_id: int) -> HttpResponse:
    """End an arrangement before its day."""
    actions.end_delegation(actor=request.actor, delegation_id=delegation_id, now=clock.now())
    messages.success(request, _("代办已结束"))
    return redirect("office:deputies")


@require_POST
@allow(SIGNED_IN)
def act(request: Request, account_id: int) -> HttpResponse:
    """Act in the place of somebody from now on, until the viewer says otherwise or the arrangement ends."""
    actor = queries.get_actor(request.actor.id or 0, standing_in_for=account_id)
    if actor.standing_in_for is None:
        raise NotAllowed(_("您今天没有代此人办理的安排"))
    request.session[STANDING_IN] = account_id
    messages.success(request, _("现在的身份是：%(name)s") % {"name": actor.name})
    return redirect("/desk/")


@require_POST
@allow(SIGNED_IN)
def act_end(request: Request) -> HttpResponse:
    """Act as oneself again."""
    request.session.pop(STANDING_IN, None)
    messages.success(request, _("已回到本人身份"))
    return redirect("/desk/")
