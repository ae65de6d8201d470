"""Phones are switched on and forgotten; with the key go the drafts."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from importlib import import_module
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from haitang.core import history
from haitang.core.access import Actor, Kind
from haitang.core.constraints import refusing
from haitang.core.errors import Invalid, NotSignedIn
from haitang.field import queries
from haitang.field.facts import PhoneForgotten, PhoneJoined
from haitang.field.models import Phone
from haitang.field.values import OtherAccount, PhoneUnknown

KEY_LENGTH_MAX = 8000


@transaction.atomic
def join_phone(*, actor: Actor, uid: UUID, key: str, now: datetime) -> Phone:
    """
    Switch the field page on in a browser, and keep the private half of its key until it is forgotten.

    uid: the browser's random name. key: opaque here, 1 to KEY_LENGTH_MAX characters.
    Once under one name: asked again, the first key stays. Raises NotSignedIn, Invalid, OtherAccount.
    """
    if actor.id is None or actor.kind is not Kind.ACCOUNT:
        raise NotSignedIn(_("请先登录"))
    if not 0 < len(key) <= KEY_LENGTH_MAX or not key.isascii():
        raise Invalid(_("手机密钥不正确"))
    held = Phone.objects.filter(uid=uid).first()
    if held is not None and held.account_id == actor.id:
        return held
    phone = Phone(account_id=actor.id, uid=uid, made_at=now, ends_at=now + timedelta(days=settings.PHONE_KEY_DAYS))
    phone.key = key
    with refusing({"field_phone_uid_key": OtherAccount(_("这部手机由另一账号启用"))}):
        phone.save(force_insert=True)
    history.record(actor=actor, fact=PhoneJoined(actor.id, phone.pk), at=now)
    return phone


@transaction.atomic
def forget_phone(*, actor: Actor, uid: UUID, now: datetime, reason: str = "signed_out") -> bool:
    """
    Destroy the key of one of the actor's own phones, and with it whatever drafts are left there.

    reason: signed_out or renewed. Returns whether there was one.
    """
    phones = queries.lock_phones(uid=uid, account_id=actor.id if actor.id is not None else -1)
    _forget(actor, phones, reason, now)
    return bool(phones)


@transaction.atomic
def note_sign_in(*, actor: Actor, uid: UUID, session: str, now: datetime) -> None:
    """
    Remember in which session the actor's phone asks, for `revoke_phone` to end it. session: its key.

    Raises PhoneUnknown.
    """
    phone = queries.get_phone(viewer=actor, uid=uid)
    phone.sign_in = session
    phone.save(update_fields=["sign_in_sealed"])


@transaction.atomic
def revoke_phone(*, actor: Actor, phone_id: int, now: datetime, session: str = "") -> None:
    """
    Destroy the key of one of the actor's own phones and end the sign-in there: drafts left on it can be read and sent
    by nobody.

    session: the one in which the actor asks, which goes on. Raises PhoneUnknown, for another account's as well.
    """
    phones = queries.lock_phones(pk=phone_id, account_id=actor.id if actor.id is not None else -1)
    if not phones:
        raise PhoneUnknown(_("这部手机尚未启用，或已停用"))
    for phone in phones:
        if phone.sign_in and phone.sign_in != session:
            import_module(settings.SESSION_ENGINE).SessionStore().delete(phone.sign_in)
    _forget(actor, phones, "revoked", now)


@transaction.atomic
def forget_phones_of(*, actor: Actor, account_id: int, now: datetime) -> int:
    """Destroy the keys of all phones of an account that was switched off or whose password was reset; return how many.

    For reactions: `actor` is the system.
    """
    phones = queries.lock_phones(account_id=account_id)
    _forget(actor, phones, "switched_off", now)
    return len(phones)


@transaction.atomic
def forget_expired_phones(*, actor: Actor, now: datetime) -> int:
    """Destroy the keys whose time is up; return how many."""
    phones = queries.lock_phones(ends_at__lte=now)
    _forget(actor, phones, "expired", now)
    return len(phones)


def _forget(actor: Actor, phones: Iterable[Phone], reason: str, now: datetime) -> None:
    for phone in phones:
        history.record(actor=actor, fact=PhoneForgotten(phone.account_id, phone.pk, reason), at=now)
        phone.delete()
