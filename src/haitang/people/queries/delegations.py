"""Who stands in for whom."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import F, Q
from django.utils.translation import gettext as _

from haitang.core import clock, periods
from haitang.core.access import EVERYWHERE, Actor
from haitang.core.errors import NotFound
from haitang.people.models import Account, Delegation
from haitang.people.queries.actors import get_actor
from haitang.people.values import Permission

SHOWN_MAX = 100


@dataclass(frozen=True, slots=True)
class Deputyship:
    """Somebody for whom the asker may act today. to_date: the first day on which no longer."""

    account_id: int
    name: str
    to_date: date


def list_stood_in_for(*, viewer: Actor, now: datetime) -> list[Deputyship]:
    """Return those for whom the viewer may act today, by name."""
    rows = Delegation.objects.filter(periods.on(clock.local_date(now)), deputy_id=viewer.id or 0)
    found = rows.filter(account__is_active=True).order_by("account__name", "id")
    return [Deputyship(*row) for row in found.values_list("account_id", "account__name", "to_date")]


def list_deputies_of(account_ids: Collection[int], now: datetime) -> list[tuple[int, Actor]]:
    """Return who stands in today for each of these accounts: its id and the deputy, holding what they then hold."""
    if not account_ids:
        return []
    rows = Delegation.objects.filter(periods.on(clock.local_date(now)), account_id__in=account_ids)
    pairs = rows.order_by("account_id", "id").values_list("account_id", "deputy_id")
    found = [(each, get_actor(deputy_id, now=now, standing_in_for=each)) for each, deputy_id in pairs]
    return [(each, deputy) for each, deputy in found if deputy.standing_in_for == each]


def list_delegations(*, viewer: Actor, now: datetime) -> list[Delegation]:
    """Return the arrangements, valid today or later, that concern the viewer, the first to end on top.

    With DELEGATION_MANAGE also those of the viewer's organizations; everywhere, all. At most SHOWN_MAX.
    """
    today = clock.local_date(now)
    concerned = Q(account_id=viewer.id or 0) | Q(deputy_id=viewer.id or 0) | Q(given_by_id=viewer.id or 0)
    if EVERYWHERE in viewer.areas(Permission.DELEGATION_MANAGE):
        concerned = Q()
    elif viewer.holds(Permission.DELEGATION_MANAGE) and viewer.organization_id is not None:
        concerned |= Q(account__in=[row.pk for row in list_colleagues(viewer.organization_id, now)])
    rows = Delegation.objects.filter(concerned, to_date__gt=today).exclude(to_date=F("from_date"))
    return list(rows.select_related("account", "deputy").order_by("to_date", "id")[:SHOWN_MAX])


def list_colleagues(organization_id: int | None, now: datetime) -> list[Account]:
    """Return the active accounts whose person holds a post in the organization today, by name; everybody for None."""
    rows = Account.objects.filter(is_active=True)
    if organization_id is not None:
        held = periods.on(clock.local_date(now), prefix="person__holdings__")
        rows = rows.filter(held, person__holdings__post__organization_id=organization_id).distinct()
    return list(rows.order_by("name", "id")[: 10 * SHOWN_MAX])


def get_delegation(delegation_id: int) -> Delegation:
    """Return the arrangement, locked until the end of the transaction. Raises NotFound. For actions."""
    row = Delegation.objects.select_for_update(no_key=True).filter(pk=delegation_id).first()
    if row is None:
        raise NotFound(_("没有找到该代办安排"))
    return row
