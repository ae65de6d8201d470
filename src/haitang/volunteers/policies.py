"""May they? Questions about an actor and rows already loaded; they raise, and read nothing."""

import hashlib
import hmac
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from haitang.core import access, ids
from haitang.core.access import Actor
from haitang.core.scoping import path_of
from haitang.volunteers.values import Permission, VolunteerNotFound, Withdrawn

if TYPE_CHECKING:
    from haitang.volunteers.models import Volunteer


def hash_of(code: str) -> bytes:
    """Return what is kept of a code or key: its SHA-256. They are random, so it needs neither salt nor slowness."""
    return hashlib.sha256(ids.normalize_code(code).encode(errors="replace")).digest()


def is_own(actor: Actor, volunteer: "Volunteer", code: str = "") -> bool:
    """Tell whether it is the actor's own entry: by the account, or by the code that only they know."""
    if actor.id is not None and volunteer.account_id == actor.id:
        return True
    kept = bytes(volunteer.code_hash)
    return bool(code and kept) and hmac.compare_digest(kept, hash_of(code))


def holds_over(actor: Actor, permission: str, volunteer: "Volunteer") -> bool:
    """Tell whether the actor holds the permission where the person lives, or over their unit."""
    return actor.holds(permission, area_path=path_of(volunteer.area_ids), organization_id=volunteer.unit_id)


def check_may_see(actor: Actor, volunteer: "Volunteer", code: str = "") -> None:
    """Raise VolunteerNotFound unless it is the actor's own entry or the actor sees the register there."""
    if not is_own(actor, volunteer, code) and not holds_over(actor, Permission.VIEW, volunteer):
        raise VolunteerNotFound(_("没有找到这条志愿登记"))


def check_can_change(actor: Actor, volunteer: "Volunteer", code: str = "") -> None:
    """Changing and withdrawing is for the person, and for who keeps the register there."""
    check_may_see(actor, volunteer, code)
    if not is_own(actor, volunteer, code):
        access.require(
            actor, Permission.MANAGE, area_path=path_of(volunteer.area_ids), organization_id=volunteer.unit_id
        )
    check_stands(volunteer)


def check_can_give_code(actor: Actor, volunteer: "Volunteer") -> None:
    """Giving a person the code of their entry is for who keeps the register there, who knows who they are."""
    check_may_see(actor, volunteer)
    access.require(actor, Permission.MANAGE, area_path=path_of(volunteer.area_ids), organization_id=volunteer.unit_id)
    check_stands(volunteer)


def check_stands(volunteer: "Volunteer") -> None:
    """Raise Withdrawn for who has left."""
    if volunteer.withdrawn_at is not None:
        raise Withdrawn(_("本人已撤回登记"))


def check_can_unmask(actor: Actor, volunteer: "Volunteer") -> None:
    """A telephone in full takes UNMASK where the person lives or over their unit."""
    check_may_see(actor, volunteer)
    access.require(actor, Permission.UNMASK, area_path=path_of(volunteer.area_ids), organization_id=volunteer.unit_id)
