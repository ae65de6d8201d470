"""What belongs to whoever is signed in: own data, tokens, password, notices."""

from typing import Any

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from haitang.core import clock
from haitang.core.access import SIGNED_IN, allow
from haitang.core.http import Request
from haitang.core.ui.pages import respond
from haitang.people import actions, forms
from haitang.people.queries import get_actor, is_password_too_old, pages
from haitang.people.values import STANDING_IN
from haitang.people.views.accounts import token_page
from haitang.people.views.shared import form_page


@require_safe
@allow(SIGNED_IN)
def me(request: Request) -> HttpResponse:
    """Show the viewer's own data, posts, permissions and tokens."""
    return respond(request, "people/me.html", None, {"page": pages.get_own_page(viewer=request.actor, now=clock.now())})


@require_http_methods(["GET", "POST"])
@allow(SIGNED_IN)
def change_password(request: Request) -> HttpResponse:
    """Change the own password; this session goes on, all others end."""

    account: Any = request.user
    lead = ""
    if account.must_change_password:
        lead = _("初始密码由他人设置，请先改为只有您知道的密码。")
    elif is_password_too_old(account.password_changed_at, clock.now()):
        lead = _("密码已超过规定的使用天数，请先修改密码。")

    def go_on(account: Any) -> HttpResponse:
        was = request.session.session_key or ""
        update_session_auth_hash(request, account)
        key = request.session.session_key or ""
        actions.renew_session(actor=request.actor, was=was, session_key=key, now=clock.now())
        messages.success(request, _("密码已修改"))
        return redirect("people:me")

    return form_page(
        request,
        forms.PasswordChangeForm(request.POST or None),
        deed=lambda given: actions.change_password(
            actor=request.actor,
            present=given["present"],
            password=given["password"],
            now=clock.now(),
            session_key=request.session.session_key or "",
        ),
        title=_("修改密码"),
        lead=lead,
        submit=_("修改密码"),
        back=reverse("people:me"),
        then=go_on,
    )


@require_http_methods(["GET", "POST"])
@allow(SIGNED_IN)
def own_token_create(request: Request) -> HttpResponse:
    """Make a token for the own account."""
    return token_page(request, int(request.user.pk or 0), reverse("people:me"))


@require_POST
@allow(SIGNED_IN)
def own_token_revoke(request: Request, token_id: int) -> HttpResponse:
    """Revoke an own token."""
    actions.revoke_token(actor=request.actor, token_id=token_id, now=clock.now())
    messages.success(request, _("令牌已吊销"))
    return redirect("people:me")


@require_http_methods(["GET", "POST"])
@allow(SIGNED_IN)
def notices(request: Request) -> HttpResponse:
    """List the viewer's notices; POST marks all as read."""
    if request.method == "POST":
        actions.mark_notices_read(actor=request.actor, now=clock.now())
        return redirect("people:notices")
    rows = [(row, _(row.text).format_map(_Parts(row.parts))) for row in pages.list_notices(viewer=request.actor)]
    return respond(
        request, "people/notices.html", None, {"notices": rows, "unread": any(not n.read_at for n, _t in rows)}
    )


@require_POST
@allow(SIGNED_IN)
def notice(request: Request, notice_id: int) -> HttpResponse:
    """Mark a notice as read and go to what it tells of, as whom it was meant for."""
    row = pages.get_notice(viewer=request.actor, notice_id=notice_id)
    _act_as_meant(request, row.in_place_of_id)
    actions.mark_notices_read(actor=request.actor, notice_ids=[row.pk], now=clock.now())
    there = row.url if url_has_allowed_host_and_scheme(row.url, allowed_hosts=None) else ""
    return redirect(there or reverse("people:notices"))


def _act_as_meant(request: Request, in_place_of_id: int | None) -> None:
    """Act in the place of whom a notice was meant for, as long as the arrangement lasts; else as oneself."""
    if in_place_of_id == request.actor.standing_in_for:
        return
    actor = get_actor(request.actor.id or 0, standing_in_for=in_place_of_id)
    if actor.standing_in_for is None:
        request.session.pop(STANDING_IN, None)
        text = _("代办已结束，现在是本人身份") if in_place_of_id else _("已回到本人身份")
    else:
        request.session[STANDING_IN] = in_place_of_id
        text = _("现在的身份是：%(name)s") % {"name": actor.name}
    messages.success(request, text)


class _Parts(dict):
    """A place that nothing was given for shows as it stands, instead of spoiling the whole page."""

    def __missing__(self, name: str) -> str:
        return "{" + name + "}"
