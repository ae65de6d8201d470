"""Orders with helpers asked, as many as a town has: their yes over HTTP, against plain psycopg writing the rows."""

from datetime import datetime, time
from statistics import median
from typing import TYPE_CHECKING, Any

from django.db import connection

from haitang.bench import city as ground
from haitang.bench import raw
from haitang.bench.report import Result
from haitang.bench.site import ask, load
from haitang.core import clock
from haitang.core.access import Actor
from haitang.orders import actions
from haitang.orders.values import Hours, Permission, ServiceChange, Weekday
from haitang.people.actions import create_account
from haitang.people.queries import get_account_id
from haitang.people.values import AccountUnknown
from haitang.people.values import Permission as PeoplePermission
from haitang.territory.queries import territory
from haitang.volunteers.actions import register_volunteer
from haitang.volunteers.queries import get_volunteer_of
from haitang.volunteers.values import VolunteerProfile

if TYPE_CHECKING:
    from haitang.bench.measures import Scene

_WARM_UP = 40
_HELPERS = 48
"""So many people, whose offers come in turn: one person says yes to one thing at a time."""
_TYPE = "repair"
_OFFERED = """
WITH first AS (
    SELECT greatest(%(now)s + interval '3 days', max(ends_at)) AS at
    FROM orders_engagement WHERE volunteer_id = ANY(%(volunteers)s)
), day AS (
    INSERT INTO orders_quota (service_id, "on", capacity, taken) VALUES (%(service)s, %(on)s, 32000, 0) RETURNING id
), slot AS (
    INSERT INTO orders_slot (quota_id, begins_at, ends_at, capacity, taken)
    SELECT day.id, first.at + n * interval '10 minutes', first.at + (n + 1) * interval '10 minutes', 1, 1
    FROM first, day, generate_series(0, %(wanted)s - 1) AS n
    RETURNING id, begins_at, ends_at
), placed AS (
    INSERT INTO orders_order (
        service_id, slot_id, area_id, area_ids, begins_at, ends_at, status, orderer, channel, name_sealed,
        phone_sealed, address_sealed, words, ordered_at, reminded, finish_words, is_silent, review_words, reason,
        is_late, missed_side, languages)
    SELECT %(service)s, id, %(area)s, ARRAY[%(area)s]::bigint[], begins_at, ends_at, 'offered', 'resident', 'phone',
           '', '', '', '', %(now)s, '{}', '', false, '', '', false, '', '{}' FROM slot
    RETURNING id
), numbered AS (SELECT id, row_number() OVER (ORDER BY id) AS n FROM placed)
INSERT INTO orders_offer (order_id, volunteer_id, status, offered_at, expires_at, reason, why)
SELECT id, (%(volunteers)s)[1 + n %% cardinality(%(volunteers)s)], 'open', %(now)s, %(now)s + interval '1 day', '', '[]'
FROM numbered ORDER BY n
RETURNING order_id, id, volunteer_id
"""
_SAME_ROWS = (
    "UPDATE orders_offer SET status = 'accepted', answered_at = now() WHERE order_id = %s",
    (
        "INSERT INTO orders_engagement (volunteer_id, order_id, begins_at, ends_at) SELECT o.volunteer_id, p.id, "
        "p.begins_at, p.ends_at FROM orders_order p JOIN orders_offer o ON o.order_id = p.id WHERE p.id = %s"
    ),
    (
        "UPDATE orders_order p SET status = 'accepted', volunteer_id = o.volunteer_id, helper_id = NULL, "
        "accepted_at = now(), assured_at = NULL FROM orders_offer o WHERE o.order_id = p.id AND p.id = %s"
    ),
)
"""What accepting writes beside the entry of the history, the queued notice and the news to open pages."""


def order_accept(scene: "Scene") -> Result:
    """One yes of a helper to an order offered to them, over HTTP, by CLIENTS clients, against the same rows."""
    wanted = scene.requests * 2 * scene.runs + _WARM_UP + 1
    now = clock.now()
    tokens = dict(helper(number, now) for number in range(_HELPERS))
    waiting = iter(offered(list(tokens), wanted, now))
    connection.close()

    def request(offer_id: int, volunteer_id: int) -> bytes:
        return scene.post(f"/offers/{offer_id}/accept", {}, tokens[volunteer_id])

    def accept(count: int) -> list[bytes]:
        return [request(*next(waiting)[1:]) for _ in range(count)]

    def accept_one() -> int:
        order_id, offer_id, volunteer_id = next(waiting)
        ask(scene.site.port, [request(offer_id, volunteer_id)])
        return order_id

    load(scene.site.port, accept(_WARM_UP))
    deed = raw.watch_told(accept_one, _SAME_ROWS)
    made, bounds, p95 = [], [], []
    for _ in range(scene.runs):
        done = load(scene.site.port, accept(scene.requests))
        made.append(done.per_s)
        p95.append(done.p(95))
        bounds.append(raw.rate(deed, [next(waiting)[0] for _ in range(scene.requests)]))
    return Result(
        "order_accept", median(made), "/s", 400, median(bounds), None, f"p95 {median(p95):.0f} ms, 8 clients",
        {"runs": made, "bounds": bounds, "p95_ms": p95, "statements": len(deed.statements)},
    )  # fmt: skip


def offered(volunteers: list[int], wanted: int, now: datetime) -> list[tuple[int, int, int]]:
    """Offer so many orders, each of an hour of its own, to these people in turn; return (order, offer, person)."""
    area = territory().children(None)[0]
    given: dict[str, Any] = {
        "service": _service(area.code, now), "volunteers": volunteers, "area": area.id, "now": now,
        "on": clock.local_date(now), "wanted": wanted,
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(_OFFERED, given)
        return list(cursor.fetchall())


def _service(area_code: str, now: datetime) -> int:
    """Put a service into the catalogue, one for each measurement."""
    week = tuple(Hours(int(day), time(9), time(17)) for day in Weekday.values)
    change = ServiceChange(_TYPE, "性能测试", area_code, "", week, 1000, 1000)
    return actions.open_service(actor=ground.actor(Permission.MANAGE), change=change, now=now).pk


def helper(number: int, now: datetime) -> tuple[int, str]:
    """Return the entry in the register of one of the helpers, made unless an earlier run did, and a token of theirs."""
    username, name = f"{ground.USERNAME}-helper-{number}", f"测试员{number}"
    try:
        account_id = get_account_id(username)
    except AccountUnknown:
        keeper = ground.actor(PeoplePermission.ACCOUNT_MANAGE)
        account_id = create_account(
            actor=keeper, username=username, name=name, password="", temporary=False, now=now
        ).pk  # fmt: skip
    found = get_volunteer_of(account_id)
    if found is None:
        area_id = territory().children(None)[0].id
        profile = VolunteerProfile(name=name, phone=f"137{number:08}", area_id=area_id)
        found = register_volunteer(actor=Actor(name, id=account_id), profile=profile, consented=True, now=now).volunteer
    return found.pk, ground.new_token(account_id, now)
