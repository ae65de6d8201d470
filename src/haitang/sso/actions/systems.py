"""Keeping connected systems, and the keys with which what they are told is signed."""

from collections.abc import Collection
from datetime import datetime, timedelta
from ipaddress import ip_address
from secrets import token_urlsafe
from urllib.parse import urlsplit

from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from django.conf import settings
from django.db import connection, transaction
from django.utils.translation import gettext as _

from haitang.core import crypto, history
from haitang.core.access import Actor
from haitang.core.errors import Invalid
from haitang.core.outgoing import URL_LENGTH_MAX
from haitang.people.queries import hash_token
from haitang.people.values import clean_text
from haitang.sso import policies, queries
from haitang.sso.facts import SigningKeyMade, SystemChanged, SystemConnected, SystemSecretChanged
from haitang.sso.models import KEY, Admission, ConnectedSystem, SigningKey
from haitang.sso.values import NAME_LENGTH_MAX, REDIRECTS_MAX, SCOPES

_KEY_BITS = 2048
_ONE_MAKER = 0x68747373  # "htss", the number of the advisory lock
_LEFT_FOR = timedelta(days=1)


@transaction.atomic
def connect_system(
    *, actor: Actor, name: str, redirects: Collection[str], scopes: Collection[str], now: datetime
) -> tuple[ConnectedSystem, str]:  # fmt: skip
    """
    Let another system let in whoever is signed in here. Returns the row and the secret, never shown again.

    redirects: the whole addresses to which people are sent back. scopes: of values.SCOPES, beside "openid".
    Raises NotAllowed, Invalid.
    """
    policies.check_can_manage(actor)
    secret = token_urlsafe(32)
    row = ConnectedSystem.objects.create(
        **_checked(name, redirects, scopes), client_id=f"ht-{token_urlsafe(12)}", secret_hash=hash_token(secret),
        made_at=now,
    )  # fmt: skip
    history.record(actor=actor, fact=SystemConnected(row.pk, row.name, row.redirects, row.scopes), at=now)
    return row, secret


@transaction.atomic
def change_system(
    *, actor: Actor, system_id: int, name: str, redirects: Collection[str], scopes: Collection[str], is_active: bool,
    now: datetime,
) -> ConnectedSystem:  # fmt: skip
    """
    Change a connected system, or disconnect it: then what it was given holds no longer. See `connect_system`.

    Raises NotAllowed, SystemNotFound, Invalid.
    """
    policies.check_can_manage(actor)
    row = queries.lock_system(system_id)
    for field, value in _checked(name, redirects, scopes).items():
        setattr(row, field, value)
    row.is_active = is_active
    row.save()
    if not is_active:
        Admission.objects.filter(system=row, revoked_at=None).update(revoked_at=now)
    history.record(actor=actor, fact=SystemChanged(row.pk, row.name, row.redirects, row.scopes, is_active), at=now)
    return row


@transaction.atomic
def rotate_system_secret(*, actor: Actor, system_id: int, now: datetime) -> str:
    """Give a system another secret, and return it; the former holds no longer. Raises NotAllowed, SystemNotFound."""
    policies.check_can_manage(actor)
    row = queries.lock_system(system_id)
    secret = token_urlsafe(32)
    row.secret_hash = hash_token(secret)
    row.save(update_fields=["secret_hash"])
    history.record(actor=actor, fact=SystemSecretChanged(row.pk), at=now)
    return secret


@transaction.atomic
def rotate_signing_key(*, actor: Actor, now: datetime) -> None:
    """Sign with a new key from now on; the one before is published for as long as the rules say. Raises NotAllowed."""
    policies.check_can_manage(actor)
    _alone()
    SigningKey.objects.filter(retired_at=None).update(retired_at=now)
    _make_key(actor, now)


@transaction.atomic
def ensure_signing_key(*, actor: Actor, now: datetime) -> None:
    """Make the first key, whoever comes first; at once where there is one."""
    if queries.KEYS.get():
        return
    _alone()
    if not SigningKey.objects.exists():
        _make_key(actor, now)


@transaction.atomic
def tidy_single_sign_on(*, actor: Actor, now: datetime) -> int:
    """Remove what was given to systems and has ended, and keys of which nothing valid is left; return how many."""
    removed, _by_model = Admission.objects.filter(at__lt=now - _LEFT_FOR).delete()
    kept = timedelta(hours=queries.single_sign_on_rules()["old_key_hours"])
    if SigningKey.objects.filter(retired_at__lt=now - kept).delete()[0]:
        queries.KEYS.touch()
    return removed


def _alone() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_ONE_MAKER])


def _make_key(actor: Actor, now: datetime) -> None:
    private = rsa.generate_private_key(public_exponent=65537, key_size=_KEY_BITS)
    pem = private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
    row = SigningKey.objects.create(kid=token_urlsafe(12), pem_sealed=crypto.seal(pem, KEY), made_at=now)
    history.record(actor=actor, fact=SigningKeyMade(row.pk), at=now)
    queries.KEYS.touch()


def _checked(name: str, redirects: Collection[str], scopes: Collection[str]) -> dict[str, object]:
    urls = list(dict.fromkeys(url.strip() for url in redirects if url.strip()))
    if not 0 < len(urls) <= REDIRECTS_MAX or not all(map(_is_redirect, urls)):
        sentence = _("每行一个以 https:// 开头的完整地址，不带 #，最多 %(n)d 个") % {"n": REDIRECTS_MAX}
        raise Invalid(sentence, {"redirects": sentence})
    if not set(scopes) <= SCOPES.keys():
        raise Invalid(_("请选择内容范围"), {"scopes": _("请选择内容范围")})
    return {
        "name": clean_text(name, field="name", label=_("名称"), length_max=NAME_LENGTH_MAX),
        "redirects": urls,
        "scopes": [scope for scope in SCOPES if scope == "openid" or scope in scopes],
    }


def _is_redirect(url: str) -> bool:
    """Tell whether people may be sent there: by https; on this machine, and where operators allow it, also by http."""
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
        is_local = host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        is_local = False
    plain = url.isascii() and url.isprintable() and not any(each in url for each in " #\\*@")
    schemes = ("https", "http") if is_local or settings.OUTGOING_HTTP else ("https",)
    return plain and len(url) <= URL_LENGTH_MAX and parts.scheme in schemes and bool(parts.hostname)
