"""Subscriptions with what is on its way, deliveries, and the rules in force."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache, partial
from typing import Any

from django.db.models import Count, Q
from django.utils.translation import gettext as _

from haitang.cases import queries as cases
from haitang.core import crypto
from haitang.core.access import EVERYWHERE, Actor, require
from haitang.core.keyset import page_by_instant
from haitang.core.paging import Page
from haitang.core.policy import Policy
from haitang.core.shipped import SettingLine, Settings, read_shipped
from haitang.territory.queries import territory
from haitang.territory.values import AreaRef
from haitang.webhooks import policies
from haitang.webhooks.models import ADDRESS, Delivery, Subscription, WebhookSetting
from haitang.webhooks.values import (
    OPEN,
    DeliveryNotFound,
    Permission,
    Standing,
    State,
    SubscriptionNotFound,
)

PAGE_ROWS = 20
TOTAL_MAX = 1000
BADGE_MAX = 99

SETTINGS = Settings(cache(partial(read_shipped, "webhooks", "settings.toml")), WebhookSetting)
RULES: Policy[Mapping[str, Any]] = Policy("webhooks.rules", SETTINGS.values)


@dataclass(frozen=True, slots=True)
class SubscriptionView:
    """A subscription as pages and the API show it. area: None for everywhere. waiting, dead: so many deliveries."""

    row: Subscription
    url: str
    area: AreaRef | None
    waiting: int
    dead: int


@dataclass(frozen=True, slots=True)
class DeliveryLine:
    """A delivery with the number of its case; "" for a test and for a case that the viewer may not know of."""

    row: Delivery
    number: str


def webhook_rules() -> Mapping[str, Any]:
    """Return the rules in force by key."""
    return RULES.get()


def list_webhook_rules(*, viewer: Actor) -> list[SettingLine]:
    """Return every rule with its source, in the order of the shipped file. Raises NotAllowed."""
    require(viewer, Permission.MANAGE, area_path=EVERYWHERE)
    return SETTINGS.lines()


def list_subscriptions(*, viewer: Actor) -> list[SubscriptionView]:
    """Return the subscriptions that the viewer may manage, those that are over last; raise NotAllowed for none ever."""
    require(viewer, Permission.MANAGE)
    rows = Subscription.objects.visible_to(viewer).select_related("owner")
    return _viewed(sorted(rows, key=lambda row: (row.state == State.ENDED, row.pk)))


def get_subscription(*, viewer: Actor, subscription_id: int) -> SubscriptionView:
    """Return one subscription; raise SubscriptionNotFound where the viewer may not manage it."""
    require(viewer, Permission.MANAGE)
    rows = Subscription.objects.visible_to(viewer).select_related("owner").filter(pk=subscription_id)
    for view in _viewed(rows):
        return view
    raise SubscriptionNotFound(_("没有这个事件订阅"))


def lock_subscription(*, actor: Actor, subscription_id: int) -> Subscription:
    """Return the subscription locked until the transaction ends; raise SubscriptionNotFound. For actions only."""
    require(actor, Permission.MANAGE)
    row = Subscription.objects.select_for_update(no_key=True).filter(pk=subscription_id).first()
    if row is None or not actor.holds(Permission.MANAGE, area_path=policies.path_told(row)):
        raise SubscriptionNotFound(_("没有这个事件订阅"))
    return row


def list_deliveries(
    *, viewer: Actor, subscription_id: int, standing: str = "", cursor: str = "", limit: int = PAGE_ROWS
) -> Page[DeliveryLine]:
    """Return a page of a subscription's deliveries, the newest first. standing: those alone, "" for all."""
    view = get_subscription(viewer=viewer, subscription_id=subscription_id)
    rows = Delivery.objects.filter(subscription=view.row)
    if standing:
        rows = rows.filter(standing=standing)
    page = page_by_instant(rows, instant="made_at", cursor=cursor, limit=limit, total_max=TOTAL_MAX)
    outlines = cases.list_outlines({row.subject_id for row in page.rows})
    lines = [
        DeliveryLine(row, outline.number if (outline := outlines.get(row.subject_id)) and not _hidden(outline) else "")
        for row in page.rows
    ]
    return Page(lines, page.total, page.total_is_more, page.previous, page.next)


def get_delivery(*, viewer: Actor, subscription_id: int, delivery_id: int) -> Delivery:
    """Return one delivery of a subscription; raise SubscriptionNotFound, DeliveryNotFound."""
    view = get_subscription(viewer=viewer, subscription_id=subscription_id)
    row = Delivery.objects.filter(subscription=view.row, pk=delivery_id).first()
    if row is None:
        raise DeliveryNotFound(_("没有这件推送"))
    return row


def count_dead(viewer: Actor) -> int:
    """Return how many deliveries wait for somebody's decision in the viewer's subscriptions, up to BADGE_MAX."""
    mine = Subscription.objects.visible_to(viewer)
    rows = Delivery.objects.filter(standing=Standing.DEAD, subscription__in=mine)
    return int(rows.order_by()[:BADGE_MAX].count())


def _hidden(outline: cases.Outline) -> bool:
    return outline.is_confidential


def _viewed(rows: Iterable[Subscription]) -> list[SubscriptionView]:
    found, tree = list(rows), territory()
    open_ones = Delivery.objects.filter(subscription__in=found, standing__in=OPEN).values_list("subscription_id")
    counted = {
        pk: (waiting, dead)
        for pk, waiting, dead in open_ones.annotate(
            waiting=Count("pk", filter=Q(standing=Standing.WAITING)), dead=Count("pk", filter=Q(standing=Standing.DEAD))
        )
    }
    return [
        SubscriptionView(
            row, crypto.open_(row.url_sealed, ADDRESS), tree.get(row.area_id),
            *counted.get(row.pk, (0, 0)),
        )
        for row in found
    ]  # fmt: skip
