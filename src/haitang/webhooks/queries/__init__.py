"""Reads of webhooks: subscriptions and deliveries for those who manage them, and what is to be sent now."""

from haitang.webhooks.queries.sending import build_messages, list_due, secrets_in_force
from haitang.webhooks.queries.subscriptions import (
    RULES,
    SETTINGS,
    DeliveryLine,
    SubscriptionView,
    count_dead,
    get_delivery,
    get_subscription,
    list_deliveries,
    list_subscriptions,
    list_webhook_rules,
    lock_subscription,
    webhook_rules,
)

__all__ = [
    "RULES",
    "SETTINGS",
    "DeliveryLine",
    "SubscriptionView",
    "build_messages",
    "count_dead",
    "get_delivery",
    "get_subscription",
    "list_deliveries",
    "list_due",
    "list_subscriptions",
    "list_webhook_rules",
    "lock_subscription",
    "secrets_in_force",
    "webhook_rules",
]
