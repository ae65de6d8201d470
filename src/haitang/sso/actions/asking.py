"""What is asked of providers over the network; always through the one door, and never inside a transaction."""

import base64
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode

from haitang.core import outgoing
from haitang.core.errors import Refusal
from haitang.sso.models import IdentityProvider
from haitang.sso.queries import get_secret, single_sign_on_rules
from haitang.sso.values import Attempt, Why, read_object, refuse

log = logging.getLogger(__name__)
WELL_KNOWN = "/.well-known/openid-configuration"
_NEEDED = ("authorization_endpoint", "token_endpoint", "jwks_uri")
_BYTES_MAX = 256 * 1024
_KEYS_MAX = 50
_CODE_LENGTH_MAX = 4096


@dataclass(frozen=True, slots=True)
class Published:
    """What a provider publishes of itself, as far as it is used: addresses, how clients prove themselves; its keys."""

    told: dict[str, Any]
    keys: list[dict[str, Any]]


def read_published(issuer: str) -> Published:
    """Return what the issuer publishes at its well-known address.

    Raises AddressRefused (not public, or not let through), Refused (no answer, or not that issuer's).

    Source: OpenID Connect Discovery 1.0, section 4; RFC 7517 (JSON Web Key).
    """
    told = _asked(issuer.rstrip("/") + WELL_KNOWN)
    if told.get("issuer") != issuer or not all(isinstance(told.get(name), str) for name in _NEEDED):
        raise refuse(Why.ANSWER)
    end = told.get("end_session_endpoint")
    for url in (*(told[name] for name in _NEEDED), *([end] if isinstance(end, str) else [])):
        outgoing.read_url(url)
    methods = told.get("token_endpoint_auth_methods_supported")
    kept = {name: told[name] for name in _NEEDED}
    kept["end_session_endpoint"] = end if isinstance(end, str) else ""
    kept["methods"] = [each for each in methods if isinstance(each, str)] if isinstance(methods, list) else []
    kept["says_issuer"] = told.get("authorization_response_iss_parameter_supported") is True
    return Published(kept, _keys(told["jwks_uri"]))


def _keys(url: str) -> list[dict[str, Any]]:
    keys = _asked(url).get("keys")
    if not isinstance(keys, list) or len(keys) > _KEYS_MAX:
        raise refuse(Why.ANSWER)
    return [key for key in keys if isinstance(key, dict) and key.get("kty") in ("RSA", "EC") and "d" not in key]


def fetch_id_token(row: IdentityProvider, attempt: Attempt, *, code: str, callback: str) -> str:
    """Return the ID token that the provider gives for a code. Raises AddressRefused, Refused.

    Source: RFC 6749, sections 2.3.1 and 4.1.3; RFC 7636, section 4.5.
    """
    if not 0 < len(code) <= _CODE_LENGTH_MAX:
        raise refuse(Why.STATE)
    given = {
        "grant_type": "authorization_code", "code": code, "redirect_uri": callback, "code_verifier": attempt.verifier,
    }  # fmt: skip
    headers = {"Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json"}
    secret, methods = get_secret(row), row.told["methods"]
    if secret and (not methods or "client_secret_basic" in methods):
        words = f"{quote(row.client_id, safe='')}:{quote(secret, safe='')}"
        headers["Authorization"] = f"Basic {base64.b64encode(words.encode()).decode()}"
    else:
        given["client_id"] = row.client_id
        if secret:
            given["client_secret"] = secret
    told = _asked(row.told["token_endpoint"], given, headers)
    token = told.get("id_token")
    if not isinstance(token, str):
        raise refuse(Why.ANSWER)
    return token


def _asked(
    url: str, given: Mapping[str, str] | None = None, headers: Mapping[str, str] | None = None
) -> dict[str, Any]:  # fmt: skip
    """Return what the address answers, an object of JSON; a redirect is none. Raises AddressRefused, Refused."""
    try:
        answer = outgoing.send(
            url, method="GET" if given is None else "POST", body=urlencode(given or {}).encode(),
            headers=headers or {"Accept": "application/json"}, within_s=single_sign_on_rules()["timeout_s"],
            bytes_max=_BYTES_MAX,
        )  # fmt: skip
    except outgoing.NoAnswer as refusal:
        _note(url, refusal.message)
        raise refuse(Why.NO_ANSWER) from refusal
    except Refusal as refusal:
        _note(url, refusal.message)
        raise
    if answer.status != 200:
        _note(url, f"HTTP {answer.status}")
        raise refuse(Why.ANSWER)
    return read_object(answer.body)


def _note(url: str, what: str) -> None:
    """Tell the operator; neither the code nor what was answered, which may hold a token."""
    log.warning("single sign-on: %s: %s", outgoing.read_url(url).host, what)
