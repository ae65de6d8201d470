"""Open sessions: noted when they begin, ended by their owner, by an administrator, or by the clock."""

from datetime import datetime

from django.contrib.sessions.models import Session
from django.db import transaction
from django.utils.translation import gettext as _

from haitang.core import history
from haitang.core.access import EVERYWHERE, Actor, require
from haitang.core.errors import NotFound
from haitang.people import queries
from haitang.people.facts import SessionEnded, SessionsEnded, SignedIn
from haitang.people.models import SignIn
from haitang.people.values import Permission, clean_text, device_of

_ADDRESS_MAX = 45


@transaction.atomic
def begin_session(*, actor: Actor, session_key: str, address: str, user_agent: str, now: datetime) -> SignIn:
    """Note that the actor has signed in, here and in the history; the oldest sessions past `sessions_max` end."""
    device, account_id = device_of(user_agent), actor.id or 0
    row, _made = SignIn.objects.update_or_create(
        session_key=session_key,
        defaults={
            "account_id": account_id, "device": device, "address": address[:_ADDRESS_MAX], "at": now, "seen_at": now,
        },
    )  # fmt: skip
    history.record(actor=actor, fact=SignedIn(row.account_id, row.address, device), at=now)
    most = queries.sign_in_rules()["sessions_max"]
    if most:
        held = SignIn.objects.filter(account_id=account_id).order_by("-at", "-id")
        _close(list(held.values_list("session_key", flat=True)[most:]))
    return row


@transaction.atomic
def note_seen(*, actor: Actor, session_key: str, now: datetime) -> None:
    """Note that the session is in use; entrances say so once a minute at most."""
    SignIn.objects.filter(session_key=session_key).update(seen_at=now)


@transaction.atomic
def renew_session(*, actor: Actor, was: str, session_key: str, now: datetime) -> None:
    """The session goes on under another key."""
    SignIn.objects.filter(session_key=was).update(session_key=session_key, seen_at=now)


@transaction.atomic
def forget_session(*, actor: Actor, session_key: str, now: datetime) -> None:
    """The session has ended by itself, or its owner has signed out: nothing is left of it."""
    _close([session_key])


@transaction.atomic
def end_session(*, actor: Actor, sign_in_id: int, now: datetime) -> None:
    """End one session of the actor's own, at once. Raises NotFound (another's, too)."""
    row = queries.lock_sign_in(sign_in_id)
    if row.account_id != actor.id:
        raise NotFound(_("没有找到这处登录，可能已经结束"))
    _close([row.session_key])
    history.record(actor=actor, fact=SessionEnded(row.account_id), at=now)


@transaction.atomic
def end_sessions(*, actor: Actor, account_id: int, reason: str, now: datetime, but: str = "") -> int:
    """End every session of an account at once, and return how many. but: the key of one that goes on.

    Raises AccountUnknown, NotAllowed (another's account without GRANT_MANAGE everywhere), Invalid (no reason).
    """
    if account_id != actor.id:
        require(actor, Permission.GRANT_MANAGE, area_path=EVERYWHERE)
    queries.lock_account(account_id)
    reason = clean_text(reason, field="reason", label=_("理由"), length_max=200)
    ended = close_sessions(account_id, but=but)
    history.record(actor=actor, fact=SessionsEnded(account_id, reason), at=now)
    return ended


def close_sessions(account_id: int, *, but: str = "") -> int:
    """End the account's sessions, inside another deed, and return how many. but: the key of one that goes on."""
    held = SignIn.objects.filter(account_id=account_id).exclude(session_key=but)
    return _close(list(held.values_list("session_key", flat=True)))


def _close(keys: list[str]) -> int:
    Session.objects.filter(session_key__in=keys).delete()
    return SignIn.objects.filter(session_key__in=keys).delete()[0]
