"""Second factors: allauth keeps them; what happens to them is written down here; administrators may take them off."""

import base64
from datetime import datetime

from allauth.mfa.models import Authenticator
from django.db import transaction
from django.utils.translation import gettext as _

from haitang.core import crypto, history
from haitang.core.access import EVERYWHERE, Actor, Kind, require
from haitang.core.clock import local_date
from haitang.core.errors import Invalid
from haitang.people import policies, queries
from haitang.people.actions.sessions import close_sessions
from haitang.people.facts import FactorAdded, FactorRemoved, FactorsReset
from haitang.people.values import FACTOR_SECRETS, Permission, clean_text

_SEALED = ("secret", "seed")
"""Where allauth keeps what opens: of a TOTP device, of recovery codes."""


@transaction.atomic
def note_factor(*, actor: Actor, account_id: int, kind: str, is_added: bool, session_key: str, now: datetime) -> None:
    """Write down that the account's owner has taken up a second factor, or given it up; its other sessions end.

    kind: allauth's type. session_key: of the session in which that was done.
    """
    close_sessions(account_id, but=session_key)
    fact = FactorAdded(account_id, kind) if is_added else FactorRemoved(account_id, kind)
    history.record(actor=actor, fact=fact, at=now)


@transaction.atomic
def reset_factors(*, actor: Actor, account_id: int, reason: str, now: datetime) -> None:
    """Take all second factors off an account whose owner has lost them; its sessions end.

    The security administrator does this, the system administrator sets passwords: to act as somebody else takes both.
    Raises AccountUnknown, NotAllowed (no GRANT_MANAGE everywhere), AdministratorApart (it is a security or audit
    administrator's, unless the machine's command line asks), Invalid (no reason, or one's own).
    """
    require(actor, Permission.GRANT_MANAGE, area_path=EVERYWHERE)
    account = queries.lock_account(account_id)
    policies.check_may_become(actor, queries.list_grants_of(account_id, local_date(now)))
    if account.pk == actor.id and actor.kind is not Kind.SYSTEM:
        raise Invalid(_("不能清除自己的双因素认证，请由另一位管理员办理"))
    reason = clean_text(reason, field="reason", label=_("理由"), length_max=200)
    Authenticator.objects.filter(user=account).delete()
    close_sessions(account.pk)
    history.record(actor=actor, fact=FactorsReset(account.pk, reason), at=now)


@transaction.atomic
def reseal_factors(*, actor: Actor, limit: int, now: datetime) -> int:
    """Seal the secrets of at most so many second factors anew under the current key; return how many.

    Says nothing new about anybody: the history does not hear of it.
    """
    done = 0
    for row in Authenticator.objects.select_for_update().order_by("pk"):
        old = {key: row.data[key] for key in _SEALED if isinstance(row.data.get(key), str)}
        new = {key: _resealed(text) for key, text in old.items()}
        if new != old:
            row.data = {**row.data, **new}
            row.save(update_fields=["data"])
            done += 1
        if done == limit:
            break
    return done


def _resealed(text: str) -> str:
    """Return a sealed text of allauth's under the current key; the same if it is."""
    blob = base64.b64decode(text)
    if crypto.is_current(blob):
        return text
    return base64.b64encode(crypto.seal(crypto.open_(blob, FACTOR_SECRETS), FACTOR_SECRETS)).decode()
