"""What people do about subscriptions: make, change, pause, resume, end; another secret; dead letters."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from haitang.core import commits, crypto, history, outgoing
from haitang.core.access import EVERYWHERE, Actor
from haitang.core.errors import Conflict, Invalid, NotSignedIn
from haitang.core.facts import Fact
from haitang.people.values import clean_text
from haitang.territory.queries import territory
from haitang.territory.values import AreaRef
from haitang.webhooks import policies, queries
from haitang.webhooks.facts import (
    DeliveriesDropped,
    DeliveriesResent,
    SubscriptionChanged,
    SubscriptionEnded,
    SubscriptionMade,
    SubscriptionPaused,
    SubscriptionResumed,
    WebhookSecretChanged,
)
from haitang.webhooks.models import ADDRESS, SECRET, Delivery, Subscription
from haitang.webhooks.values import (
    NAME_LENGTH_MAX,
    OPEN,
    Level,
    Standing,
    State,
    Why,
    WrongState,
    kinds,
    new_secret,
)


@transaction.atomic
def make_subscription(
    *, actor: Actor, name: str, url: str, area_code: str, level: str, chosen: Collection[str], now: datetime
) -> tuple[Subscription, str]:
    """
    Have another system told of what is committed from now on. Returns the row and the secret, never shown again.

    area_code: "" for the whole city. level: of values.Level. chosen: kinds of events, of values.kinds.
    Raises NotAllowed (no MANAGE over the area), Invalid, Conflict (there are as many as the rules allow).
    """
    area = _area_of(area_code)
    policies.check_can_manage(actor, area.path if area else EVERYWHERE)
    if actor.id is None:
        raise NotSignedIn(_("请先登录"))
    given = _checked(name, url, area, level, chosen)
    limit = queries.webhook_rules()["subscriptions_max"]
    if Subscription.objects.exclude(state=State.ENDED).count() >= limit:
        raise Conflict(_("最多 %(n)d 个事件订阅，请先停用不用的") % {"n": limit})
    secret, place = new_secret(), commits.here()
    row = Subscription.objects.create(
        **given, secret_sealed=crypto.seal(secret, SECRET), owner_id=actor.id, made_at=now, system=place.system,
        snapshot=place.snapshot, id_above=place.id_above, last_id=place.last_id,
    )  # fmt: skip
    _record(actor, row, SubscriptionMade(row.pk, row.name, _host(url), area_code, level, row.kinds), now)
    return row, secret


@transaction.atomic
def change_subscription(
    *, actor: Actor, subscription_id: int, name: str, url: str, area_code: str, level: str, chosen: Collection[str],
    now: datetime,
) -> Subscription:  # fmt: skip
    """
    Change what a subscription says; what is on its way already goes to the new address. See `make_subscription`.

    Raises SubscriptionNotFound, WrongState (it is over), NotAllowed (not over the new area), Invalid.
    """
    row = _lock_lasting(actor, subscription_id)
    area = _area_of(area_code)
    policies.check_can_manage(actor, area.path if area else EVERYWHERE)
    for name_, value in _checked(name, url, area, level, chosen).items():
        setattr(row, name_, value)
    row.save(update_fields=["name", "url_sealed", "area_id", "area_ids", "level", "kinds"])
    _record(actor, row, SubscriptionChanged(row.pk, row.name, _host(url), area_code, level, row.kinds), now)
    return row


@transaction.atomic
def rotate_secret(*, actor: Actor, subscription_id: int, now: datetime) -> str:
    """
    Sign with another secret from now on, and with the present one for the rule's hours, too; return the new one.

    Raises SubscriptionNotFound, WrongState.
    """
    row = _lock_lasting(actor, subscription_id)
    secret = new_secret()
    row.old_secret_sealed, row.secret_sealed = bytes(row.secret_sealed), crypto.seal(secret, SECRET)
    row.old_until = now + timedelta(hours=queries.webhook_rules()["old_secret_hours"])
    row.save(update_fields=["secret_sealed", "old_secret_sealed", "old_until"])
    _record(actor, row, WebhookSecretChanged(row.pk), now)
    return secret


@transaction.atomic
def pause_subscription(*, actor: Actor, subscription_id: int, now: datetime) -> None:
    """Send nothing until it is resumed; its place in the history is kept. Raises SubscriptionNotFound, WrongState."""
    row = _lock_lasting(actor, subscription_id)
    if row.state != State.ACTIVE:
        raise WrongState(_("订阅已经暂停"))
    row.state, row.why = State.PAUSED, Why.BY_HAND
    row.save(update_fields=["state", "why"])
    _record(actor, row, SubscriptionPaused(row.pk, Why.BY_HAND.value), now)


@transaction.atomic
def resume_subscription(*, actor: Actor, subscription_id: int, skip: bool, now: datetime) -> None:
    """
    Let a paused subscription go on from where it stood; skip: from now, giving up what waits and what came meanwhile.

    Raises SubscriptionNotFound, WrongState.
    """
    row = _lock_lasting(actor, subscription_id)
    if row.state != State.PAUSED:
        raise WrongState(_("订阅没有暂停"))
    row.state, row.why, row.failures, row.failing_since, row.rests_until = State.ACTIVE, "", 0, None, None
    waiting = Delivery.objects.filter(subscription=row, standing=Standing.WAITING)
    if skip:
        place = commits.here()
        row.system, row.snapshot, row.id_above, row.last_id = (
            place.system, place.snapshot, place.id_above, place.last_id
        )  # fmt: skip
        Delivery.objects.filter(subscription=row, standing__in=OPEN).update(standing=Standing.DROPPED, ended_at=now)
    else:
        waiting.update(next_at=now)
    row.save()
    _record(actor, row, SubscriptionResumed(row.pk, skip), now)


@transaction.atomic
def end_subscription(*, actor: Actor, subscription_id: int, now: datetime) -> None:
    """End a subscription for good: what waits is given up, secret and address are erased.

    Raises SubscriptionNotFound, WrongState.
    """
    row = _lock_lasting(actor, subscription_id)
    row.state, row.why, row.secret_sealed, row.old_secret_sealed, row.url_sealed = State.ENDED, "", b"", b"", b""
    row.old_until = None
    row.save()
    Delivery.objects.filter(subscription=row, standing__in=OPEN).update(standing=Standing.DROPPED, ended_at=now)
    _record(actor, row, SubscriptionEnded(row.pk), now)


@transaction.atomic
def resend_deliveries(
    *, actor: Actor, subscription_id: int, now: datetime, delivery_ids: Sequence[int] | None = None
) -> int:
    """
    Have deliveries that failed for good sent again from the first step, in their order; None: all. Returns how many.

    Raises SubscriptionNotFound, WrongState (the subscription is over, or none of them has failed for good).
    """
    row, dead = _dead(actor, subscription_id, delivery_ids)
    cases = list(dead.values_list("subject_id", flat=True))
    count = dead.update(standing=Standing.WAITING, attempts=0, next_at=now)
    Delivery.objects.filter(subscription=row, subject_id__in=cases, standing=Standing.WAITING).update(next_at=now)
    _record(actor, row, DeliveriesResent(row.pk, count), now)
    return count


@transaction.atomic
def drop_deliveries(
    *, actor: Actor, subscription_id: int, now: datetime, delivery_ids: Sequence[int] | None = None
) -> int:
    """
    Give up deliveries that failed for good, so that the later ones of their cases go on; None: all. Returns how many.

    Raises SubscriptionNotFound, WrongState.
    """
    row, dead = _dead(actor, subscription_id, delivery_ids)
    cases = list(dead.values_list("subject_id", flat=True))
    count = dead.update(standing=Standing.DROPPED, ended_at=now)
    Delivery.objects.filter(subscription=row, subject_id__in=cases, standing=Standing.WAITING).update(next_at=now)
    _record(actor, row, DeliveriesDropped(row.pk, count), now)
    return count


def _dead(
    actor: Actor, subscription_id: int, delivery_ids: Sequence[int] | None
) -> tuple[Subscription, "QuerySet[Delivery]"]:
    row = _lock_lasting(actor, subscription_id)
    dead = Delivery.objects.filter(subscription=row, standing=Standing.DEAD)
    if delivery_ids is not None:
        dead = dead.filter(pk__in=delivery_ids)
    if not dead.exists():
        raise WrongState(_("没有送达失败的推送"))
    return row, dead


def _lock_lasting(actor: Actor, subscription_id: int) -> Subscription:
    row = queries.lock_subscription(actor=actor, subscription_id=subscription_id)
    if row.state == State.ENDED:
        raise WrongState(_("订阅已停用"))
    return row


def _area_of(code: str) -> AreaRef | None:
    if not code:
        return None
    area = territory().by_code(code)
    if area is None:
        text = _("没有编码为“%(code)s”的区域") % {"code": code[:40]}
        raise Invalid(text, {"area_code": text})
    return area


def _checked(name: str, url: str, area: AreaRef | None, level: str, chosen: Collection[str]) -> dict[str, object]:
    """Return the columns of what was typed; raise Invalid."""
    outgoing.read_url(url)
    if level not in Level.values:
        raise Invalid(_("请选择内容范围"), {"level": _("请选择内容范围")})
    if not chosen or not set(chosen) <= kinds().keys():
        raise Invalid(_("请选择事件种类"), {"chosen": _("请选择事件种类")})
    return {
        "name": clean_text(name, field="name", label=_("名称"), length_max=NAME_LENGTH_MAX),
        "url_sealed": crypto.seal(url, ADDRESS),
        "area_id": area.id if area else None,
        "area_ids": list(area.ids) if area else [],
        "level": level,
        "kinds": [kind for kind in kinds() if kind in chosen],
    }


def _host(url: str) -> str:
    return outgoing.read_url(url).host


def _record(actor: Actor, row: Subscription, fact: Fact, now: datetime) -> None:
    audience = history.Audience(policies.path_told(row))
    history.record(actor=actor, fact=fact, at=now, audience=audience)
