"""May they? Questions about an actor and rows already loaded; they raise, and read nothing."""

from collections.abc import Container
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from haitang.core import access
from haitang.core.access import Actor
from haitang.core.errors import NotAllowed
from haitang.core.scoping import path_of
from haitang.patrols.lifecycle import HAZARD_MOVES, HazardDeed
from haitang.patrols.values import DisputeNotFound, HazardNotFound, HouseholdNotFound, Permission, RoundNotFound

if TYPE_CHECKING:
    from haitang.patrols.models import Dispute, Hazard, Household, Round


def check_may_see_round(actor: Actor, round_: "Round") -> None:
    """Raise RoundNotFound unless the actor may see patrols there."""
    if not actor.holds(Permission.VIEW, area_path=path_of(round_.area_ids)):
        raise RoundNotFound(_("没有这份巡查清单"))


def check_can_patrol(actor: Actor, area_path: str) -> None:
    """Filling in a checklist, and with it taking down what it leads to, takes PATROL over the area."""
    access.require(actor, Permission.PATROL, area_path=area_path)


def check_can_handle_hazards(actor: Actor, area_path: str) -> None:
    """Taking a hazard down outside of a checklist, and making one a case, take HANDLE_HAZARD over the area."""
    access.require(actor, Permission.HANDLE_HAZARD, area_path=area_path)


def check_may_see_hazard(actor: Actor, hazard: "Hazard") -> None:
    """Raise HazardNotFound unless the actor may see it, by its area or by the organization that sees to it."""
    path = path_of(hazard.area_ids)
    if not actor.holds(Permission.VIEW_HAZARD, area_path=path, organization_id=hazard.organization_id):
        raise HazardNotFound(_("没有这条隐患"))


def check_can_on_hazard(actor: Actor, deed: HazardDeed, hazard: "Hazard") -> None:
    """Raise unless the actor holds the deed's permission there; nobody looks again at what they put right."""
    check_may_see_hazard(actor, hazard)
    permission = HAZARD_MOVES[deed].permission
    access.require(actor, permission, area_path=path_of(hazard.area_ids), organization_id=hazard.organization_id)
    if deed is HazardDeed.RECHECK and actor.id is not None and actor.id == hazard.rectified_by_id:
        raise NotAllowed(_("整改情况是您登记的，请由其他人复查"))


def check_can_assign(actor: Actor, hazard: "Hazard") -> None:
    """Who must put it right by when is set by those who check hazards there."""
    check_may_see_hazard(actor, hazard)
    access.require(actor, Permission.CHECK_HAZARD, area_path=path_of(hazard.area_ids))


def check_can_add_photo(actor: Actor, hazard: "Hazard") -> None:
    """Whoever handles hazards there, or checks hazards there, adds photos."""
    check_may_see_hazard(actor, hazard)
    path = path_of(hazard.area_ids)
    if not actor.holds(Permission.CHECK_HAZARD, area_path=path):
        access.require(actor, Permission.HANDLE_HAZARD, area_path=path, organization_id=hazard.organization_id)


def check_can_visit(actor: Actor, area_path: str) -> None:
    """Making visits takes VISIT over the area."""
    access.require(actor, Permission.VISIT, area_path=area_path)


def check_may_know_household(actor: Actor, household: "Household") -> None:
    """Raise HouseholdNotFound unless the actor makes visits where the household is."""
    if not actor.holds(Permission.VISIT, area_path=path_of(household.area_ids)):
        raise HouseholdNotFound(_("没有这个住户"))


def check_may_see_dispute(actor: Actor, dispute: "Dispute", mediator_ids: Container[int]) -> None:
    """Raise DisputeNotFound unless the actor mediates there and, if it is confidential, is trusted or its mediator."""
    path = path_of(dispute.area_ids)
    if not actor.holds(Permission.MEDIATE, area_path=path):
        raise DisputeNotFound(_("没有这起纠纷"))
    trusted = actor.id in mediator_ids or actor.holds(Permission.CONFIDENTIAL_DISPUTES, area_path=path)
    if dispute.is_confidential and not trusted:
        raise DisputeNotFound(_("没有这起纠纷"))


def check_can_unmask(actor: Actor, area_ids: list[int]) -> None:
    """Seeing a household or the parties in full takes UNMASK over the area."""
    access.require(actor, Permission.UNMASK, area_path=path_of(area_ids))
