"""Estates entered and changed; an owner looked at in full, or tied to an account."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from haitang.core import history
from haitang.core.access import Actor
from haitang.core.constraints import refusing
from haitang.organizations.queries import organizations
from haitang.owners import policies, queries
from haitang.owners.actions.shared import audience_of, reason_of, text_of
from haitang.owners.facts import EstateChanged, EstateEntered, EstatesMoved, OwnerTied, OwnerUnmasked
from haitang.owners.models import Decision, Estate, Owner
from haitang.owners.values import (
    LINE_LENGTH_MAX,
    NAME_LENGTH_MAX,
    AlreadyThere,
    BadEstate,
    NewEstate,
)
from haitang.people.queries import get_account_id
from haitang.territory.queries import territory
from haitang.territory.values import Kind


def _filled(estate: Estate, new: NewEstate) -> Estate:
    """Put on the row what was typed. Raises BadEstate."""
    area = territory().by_code(new.area_code)
    if area is None or area.level < Kind.COMMUNITY.level:
        raise BadEstate(_("请选择社区或网格"), {"area": _("请选择社区或网格")})
    if new.company_id is not None and organizations().by_id(new.company_id) is None:
        raise BadEstate(_("没有这个物业服务企业"), {"company": _("没有这个物业服务企业")})
    estate.name = text_of(new.name, "name", NAME_LENGTH_MAX, missing=_("请填写小区名称"), refusal=BadEstate)
    estate.area_id, estate.area_ids = area.id, list(area.ids)
    estate.address = text_of(new.address, "address", LINE_LENGTH_MAX, refusal=BadEstate)
    estate.builder = text_of(new.builder, "builder", NAME_LENGTH_MAX, refusal=BadEstate)
    estate.company_id = new.company_id
    return estate


def _twice() -> AlreadyThere:
    return AlreadyThere(_("这个社区已有同名的小区"))


@transaction.atomic
def enter_estate(*, actor: Actor, new: NewEstate, now: datetime) -> Estate:
    """Enter a housing estate, without units yet. Raises NotAllowed (no KEEP there), BadEstate, AlreadyThere."""
    estate = _filled(Estate(entered_at=now), new)
    policies.check_can_keep(actor, estate.area_path)
    with refusing({"owners_estate_once": _twice()}):
        estate.save()
    fact = EstateEntered(estate.pk, estate.name)
    history.record(actor=actor, fact=fact, at=now, audience=audience_of(estate))
    return estate


@transaction.atomic
def change_estate(
    *, actor: Actor, estate_id: int, new: NewEstate, silent_follows: bool, silent_basis: str, now: datetime
) -> Estate:
    """
    Change what is said of an estate.

    silent_follows: the owners' own rules count a silent owner with the majority; off unless they say so, and then
    silent_basis names the clause. Decisions announced already keep what held at their notice.
    Raises EstateNotFound, NotAllowed, BadEstate, AlreadyThere.
    """
    estate = queries.lock_estate(estate_id)
    policies.check_can_keep(actor, estate.area_path)
    missing = _("请写明业主大会议事规则的哪一条这样约定")
    estate.silent_basis = text_of(
        silent_basis, "silent_basis", LINE_LENGTH_MAX, missing=missing if silent_follows else "", refusal=BadEstate
    )
    estate.silent_follows = silent_follows
    _filled(estate, new)
    policies.check_can_keep(actor, estate.area_path)
    with refusing({"owners_estate_once": _twice()}):
        estate.save()
    Decision.objects.filter(estate=estate).update(area_ids=estate.area_ids)
    fact = EstateChanged(estate.pk, estate.name)
    history.record(actor=actor, fact=fact, at=now, audience=audience_of(estate))
    return estate


@transaction.atomic
def tie_owner(*, actor: Actor, owner_id: int, username: str, now: datetime) -> Owner:
    """
    Tie an owner to an account by its sign-in name, which may vote for them from now on; "" unties.

    The desk has seen who they are. Raises OwnerNotFound, EstateNotFound, NotAllowed (no KEEP there), AccountUnknown,
    AlreadyThere (the account stands for another owner of the estate).
    """
    estate, owner = queries.get_owner(viewer=actor, owner_id=owner_id)
    policies.check_can_keep(actor, estate.area_path)
    account_id = get_account_id(username.strip()) if username.strip() else None
    owner.account_id = account_id
    with refusing({"owners_account_once": AlreadyThere(_("这个账号已绑定本小区的另一位业主"))}):
        owner.save(update_fields=["account_id"])
    fact = OwnerTied(estate.pk, owner.pk, account_id)
    history.record(actor=actor, fact=fact, at=now, audience=audience_of(estate))
    return owner


@transaction.atomic
def unmask_owner(*, actor: Actor, owner_id: int, reason: str, now: datetime) -> tuple[str, str, str]:
    """
    Return an owner's name, telephone and certificate number in full, this once; that it was seen is recorded.

    Raises OwnerNotFound, EstateNotFound, NotAllowed (no UNMASK there), Invalid (no reason).
    """
    estate, owner = queries.get_owner(viewer=actor, owner_id=owner_id)
    policies.check_can_unmask(actor, estate)
    fact = OwnerUnmasked(estate.pk, owner.pk, reason_of(reason))
    history.record(actor=actor, fact=fact, at=now, audience=audience_of(estate))
    return owner.name, owner.phone, owner.identity


@transaction.atomic
def move_estates(*, actor: Actor, area_id: int, new_area_id: int, now: datetime) -> int:
    """Tie to an area's new version what lay in the old one, and return how many rows. Run again, it moves nothing."""
    ids = list(territory().area(new_area_id).ids)
    Decision.objects.filter(estate__area_id=area_id).update(area_ids=ids)
    moved = Estate.objects.filter(area_id=area_id).update(area_id=new_area_id, area_ids=ids)
    if moved:
        history.record(actor=actor, fact=EstatesMoved(area_id, new_area_id, moved), at=now)
    return moved
