"""May they? Questions about an actor and rows already loaded; they raise, and read nothing."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from haitang.alliances.values import CommitteeNotFound, LinkNotFound, OtherSide, Permission, Side
from haitang.core import access
from haitang.core.access import Actor
from haitang.core.scoping import path_of

if TYPE_CHECKING:
    from typing import Protocol

    class InArea(Protocol):
        """What lies in an area."""

        area_ids: list[int]

    from haitang.alliances.models import Committee, Decision, Link


def check_may_see_link(actor: Actor, row: "Link") -> None:
    """Raise LinkNotFound unless the actor sees joint work there or speaks for the unit."""
    own = actor.holds(Permission.SPEAK, organization_id=row.unit_id)
    if not own and not actor.holds(Permission.VIEW, area_path=path_of(row.area_ids)):
        raise LinkNotFound(_("没有这个结对"))


def check_can_keep(actor: Actor, area_path: str) -> None:
    """Links, alliances, branches and contact points are kept by those who hold KEEP over the area."""
    access.require(actor, Permission.KEEP, area_path=area_path)


def sides_of(actor: Actor, row: "Link") -> tuple[Side, ...]:
    """Return for which sides the actor may speak: the community's, the unit's, both or none."""
    sides = []
    if actor.holds(Permission.KEEP, area_path=path_of(row.area_ids)):
        sides.append(Side.COMMUNITY)
    if actor.holds(Permission.SPEAK, organization_id=row.unit_id):
        sides.append(Side.UNIT)
    return tuple(sides)


def check_side(actor: Actor, row: "Link", side: str) -> None:
    """Raise unless the actor may speak for that side."""
    if side not in sides_of(actor, row):
        if not actor.is_known:
            raise access.NotSignedIn(_("请先登录"))
        raise OtherSide(_("这一步由%(side)s办理") % {"side": Side(side).label if side in Side.values else _("对方")})


def check_can_keep_row(actor: Actor, row: "InArea") -> None:
    """As `check_can_keep`, over the area of an alliance, a branch, a contact point or a workstation."""
    check_can_keep(actor, path_of(row.area_ids))


def check_can_convene(actor: Actor, area_path: str) -> None:
    """Committees are kept, and called to meetings, by those who hold CONVENE over the area."""
    access.require(actor, Permission.CONVENE, area_path=area_path)


def check_can_convene_in(actor: Actor, row: "Committee") -> None:
    """As `check_can_convene`, over the committee's area."""
    check_can_convene(actor, path_of(row.area_ids))


def check_may_see_committee(actor: Actor, row: "Committee", homes: Iterable[int | None]) -> None:
    """Raise CommitteeNotFound unless the actor sees joint work there or speaks for one of its members' home units."""
    own = actor.organizations(Permission.SPEAK)
    if not actor.holds(Permission.VIEW, area_path=path_of(row.area_ids)) and own.isdisjoint(set(homes)):
        raise CommitteeNotFound(_("没有这个委员会"))


def check_can_settle(actor: Actor, decision: "Decision", committee: "Committee") -> None:
    """What became of a decision is said by those who convene the committee, or by the unit that sees to it."""
    if not actor.holds(Permission.SPEAK, organization_id=decision.office_id):
        check_can_convene_in(actor, committee)
