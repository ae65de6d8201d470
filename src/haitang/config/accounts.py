"""Around the pages of whoever is signed in: sessions end when idle or too old, and some things come first."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Any, cast

from django.contrib import messages
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext as _n

from haitang.core import clock, wall
from haitang.core.access import VISITOR
from haitang.core.http import Request
from haitang.people import actions
from haitang.people.queries import has_factor, is_password_too_old, must_have_factor, sign_in_rules
from haitang.people.values import FACTOR, ON_OWN_PHONE, SEEN, SINCE
from haitang.sso.values import SIGNED_IN_BY

GetResponse = Callable[[HttpRequest], HttpResponse]
NOTED_S = 60
"""That a session is in use is written down once a minute: no write for each page."""
OPEN = ("/accounts/", "/static/", "/ui/", "/me/here/", "/me/gone/")
"""Where somebody who must do something else first may go all the same: to do it, and out."""


class SignedInMiddleware:
    """End the session that was left alone or has lasted too long; lead whoever must change a password, or set up a
    second factor, to that, and nowhere else. Stands inside PageMiddleware, which says who asks.

    Source: GB/T 22239-2019 8.1.4.1 (identification), items a, b and d.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: Request) -> HttpResponse:
        if not (request.actor.is_known and request.user.is_authenticated):
            return self.get_response(request)
        now, rules = clock.now(), sign_in_rules()
        over = _over(request, now, rules)
        if over:
            _end(request, now)
            messages.warning(request, over)
            return self.get_response(request)
        _note_use(request, now)
        request.idle_s = _idle(request, rules).total_seconds()  # type: ignore[attr-defined]  # for core.ui.context
        first = _first(request, now)
        if first and not request.path.startswith(OPEN):
            return redirect(first) if request.method == "GET" else HttpResponse(status=HTTPStatus.FORBIDDEN)
        return self.get_response(request)


def _idle(request: Request, rules: Mapping[str, Any]) -> timedelta:
    own = request.session.get(ON_OWN_PHONE)
    return timedelta(minutes=rules["field_idle_minutes"] if own else rules["idle_minutes"])


def _over(request: Request, now: datetime, rules: Mapping[str, Any]) -> str:
    """Return why the session is over, "" where it goes on. Use is noted to the minute, so a minute is added."""
    at = now.timestamp()
    idle = _idle(request, rules)
    if at - request.session.get(SEEN, at) > idle.total_seconds() + NOTED_S:
        minutes = int(idle.total_seconds()) // 60
        text = _n("您已超过 %(n)d 分钟没有操作，已自动退出登录", "您已超过 %(n)d 分钟没有操作，已自动退出登录", minutes)
        return text % {"n": minutes}
    own = request.session.get(ON_OWN_PHONE)
    most = timedelta(days=rules["field_session_days_max"]) if own else timedelta(hours=rules["session_hours_max"])
    if at - request.session.get(SINCE, at) > most.total_seconds():
        return _("本次登录已到最长时间，请重新登录")
    return ""


def _end(request: Request, now: datetime) -> None:
    """Sign out without saying that anybody has: what a phone keeps for its owner, and cannot send, is not destroyed."""
    actions.forget_session(actor=request.actor, session_key=request.session.session_key or "", now=now)
    request.session.flush()
    request.user, request.actor = AnonymousUser(), VISITOR
    wall.identify(VISITOR)


def _note_use(request: Request, now: datetime) -> None:
    at, seen = int(now.timestamp()), request.session.get(SEEN)
    if seen is None:
        request.session[SINCE] = request.session[SEEN] = at
    elif at - seen >= NOTED_S and _is_use(request):
        request.session[SEEN] = at
        actions.note_seen(actor=request.actor, session_key=request.session.session_key or "", now=now)


def _is_use(request: Request) -> bool:
    """Tell whether somebody is there: a page opened or something sent, not what an open page fetches by itself."""
    if request.method != "GET":
        return True
    return "HX-Request" not in request.headers and "text/html" in request.headers.get("Accept", "text/html")


def _first(request: Request, now: datetime) -> str:
    """Return the name of the page that comes first, "" for none."""
    account = cast("Any", request.user)
    is_due = account.must_change_password or is_password_too_old(account.password_changed_at, now)
    if is_due and SIGNED_IN_BY not in request.session:  # who came through a provider has shown no password
        return "account_change_password"
    if not request.session.get(FACTOR) and must_have_factor(request.actor):
        if not has_factor(account.pk):
            return "people:security"
        # Who has one was asked for it at the sign-in, or has set it up here: other sessions ended with that.
        request.session[FACTOR] = True
    return ""
