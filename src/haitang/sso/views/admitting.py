"""Where connected systems send people, and ask for what they were given; actions.admitting names the standards."""

from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

from allauth.account.adapter import get_adapter
from allauth.account.decorators import reauthentication_required
from django.http import HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from haitang.core import clock
from haitang.core.access import ANYONE, SIGNED_IN, allow
from haitang.core.errors import Invalid
from haitang.core.http import Request
from haitang.core.ui.entering import form_page, said
from haitang.core.ui.pages import leads_to, respond
from haitang.people.values import FACTOR, SINCE
from haitang.sso import actions, queries
from haitang.sso.values import SCOPES, SINGLE_SIGN_ON, Asked, AskedWrongly, back_to


@form_page
@allow(SIGNED_IN)
@never_cache
def authorize(request: Request) -> HttpResponse:
    """Ask whoever is signed in whether a system may let them in; POST sends them back to it with the answer."""
    given = {name: request.GET.getlist(name) for name in request.GET}
    try:
        row, asked = queries.check_request(viewer=request.actor, given=given, issuer=issuer_of(request))
    except AskedWrongly as wrong:
        if wrong.redirect:
            return HttpResponseRedirect(wrong.redirect)
        raise Invalid(_("接入系统的请求不正确（回调地址未登记），请联系该系统的管理员")) from wrong
    if "login" in asked.prompts:
        return _again(request, row, asked)
    return _ask(request, row, asked)


def _ask(request: Request, row: Any, asked: Asked) -> HttpResponse:
    issuer = issuer_of(request)
    if request.method == "POST":
        if request.POST.get("answer") != "yes":
            return HttpResponseRedirect(
                back_to(asked.redirect, issuer, error="access_denied", state=asked.state)
            )  # fmt: skip
        code = actions.admit(
            **said(request), system_id=row.pk, asked=asked, had_factor=bool(request.session.get(FACTOR)),
            signed_in_at=datetime.fromtimestamp(request.session.get(SINCE, clock.now().timestamp()), UTC),
        )  # fmt: skip
        return HttpResponseRedirect(back_to(asked.redirect, issuer, code=code, state=asked.state))
    parts = urlsplit(asked.redirect)
    context = {"row": row, "host": parts.netloc, "scopes": [SCOPES[scope] for scope in asked.scopes]}
    return leads_to(respond(request, "sso/consent.html", None, context), f"{parts.scheme}://{parts.netloc}")


_again = reauthentication_required(_ask)
"""As above, for a system that wants the password shown once more (prompt=login)."""


@csrf_exempt
@require_POST
@allow(ANYONE)
def token(request: Request) -> HttpResponse:
    """Give a system what its code is worth."""
    return _answered(
        request, lambda told: actions.redeem(**told, issuer=issuer_of(request))
    )  # fmt: skip


@csrf_exempt
@require_POST
@allow(ANYONE)
def revoke(request: Request) -> HttpResponse:
    """Take a token back."""
    return _answered(request, _revoked)


@csrf_exempt
@require_http_methods(["GET", "POST"])
@allow(ANYONE)
def userinfo(request: Request) -> HttpResponse:
    """Say what the bearer of a token may know."""
    kind, _space, shown = request.headers.get("Authorization", "").partition(" ")
    try:
        if kind.lower() != "bearer":
            raise AskedWrongly("invalid_token", status=401)
        return _json(queries.get_claims(token=shown, now=clock.now()))
    except AskedWrongly as wrong:
        return _wrong(wrong, f'Bearer error="{wrong.error}"')


@require_safe
@allow(ANYONE)
def configuration(request: Request) -> HttpResponse:
    """Publish how systems connect. Source: OpenID Connect Discovery 1.0, section 3; RFC 8414."""
    issuer = issuer_of(request)
    told = {
        "issuer": issuer,
        **{
            name: issuer + reverse(f"sso:{view}")
            for name, view in (
                ("authorization_endpoint", "authorize"), ("token_endpoint", "token"),
                ("userinfo_endpoint", "userinfo"), ("jwks_uri", "keys"), ("revocation_endpoint", "revoke"),
                ("end_session_endpoint", "end"),
            )
        },
        "scopes_supported": list(SCOPES),
        "claims_supported": ["sub", "name", "preferred_username", "organization", "auth_time", "amr"],
        "response_types_supported": ["code"], "response_modes_supported": ["query"],
        "grant_types_supported": ["authorization_code"], "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["RS256"], "code_challenge_methods_supported": ["S256"],
        "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post"],
        "authorization_response_iss_parameter_supported": True, "request_uri_parameter_supported": False,
    }  # fmt: skip
    return JsonResponse(told)


@require_safe
@allow(ANYONE)
def keys(request: Request) -> HttpResponse:
    """Publish the public keys."""
    now = clock.now()
    actions.ensure_signing_key(actor=SINGLE_SIGN_ON, now=now)
    response = JsonResponse({"keys": queries.published_keys(now)})
    response["Cache-Control"] = "public, max-age=3600"
    return response


@require_safe
@allow(ANYONE)
def end(request: Request) -> HttpResponse:
    """Lead whoever signs out of a system to signing out here, which asks them."""
    return redirect("account_logout")


def issuer_of(request: Any) -> str:
    """Return what this site is called as an issuer: the address by which it is asked."""
    return str(request.build_absolute_uri("/")).rstrip("/")


def _answered(request: Request, deed: Any) -> HttpResponse:
    """Do what a system asks for by a form, with its proof of itself; refusals as the protocol words them."""
    try:
        if any(len(values) != 1 for _name, values in request.POST.lists()):
            raise AskedWrongly("invalid_request")
        told = {
            "given": request.POST.dict(), "authorization": request.headers.get("Authorization", ""),
            "address": str(get_adapter().get_client_ip(request)), **said(request),
        }  # fmt: skip
        return _json(deed(told))
    except AskedWrongly as wrong:
        return _wrong(wrong, 'Basic realm="oidc"')


def _revoked(told: dict[str, Any]) -> dict[str, Any]:
    actions.give_back_token(**told)
    return {}


def _json(told: dict[str, Any], status: int = 200) -> HttpResponse:
    response = JsonResponse(told, status=status)
    response["Cache-Control"] = "no-store"
    return response


def _wrong(wrong: AskedWrongly, challenge: str) -> HttpResponse:
    response = _json({"error": wrong.error}, wrong.status)
    if wrong.status == 401:
        response["WWW-Authenticate"] = challenge
    return response
