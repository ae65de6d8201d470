"""Systems that let in whoever is signed in here, and the keys by which they know that it was said here."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import jwt
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from django.utils.translation import gettext as _

from haitang.core import crypto
from haitang.core.access import Actor
from haitang.core.policy import Policy
from haitang.people.queries import get_actor, hash_token
from haitang.sso import policies
from haitang.sso.models import KEY, Admission, ConnectedSystem, SigningKey
from haitang.sso.queries.providers import single_sign_on_rules
from haitang.sso.values import Asked, AskedWrongly, NotForResidents, SystemNotFound, read_request


@dataclass(frozen=True, slots=True)
class Key:
    """A key with which tokens are or were signed. public: as a JSON web key, with its id."""

    private: Any
    public: Mapping[str, Any]
    retired_at: datetime | None


def _keys() -> tuple[Key, ...]:
    return tuple(_opened(row) for row in SigningKey.objects.order_by("-made_at", "-id"))


def _opened(row: SigningKey) -> Key:
    private = load_pem_private_key(crypto.open_(row.pem_sealed, KEY).encode(), password=None)
    told = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(private.public_key()))  # type: ignore[arg-type]  # only RSA
    return Key(private, {**told, "kid": row.kid, "use": "sig", "alg": "RS256", "key_ops": ["verify"]}, row.retired_at)


KEYS: Policy[tuple[Key, ...]] = Policy("sso.keys", _keys)


def published_keys(now: datetime) -> list[Mapping[str, Any]]:
    """Return the public keys by which tokens of now and of a while ago are checked, the present one first."""
    kept = timedelta(hours=single_sign_on_rules()["old_key_hours"])
    return [key.public for key in KEYS.get() if key.retired_at is None or now - key.retired_at < kept]


def list_systems(*, viewer: Actor) -> Sequence[ConnectedSystem]:
    """Return every connected system by name, those disconnected last; raise NotAllowed without MANAGE everywhere."""
    policies.check_can_manage(viewer)
    return list(ConnectedSystem.objects.order_by("-is_active", "name", "id"))


def get_system(*, viewer: Actor, system_id: int) -> ConnectedSystem:
    """Return one; raise NotAllowed without MANAGE everywhere, SystemNotFound."""
    policies.check_can_manage(viewer)
    return _one(ConnectedSystem.objects.filter(pk=system_id))


def find_system(client_id: str) -> ConnectedSystem:
    """Return the system in use that names itself so; raise SystemNotFound. For entrances without a viewer."""
    return _one(ConnectedSystem.objects.filter(client_id=client_id[:100], is_active=True))


def lock_system(system_id: int) -> ConnectedSystem:
    """Return one, locked until the end of the transaction. Raises SystemNotFound."""
    return _one(ConnectedSystem.objects.select_for_update().filter(pk=system_id))


def check_request(
    *, viewer: Actor, given: Mapping[str, Sequence[str]], issuer: str
) -> tuple[ConnectedSystem, Asked]:  # fmt: skip
    """
    Return which system asks for what. Raises SystemNotFound, NotForResidents, AskedWrongly.

    given: every value of each parameter of the address. issuer: what this site is called.
    """
    row = find_system(next(iter(given.get("client_id", ())), ""))
    asked = read_request(given, redirects=row.redirects, allowed=row.scopes, issuer=issuer)
    if not viewer.permissions or viewer.standing_in_for is not None:
        raise NotForResidents(_("接入系统只供工作人员以本人账号登录"))
    return row, asked


def get_claims(*, token: str, now: datetime) -> dict[str, str]:
    """Return what the bearer of a token may know of whoever was let in; raise AskedWrongly.

    Source: OpenID Connect Core 1.0, section 5.3.
    """
    found = Admission.objects.filter(
        token_hash=hash_token(token), token_until__gt=now, revoked_at=None, system__is_active=True,
        account__is_active=True,
    )  # fmt: skip
    row = found.select_related("account").first()
    if row is None:
        raise AskedWrongly("invalid_token", status=401)
    claims = {"sub": str(row.account_id)}
    if "profile" in row.scopes:
        claims |= {"name": row.account.name, "preferred_username": row.account.username}
    if "organization" in row.scopes and (name := get_actor(row.account_id, now=now).organization_name):
        claims["organization"] = name
    return claims


def _one(found: Any) -> ConnectedSystem:
    row: ConnectedSystem | None = found.first()
    if row is None:
        raise SystemNotFound(_("没有这个接入系统，或已停用"))
    return row
