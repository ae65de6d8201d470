"""Changing the rules, following areas that go on as others, and removing what has served its time."""

import json
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q

from haitang.cases.queries import catalog
from haitang.core import access, history
from haitang.core.access import EVERYWHERE, Actor
from haitang.territory.queries import territory
from haitang.webhooks.facts import SubscriptionsMoved, WebhookRuleChanged
from haitang.webhooks.models import Delivery, Subscription
from haitang.webhooks.queries import RULES, SETTINGS, webhook_rules
from haitang.webhooks.values import Permission, Standing

STEPS_MAX, STEP_MAX_S = 20, 7 * 24 * 3600
BOUNDS = {
    "timeout_s": (1, 30), "at_once": (1, 16), "rest_after_failures": (1, 1000), "rest_s": (1, 3600),
    "pause_after_hours": (1, 720), "old_secret_hours": (0, 720), "keep_days": (1, 3650), "subscriptions_max": (0, 1000),
}  # fmt: skip
TIDY_ROWS = 10_000


@transaction.atomic
def change_webhook_rule(*, actor: Actor, key: str, value: Any, now: datetime) -> None:
    """Set a rule for webhooks. Raises NotAllowed without MANAGE everywhere, NotFound, Invalid."""
    access.require(actor, Permission.MANAGE, area_path=EVERYWHERE)
    if change := SETTINGS.change(key, value, lambda given, _like: _fits(key, given)):
        RULES.touch()
        told = json.dumps(value, ensure_ascii=False)
        history.record(actor=actor, fact=WebhookRuleChanged(change.row.pk, key, told), at=now)


def _fits(key: str, value: Any) -> bool:
    if key == "unpublished":
        return set(value) <= set(catalog().by_code)
    if key == "retry_steps_s":
        return 0 < len(value) <= STEPS_MAX and all(type(step) is int and 1 <= step <= STEP_MAX_S for step in value)
    low, high = BOUNDS[key]
    return bool(low <= value <= high)


@transaction.atomic
def move_subscriptions(*, actor: Actor, area_id: int, new_area_id: int, now: datetime) -> int:
    """Tie to an area's new version the subscriptions of the old one, and return how many.

    Run again, it moves nothing.
    """
    ids = list(territory().area(new_area_id).ids)
    moved = Subscription.objects.filter(area_id=area_id).update(area_id=new_area_id, area_ids=ids)
    if moved:
        history.record(actor=actor, fact=SubscriptionsMoved(area_id, new_area_id, moved), at=now)
    return moved


@transaction.atomic
def tidy_deliveries(*, actor: Actor, now: datetime) -> int:
    """Remove deliveries past their days, so many at a time, and old secrets past theirs; return how many deliveries."""
    Subscription.objects.filter(~Q(old_secret_sealed=b""), old_until__lte=now).update(
        old_secret_sealed=b"", old_until=None
    )
    until = now - timedelta(days=webhook_rules()["keep_days"])
    over = Delivery.objects.filter(ended_at__lt=until).exclude(standing__in=(Standing.WAITING, Standing.DEAD))
    removed, _by_model = Delivery.objects.filter(pk__in=list(over.values_list("pk", flat=True)[:TIDY_ROWS])).delete()
    return removed
