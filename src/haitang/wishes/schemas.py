"""The shapes of the API's wishes and claims: what comes in, bounded and strict, and what goes out."""

from datetime import datetime
from typing import Annotated, Any, Literal

from ninja import Schema as NinjaSchema
from pydantic import Field

from haitang.core.schemas import Id, Schema, text
from haitang.wishes.queries import ClaimView, PublicWish, WishView
from haitang.wishes.values import (
    ADDRESS_LENGTH_MAX,
    MINUTES_MAX,
    NAME_LENGTH_MAX,
    TITLE_LENGTH_MAX,
    WORDS_LENGTH_MAX,
    Contact,
    NewWish,
)

Words = Annotated[str, text(WORDS_LENGTH_MAX)]
Phone = Annotated[str, text(30)]
Name = Annotated[str, text(NAME_LENGTH_MAX)]


class WishIn(Schema):
    """A wish as it is entered. cost: a range of yuan, "100-200". area_code: of a community or grid.

    by_family: it is the caller's own; else staff enter it for a family. consented must be true.
    """

    title: Annotated[str, text(TITLE_LENGTH_MAX, 1)]
    kind: Annotated[str, text(NAME_LENGTH_MAX, 1)]
    words: Words = ""
    cost: Annotated[str, text(20, 1)]
    area_code: Annotated[str, text(40, 1)]
    name: Annotated[str, text(NAME_LENGTH_MAX, 1)]
    phone: Phone = ""
    address: Annotated[str, text(ADDRESS_LENGTH_MAX)] = ""
    story: Words = ""
    contact: Literal[tuple(Contact.values)] = Contact.BETWEEN.value  # type: ignore[valid-type]  # choices come from an enum
    between_name: Name = ""
    between_phone: Phone = ""
    consented: bool
    by_family: bool = False
    channel: Literal["visit", "community"] = "community"

    def new(self) -> NewWish:
        """Return it as actions take it."""
        return NewWish(**self.model_dump(exclude={"by_family", "channel"}))


class ReasonIn(Schema):
    """Why."""

    reason: Annotated[str, text(WORDS_LENGTH_MAX, 1)]


class ThanksIn(Schema):
    """A few words."""

    words: Annotated[str, text(WORDS_LENGTH_MAX, 1)]


class ClaimIn(Schema):
    """Who claims: the caller, or a unit that they speak for; and how the community reaches them."""

    phone: Annotated[str, text(30, 1)]
    words: Words = ""
    organization_id: Id | None = None


class DeliverIn(Schema):
    """How it was delivered, and the minutes that a volunteer has spent on it."""

    words: Words = ""
    minutes: Annotated[int, Field(ge=1, le=MINUTES_MAX)] | None = None


class PublicWishOut(NinjaSchema):
    """All that is public of a wish. street: as narrow as it is told. by: the unit that grants it, "" for a person."""

    id: int
    number: str
    title: str
    kind: str
    words: str
    cost: str
    street: str
    status: str
    published_at: datetime
    ended_at: datetime | None
    by: str


class PublicPageOut(NinjaSchema):
    """A page of public wishes."""

    items: list[PublicWishOut]
    total: int | None
    next_cursor: str | None


class WishOut(NinjaSchema):
    """A wish as staff and the family see it, without contact."""

    id: int
    number: str
    title: str
    kind: str
    words: str
    cost: str
    area: str
    status: str
    channel: str
    claimant: str
    claim_id: int | None
    reason: str


class WishPageOut(NinjaSchema):
    """A page of wishes."""

    items: list[WishOut]
    total: int | None
    next_cursor: str | None


class ClaimOut(NinjaSchema):
    """A claim as its claimant sees it."""

    id: int
    wish: PublicWishOut
    status: str
    unit: str
    claimed_at: datetime
    due_at: datetime | None
    reason: str
    thanks: str


class ContactOut(NinjaSchema):
    """Whom the confirmed claimant calls; each look is recorded. address: "" where somebody in between hands over."""

    name: str
    phone: str
    address: str


def public_wish_out(view: PublicWish) -> dict[str, Any]:
    """Return a wish as PublicWishOut."""
    return {
        "id": view.id, "number": view.number, "title": view.title, "kind": view.kind, "words": view.words,
        "cost": view.cost, "street": view.street, "status": view.status.value, "published_at": view.published_at,
        "ended_at": view.ended_at, "by": view.by,
    }  # fmt: skip


def wish_out(view: WishView) -> dict[str, Any]:
    """Return a wish as WishOut."""
    row = view.wish
    return {
        "id": row.pk, "number": row.number, "title": row.title, "kind": row.kind, "words": row.words,
        "cost": view.cost, "area": view.area_name, "status": row.status, "channel": row.channel,
        "claimant": view.claimant, "claim_id": view.claim.pk if view.claim else None, "reason": row.reason,
    }  # fmt: skip


def claim_out(view: ClaimView) -> dict[str, Any]:
    """Return a claim as ClaimOut."""
    row = view.claim
    return {
        "id": row.pk, "wish": public_wish_out(view.wish), "status": row.status, "unit": view.unit,
        "claimed_at": row.claimed_at, "due_at": row.due_at, "reason": row.reason, "thanks": view.thanks,
    }  # fmt: skip
