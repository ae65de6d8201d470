"""What is to be sent now: at most one delivery of each case, and what each of them says."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from haitang.cases import queries as cases
from haitang.cases.queries import Outline
from haitang.core import crypto
from haitang.core.models import Entry
from haitang.webhooks.models import SECRET, Delivery, Subscription
from haitang.webhooks.queries.subscriptions import webhook_rules
from haitang.webhooks.values import Level, Message, details_of, message_id, written

_DUE = """
SELECT d.* FROM webhooks_delivery d JOIN webhooks_subscription s ON s.id = d.subscription_id AND s.state = 'active'
WHERE d.subscription_id = %s AND d.standing = 'waiting' AND d.next_at <= %s AND d.id <> ALL(%s)
AND NOT EXISTS (
    SELECT FROM webhooks_delivery e WHERE e.subscription_id = d.subscription_id AND e.subject_id = d.subject_id
    AND e.standing IN ('waiting', 'dead') AND e.id < d.id
)
ORDER BY d.next_at, d.id LIMIT %s
"""
"""The first of each case alone: one that is under way, waits or has failed for good holds the rest back."""


def list_due(*, subscription_id: int, now: datetime, under_way: Collection[int], limit: int) -> list[Delivery]:
    """Return deliveries that may be sent now, no two of one case. under_way: ids of those being sent. For jobs."""
    return list(Delivery.objects.raw(_DUE, [subscription_id, now, list(under_way), limit]))


def build_messages(*, subscription: Subscription, deliveries: Sequence[Delivery]) -> dict[int, Message]:
    """Return by its id what each delivery says; none for one that the subscription may not be told of. For jobs.

    Nothing of a denunciation is said to anybody, and to a subscription for the public nothing of the categories that
    are not published. What was erased from the history is not said either.
    """
    entries = Entry.objects.in_bulk([each.entry_id for each in deliveries if each.entry_id])
    outlines = cases.list_outlines({each.subject_id for each in deliveries})
    hidden = _hidden_categories() if subscription.level == Level.PUBLIC else frozenset()
    messages = {}
    for each in deliveries:
        entry, outline = entries.get(each.entry_id or 0), outlines.get(each.subject_id)
        if entry is None or outline is None or outline.is_confidential:
            continue
        if outline.category is not None and not hidden.isdisjoint(outline.category.ids):
            continue
        data = _told(outline) | details_of(entry.fact, entry.data, subscription.level)
        messages[each.pk] = Message(
            message_id(subscription.pk, each.entry_id, each.pk), written(each.kind, entry.at, data)
        )
    return messages


def secrets_in_force(subscription: Subscription, now: datetime) -> list[str]:
    """Return the secrets that sign now, the present one first. For jobs."""
    found = [crypto.open_(subscription.secret_sealed, SECRET)]
    if subscription.old_until is not None and now < subscription.old_until and subscription.old_secret_sealed:
        found.append(crypto.open_(subscription.old_secret_sealed, SECRET))
    return found


def _told(outline: Outline) -> dict[str, Any]:
    """Return what stands in every delivery: which case, and how it stands as this is sent."""
    return {
        "case_number": outline.number,
        "category_code": outline.category.code if outline.category else None,
        "area_code": outline.area.code,
        "case_status": outline.status,
        "is_open": outline.is_open,
    }


def _hidden_categories() -> frozenset[int]:
    known = cases.catalog().by_code
    return frozenset(known[code].id for code in webhook_rules()["unpublished"] if code in known)
