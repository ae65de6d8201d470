"""To a provider and back: to sign in, or to tie an identity to one's own account; and what is left after signing out.

The ways that have been begun are kept in the visitor's session, by their states, and each is taken out once.
"""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from allauth.account.adapter import get_adapter
from allauth.account.decorators import reauthentication_required
from allauth.account.internal.flows.login import record_authentication
from allauth.account.utils import perform_login
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from haitang.core.access import ANYONE, SIGNED_IN, allow
from haitang.core.errors import Conflict
from haitang.core.http import Request
from haitang.core.ui.entering import form_page, said
from haitang.core.ui.pages import leads_to, respond
from haitang.sso import actions, queries
from haitang.sso.actions import Arrival
from haitang.sso.values import Attempt, Refused

_WAYS = "sso_ways"
_WAYS_MAX = 5


@require_safe
@allow(ANYONE)
@never_cache
def go(request: Request, code: str) -> HttpResponse:
    """Lead to the provider to sign in."""
    try:
        return _lead(request, code, links=False)
    except Refused as refusal:
        messages.error(request, refusal.message)
        return redirect("account_login")


@require_safe
@allow(ANYONE)
@never_cache
def back(request: Request, code: str) -> HttpResponse:
    """Take in whoever comes back from the provider."""
    attempt = _take(request, request.GET.get("state", ""))
    links = attempt is not None and attempt.account_id is not None
    try:
        arrival = actions.end_way(
            **said(request), code=code, attempt=attempt, given=request.GET.dict(), callback=_callback(request, code),
            address=_address(request),
        )  # fmt: skip
        if links:
            actions.link_own_identity(**said(request), provider_id=arrival.provider.pk, subject=arrival.subject)
    except Conflict as refusal:
        messages.error(request, refusal.message)
        return redirect("people:security" if links else "account_login")
    if links:
        messages.success(request, _("已关联，今后可用“%(name)s”登录") % {"name": arrival.provider.name})
        return redirect("people:security")
    assert attempt is not None
    return _signed_in(request, arrival, attempt.next)


@form_page
@allow(SIGNED_IN)
@never_cache
def link(request: Request, code: str) -> HttpResponse:
    """Ask for the password once more; POST leads to the provider, whose answer is tied to the viewer's own account."""
    return _link(request, queries.find_provider(code))


@reauthentication_required
def _link(request: Request, provider: Any) -> HttpResponse:
    if request.method == "POST":
        try:
            return _lead(request, provider.code, links=True)
        except Refused as refusal:
            messages.error(request, refusal.message)
            return redirect("people:security")
    origin = next((door.origin for door in queries.open_doors() if door.id == provider.pk), "'self'")
    return leads_to(respond(request, "sso/link.html", None, {"provider": provider}), origin)


@require_POST
@allow(SIGNED_IN)
def unlink(request: Request, identity_id: int) -> HttpResponse:
    """Untie one of the viewer's own identities."""
    actions.unlink_own_identity(**said(request), identity_id=identity_id)
    messages.success(request, _("已解除关联"))
    return redirect("people:security")


@require_safe
@allow(ANYONE)
@never_cache
def out(request: Request, code: str) -> HttpResponse:
    """Say that one is signed out here and perhaps not at the provider, and offer the way there."""
    provider = queries.find_provider(code)
    end = provider.told["end_session_endpoint"]
    if end:
        back_to = request.build_absolute_uri(reverse("account_login"))
        end += ("&" if "?" in end else "?") + urlencode(
            {"client_id": provider.client_id, "post_logout_redirect_uri": back_to}
        )  # fmt: skip
    return respond(request, "sso/out.html", None, {"provider": provider, "end": end})


def _lead(request: Request, code: str, *, links: bool) -> HttpResponse:
    wanted = request.GET.get("next", "")
    if not url_has_allowed_host_and_scheme(wanted, allowed_hosts=None):
        wanted = ""
    attempt, url = actions.begin_way(
        **said(request), code=code, callback=_callback(request, code), next_=wanted, address=_address(request),
        links=links,
    )  # fmt: skip
    ways = list(_ways(request).items())[-_WAYS_MAX + 1 :]
    request.session[_WAYS] = {**dict(ways), attempt.state: attempt.kept()}
    return redirect(url)


def _ways(request: Request) -> Mapping[str, Any]:
    kept: Mapping[str, Any] = request.session.get(_WAYS, {})
    return kept


def _take(request: Request, state: str) -> Attempt | None:
    """Return what was kept under the state, which is then gone."""
    ways = dict(_ways(request))
    kept = ways.pop(state, None)
    if kept is None:
        return None
    request.session[_WAYS] = ways
    return Attempt(**kept)


def _signed_in(request: Request, arrival: Arrival, wanted: str) -> HttpResponse:
    """Sign in to the account that the identity opens; by way of its second factor, unless the provider is believed."""
    assert arrival.identity is not None
    account = arrival.identity.account
    if request.user.is_authenticated:
        if request.user.pk == account.pk:
            return redirect(wanted or "/enter/")
        get_adapter().logout(request)
    record_authentication(request, account, "sso", provider=arrival.provider.code)
    told = {"identity_provider_id": arrival.provider.pk, "had_factor": arrival.had_factor}
    if not arrival.had_factor:
        return perform_login(
            request, account, email_verification="none", redirect_url=wanted or None, signal_kwargs=told
        )  # fmt: skip
    get_adapter().login(request, account)
    return get_adapter().post_login(
        request, account, email_verification="none", signal_kwargs=told, email=None, signup=False,
        redirect_url=wanted or None,
    )  # fmt: skip


def _callback(request: Request, code: str) -> str:
    return request.build_absolute_uri(reverse("sso:back", args=[code]))


def _address(request: Request) -> str:
    return str(get_adapter().get_client_ip(request))
