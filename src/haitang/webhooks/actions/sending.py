"""Sending: of each case one delivery after the other, of several cases several at once, and none for ever.

Threads only carry what is sent; every row is read and written by the one that runs the round.
"""

import logging
from collections import deque
from collections.abc import Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from time import monotonic
from urllib.parse import urlsplit

from django.db import connection, transaction
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from haitang.core import crypto, history, limits, outgoing
from haitang.core.access import Actor
from haitang.core.errors import Refusal
from haitang.people.actions import send_notices
from haitang.people.queries import list_accounts_holding
from haitang.webhooks import queries
from haitang.webhooks.facts import SubscriptionPaused
from haitang.webhooks.models import ADDRESS, Delivery, Subscription
from haitang.webhooks.policies import path_told
from haitang.webhooks.values import (
    TEST,
    Message,
    Permission,
    Standing,
    State,
    Why,
    WrongState,
    message_id,
    written,
)

log = logging.getLogger(__name__)
FOR_S = 20.0
"""How long a round begins new deliveries; the next round goes on."""
CHUNK = 16
NEVER = timedelta(days=36500)
RETRY_AFTER_MAX_S = 24 * 3600
TESTS_PER_HOUR = 30
GONE = 410
_ONE_SENDER = 0x68747768  # "htwh", the number of the advisory lock
PAUSED = gettext_noop("事件推送“{name}”已自动暂停：对方服务器 {host} 长时间不能接收。请与对方核实后恢复")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one attempt. status: of the answer, None without any. error: "" where it got through."""

    status: int | None
    error: str
    took_ms: int
    retry_after_s: int = 0


@dataclass(slots=True)
class _Lane:
    """A subscription within a round. waiting: read and not yet begun. is_dry: nothing more is due for now."""

    row: Subscription
    url: str
    waiting: deque[Delivery] = field(default_factory=deque)
    messages: dict[int, Message] = field(default_factory=dict)
    under_way: set[int] = field(default_factory=set)
    is_dry: bool = False
    is_closed: bool = False


def deliver_events(*, actor: Actor, now: datetime, for_s: float = FOR_S) -> int:
    """
    Send what is due, for so many seconds, and return how much got through; 0 at once while another process sends.

    What got through and could not be noted, because the process was killed in between, is sent again under the same id.
    """
    with _alone() as is_alone:
        return _Round(actor, now, for_s).run() if is_alone else 0


def try_subscription(*, actor: Actor, subscription_id: int, now: datetime) -> Delivery:
    """
    Send a test to the subscription's address now, and return what came of it as a delivery of its own.

    Raises SubscriptionNotFound, WrongState (it is over), TooMany.
    """
    view = queries.get_subscription(viewer=actor, subscription_id=subscription_id)
    if view.row.state == State.ENDED:
        raise WrongState(_("订阅已停用"))
    limits.hit(f"webhooks.test:{subscription_id}", limit=TESTS_PER_HOUR, window_s=3600, now=now)
    row = Delivery.objects.create(
        subscription=view.row, kind=TEST, subject_id=0, standing=Standing.DROPPED, made_at=now, next_at=now,
        ended_at=now, attempts=1,
    )  # fmt: skip
    message = Message(message_id(view.row.pk, None, row.pk), written(TEST, now, {"subscription": view.row.name}))
    headers = message.headers(queries.secrets_in_force(view.row, now), now)
    outcome = _send(view.url, message.body, headers, queries.webhook_rules()["timeout_s"])
    row.standing = Standing.DROPPED if outcome.error else Standing.DELIVERED
    row.status_code, row.error, row.took_ms = outcome.status, outcome.error, outcome.took_ms
    row.save(update_fields=["standing", "status_code", "error", "took_ms"])
    return row


def _send(url: str, body: bytes, headers: dict[str, str], within_s: float) -> Outcome:
    """Carry one delivery; in a thread of its own, which touches no row."""
    began = monotonic()
    try:
        answer = outgoing.send(url, body=body, headers=headers, within_s=within_s, bytes_max=1024)
    except Refusal as refusal:
        return Outcome(None, refusal.message, round((monotonic() - began) * 1000))
    except Exception:  # a bug met with one delivery must not keep all the others back
        log.exception("a delivery could not be sent")
        return Outcome(None, "发送程序出错", round((monotonic() - began) * 1000))
    after = answer.headers.get("retry-after", "")
    return Outcome(
        answer.status,
        "" if 200 <= answer.status < 300 else f"HTTP {answer.status}",
        round(answer.took_s * 1000),
        min(int(after), RETRY_AFTER_MAX_S) if after.isascii() and after.isdecimal() and len(after) < 10 else 0,
    )


class _Round:
    """One round of sending over all active subscriptions."""

    def __init__(self, actor: Actor, now: datetime, for_s: float) -> None:
        self._actor, self._now, self._for_s, self._began = actor, now, for_s, monotonic()
        self._rules = queries.webhook_rules()
        rows = Subscription.objects.filter(state=State.ACTIVE).order_by("pk")
        self._lanes = [
            _Lane(row, crypto.open_(row.url_sealed, ADDRESS))
            for row in rows
            if row.rests_until is None or row.rests_until <= now
        ]
        self._carried: dict[Future[Outcome], tuple[_Lane, Delivery]] = {}
        self._through = 0

    def run(self) -> int:
        """Send until nothing is due or the time is up, wait for what is under way, and return what got through."""
        threads = max(len(self._lanes) * self._rules["at_once"], 1)
        with ThreadPoolExecutor(min(threads, 64), thread_name_prefix="webhook") as pool:
            while True:
                if monotonic() - self._began < self._for_s:
                    for lane in self._lanes:
                        self._fill(lane, pool)
                if not self._carried:
                    return self._through
                done, _rest = wait(self._carried, timeout=1.0, return_when=FIRST_COMPLETED)
                for future in done:
                    lane, delivery = self._carried.pop(future)
                    lane.under_way.discard(delivery.pk)
                    lane.is_dry = False
                    self._note(lane, delivery, future.result())

    def _at(self) -> datetime:
        return self._now + timedelta(seconds=monotonic() - self._began)

    def _fill(self, lane: _Lane, pool: ThreadPoolExecutor) -> None:
        while not (lane.is_closed or lane.is_dry) and len(lane.under_way) < self._rules["at_once"]:
            if not lane.waiting:
                self._read(lane)
                if not lane.waiting:
                    lane.is_dry = True
                    return
            delivery = lane.waiting.popleft()
            message, at = lane.messages.pop(delivery.pk), self._at()
            headers = message.headers(queries.secrets_in_force(lane.row, at), at)
            lane.under_way.add(delivery.pk)
            carried = pool.submit(_send, lane.url, message.body, headers, self._rules["timeout_s"])
            self._carried[carried] = lane, delivery

    def _read(self, lane: _Lane) -> None:
        """Read what is due next; what may not be told is put aside at once, which may let the next of its case go."""
        while True:
            found = queries.list_due(
                subscription_id=lane.row.pk, now=self._at(), under_way=lane.under_way, limit=CHUNK
            )  # fmt: skip
            messages = queries.build_messages(subscription=lane.row, deliveries=found)
            withheld = [each.pk for each in found if each.pk not in messages]
            Delivery.objects.filter(pk__in=withheld).update(standing=Standing.WITHHELD, ended_at=self._at())
            lane.waiting.extend(each for each in found if each.pk in messages)
            lane.messages |= messages
            if lane.waiting or not withheld:
                return

    @transaction.atomic
    def _note(self, lane: _Lane, delivery: Delivery, outcome: Outcome) -> None:
        at = self._at()
        told = {
            "attempts": delivery.attempts + 1, "status_code": outcome.status, "error": outcome.error,
            "took_ms": outcome.took_ms,
        }  # fmt: skip
        # What somebody gave up, or a subscription that was ended meanwhile, stays as it was decided.
        mine = Delivery.objects.filter(pk=delivery.pk, standing=Standing.WAITING)
        if not outcome.error:
            self._through += 1
            mine.update(standing=Standing.DELIVERED, ended_at=at, **told)
            if delivery.attempts:
                self._move_followers(delivery, at)
            self._note_success(lane, at)
            return
        steps = self._rules["retry_steps_s"]
        if delivery.attempts < len(steps):
            next_at = at + timedelta(seconds=max(steps[delivery.attempts], outcome.retry_after_s))
            mine.update(next_at=next_at, **told)
        else:
            next_at = at + NEVER
            mine.update(standing=Standing.DEAD, next_at=next_at, **told)
        self._move_followers(delivery, next_at)
        self._note_failure(lane, delivery, outcome, at)

    @staticmethod
    def _move_followers(delivery: Delivery, next_at: datetime) -> None:
        """Let the later ones of the case wait as long as the first: looked for, they would only be passed over."""
        later = Delivery.objects.filter(
            subscription_id=delivery.subscription_id, subject_id=delivery.subject_id, pk__gt=delivery.pk
        )
        later.filter(standing=Standing.WAITING).update(next_at=next_at)

    @staticmethod
    def _note_success(lane: _Lane, at: datetime) -> None:
        row = lane.row
        is_old = row.delivered_at is None or at - row.delivered_at >= timedelta(minutes=1)
        if row.failures or is_old:
            row.failures, row.failing_since, row.rests_until, row.delivered_at = 0, None, None, at
            row.save(update_fields=["failures", "failing_since", "rests_until", "delivered_at"])

    def _note_failure(self, lane: _Lane, delivery: Delivery, outcome: Outcome, at: datetime) -> None:
        row = lane.row
        row.failures, row.failing_since = row.failures + 1, row.failing_since or at
        if row.failures >= self._rules["rest_after_failures"]:
            row.rests_until, lane.is_closed = at + timedelta(seconds=self._rules["rest_s"]), True
        row.save(update_fields=["failures", "failing_since", "rests_until"])
        is_long = at - row.failing_since >= timedelta(hours=self._rules["pause_after_hours"])
        why = Why.GONE if outcome.status == GONE else Why.FAILING if is_long else None
        if why is not None:
            lane.is_closed = True
            self._pause(row, why, delivery, at)

    def _pause(self, row: Subscription, why: Why, delivery: Delivery, at: datetime) -> None:
        if not Subscription.objects.filter(pk=row.pk, state=State.ACTIVE).update(state=State.PAUSED, why=why):
            return
        history.record(
            actor=self._actor, fact=SubscriptionPaused(row.pk, why.value), at=at,
            audience=history.Audience(path_told(row)),
        )  # fmt: skip
        managers = list_accounts_holding(Permission.MANAGE, area_path=path_told(row), now=at)
        send_notices(
            actor=self._actor, account_ids={row.owner_id, *managers}, now=at,
            key=f"webhook:{row.pk}:paused:{delivery.pk}:{delivery.attempts}", text=PAUSED,
            parts={"name": row.name, "host": urlsplit(crypto.open_(row.url_sealed, ADDRESS)).hostname or ""},
            url=reverse("webhooks:one", args=[row.pk]), subject_type="webhook", subject_id=row.pk,
        )  # fmt: skip


@contextmanager
def _alone() -> Iterator[bool]:
    """Hold the right to send, of all processes: two that send at once could overtake each other within a case."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [_ONE_SENDER])
        (is_alone,) = cursor.fetchone()
    try:
        yield is_alone
    finally:
        if is_alone:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [_ONE_SENDER])
