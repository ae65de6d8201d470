"""The shapes of the API's services, orders and offers: what comes in, bounded and strict, and what goes out."""

from datetime import datetime
from typing import Annotated, Any, Literal

from ninja import Schema as NinjaSchema
from pydantic import AwareDatetime, Field

from haitang.core.schemas import Id, Schema, text
from haitang.orders.queries import DispatchPage, OfferView, OrderPage, OrderView, ServiceView, SlotView
from haitang.orders.values import (
    ADDRESS_LENGTH_MAX,
    MINUTES_MAX,
    NAME_LENGTH_MAX,
    STARS_MAX,
    WORDS_LENGTH_MAX,
    Channel,
    HelperRef,
    NewOrder,
    Orderer,
)

Words = Annotated[str, text(WORDS_LENGTH_MAX)]
Reason = Annotated[str, text(WORDS_LENGTH_MAX, 1)]


class OrderIn(Schema):
    """An order as it is placed. begins_at: one of the service's hours. area_code: where the orderer lives."""

    service_id: Id
    begins_at: AwareDatetime
    area_code: Annotated[str, text(40, 1)]
    name: Annotated[str, text(NAME_LENGTH_MAX, 1)]
    phone: Annotated[str, text(30, 1)]
    address: Annotated[str, text(ADDRESS_LENGTH_MAX, 1)]
    words: Words = ""
    languages: Annotated[list[Annotated[str, text(40)]], Field(max_length=10)] = []
    orderer: Literal[tuple(Orderer.values)] = Orderer.RESIDENT.value  # type: ignore[valid-type]  # choices come from an enum
    by_phone: bool = False

    def new(self) -> NewOrder:
        """Return it as actions take it."""
        channel = Channel.PHONE if self.by_phone else Channel.API
        given = self.model_dump(exclude={"by_phone", "languages"})
        return NewOrder(**given, languages=tuple(self.languages), channel=channel.value)


class HelperIn(Schema):
    """Whom an order is offered to: a volunteer or an organization. why: reasons to show."""

    volunteer_id: Id | None = None
    organization_id: Id | None = None
    why: Annotated[list[Annotated[str, text(100)]], Field(max_length=10)] = []

    def ref(self) -> HelperRef:
        """Return it as actions take it."""
        return HelperRef(self.volunteer_id, self.organization_id, tuple(self.why))


class OffersIn(Schema):
    """The helpers to whom an order is offered."""

    helpers: Annotated[list[HelperIn], Field(min_length=1, max_length=50)]


class ReasonIn(Schema):
    """Why."""

    reason: Reason


class FinishIn(Schema):
    """How long it took, in minutes, and a few words. people: volunteers whom an organization sent."""

    minutes: Annotated[int, Field(ge=1, le=MINUTES_MAX)]
    words: Words = ""
    people: Annotated[list[Id], Field(max_length=200)] = []


class ReviewIn(Schema):
    """One to five stars and a few words."""

    stars: Annotated[int, Field(ge=1, le=STARS_MAX)]
    words: Words = ""


class MissedIn(ReasonIn):
    """Which side was not there."""

    side: Literal["orderer", "helper"]


class CreatedOut(NinjaSchema):
    """The id of what was made, its number and where it stands."""

    id: int
    number: str
    status: str


class ServiceOut(NinjaSchema):
    """A service that is to be had. mean: of its reviews, null without any."""

    id: int
    type: str
    name: str
    words: str
    area: str
    minutes: int
    orderers: list[str]
    reviews: int
    mean: float | None


class SlotOut(NinjaSchema):
    """An hour to be ordered."""

    begins_at: datetime
    ends_at: datetime
    free: int
    waiting: int
    takes_waiting: bool


class OrderOut(NinjaSchema):
    """An order; name, telephone and address masked unless it is the caller's own."""

    id: int
    number: str
    service_id: int
    service: str
    type: str
    status: str
    orderer: str
    channel: str
    area: str
    begins_at: datetime
    ends_at: datetime
    helper: str
    name: str
    stars: int | None


class OrderDetailOut(OrderOut):
    """An order with how to reach who ordered, and the place on the wait list (0: not on it)."""

    phone: str
    address: str
    words: str
    place: int
    reason: str
    minutes: int | None


class OrderPageOut(NinjaSchema):
    """A page of orders."""

    items: list[OrderOut]
    total: int | None
    next_cursor: str | None


class OfferOut(NinjaSchema):
    """An offer as its helper sees it: area and kind, nothing of who ordered."""

    id: int
    order_id: int
    service: str
    type: str
    area: str
    begins_at: datetime
    ends_at: datetime
    expires_at: datetime
    organization: str


class PlanIn(Schema):
    """For which area a plan is drawn."""

    area_code: Annotated[str, text(40, 1)]


class FollowIn(Schema):
    """Which proposals of a plan are followed; None, all that are open."""

    proposal_ids: Annotated[list[Id], Field(max_length=2000)] | None = None


class ChangeIn(Schema):
    """To whom an order is offered instead: a volunteer or an organization."""

    volunteer_id: Id | None = None
    organization_id: Id | None = None


class ProposalOut(NinjaSchema):
    """Somebody proposed for an order: the reasons in words, and what became of it."""

    id: int
    order_id: int
    number: str
    type: str
    area: str
    begins_at: datetime
    volunteer_id: int | None
    organization_id: int | None
    person: str
    why: list[str]
    status: str
    reason: str


class UnmetOut(NinjaSchema):
    """An order that the plan leaves without anybody, and why."""

    order_id: int
    number: str
    why: str


class PlanOut(NinjaSchema):
    """A plan of the matching. best, greedy: in numbers, and what going order by order gives.

    proposed, left, missing: proposals, those still to be decided, orders without anybody, in the whole plan; of these
    and those a page each, the soonest first, with the cursors of the next.
    """

    id: int
    area: str
    made_at: datetime
    orders: int
    people: int
    best: dict[str, int]
    greedy: dict[str, int]
    proposed: int
    left: int
    missing: int
    proposals: list[ProposalOut]
    next_cursor: str | None
    unmet: list[UnmetOut]
    unmet_next_cursor: str | None


class FollowedOut(NinjaSchema):
    """What became of proposals that were to be followed. stale: why others could not be.

    under_way: there are so many that they are offered after this answer; the plan tells how far it is.
    """

    offered: int
    stale: list[str]
    under_way: bool


class ContactOut(NinjaSchema):
    """Who ordered, for the helper who has accepted; each look is recorded."""

    name: str
    phone: str
    address: str


def service_out(view: ServiceView) -> dict[str, Any]:
    """Return a service as ServiceOut."""
    return {
        "id": view.service.pk, "type": view.type.code, "name": view.service.name,
        "words": view.service.words or view.type.words, "area": view.area_name, "minutes": view.type.minutes,
        "orderers": list(view.type.orderers), "reviews": view.reviews, "mean": view.mean,
    }  # fmt: skip


def slot_out(view: SlotView) -> dict[str, Any]:
    """Return an hour as SlotOut."""
    return {name: getattr(view, name) for name in SlotView.__slots__}


def order_out(view: OrderView) -> dict[str, Any]:
    """Return an order as OrderOut."""
    row = view.order
    return {
        "id": row.pk, "number": row.number, "service_id": row.service_id, "service": view.service,
        "type": view.type.code, "status": row.status, "orderer": row.orderer, "channel": row.channel,
        "area": view.area_name, "begins_at": row.begins_at, "ends_at": row.ends_at, "helper": view.helper,
        "name": view.name, "stars": row.stars,
    }  # fmt: skip


def order_detail_out(page: OrderPage) -> dict[str, Any]:
    """Return an order as OrderDetailOut."""
    row = page.view.order
    return {
        **order_out(page.view), "phone": page.phone, "address": page.address, "words": row.words,
        "place": page.place, "reason": row.reason, "minutes": row.minutes,
    }  # fmt: skip


def offer_out(view: OfferView) -> dict[str, Any]:
    """Return an offer as OfferOut."""
    return {
        "id": view.offer_id, "order_id": view.order_id, "service": view.service, "type": view.type.code,
        "area": view.area_name, "begins_at": view.begins_at, "ends_at": view.ends_at,
        "expires_at": view.expires_at, "organization": view.organization,
    }  # fmt: skip


def plan_out(page: DispatchPage) -> dict[str, Any]:
    """Return a plan as PlanOut."""
    row = page.dispatch
    proposals = [
        {
            "id": line.proposal.pk, "order_id": line.order.pk, "number": line.order.number, "type": line.type.code,
            "area": line.area_name, "begins_at": line.order.begins_at, "volunteer_id": line.proposal.volunteer_id,
            "organization_id": line.proposal.organization_id,
            "person": line.person, "why": line.why, "status": line.proposal.status, "reason": line.proposal.reason,
        }
        for line in page.lines.rows
    ]  # fmt: skip
    unmet = [{"order_id": line.order.pk, "number": line.order.number, "why": line.why} for line in page.missing.rows]
    return {
        "id": row.pk, "area": page.area_name, "made_at": row.made_at, "orders": row.orders, "people": row.people,
        "best": row.figures, "greedy": row.greedy, "proposed": page.proposed, "left": page.left,
        "missing": page.unmet, "proposals": proposals, "next_cursor": page.lines.next or None, "unmet": unmet,
        "unmet_next_cursor": page.missing.next or None,
    }  # fmt: skip
