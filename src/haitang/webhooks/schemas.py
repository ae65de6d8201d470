"""The shapes in which subscriptions and deliveries enter and leave the API."""

from datetime import datetime
from typing import Annotated, Any, Literal

from ninja import Schema as Out
from pydantic import Field

from haitang.core.outgoing import URL_LENGTH_MAX
from haitang.core.schemas import Id, Schema, text
from haitang.webhooks.queries import DeliveryLine, SubscriptionView
from haitang.webhooks.values import NAME_LENGTH_MAX, Level, kinds

KIND_LENGTH_MAX = 60
DELIVERIES_MAX = 500


class SubscriptionIn(Schema):
    """Who is told of what. area_code: "" for the whole city. kinds: of `list_webhook_kinds`."""

    name: Annotated[str, text(NAME_LENGTH_MAX, 1)]
    url: Annotated[str, text(URL_LENGTH_MAX, 1)]
    area_code: Annotated[str, text(40)] = ""
    level: Literal[tuple(Level.values)]  # type: ignore[valid-type]  # choices come from an enum
    kinds: Annotated[list[Annotated[str, text(KIND_LENGTH_MAX)]], Field(min_length=1, max_length=100)]

    def given(self) -> dict[str, Any]:
        """Return what the actions take."""
        given = self.model_dump()
        given["chosen"] = given.pop("kinds")
        return given


class ResumeIn(Schema):
    """skip: what happened while it was paused is not sent any more."""

    skip: bool = False


class DeadIn(Schema):
    """Which of the deliveries that failed for good; none named means all."""

    delivery_ids: Annotated[list[Id], Field(max_length=DELIVERIES_MAX)] | None = None


class KindOut(Out):
    """A kind of event that can be subscribed to."""

    kind: str
    name: str


class SubscriptionOut(Out):
    """A subscription. waiting, dead: so many deliveries. url: "" once it is over."""

    id: int
    name: str
    url: str
    area_code: str
    level: str
    kinds: list[str]
    state: str
    why: str
    made_at: datetime
    delivered_at: datetime | None
    failing_since: datetime | None
    old_secret_until: datetime | None
    waiting: int
    dead: int


class MadeOut(SubscriptionOut):
    """A subscription with its secret, which is told this once."""

    secret: str


class SecretOut(Out):
    """Another secret, which is told this once. old_until: until then the one before signs, too."""

    secret: str
    old_until: datetime | None


class DeliveryOut(Out):
    """A delivery. case_number: "" for a test. status_code, error, took_ms: of the last attempt."""

    id: int
    kind: str
    case_number: str
    standing: str
    made_at: datetime
    next_at: datetime | None
    ended_at: datetime | None
    attempts: int
    status_code: int | None
    error: str
    took_ms: int | None


class DeliveryPageOut(Out):
    """A page of deliveries; `next` and `previous` are cursors, "" where the list ends."""

    rows: list[DeliveryOut]
    total: int | None
    total_is_more: bool
    previous: str
    next: str


class CountOut(Out):
    """How many."""

    count: int


def subscription_out(view: SubscriptionView) -> dict[str, Any]:
    """Return a subscription as the API prints it."""
    row = view.row
    return {
        "id": row.pk, "name": row.name, "url": view.url, "area_code": view.area.code if view.area else "",
        "level": row.level, "kinds": row.kinds, "state": row.state, "why": row.why, "made_at": row.made_at,
        "delivered_at": row.delivered_at, "failing_since": row.failing_since, "old_secret_until": row.old_until,
        "waiting": view.waiting, "dead": view.dead,
    }  # fmt: skip


def delivery_out(line: DeliveryLine) -> dict[str, Any]:
    """Return a delivery as the API prints it."""
    row = line.row
    return {
        "id": row.pk, "kind": row.kind, "case_number": line.number, "standing": row.standing, "made_at": row.made_at,
        "next_at": row.next_at if row.standing == "waiting" else None, "ended_at": row.ended_at,
        "attempts": row.attempts, "status_code": row.status_code, "error": row.error, "took_ms": row.took_ms,
    }  # fmt: skip


def kinds_out(names: dict[str, str]) -> list[dict[str, str]]:
    """Return the kinds of events as the API prints them."""
    return [{"kind": kind, "name": names[kind]} for kind in kinds()]
