"""Letting somebody in elsewhere: their consent gives a code, the code a token, once.

Source: OpenID Connect Core 1.0, section 3.1; RFC 6749, section 4.1; RFC 7009; RFC 9700.
"""

import base64
import binascii
from collections.abc import Mapping
from datetime import datetime, timedelta
from secrets import compare_digest, token_urlsafe
from typing import Any
from urllib.parse import unquote_plus

import jwt
from django.db import transaction
from django.utils.translation import gettext as _

from haitang.core import history, limits
from haitang.core.access import Actor, Kind
from haitang.core.errors import NotSignedIn
from haitang.people.queries import hash_token
from haitang.sso import queries
from haitang.sso.actions.systems import ensure_signing_key
from haitang.sso.facts import AdmittedToSystem, CodeUsedTwice
from haitang.sso.models import Admission, ConnectedSystem
from haitang.sso.values import (
    SINGLE_SIGN_ON,
    Asked,
    AskedWrongly,
    SystemNotFound,
    is_proof,
)


@transaction.atomic
def admit(
    *, actor: Actor, system_id: int, asked: Asked, signed_in_at: datetime, had_factor: bool, now: datetime
) -> str:  # fmt: skip
    """
    Let the actor in at a system, and return the code that says so. Entrances have asked for consent.

    signed_in_at: when the session began; had_factor: whether a second factor was shown in it.
    Raises NotSignedIn.
    """
    if actor.id is None or actor.kind is not Kind.ACCOUNT:
        raise NotSignedIn(_("请先登录"))
    code = token_urlsafe(32)
    Admission.objects.create(
        system_id=system_id, account_id=actor.id, scopes=list(asked.scopes), redirect=asked.redirect, nonce=asked.nonce,
        challenge=asked.challenge, code_hash=hash_token(code), signed_in_at=signed_in_at, had_factor=had_factor, at=now,
    )  # fmt: skip
    history.record(actor=actor, fact=AdmittedToSystem(actor.id, system_id, list(asked.scopes)), at=now)
    return code


def redeem(
    *, actor: Actor, given: Mapping[str, str], authorization: str, address: str, issuer: str, now: datetime
) -> dict[str, Any]:  # fmt: skip
    """
    Return what a system is given for a code: an ID token, and one to ask for claims. given: the form's fields.

    A code that comes a second time ends what it gave the first time. Raises AskedWrongly, TooMany.
    """
    row = _known(given, authorization, address, now)
    if given.get("grant_type") != "authorization_code":
        raise AskedWrongly("unsupported_grant_type")
    ensure_signing_key(actor=SINGLE_SIGN_ON, now=now)
    token = token_urlsafe(32)
    admission = _spend(actor, row, given, token, now)
    if admission is None:
        raise AskedWrongly("invalid_grant")
    rules = queries.single_sign_on_rules()
    claims: dict[str, Any] = {
        "iss": issuer, "sub": str(admission.account_id), "aud": row.client_id, "iat": int(now.timestamp()),
        "exp": int((now + timedelta(minutes=rules["id_token_minutes"])).timestamp()),
        "auth_time": int(admission.signed_in_at.timestamp()),
    }  # fmt: skip
    if admission.nonce:
        claims["nonce"] = admission.nonce
    if admission.had_factor:
        claims["amr"] = ["mfa"]
    key = queries.KEYS.get()[0]
    return {
        "access_token": token, "token_type": "Bearer", "expires_in": rules["token_minutes"] * 60,
        "scope": " ".join(admission.scopes),
        "id_token": jwt.encode(claims, key.private, algorithm="RS256", headers={"kid": key.public["kid"]}),
    }  # fmt: skip


def give_back_token(
    *, actor: Actor, given: Mapping[str, str], authorization: str, address: str, now: datetime
) -> None:  # fmt: skip
    """A system gives a token back; one that is unknown, or another's, is none. Raises AskedWrongly, TooMany."""
    row = _known(given, authorization, address, now)
    found = Admission.objects.filter(system=row, token_hash=hash_token(given.get("token", "")), revoked_at=None)
    found.update(revoked_at=now)


@transaction.atomic
def _spend(
    actor: Actor, row: ConnectedSystem, given: Mapping[str, str], token: str, now: datetime
) -> Admission | None:  # fmt: skip
    """Return the admission whose code this is, which then is spent; None where it gives nothing."""
    found = Admission.objects.select_for_update(of=("self",)).select_related("account")
    admission = found.filter(system=row, code_hash=hash_token(given.get("code", ""))).first()
    if admission is None:
        return None
    if admission.spent_at is not None:
        if admission.revoked_at is None:
            admission.revoked_at = now
            admission.save(update_fields=["revoked_at"])
            fact = CodeUsedTwice(row.pk, admission.account_id)
            history.record(actor=actor, fact=fact, at=now)
        return None
    rules = queries.single_sign_on_rules()
    is_due = (
        admission.revoked_at is None
        and now - admission.at < timedelta(seconds=rules["code_s"])
        and admission.account.is_active
        and compare_digest(admission.redirect.encode(), given.get("redirect_uri", "").encode())
        and is_proof(given.get("code_verifier", ""), admission.challenge)
    )
    admission.spent_at = now  # a try with a wrong proof spends it, too
    if not is_due:
        admission.revoked_at = now
    else:
        admission.token_hash, admission.token_until = hash_token(token), now + timedelta(minutes=rules["token_minutes"])
    admission.save(update_fields=["spent_at", "revoked_at", "token_hash", "token_until"])
    return admission if is_due else None


def _known(given: Mapping[str, str], authorization: str, address: str, now: datetime) -> ConnectedSystem:
    """Return the system that has shown its secret, in the header or in the form (RFC 6749, section 2.3.1)."""
    limits.hit(
        f"sso.token:{address}", limit=queries.single_sign_on_rules()["token_requests_per_minute"], window_s=60, now=now
    )  # fmt: skip
    named, shown = given.get("client_id", ""), given.get("client_secret", "")
    kind, _space, words = authorization.partition(" ")
    if kind.lower() == "basic":
        try:
            name, _colon, secret = base64.b64decode(words, validate=True).decode().partition(":")
        except (binascii.Error, UnicodeDecodeError) as error:
            raise AskedWrongly("invalid_client", status=401) from error
        named, shown = unquote_plus(name), unquote_plus(secret)
    try:
        row = queries.find_system(named)
    except SystemNotFound as refusal:
        raise AskedWrongly("invalid_client", status=401) from refusal
    if not compare_digest(hash_token(shown), bytes(row.secret_hash)):
        raise AskedWrongly("invalid_client", status=401)
    return row
