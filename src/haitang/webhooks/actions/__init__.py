"""Writes of webhooks: subscriptions by people, reading and sending by the worker."""

from haitang.webhooks.actions.reading import read_events
from haitang.webhooks.actions.rules import change_webhook_rule, move_subscriptions, tidy_deliveries
from haitang.webhooks.actions.sending import deliver_events, try_subscription
from haitang.webhooks.actions.subscriptions import (
    change_subscription,
    drop_deliveries,
    end_subscription,
    make_subscription,
    pause_subscription,
    resend_deliveries,
    resume_subscription,
    rotate_secret,
)

__all__ = [
    "change_subscription",
    "change_webhook_rule",
    "deliver_events",
    "drop_deliveries",
    "end_subscription",
    "make_subscription",
    "move_subscriptions",
    "pause_subscription",
    "read_events",
    "resend_deliveries",
    "resume_subscription",
    "rotate_secret",
    "tidy_deliveries",
    "try_subscription",
]
