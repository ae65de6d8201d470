"""Tying identities elsewhere to accounts here, and untying them."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from haitang.core import crypto, history
from haitang.core.access import Actor
from haitang.core.constraints import refusing
from haitang.core.errors import Invalid, NotSignedIn
from haitang.people.actions import send_notices
from haitang.people.actions.sessions import close_sessions
from haitang.people.queries import get_account_id, pages
from haitang.people.values import AccountUnknown, clean_text
from haitang.sso import policies, queries
from haitang.sso.facts import IdentityLinked, IdentityUnlinked
from haitang.sso.models import SUBJECT, Admission, Identity, IdentityProvider
from haitang.sso.values import SINGLE_SIGN_ON, WORD_LENGTH_MAX, IdentityNotFound, IdentityTaken, OutOfReach

TOLD = gettext_noop("{who} 为您的账号关联了统一登录“{name}”，今后可由此登录。不是本单位安排的，请告知安全管理员")


@transaction.atomic
def link_own_identity(*, actor: Actor, provider_id: int, subject: str, now: datetime) -> Identity:
    """
    Tie the identity, which its owner has just shown, to the actor's own account. Entrances ask for the password before.

    Raises NotSignedIn, IdentityTaken.
    """
    if actor.id is None or actor.standing_in_for is not None:
        raise NotSignedIn(_("请先登录"))
    return _link(actor, queries.lock_provider(provider_id), actor.id, subject, now)


@transaction.atomic
def enter_identity(*, actor: Actor, provider_id: int, username: str, subject: str, now: datetime) -> Identity:
    """
    Tie an identity to another's account in advance, by the subject or number of staff that the provider will say.

    The account's owner is told. Raises NotAllowed, OutOfReach (an account that the actor may not set a password of:
    whoever ties an identity to it can become it), ProviderNotFound, Invalid, IdentityTaken.
    """
    policies.check_can_manage(actor)
    row = queries.lock_provider(provider_id)
    subject = clean_text(subject, field="subject", label=_("身份编号"), length_max=WORD_LENGTH_MAX)
    try:
        account_id = get_account_id(username.strip())
    except AccountUnknown as refusal:
        raise Invalid(refusal.message, {"username": refusal.message}) from refusal
    _check_reaches(actor, account_id, now)
    identity = _link(actor, row, account_id, subject, now)
    send_notices(
        actor=SINGLE_SIGN_ON, account_ids=[account_id], key=f"sso:{identity.pk}", text=TOLD,
        parts={"who": actor.name, "name": row.name}, now=now,
    )  # fmt: skip
    return identity


@transaction.atomic
def unlink_own_identity(*, actor: Actor, identity_id: int, now: datetime) -> None:
    """Untie an identity from the actor's own account. Raises IdentityNotFound (another's, too)."""
    row = queries.lock_identity(identity_id)
    if row.account_id != actor.id or actor.standing_in_for is not None:
        raise IdentityNotFound(_("没有这个统一登录身份，可能已经解除"))
    _unlink(actor, row, now)


@transaction.atomic
def unlink_identity(*, actor: Actor, identity_id: int, now: datetime) -> int:
    """
    Untie an identity from another's account, and end what it is signed in to; return the provider's id.

    Raises NotAllowed, OutOfReach, IdentityNotFound.
    """
    policies.check_can_manage(actor)
    row = queries.lock_identity(identity_id)
    _check_reaches(actor, row.account_id, now)
    close_sessions(row.account_id)
    _unlink(actor, row, now)
    return row.provider_id


@transaction.atomic
def forget_identities(*, actor: Actor, account_id: int, now: datetime) -> None:
    """Forget every identity of an account that was erased, and where it was let in. Run again, it finds none."""
    Identity.objects.filter(account_id=account_id).delete()
    Admission.objects.filter(account_id=account_id).delete()


def _link(actor: Actor, provider: IdentityProvider, account_id: int, subject: str, now: datetime) -> Identity:
    if actor.id is None:
        raise NotSignedIn(_("请先登录"))
    taken = {
        "sso_one_account_an_identity": IdentityTaken(_("这个统一登录身份已关联另一个账号")),
        "sso_one_identity_an_account": IdentityTaken(_("这个账号已关联该统一登录的身份，请先解除")),
    }
    with refusing(taken):
        row = Identity.objects.create(
            provider=provider, account_id=account_id, subject_sealed=crypto.seal(subject, SUBJECT),
            subject_index=queries.index_of(provider.pk, subject), linked_at=now, linked_by_id=actor.id,
        )  # fmt: skip
    fact = IdentityLinked(account_id, provider.pk, account_id == actor.id)
    history.record(actor=actor, fact=fact, at=now)
    return row


def _unlink(actor: Actor, row: Identity, now: datetime) -> None:
    fact = IdentityUnlinked(row.account_id, row.provider_id, row.account_id == actor.id)
    row.delete()
    history.record(actor=actor, fact=fact, at=now)


def _check_reaches(actor: Actor, account_id: int, now: datetime) -> None:
    page = pages.get_account_page(viewer=actor, account_id=account_id, now=now)
    if not page.may_reset or account_id == actor.id:
        raise OutOfReach(
            _("不能代为关联这个账号：超出您的管理范围，或属于安全、审计管理员（三员分立），请本人登录后关联")
        )
