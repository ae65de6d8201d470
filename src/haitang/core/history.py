"""One record, three uses: the audit trail, the timeline, and the news to other apps and open pages.

`record` writes the entry, queues every reaction and tells the live process, in the caller's
transaction and in one statement: either all of it happened or none of it.
"""

import json
from collections import defaultdict
from collections.abc import Callable, Iterable
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime
from os import urandom
from typing import Any, TypeVar

from django.db import connection
from procrastinate import RetryStrategy, tasks

from haitang.core import copying
from haitang.core.access import Actor
from haitang.core.facts import Fact
from haitang.core.models import Entry
from haitang.core.prepared import Prepared

LIVE_CHANNEL = "haitang_live"
RETRIES = RetryStrategy(max_attempts=5, exponential_wait=4)
"""Of a reaction that fails: after 4 s, 16 s, about 1, 4 and 17 minutes.
A deadlock or a restarted database loses no news."""

request_id: ContextVar[str] = ContextVar("request_id", default="")
"""Set by the entrance: one id around a whole request, carried into its entries and jobs."""
notice: ContextVar[str] = ContextVar("notice", default="")
"""Set by the entrance: which version of which notice the form showed that was handed in ("report.1", "wish.2+" where
its separate consent was given); "" for none. Kept in the data of every entry of that request, under this name."""
NOTICE = notice.name

Task = TypeVar("Task", bound=tasks.Task)
_reactions: dict[type[Fact], list[tasks.Task]] = defaultdict(list)
_batched: set[str] = set()
"""Names of the reactions that take all facts of one deed together."""


def reacts_to(*fact_types: type[Fact], batched: bool = False) -> Callable[[Task], Task]:
    """Register a job to be queued whenever such a fact is recorded.

    The job receives the fact's fields, `entry_id` and `deed_id` as keyword arguments. The latter is the request id of
    the deed: the job's own begins with it, so that all it records and logs is found with the deed. It is delivered at
    least once: it must be idempotent, end in `**_`, and call one action. One that fails is run again, see RETRIES,
    unless it says itself how.
    batched: it receives `entry_ids` and `deed_id` alone, of all facts of that kind that were recorded together, and is
    queued once for them: for facts that come by the thousand.
    """

    def register(job: Task) -> Task:
        if job.retry_strategy is None:
            job.retry_strategy = RETRIES
        if batched:
            _batched.add(job.name)
        for fact_type in fact_types:
            _reactions[fact_type].append(job)
        return job

    return register


def reactions() -> dict[type[Fact], list[tasks.Task]]:
    """Return every registered reaction by fact, for the generated reference."""
    return dict(_reactions)


@dataclass(frozen=True)
class Audience:
    """Who may be told at once that something has changed: the scopes that the live process checks.

    area_path: of the thing changed. organization_ids: those concerned with it.
    permission: what a listener must hold over one of these scopes to hear of it; "" tells nobody by it.
    account_ids: people whom it concerns themselves, who hear of it whatever they hold.
    """

    area_path: str = ""
    organization_ids: tuple[int, ...] = ()
    permission: str = ""
    account_ids: tuple[int, ...] = ()

    @property
    def is_somebody(self) -> bool:
        """Whether anybody is told at all."""
        return bool(self.permission or self.account_ids)


NOBODY = Audience()

NEWS_MAX = 100
"""So many pieces of news of one deed are told one by one; of more, every open page is told to look again."""
LOOK_AGAIN = "{}"
"""What the live process is told then: a page would not keep up with more, and says nothing of what has changed."""

_REACT = """reaction AS (
    SELECT * FROM jsonb_to_recordset(%(reactions)s::jsonb) AS r(
        fact text, task text, queue text, priority int, lock text, batched bool)
), wanted AS (
    SELECT r.*, e.data || jsonb_build_object('entry_id', e.id, 'deed_id', e.request_id) AS args
    FROM entry e JOIN reaction r ON r.fact = e.fact AND NOT r.batched
    UNION ALL
    SELECT r.*, jsonb_build_object('entry_ids', e.ids, 'deed_id', e.request_id)
    FROM (SELECT fact, jsonb_agg(id ORDER BY id) AS ids, min(request_id) AS request_id FROM entry GROUP BY fact) AS e
    JOIN reaction r ON r.fact = e.fact AND r.batched
), job AS (
    SELECT procrastinate_defer_jobs_v1(array_agg(
        (queue, task, priority, lock, NULL, args, NULL)::procrastinate_job_to_defer_v1)) AS ids
    FROM wanted HAVING count(*) > 0
)"""
_WRITE = f"""
WITH happened AS (
    SELECT * FROM jsonb_to_recordset(%(facts)s::jsonb) AS f(
        fact text, subject_type text, subject_id bigint, data jsonb, area_path text)
), entry AS (
    INSERT INTO core_entry (fact, subject_type, subject_id, actor_id, actor_name, organization_id,
                            organization_name, area_path, data, at, request_id)
    SELECT fact, subject_type, subject_id, %(actor)s, %(name)s, %(organization)s, %(organization_name)s, area_path,
           data, %(at)s, %(request)s FROM happened
    RETURNING id, fact, data, subject_type, subject_id, request_id
), {_REACT}
SELECT (SELECT array_agg(id ORDER BY id) FROM entry), (SELECT count(*) FROM job)
"""  # noqa: S608 - joins constants of this code, no input
_RECORD = Prepared("core_record", _WRITE)
_RECORD_AND_TELL = Prepared("core_record_and_tell", f"{_WRITE}, pg_notify(%(channel)s, %(news)s)")
_QUEUE = f"""
WITH entry AS (SELECT id, fact, data, request_id FROM core_entry WHERE id = ANY(%(ids)s::bigint[])), {_REACT}
SELECT count(*) FROM job
"""  # noqa: S608 - joins constants of this code, no input
_NEXT_IDS = "SELECT nextval(pg_get_serial_sequence('core_entry', 'id')) FROM generate_series(1, %s)"
_COPIED = (
    "fact, subject_type, subject_id, actor_id, actor_name, organization_id, organization_name, area_path, data, at, "
    "request_id, salt"
)
"""The salt comes along: a row whose default is drawn by the server, COPY would write alone and not page by page."""
_encode = json.JSONEncoder(ensure_ascii=False).encode


def record(*, actor: Actor, fact: Fact, at: datetime, audience: Audience = NOBODY) -> int:
    """Write the fact down, queue every reaction to it, and tell open pages: all or nothing.

    at: aware instant at which it happened.
    audience: who may hear of it on an open page; its area path is kept with the entry.
    Returns the entry's id.
    """
    return record_many(actor=actor, facts=[fact], at=at, audience=audience)[0]


def record_many(*, actor: Actor, facts: Iterable[Fact], at: datetime, audience: Audience = NOBODY) -> list[int]:
    """Write several facts of one deed down in one statement; see `record`. Returns the entries' ids in order."""
    happened = list(facts)
    rows = [_row(fact, audience) for fact in happened]
    queued = _queued({type(fact) for fact in happened})
    values: dict[str, Any] = {
        "facts": json.dumps(rows), "actor": actor.id, "name": actor.name, "organization": actor.organization_id,
        "organization_name": actor.organization_name, "at": at, "request": request_id.get(),
        "reactions": json.dumps(queued),
    }  # fmt: skip
    statement = _RECORD
    if audience.is_somebody and happened:
        statement = _RECORD_AND_TELL
        values |= {"channel": LIVE_CHANNEL, "news": _news(happened[0], audience)}
    with connection.cursor() as cursor:
        statement.execute(cursor, values)
        ids = cursor.fetchone()[0]
    return list(ids or ())


def record_each(*, actor: Actor, facts: Iterable[tuple[Fact, Audience]], at: datetime) -> None:
    """Write facts about many things down, each with its own audience, by COPY: a few statements for all; see `record`.

    Of more than NEWS_MAX at once, open pages are told to look again.
    """
    told = list(facts)
    if not told:
        return
    bulk = BulkRecord(actor=actor, at=at)
    with connection.cursor() as cursor:
        cursor.execute(_NEXT_IDS, [len(told)])
        ids = [row[0] for row in cursor.fetchall()]
        copying.write(
            "core_entry", f"id, {_COPIED}",
            [f"{pk}\t{bulk.plain_line(fact, audience.area_path)}"
             for pk, (fact, audience) in zip(ids, told, strict=True)],
        )  # fmt: skip
        kinds = {type(fact) for fact, _audience in told}
        queued = _queued(kinds)
        if queued:
            heard = [pk for pk, (fact, _audience) in zip(ids, told, strict=True) if type(fact) in _reactions]
            cursor.execute(_QUEUE, {"ids": copying.numbers(heard), "reactions": json.dumps(queued)})
        news = [(fact, audience) for fact, audience in told if audience.is_somebody]
        if len(news) > NEWS_MAX:
            cursor.execute("SELECT pg_notify(%s, %s)", [LIVE_CHANNEL, LOOK_AGAIN])
        elif news:
            cursor.execute(
                "SELECT count(pg_notify(%s, n)) FROM unnest(%s::text[]) AS u(n)",
                [LIVE_CHANNEL, [_news(*each) for each in news]],
            )


def _queued(kinds: Iterable[type[Fact]]) -> list[dict[str, Any]]:
    """Return which jobs facts of these kinds queue, as the statements take them."""
    return [
        {"fact": kind.__name__, "task": job.name, "queue": job.queue, "priority": job.priority,
         "lock": job.lock, "batched": job.name in _batched}
        for kind in kinds for job in _reactions.get(kind, ())
    ]  # fmt: skip


def _row(fact: Fact, audience: Audience) -> dict[str, Any]:
    shown = notice.get()
    return {
        "fact": type(fact).__name__,
        "subject_type": fact.subject_type,
        "subject_id": fact.subject_id,
        "data": {**fact.as_data(), NOTICE: shown} if shown else fact.as_data(),
        "area_path": audience.area_path,
    }


def _news(fact: Fact, audience: Audience) -> str:
    return json.dumps({
        "s": fact.subject_type, "i": fact.subject_id, "f": type(fact).__name__,
        "p": audience.area_path, "o": list(audience.organization_ids), "g": audience.permission,
        "a": list(audience.account_ids),
    })  # fmt: skip


class BulkRecord:
    """Writes many facts of one set-based deed down by COPY.

    For imports: nobody is told on open pages, and facts that anything reacts to are refused as a bug, since
    a million queued jobs are no news. `line` touches no database and may run in another thread than `write`.
    at: aware instant at which all of it happened.
    """

    def __init__(self, *, actor: Actor, at: datetime) -> None:
        who = actor.id, actor.name, actor.organization_id, actor.organization_name
        self._who, self._when = copying.line(who)[:-1], copying.line((at, request_id.get()))[:-1]

    def line(self, fact: Fact, area_path: str) -> str:
        """Return the entry as `write` takes it."""
        if type(fact) in _reactions:
            raise TypeError(f"{type(fact).__name__} has reactions: record it one by one")
        return self.plain_line(fact, area_path)

    def plain_line(self, fact: Fact, area_path: str) -> str:
        """Return the entry as a line, for those who see to the reactions themselves."""
        data = copying.text(_encode(fact.as_data()))
        about = f"{type(fact).__name__}\t{fact.subject_type}\t{fact.subject_id}"
        return f"{about}\t{self._who}\t{area_path}\t{data}\t{self._when}\t{urandom(16).hex()}\n"

    @staticmethod
    def write(lines: Iterable[str]) -> None:
        """Write the entries, in the caller's transaction."""
        copying.write("core_entry", _COPIED, lines)


def timeline(subject_type: str, subject_id: int) -> list[Entry]:
    """Return everything recorded about one thing, oldest first. The caller has checked who may see it."""
    return list(Entry.objects.filter(subject_type=subject_type, subject_id=subject_id).order_by("id"))
