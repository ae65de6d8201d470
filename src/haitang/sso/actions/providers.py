"""Keeping providers: whose word is taken, and how much of it."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.core.validators import validate_slug
from django.db import transaction
from django.utils.translation import gettext as _

from haitang.core import crypto, history, outgoing
from haitang.core.access import Actor
from haitang.core.constraints import refusing
from haitang.core.errors import Invalid
from haitang.people.values import clean_text
from haitang.sso import policies, queries
from haitang.sso.actions.asking import Published, read_published
from haitang.sso.facts import AssuranceTrusted, IdentityProviderAdded, IdentityProviderChanged
from haitang.sso.models import SECRET, IdentityProvider
from haitang.sso.values import (
    CODE_LENGTH_MAX,
    NAME_LENGTH_MAX,
    SECRET_LENGTH_MAX,
    TRUSTED_MAX,
    WORD_LENGTH_MAX,
    CodeTaken,
    Refused,
)


def add_provider(
    *, actor: Actor, code: str, name: str, issuer: str, client_id: str, secret: str, subject_claim: str, now: datetime
) -> IdentityProvider:
    """
    Let staff sign in with identities of another system, once these are tied to accounts.

    code: short name in addresses, for good. issuer: as the system names itself; what it publishes there is read now.
    secret: "" for a client that has none (PKCE alone). subject_claim: which claim names a person, "sub" as a rule.
    Raises NotAllowed, Invalid (also where the issuer cannot be read), CodeTaken.
    """
    policies.check_can_manage(actor)
    given: dict[str, Any] = {
        **_checked(name, client_id), "code": _slug(code), "issuer": issuer.strip(),
        "subject_claim": clean_text(
            subject_claim, field="subject_claim", label=_("身份字段"), length_max=WORD_LENGTH_MAX
        ),
        "secret_sealed": _sealed(secret),
    }  # fmt: skip
    published = _published(given["issuer"])
    with transaction.atomic(), refusing(
        {"sso_identityprovider_code_key": CodeTaken(_("短名已被使用，请换一个"))}
    ):  # fmt: skip
        row = IdentityProvider.objects.create(
            **given, told=published.told, keys=published.keys, read_at=now, made_at=now
        )  # fmt: skip
        fact = IdentityProviderAdded(row.pk, row.name, outgoing.read_url(row.issuer).host)
        history.record(actor=actor, fact=fact, at=now)
        queries.PROVIDERS.touch()
    return row


@transaction.atomic
def change_provider(
    *, actor: Actor, provider_id: int, name: str, client_id: str, secret: str, is_active: bool, now: datetime
) -> IdentityProvider:
    """
    Change how a provider is called and what we show it as ours, or switch it off; secret: "" keeps the present one.

    Issuer and subject claim stay: another issuer's identities are others' identities.
    Raises NotAllowed, ProviderNotFound, Invalid.
    """
    policies.check_can_manage(actor)
    row = queries.lock_provider(provider_id)
    for field, value in _checked(name, client_id).items():
        setattr(row, field, value)
    if secret:
        row.secret_sealed = _sealed(secret)
    row.is_active = is_active
    row.save(update_fields=["name", "client_id", "secret_sealed", "is_active"])
    history.record(actor=actor, fact=IdentityProviderChanged(row.pk, row.name, is_active), at=now)
    queries.PROVIDERS.touch()
    return row


@transaction.atomic
def trust_assurances(*, actor: Actor, provider_id: int, trusted: Collection[str], now: datetime) -> None:
    """
    Say which words of a provider's acr or amr stand for a second factor; none: everybody shows their own here.

    Raises NotAllowed (without GRANT_MANAGE everywhere), ProviderNotFound, Invalid.

    Source: OpenID Connect Core 1.0, section 2 (acr, amr); RFC 8176 (values of amr).
    """
    policies.check_can_trust(actor)
    row = queries.lock_provider(provider_id)
    words = list(dict.fromkeys(word.strip() for word in trusted if word.strip()))
    if len(words) > TRUSTED_MAX or any(len(word) > WORD_LENGTH_MAX or "\x00" in word for word in words):
        raise Invalid(_("最多 %(n)d 项") % {"n": TRUSTED_MAX})
    if words == row.trusted:
        return
    row.trusted = words
    row.save(update_fields=["trusted"])
    history.record(actor=actor, fact=AssuranceTrusted(row.pk, words), at=now)


def reread_provider(*, actor: Actor, provider_id: int, issuer: str, now: datetime) -> IdentityProvider:
    """Read again what a provider publishes, and return its row. Raises AddressRefused, Refused."""
    published = read_published(issuer)
    with transaction.atomic():
        row = queries.lock_provider(provider_id)
        is_moved = row.told != published.told
        row.told, row.keys, row.read_at = published.told, published.keys, now
        row.save(update_fields=["told", "keys", "read_at"])
        if is_moved:
            queries.PROVIDERS.touch()
    return row


def _published(issuer: str) -> Published:
    try:
        outgoing.read_url(issuer)
        return read_published(issuer)
    except outgoing.AddressRefused as refusal:
        raise Invalid(refusal.message, {"issuer": refusal.message}) from refusal
    except Refused as refusal:
        sentence = _("读不到对方在该地址公布的配置（%(why)s），请核对") % {"why": refusal.why.label}
        raise Invalid(sentence, {"issuer": sentence}) from refusal


def _checked(name: str, client_id: str) -> dict[str, str]:
    return {
        "name": clean_text(name, field="name", label=_("名称"), length_max=NAME_LENGTH_MAX),
        "client_id": clean_text(client_id, field="client_id", label=_("客户端编号"), length_max=WORD_LENGTH_MAX),
    }


def _slug(code: str) -> str:
    code = code.strip()
    try:
        validate_slug(code)
    except Exception as error:
        raise Invalid(_("短名只能用字母、数字、- 和 _"), {"code": _("短名只能用字母、数字、- 和 _")}) from error
    return clean_text(code, field="code", label=_("短名"), length_max=CODE_LENGTH_MAX)


def _sealed(secret: str) -> bytes:
    secret = clean_text(
        secret, field="secret", label=_("客户端密钥"), length_max=SECRET_LENGTH_MAX, required=False
    )  # fmt: skip
    return crypto.seal(secret, SECRET)
