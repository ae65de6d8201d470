"""The phones of whoever is signed in: which hold a key, and an end to one that was lost."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from haitang.core import clock
from haitang.core.access import SIGNED_IN, allow
from haitang.core.http import Request
from haitang.core.ui.pages import respond
from haitang.field import actions, queries
from haitang.field.views.sending import PHONE


@require_safe
@allow(SIGNED_IN)
def phones(request: Request) -> HttpResponse:
    """Show one's own phones."""
    here = request.session.get(PHONE)
    rows = [{"phone": phone, "is_here": str(phone.uid) == here} for phone in queries.list_phones(viewer=request.actor)]
    return respond(request, "field/phones.html", None, {"rows": rows})


@require_POST
@allow(SIGNED_IN)
def revoke(request: Request, phone_id: int) -> HttpResponse:
    """Put an end to one of one's own phones."""
    session = request.session.session_key or ""
    actions.revoke_phone(actor=request.actor, phone_id=phone_id, now=clock.now(), session=session)
    messages.success(request, _("已停用。那部手机上没有发出的内容已无法读出，也不能再发送"))
    return redirect("field:phones")
