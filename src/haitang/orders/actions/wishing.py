"""What a volunteer says of kinds of services, and what becomes of their offers when they leave the register."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from haitang.core import history
from haitang.core.access import Actor
from haitang.orders import queries
from haitang.orders.actions.offering import return_if_unasked
from haitang.orders.actions.places import audience_of
from haitang.orders.actions.releasing import leave_helper
from haitang.orders.facts import OrderGivenBack, VolunteerLeft, WishesSaid
from haitang.orders.lifecycle import Deed, OfferStatus, Status, check_move
from haitang.orders.models import Offer, Wish
from haitang.orders.values import OfferNotFound


@transaction.atomic
def say_wishes(*, actor: Actor, wishes: Mapping[str, bool | None], now: datetime) -> None:
    """
    Say which kinds of services one likes (True), does not do (False), or does as any other (None).

    wishes: by the code of the type; of kinds left out nothing changes. Who does not do a kind is not offered it.
    Raises OfferNotFound (the actor is no volunteer), ServiceNotFound.
    """
    volunteer_id = queries.volunteer_id_of(actor)
    if volunteer_id is None:
        raise OfferNotFound(_("请先登记为志愿者"))
    said = {queries.order_rules().type_of(code).id: liked for code, liked in wishes.items()}
    rows = Wish.objects.filter(volunteer_id=volunteer_id, type_id__in=said)
    told = {pk: liked for pk, liked in said.items() if liked is not None}
    if dict(rows.values_list("type_id", "is_liked")) == told:
        return
    rows.delete()
    Wish.objects.bulk_create(
        [Wish(volunteer_id=volunteer_id, type_id=pk, is_liked=liked) for pk, liked in told.items()],
        update_conflicts=True, unique_fields=["volunteer", "type"], update_fields=["is_liked"],
    )  # fmt: skip
    history.record(actor=actor, fact=WishesSaid(volunteer_id), at=now)


def forget_volunteer(*, actor: Actor, volunteer_id: int, now: datetime) -> int:
    """
    Hand out again what somebody had been offered or had promised who has withdrawn from the register.

    Their wishes are deleted. What has begun stays as it is. Returns how many orders; run again, it finds none.
    """
    Wish.objects.filter(volunteer_id=volunteer_id).delete()
    asked = Offer.objects.filter(volunteer_id=volunteer_id, status__in=(OfferStatus.OPEN, OfferStatus.ACCEPTED))
    freed = sum(_free(actor, pk, now) for pk in list(asked.order_by("id").values_list("pk", flat=True)))
    if freed:
        history.record(actor=actor, fact=VolunteerLeft(volunteer_id, freed), at=now)
    return freed


@transaction.atomic
def _free(actor: Actor, offer_id: int, now: datetime) -> bool:
    row = queries.lock_offer(offer_id)
    order, left = row.order, _("本人已撤回登记")
    if row.status == OfferStatus.OPEN:
        row.status, row.answered_at, row.reason = OfferStatus.DECLINED, now, left
        row.save(update_fields=["status", "answered_at", "reason"])
        return_if_unasked(actor, order, now)
        return True
    if order.status != Status.ACCEPTED or order.begins_at <= now:
        return False
    order.status = check_move(order.status, Deed.RELEASE)
    leave_helper(order, now, OfferStatus.GIVEN_BACK, left)
    order.save(update_fields=["status", "volunteer", "helper", "assured_at"])
    history.record(actor=actor, fact=OrderGivenBack(order.pk, row.pk, left), at=now, audience=audience_of(order))
    return True
