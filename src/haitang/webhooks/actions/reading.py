"""Reading the history on, and putting down what each subscription is to be told: by the worker, never in a deed."""

from collections.abc import Sequence
from datetime import datetime

from django.db import connection, transaction

from haitang.core import commits
from haitang.core.access import Actor
from haitang.webhooks.models import Subscription
from haitang.webhooks.policies import path_told
from haitang.webhooks.values import State, kinds

_READ = """
WITH p AS (
    SELECT s.id, s.kinds, s.snapshot, s.id_above, s.last_id, told.path
    FROM webhooks_subscription s
    JOIN unnest(%(ids)s::bigint[], %(paths)s::text[]) AS told(id, path) ON told.id = s.id
), news AS MATERIALIZED (
    SELECT id, fact, subject_id, area_path, xid FROM core_entry WHERE xid >= %(from)s
), added AS (
    INSERT INTO webhooks_delivery (subscription_id, entry_id, kind, subject_id, standing, made_at, next_at, attempts,
                                   error)
    SELECT p.id, e.id, k.kind, e.subject_id, 'waiting', %(now)s, %(now)s, 0, ''
    FROM news e
    JOIN unnest(%(facts)s::text[], %(kinds)s::text[]) AS k(fact, kind) ON k.fact = e.fact
    JOIN p ON k.kind = ANY(p.kinds) AND starts_with(e.area_path, p.path) AND {is_news}
    ORDER BY e.id, p.id
    ON CONFLICT DO NOTHING
    RETURNING id
), moved AS (
    UPDATE webhooks_subscription s
    SET snapshot = pg_current_snapshot()::text, last_id = greatest(s.last_id, (SELECT coalesce(max(id), 0) FROM news))
    FROM p WHERE s.id = p.id
    RETURNING s.id
)
SELECT (SELECT count(*) FROM added), (SELECT count(*) FROM moved)
"""
"""One statement, hence one snapshot: what it shows is put down, and is what the places say that has been read."""


@transaction.atomic
def read_events(*, actor: Actor, now: datetime) -> int | None:
    """
    Put down what has been committed since the last reading for every active subscription that asked for it.

    Returns how many deliveries there are more; None without any active subscription: then it costs one short query.
    """
    rows = list(Subscription.objects.select_for_update(no_key=True).filter(state=State.ACTIVE).order_by("pk"))
    if not rows:
        return None
    here = commits.here()
    at_home = [row for row in rows if row.system == here.system]
    moved = [row for row in rows if row.system != here.system]
    made = _read(at_home, commits.IS_NEWS, commits.begin_of(row.snapshot for row in at_home), now) if at_home else 0
    if moved:
        commits.hold_still()
        made += _read(moved, commits.IS_NEWS_AFTER_MOVING, 0, now)
        here = commits.here()
        ids = [row.pk for row in moved]
        Subscription.objects.filter(pk__in=ids).update(
            system=here.system, snapshot=here.snapshot, id_above=here.last_id, last_id=here.last_id
        )
    return made


def _read(rows: Sequence[Subscription], is_news: str, begin: int, now: datetime) -> int:
    known = kinds()
    with connection.cursor() as cursor:
        cursor.execute(
            _READ.format(is_news=is_news),
            {
                "ids": [row.pk for row in rows], "paths": [path_told(row) for row in rows], "from": begin, "now": now,
                "facts": list(known.values()), "kinds": list(known),
            },
        )  # fmt: skip
        made: int = cursor.fetchone()[0]
    return made
