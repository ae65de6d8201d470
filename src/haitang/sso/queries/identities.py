"""Whose identities these are."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from haitang.core import crypto
from haitang.core.access import Actor
from haitang.sso import policies
from haitang.sso.models import SUBJECT, Identity
from haitang.sso.queries.providers import Door, open_doors
from haitang.sso.values import IdentityNotFound

SHOWN_MAX = 500


@dataclass(frozen=True, slots=True)
class OwnLink:
    """A way by which one may sign in, and one's own identity there, if any."""

    door: Door
    identity: Identity | None


def index_of(provider_id: int, subject: str) -> bytes:
    """Return by what an identity is found: a whole keyed digest, for two subjects must not be taken for one."""
    return crypto.whole_index(subject, f"{SUBJECT}:{provider_id}")


def find_identity(provider_id: int, subject: str) -> Identity | None:
    """Return the identity with its account, None where it opens none. For the action that signs in."""
    found = Identity.objects.filter(provider_id=provider_id, subject_index=index_of(provider_id, subject))
    return found.select_related("account").first()


def list_identities(*, viewer: Actor, provider_id: int) -> Sequence[Identity]:
    """Return whom a provider lets in, by sign-in name, at most SHOWN_MAX; raise NotAllowed without MANAGE everywhere.

    The subjects stay sealed: an administrator who has to correct one enters it anew.
    """
    policies.check_can_manage(viewer)
    found = Identity.objects.filter(provider_id=provider_id).select_related("account", "linked_by")
    return list(found.order_by("account__username", "id")[:SHOWN_MAX])


def list_own_links(*, viewer: Actor) -> list[OwnLink]:
    """Return every way by which the viewer may sign in through a provider that is in use."""
    held = {row.provider_id: row for row in Identity.objects.filter(account_id=viewer.id or 0)} if open_doors() else {}
    return [OwnLink(door, held.get(door.id)) for door in open_doors()]


def lock_identity(identity_id: int) -> Identity:
    """Return an identity, locked until the end of the transaction. Raises IdentityNotFound."""
    row = Identity.objects.select_for_update().filter(pk=identity_id).first()
    if row is None:
        raise IdentityNotFound(_("没有这个统一登录身份，可能已经解除"))
    return row
