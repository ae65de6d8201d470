"""What volunteers say of kinds of services: which they like, which they do not do."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass

from django.utils.translation import gettext as _

from haitang.core.access import Actor
from haitang.orders.models import Wish
from haitang.orders.queries.rules import TypeRef, order_rules
from haitang.orders.values import OfferNotFound
from haitang.volunteers.queries import get_volunteer_of


@dataclass(frozen=True, slots=True)
class WishLine:
    """A kind of service that could be offered to the viewer. is_liked: None where they said nothing of it."""

    type: TypeRef
    is_liked: bool | None


def list_my_wishes(*, viewer: Actor) -> list[WishLine]:
    """Return the kinds of services that take people with the viewer's skills. Raises OfferNotFound for no volunteer."""
    volunteer = get_volunteer_of(viewer.id)
    if volunteer is None:
        raise OfferNotFound(_("请先登记为志愿者"))
    said = dict(Wish.objects.filter(volunteer=volunteer).values_list("type_id", "is_liked"))
    return [
        WishLine(kind, said.get(kind.id))
        for kind in order_rules().types
        if kind.is_active and kind.takes_people and set(kind.skills) <= set(volunteer.skills)
    ]


def unwilling(type_id: int) -> set[int]:
    """Return the volunteers who do not do that kind of service. For actions."""
    return set(Wish.objects.filter(type_id=type_id, is_liked=False).values_list("volunteer_id", flat=True))


def list_wishes(type_ids: Collection[int]) -> tuple[dict[int, set[int]], dict[int, set[int]]]:
    """Return of these kinds those that each volunteer likes, by volunteer; and who does not do them, by kind."""
    likes: defaultdict[int, set[int]] = defaultdict(set)
    refusers: defaultdict[int, set[int]] = defaultdict(set)
    for volunteer_id, type_id, is_liked in Wish.objects.filter(type_id__in=type_ids).values_list(
        "volunteer_id", "type_id", "is_liked"
    ):
        if is_liked:
            likes[volunteer_id].add(type_id)
        else:
            refusers[type_id].add(volunteer_id)
    return likes, refusers
