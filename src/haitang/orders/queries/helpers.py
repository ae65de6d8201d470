"""Who may take an order: people of the volunteers' register, organizations that serve the area."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _

from haitang.core.access import Actor
from haitang.core.clock import local_date
from haitang.orders.lifecycle import OfferStatus
from haitang.orders.models import Offer, Order, Sent
from haitang.orders.queries.rules import TypeRef, order_rules
from haitang.orders.queries.wishes import unwilling
from haitang.orders.values import Acceptor, HelperRef, Permission
from haitang.organizations.queries import organizations
from haitang.people.queries import list_accounts_holding
from haitang.territory.queries import territory
from haitang.volunteers import queries as register
from haitang.volunteers.queries import Candidate, accounts_of, list_people_of, promised_between, who_fits
from haitang.volunteers.values import MemberClass

SHOWN_MAX = 50


@dataclass(frozen=True, slots=True)
class Possible:
    """Somebody to whom an order can be offered. key: "v7" or "o3". why: what speaks for them, in words."""

    key: str
    name: str
    why: tuple[str, ...]


def volunteer_id_of(actor: Actor) -> int | None:
    """Return the id of the actor's own entry in the volunteers' register, None without one."""
    return register.volunteer_id_of(actor.id)


def speaks_for(actor: Actor) -> frozenset[int]:
    """Return the organizations for which the actor answers offers."""
    return actor.organizations(Permission.ANSWER)


def accounts_told(helpers: Iterable[Offer | HelperRef]) -> set[int]:
    """Return the accounts of helpers: the people's own, and those who answer for the organizations. For actions."""
    told: set[int] = set()
    people = []
    for each in helpers:
        if each.volunteer_id is not None:
            people.append(each.volunteer_id)
        elif each.organization_id is not None:
            told.update(list_accounts_holding(Permission.ANSWER, organization_id=each.organization_id))
    return told | set(accounts_of(people)) if people else told


def people_to_send(order: Order, now: datetime) -> list[tuple[int, str]]:
    """Return id and name of the volunteers whom the organization that has accepted can have sent; none for a person."""
    return list_people_of(order.helper_id, local_date(now)) if order.helper_id is not None else []


def list_sent(order_id: int) -> list[int]:
    """Return the volunteers whom the organization says that it sent. For actions."""
    return list(Sent.objects.filter(order_id=order_id).order_by("id").values_list("volunteer_id", flat=True))


def names_sent(order_id: int) -> tuple[str, ...]:
    """Return the names of whom the organization says that it sent; for who has been let see the order."""
    return tuple(Sent.objects.filter(order_id=order_id).order_by("id").values_list("volunteer__name", flat=True))


def is_helper(actor: Actor) -> bool:
    """Tell whether offers can come to the actor at all: registered, or answering for an organization."""
    return actor.id is not None and (bool(speaks_for(actor)) or volunteer_id_of(actor) is not None)


def classes_for(kind: TypeRef) -> tuple[str, ...]:
    """Return the classes of member that the type asks for, none where any volunteer does."""
    if Acceptor.VOLUNTEER in kind.acceptors or Acceptor.MEMBER not in kind.acceptors:
        return ()
    return tuple(MemberClass.values)


def candidates_for(order: Order, only: Iterable[int] | None = None) -> list[Candidate]:
    """Return the people whom the order can be offered to: skills, language, area, class and hours fit, the time is not
    promised to anything, and they do this kind of service. only: of these volunteers.

    In the order in which `volunteers.queries.who_fits` gives them.
    """
    kind = order_rules().by_id[order.service.type_id]
    if not kind.takes_people:
        return []
    found = who_fits(
        skills=kind.skills, languages=order.languages, area=territory().area(order.service.area_id),
        classes=classes_for(kind), at=order.begins_at, until=order.ends_at, only=only,
    )  # fmt: skip
    busy = promised_between([each.id for each in found], order.begins_at, order.ends_at)
    unwilling_ids = unwilling(kind.id)
    return [each for each in found if each.id not in busy and each.id not in unwilling_ids]


def offices_for(order: Order, on: date) -> list[Any]:
    """Return the organizations that may accept the order: of the type's kinds, serving the area or one above."""
    kind = order_rules().by_id[order.service.type_id]
    return offices_serving(kind, tuple(order.area_ids), order.service.organization_id, on)


def offices_serving(kind: TypeRef, area_ids: tuple[int, ...], named_id: int | None, on: date) -> list[Any]:
    """Return the organizations that may accept orders of that kind from the area, the one that is named first."""
    registry = organizations()
    found = {
        office.id: office
        for each in sorted(kind.office_kinds)
        for office in registry.all_serving(area_ids, each, on)
    }  # fmt: skip
    named = registry.by_id(named_id)
    if named is not None and named.kind in kind.office_kinds:
        found = {named.id: named, **found}
    return list(found.values())


def list_possible(order: Order, now: datetime) -> list[Possible]:
    """Return whom the order can be offered to and is not, with what speaks for each. The caller has checked who asks.

    At most 50: people of the same grid and those with the least service of late first, then organizations; who has
    declined this order or let it run out stands last.
    """
    asked = {
        (row.volunteer_id, row.organization_id): row.status for row in Offer.objects.filter(order=order).order_by("id")
    }
    tree = territory()
    area = tree.get(order.area_id)
    found: list[tuple[tuple[bool, bool, bool, int], Possible]] = []
    for each in candidates_for(order):
        was = asked.get((each.id, None), "")
        if was != OfferStatus.OPEN:
            why = [_("技能、时间符合")]
            is_near = area is not None and each.area_path.startswith(area.path)
            if is_near:
                why.append(_("住在同一网格"))
            if each.load:
                why.append(_("近期已服务 %(n).1f 小时") % {"n": each.load / 60})
            rank = bool(was), False, not is_near, each.load
            found.append((rank, Possible(f"v{each.id}", each.name, tuple(why + _before(was)))))
    for office in offices_for(order, local_date(now)):
        was = asked.get((None, office.id), "")
        if was != OfferStatus.OPEN:
            why = [_("本服务的承接单位")] if office.id == order.service.organization_id else [_("服务本区域")]
            rank = bool(was), True, office.id != order.service.organization_id, 0
            found.append((rank, Possible(f"o{office.id}", office.name, tuple(why + _before(was)))))
    found.sort(key=lambda pair: pair[0])
    return [possible for _rank, possible in found[:SHOWN_MAX]]


def _before(status: str) -> list[str]:
    return [_("本单此前：%(status)s") % {"status": OfferStatus(status).label}] if status else []
