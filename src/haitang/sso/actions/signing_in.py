"""The way to a provider and back."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlencode

from django.db import transaction

from haitang.core import history, limits
from haitang.core.access import Actor
from haitang.core.errors import Refusal
from haitang.sso import queries
from haitang.sso.actions.asking import fetch_id_token
from haitang.sso.actions.providers import reread_provider
from haitang.sso.facts import ProviderSignInRefused, SignedInThroughProvider
from haitang.sso.models import Identity, IdentityProvider
from haitang.sso.values import Attempt, Refused, Said, Why, has_key, read_id_token, refuse

log = logging.getLogger(__name__)
SCOPE = "openid"
"""All that is asked for: who it is. Names and addresses are kept here by those whose work it is."""


@dataclass(frozen=True, slots=True)
class Arrival:
    """Somebody has come back from a provider. identity: the account that it opens, None on the way of tying one.

    had_factor: the provider's word for a second factor is believed.
    """

    provider: IdentityProvider
    subject: str
    identity: Identity | None
    had_factor: bool


def begin_way(
    *, actor: Actor, code: str, callback: str, next_: str, address: str, now: datetime, links: bool = False
) -> tuple[Attempt, str]:
    """
    Return what the visitor's session is to keep, and the address of the provider to go to.

    links: the identity is to be tied to the actor's account, rather than to open one. callback: where the way ends.
    Raises ProviderNotFound, TooMany, AddressRefused, Refused.

    Source: OpenID Connect Core 1.0, section 3.1.2.1; RFC 7636; RFC 9700 (Best Current Practice for OAuth 2.0 Security).
    """
    _count(address, now)
    row = _fresh(actor, queries.find_provider(code), now)
    attempt = Attempt.begun(row.pk, account_id=actor.id if links else None, next_=next_, now=now)
    asked = {
        "response_type": "code", "client_id": row.client_id, "redirect_uri": callback, "scope": SCOPE,
        "state": attempt.state, "nonce": attempt.nonce, "code_challenge": attempt.challenge,
        "code_challenge_method": "S256",
    }  # fmt: skip
    if row.trusted:
        asked["acr_values"] = " ".join(row.trusted)
    where = row.told["authorization_endpoint"]
    return attempt, f"{where}{'&' if '?' in where else '?'}{urlencode(asked)}"


def end_way(
    *, actor: Actor, code: str, attempt: Attempt | None, given: Mapping[str, str], callback: str, address: str,
    now: datetime,
) -> Arrival:  # fmt: skip
    """
    Return who has come back. attempt: what the session kept under the state that came with it, None for nothing.

    given: the address's parameters. A refusal is in the history, with its reason.
    Raises ProviderNotFound, TooMany, Refused.
    """
    _count(address, now)
    row = queries.find_provider(code)
    try:
        return _arrived(actor, row, attempt, given, callback, now)
    except Refused as refusal:
        _refused(actor, row, refusal.why, address, now)
        raise
    except Refusal as refusal:  # the address is not let through any more
        _refused(actor, row, Why.NO_ANSWER, address, now)
        raise refuse(Why.NO_ANSWER) from refusal


@transaction.atomic
def note_signed_in(*, actor: Actor, provider_id: int, had_factor: bool, now: datetime) -> None:
    """Somebody has signed in through the provider: that goes into the history."""
    account_id = actor.id or 0
    Identity.objects.filter(provider_id=provider_id, account_id=account_id).update(used_at=now)
    history.record(actor=actor, fact=SignedInThroughProvider(account_id, provider_id, had_factor), at=now)


def _arrived(
    actor: Actor, row: IdentityProvider, attempt: Attempt | None, given: Mapping[str, str], callback: str, now: datetime
) -> Arrival:  # fmt: skip
    lasts = timedelta(minutes=queries.single_sign_on_rules()["attempt_minutes"]).total_seconds()
    if attempt is None or attempt.provider_id != row.pk or not 0 <= now.timestamp() - attempt.at + 1 <= lasts + 1:
        raise refuse(Why.STATE)
    if attempt.account_id is not None and attempt.account_id != actor.id:
        raise refuse(Why.STATE)
    named = given.get("iss", "")
    if named != row.issuer if row.told["says_issuer"] else named not in ("", row.issuer):
        raise refuse(Why.STATE)  # another provider's answer: RFC 9207
    if "error" in given:
        raise refuse(Why.DENIED)
    token = fetch_id_token(row, attempt, code=given.get("code", ""), callback=callback)
    said = _read(actor, row, attempt, token, now)
    had_factor = not said.assurances.isdisjoint(row.trusted)
    if attempt.account_id is not None:
        return Arrival(row, said.subject, None, had_factor)
    identity = queries.find_identity(row.pk, said.subject)
    if identity is None:
        raise refuse(Why.UNKNOWN)
    if not identity.account.is_active:
        raise refuse(Why.OFF)
    return Arrival(row, said.subject, identity, had_factor)


def _read(actor: Actor, row: IdentityProvider, attempt: Attempt, token: str, now: datetime) -> Said:
    if not has_key(token, row.keys):
        row = reread_provider(actor=actor, provider_id=row.pk, issuer=row.issuer, now=now)
    skew = timedelta(seconds=queries.single_sign_on_rules()["skew_s"])
    return read_id_token(
        token, keys=row.keys, issuer=row.issuer, client_id=row.client_id, nonce=attempt.nonce, claim=row.subject_claim,
        now=now, skew=skew,
    )  # fmt: skip


def _fresh(actor: Actor, row: IdentityProvider, now: datetime) -> IdentityProvider:
    if now - row.read_at < timedelta(minutes=queries.single_sign_on_rules()["reread_minutes"]):
        return row
    return reread_provider(actor=actor, provider_id=row.pk, issuer=row.issuer, now=now)


def _count(address: str, now: datetime) -> None:
    limits.hit(
        f"sso:{address}", limit=queries.single_sign_on_rules()["attempts_per_minute"], window_s=60, now=now
    )  # fmt: skip


@transaction.atomic
def _refused(actor: Actor, row: IdentityProvider, why: Why, address: str, now: datetime) -> None:
    history.record(actor=actor, fact=ProviderSignInRefused(row.pk, why.value, address), at=now)
