"""Who is asking and what may they do; who is to be told."""

import hashlib
import json
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from django.db import connection
from django.utils.translation import gettext as _

from haitang.core import clock, periods, policy, replicas
from haitang.core.access import EVERYWHERE, VISITOR, Actor, Grant, Kind
from haitang.core.prepared import Prepared
from haitang.people.models import Delegation, Holding
from haitang.people.queries.limits import ALLOWANCE, minute_of
from haitang.people.queries.signing import SIGN_IN
from haitang.people.values import DUTY_OF, NOT_DELEGATED, ScopeMissing

_ACTORS_MAX = 20_000
ACTORS: policy.Policy[dict[tuple[int, int | None, date], Actor]] = policy.Policy("people.grants", dict)
"""Actors already loaded by this process since anything about grants, roles, holdings or accounts last changed.

The snapshot starts empty and fills as accounts act; every action on those tables touches it. An actor with a
permission for some hours is loaded again when the first of them has ended.
"""

_ACTOR = """
SELECT a.name, o.id, coalesce(nullif(o.short_name, ''), o.name), coalesce(granted.rows, '[]'::json),
    (SELECT json_object_agg(e.permission, e.until) FROM people_elevation e
     WHERE e.account_id = a.id AND e.until > %(now)s)
FROM people_account a
LEFT JOIN LATERAL (
    SELECT json_agg(DISTINCT jsonb_build_array(coalesce(rp.permission, g.permission),
        CASE WHEN g.area_id IS NULL AND g.organization_id IS NULL THEN %(everywhere)s ELSE area.path END,
        g.organization_id)) AS rows,
        min(g.organization_id) AS organization_id
    FROM people_grant g
    LEFT JOIN people_rolepermission rp ON rp.role_id = g.role_id
    LEFT JOIN territory_area given ON given.id = g.area_id
    LEFT JOIN territory_area area ON area.id = given.id OR (area.code = given.code AND area.valid_to IS NULL)
    WHERE g.account_id = a.id AND g.from_date <= %(today)s AND (g.to_date IS NULL OR g.to_date > %(today)s)
) granted ON true
LEFT JOIN LATERAL (
    SELECT p.organization_id FROM people_holding h JOIN organizations_post p ON p.id = h.post_id
    WHERE h.person_id = a.person_id AND h.from_date <= %(today)s AND (h.to_date IS NULL OR h.to_date > %(today)s)
    ORDER BY h.is_main DESC, h.from_date, h.id LIMIT 1
) held ON true
LEFT JOIN organizations_organization o ON o.id = coalesce(held.organization_id, granted.organization_id)
WHERE a.id = %(account)s AND a.is_active
"""

_KNOWN = """
WITH token AS (
    SELECT t.id, t.account_id, t.scopes FROM people_apitoken t JOIN people_account a ON a.id = t.account_id
    WHERE t.token_hash = %(hash)s AND t.revoked_at IS NULL AND (t.expires_at IS NULL OR t.expires_at > %(now)s)
      AND a.is_active
), used AS (
    UPDATE people_apitoken SET last_used_date = %(today)s
    WHERE id = (SELECT id FROM token) AND last_used_date IS DISTINCT FROM %(today)s
)"""
_SAID = """
SELECT (SELECT account_id FROM token), (SELECT scopes FROM token),
    (SELECT coalesce(json_object_agg(name, version), '{}') FROM core_policyversion), """
_AUTHENTICATE = Prepared("people_authenticate", f"{_KNOWN}{_SAID} NULL, NULL")
_AUTHENTICATE_AND_TAKE = f"""{_KNOWN}, token_taken AS (
    INSERT INTO people_apiuse AS u (key, minute, taken)
    SELECT 't' || id, %(minute)s::bigint, %(token_takes)s::int FROM token WHERE %(token_takes)s::int > 0
    ON CONFLICT (key) DO UPDATE SET minute = excluded.minute,
        taken = CASE WHEN u.minute = excluded.minute THEN u.taken ELSE 0 END + excluded.taken
    RETURNING taken
), address_taken AS (
    INSERT INTO people_apiuse AS u (key, minute, taken)
    SELECT %(address)s::text, %(minute)s::bigint, %(address_takes)s::int WHERE %(address_takes)s::int > 0
    ON CONFLICT (key) DO UPDATE SET minute = excluded.minute,
        taken = CASE WHEN u.minute = excluded.minute THEN u.taken ELSE 0 END + excluded.taken
    RETURNING taken
) {_SAID} (SELECT taken FROM token_taken), (SELECT taken FROM address_taken)
"""  # noqa: S608 - joins constants of this code, no input
"""The same, some twenty times a minute, with requests taken in advance (queries.limits)."""

_TAKE = """
INSERT INTO people_apiuse AS u (key, minute, taken) VALUES (%(address)s, %(minute)s, %(takes)s)
ON CONFLICT (key) DO UPDATE SET minute = excluded.minute,
    taken = CASE WHEN u.minute = excluded.minute THEN u.taken ELSE 0 END + excluded.taken
RETURNING taken
"""
"""The address alone: of a request that bears no token."""


def get_actor(account_id: int, *, now: datetime | None = None, standing_in_for: int | None = None) -> Actor:
    """Return the account as an actor with all its grants valid today; a visitor if it is absent or switched off.

    The organization is that of the main post held today, else one over which the account was given a grant.
    One query, or none if this process has loaded the actor since the last change to any grant.
    standing_in_for: the account in whose place it acts, with what that one holds now and nothing of its own; where
        nobody has said so for today, the account is itself.
    now: aware instant, the present by default.
    """
    now = now or clock.now()
    today = clock.local_date(now)
    held = ACTORS.get()
    actor = held.get((account_id, standing_in_for, today))
    if actor is None or (actor.elevated_until is not None and actor.elevated_until <= now):
        with replicas.primary():
            actor = _load_actor(account_id, now)
            if standing_in_for is not None and actor.is_known:
                actor = _in_place_of(standing_in_for, actor, now) or actor
        if len(held) >= _ACTORS_MAX:
            held.clear()
        held[(account_id, standing_in_for, today)] = actor
    return actor


def _in_place_of(account_id: int, deputy: Actor, now: datetime) -> Actor | None:
    """Return the deputy as whom it stands in for; None where it does not, or one of the two is an administrator.

    What the other was given for some hours was given to that person, and is not passed on.
    """
    asked = Delegation.objects.filter(periods.on(clock.local_date(now)), account_id=account_id, deputy_id=deputy.id)
    if not asked.exists():
        return None
    other = _load_actor(account_id, now, elevated=False)
    if not other.is_known or any(grant.permission in DUTY_OF for grant in deputy.grants | other.grants):
        return None
    return replace(
        other,
        name=f"{deputy.name}（代 {other.name}）",  # as the history keeps it, in no reader's language
        id=deputy.id,
        grants=frozenset(grant for grant in other.grants if not grant.permission.startswith(NOT_DELEGATED)),
        standing_in_for=account_id,
    )


def authenticate_token(token: str, *, scope: str = "", address: str = "", now: datetime | None = None) -> Actor | None:
    """Return the token's actor, or None for an unknown, expired or revoked token or an account switched off.

    The same query reads the policy versions and hands them to the request, notes the day of the token's use, and some
    twenty times a minute takes requests in advance for the limits (queries.limits).
    scope: what the token must have been made for (values.scope_of), "" for anything. address: whence it is asked.
    now: aware instant, the present by default.
    Raises ScopeMissing, TooMany.
    """
    now = now or clock.now()
    digest = hash_token(token)
    token_takes, address_takes = ALLOWANCE.spend(digest, address, now)
    with connection.cursor() as cursor:
        given: dict[str, Any] = {"hash": digest, "now": now, "today": clock.local_date(now)}
        if token_takes or address_takes:
            taking = {
                "minute": minute_of(now), "token_takes": token_takes, "address_takes": address_takes,
                "address": f"a{address}",
            }  # fmt: skip
            cursor.execute(_AUTHENTICATE_AND_TAKE, given | taking)
        else:
            _AUTHENTICATE.execute(cursor, given)
        account_id, scopes, versions, token_total, address_total = cursor.fetchone()
    policy.hold(_from_json(versions))
    rules = SIGN_IN.get()
    ALLOWANCE.learn(rules)
    if address_total is not None:
        ALLOWANCE.take_in(address, address_takes, address_total, rules["address_requests_per_minute"], now)
    if account_id is None:
        return None
    if token_total is not None:
        ALLOWANCE.take_in(digest, token_takes, token_total, rules["token_requests_per_minute"], now)
    allowed = _from_json(scopes)
    if allowed is not None and scope and scope not in allowed:
        raise ScopeMissing(_("此令牌没有“%(scope)s”的范围，请另建令牌") % {"scope": scope})
    actor = get_actor(account_id, now=now)
    return None if actor is VISITOR else as_token(actor)


def count_visit(*, address: str, now: datetime) -> None:
    """Count a request without a token against the limit of its address, the same that requests with tokens count in.

    Some twenty times a minute one statement; no query else. For entrances where anybody may read. Raises TooMany.
    """
    takes = ALLOWANCE.spend_address(address, now)
    if not takes:
        return
    with connection.cursor() as cursor:
        cursor.execute(_TAKE, {"address": f"a{address}", "minute": minute_of(now), "takes": takes})
        (total,) = cursor.fetchone()
    rules = SIGN_IN.get()
    ALLOWANCE.learn(rules)
    ALLOWANCE.take_in(address, takes, total, rules["address_requests_per_minute"], now)


def hash_token(token: str) -> bytes:
    """Return what is kept of an API token: its SHA-256. A token is random, so it needs neither salt nor slowness."""
    return hashlib.sha256(token.encode(errors="replace")).digest()


def as_token(actor: Actor) -> Actor:
    """Return the same party acting through a program. Kept on the actor: one for each actor loaded."""
    twin = actor.__dict__.get("_as_token")
    if twin is None:
        twin = replace(actor, kind=Kind.TOKEN)
        actor.__dict__["_as_token"] = twin
    return twin


def _load_actor(account_id: int, now: datetime, *, elevated: bool = True) -> Actor:
    today = clock.local_date(now)
    with connection.cursor() as cursor:
        cursor.execute(_ACTOR, {"account": account_id, "today": today, "now": now, "everywhere": EVERYWHERE})
        row = cursor.fetchone()
    if row is None:
        return VISITOR
    name, organization_id, organization_name, granted, given = row
    grants = frozenset(Grant(p, path, organization) for p, path, organization in _from_json(granted) if p)
    until = None
    if elevated and given:
        hours = {permission: datetime.fromisoformat(end) for permission, end in _from_json(given).items()}
        scopes = {(grant.area_path, grant.organization_id) for grant in grants}
        grants |= {Grant(permission, *scope) for permission in hours for scope in scopes}
        until = min(hours.values())
    return Actor(name, Kind.ACCOUNT, account_id, organization_id, organization_name or "", grants, elevated_until=until)


def _from_json(value: Any) -> Any:
    return json.loads(value) if isinstance(value, str) else value


_TOLD = """
SELECT DISTINCT g.account_id FROM people_grant g
JOIN people_account a ON a.id = g.account_id AND a.is_active
LEFT JOIN people_rolepermission rp ON rp.role_id = g.role_id AND rp.permission = %(permission)s
LEFT JOIN territory_area given ON given.id = g.area_id
LEFT JOIN territory_area area ON area.id = given.id OR (area.code = given.code AND area.valid_to IS NULL)
WHERE (rp.id IS NOT NULL OR g.permission = %(permission)s)
  AND g.from_date <= %(today)s AND (g.to_date IS NULL OR g.to_date > %(today)s)
  AND ((g.area_id IS NULL AND g.organization_id IS NULL AND %(area_path)s::text IS NOT NULL)
       OR starts_with(%(area_path)s::text, area.path) OR g.organization_id = %(organization)s)
ORDER BY 1
"""


def list_accounts_holding(
    permission: str, *, area_path: str | None = None, organization_id: int | None = None, now: datetime | None = None
) -> list[int]:
    """Return the ids of the active accounts that hold the permission today over that area or that organization.

    A grant from above covers an area below it; one over an organization covers only that organization.
    """
    parameters = {
        "permission": permission, "area_path": area_path, "organization": organization_id,
        "today": clock.local_date(now or clock.now()),
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(_TOLD, parameters)
        return [row[0] for row in cursor.fetchall()]


def list_responsible(
    organization_id: int, post_kind: str, *, area_id: int | None = None, now: datetime | None = None
) -> list[int]:
    """Return the ids of the active accounts whose person holds such a post in the organization today.

    area_id: only posts for that very area (the worker of this grid, of all of the community's).
    """
    today = clock.local_date(now or clock.now())
    held = Holding.objects.filter(
        periods.on(today), kind=post_kind, post__organization_id=organization_id, person__account__is_active=True
    )
    if area_id is not None:
        held = held.filter(area_id=area_id)
    return sorted(set(held.values_list("person__account__id", flat=True)))
