"""`/metrics`: what Prometheus asks for, in its text format, for the machine itself or for who bears the token."""

import hmac
import ipaddress
import json
import shutil
from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection
from django.http import Http404, HttpRequest, HttpResponse

from haitang.config import measuring
from haitang.core import clock, wall
from haitang.core.access import ANYONE, allow

Sample = tuple[dict[str, str], float]
Family = tuple[str, str, str, list[Sample]]
"""Name, kind, help, samples."""

_QUEUES = """
SELECT q.queue_name, q.waiting, coalesce(extract(epoch FROM now() - coalesce(
    j.scheduled_at, (SELECT max(at) FROM procrastinate_events WHERE job_id = j.id))), 0)
FROM (SELECT queue_name, count(*) AS waiting, min(id) AS first FROM procrastinate_jobs
      WHERE status = 'todo' AND coalesce(scheduled_at, now()) <= now() GROUP BY queue_name) AS q
JOIN procrastinate_jobs j ON j.id = q.first ORDER BY q.queue_name
"""
_FAILED = "SELECT queue_name, count(*) FROM procrastinate_jobs WHERE status = 'failed' GROUP BY queue_name"
_WORKERS = "SELECT count(*), extract(epoch FROM now() - max(last_heartbeat)) FROM procrastinate_workers"
_CONNECTIONS = (
    "SELECT coalesce(state, 'other'), count(*) FROM pg_stat_activity WHERE datname = current_database() GROUP BY 1"
)
_UNSEALED = (
    "SELECT coalesce(extract(epoch FROM now() - min(at)), 0) FROM core_entry"
    " WHERE id > (SELECT coalesce(max(u.id), 0) FROM (SELECT unnest(entry_ids) AS id FROM"
    " (SELECT entry_ids FROM core_seal ORDER BY id DESC LIMIT 1) AS last) AS u)"
)
_ARCHIVER = (
    "SELECT extract(epoch FROM now() - last_archived_time),"
    " coalesce(last_failed_time > coalesce(last_archived_time, '-infinity'), false)"
    " FROM pg_stat_archiver WHERE current_setting('archive_mode') <> 'off'"
)


@allow(ANYONE)
@wall.opened("figures of the whole, for who watches over it")
def metrics(request: HttpRequest) -> HttpResponse:
    """Answer with all figures; 404 for whoever has no business here."""
    if not may_ask(request):
        raise Http404
    lines: list[str] = []
    for name, kind, words, samples in (*_counted(), *_looked_up(), *_of_the_machine()):
        lines += [f"# HELP {name} {words}", f"# TYPE {name} {kind}"]
        lines += [_line(name, kind, labels, value) for labels, value in samples]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; version=0.0.4; charset=utf-8")


def may_ask(request: HttpRequest) -> bool:
    """Tell whether the asker bears the token, or is a program on this machine where no proxy could stand before it."""
    token = settings.METRICS_TOKEN
    given = request.headers.get("Authorization", "")
    if token and hmac.compare_digest(given.encode(), f"Bearer {token}".encode()):
        return True
    behind_a_proxy = (
        settings.IN_PRODUCTION
        or settings.SESSION_COOKIE_SECURE
        or settings.ALLAUTH_TRUSTED_PROXY_COUNT
        or "X-Forwarded-For" in request.headers
        or "Forwarded" in request.headers
    )
    return not token and not behind_a_proxy and _is_loopback(request.META.get("REMOTE_ADDR", ""))


def _is_loopback(address: str) -> bool:
    try:
        return ipaddress.ip_address(address).is_loopback
    except ValueError:
        return False


def _counted() -> Iterator[Family]:
    total = measuring.added_up(measuring.root())
    yield _counter(total, measuring.REQUESTS, "Requests answered.", ("method", "route", "status"))
    yield _histogram(total, measuring.REQUEST_SECONDS, "How long requests took.", "route")
    yield _counter(total, measuring.READS, "Lists and figures by what was read, and why no copy was.", ("source",))
    yield _counter(total, measuring.JOBS, "Jobs ended.", ("queue", "task", "result"))
    yield _histogram(total, measuring.JOB_SECONDS, "How long jobs took.", "task")


def _counter(total: dict[Any, Any], name: str, words: str, labels: tuple[str, ...]) -> Family:
    samples = [
        (dict(zip(labels, key[1], strict=True)), value) for key, value in sorted(total.items()) if key[0] == name
    ]
    return name, "counter", words, samples


def _histogram(total: dict[Any, Any], name: str, words: str, label: str) -> Family:
    samples: list[Sample] = []
    for (_name, (value,)), classes in sorted((key, v) for key, v in total.items() if key[0] == name):
        *counts, seconds = classes
        so_far = 0.0
        for bound, count in zip((*measuring.BOUNDS_S, float("inf")), counts, strict=True):
            so_far += count
            samples.append(({label: value, "le": "+Inf" if bound == float("inf") else f"{bound:g}"}, so_far))
        samples += [({label: value, "": "sum"}, seconds), ({label: value, "": "count"}, so_far)]
    return name, "histogram", words, samples


def _looked_up() -> Iterator[Family]:
    with connection.cursor() as cursor:
        cursor.execute(_QUEUES)
        queues = cursor.fetchall()
        cursor.execute(_FAILED)
        failed = cursor.fetchall()
        cursor.execute(_WORKERS)
        workers, beat = cursor.fetchone()
        cursor.execute(_CONNECTIONS)
        connections = cursor.fetchall()
        cursor.execute(_UNSEALED)
        unsealed = cursor.fetchone()[0]
        cursor.execute(_ARCHIVER)
        archived = cursor.fetchone()
    lag = max((float(age) for _queue, _count, age in queues), default=0.0)
    yield _gauge("haitang_jobs_waiting", "Jobs that are due and wait.", [({"queue": q}, n) for q, n, _age in queues])
    yield _gauge("haitang_jobs_oldest_seconds", "For how long the first of them has been waiting.",
                 [({"queue": q}, age) for q, _n, age in queues])  # fmt: skip
    yield _gauge("haitang_jobs_failed", "Jobs that were given up.", [({"queue": q}, n) for q, n in failed])
    yield _gauge("haitang_outbox_lag_seconds", "For how long the oldest due reaction to a deed has been waiting.",
                 [({}, lag)])  # fmt: skip
    yield _gauge("haitang_workers", "Workers that are known.", [({}, workers)])
    if beat is not None:
        yield _gauge("haitang_worker_beat_seconds", "Since the last sign of life of a worker.", [({}, beat)])
    yield _gauge("haitang_database_connections", "Connections to the database by state.",
                 [({"state": state}, n) for state, n in connections])  # fmt: skip
    yield _gauge("haitang_history_unsealed_seconds", "Age of the oldest entry of the history that waits for its seal.",
                 [({}, unsealed)])  # fmt: skip
    if archived:
        age, is_failing = archived
        if age is not None:
            yield _gauge("haitang_log_archived_seconds", "Since the last piece of the log was kept elsewhere.",
                         [({}, age)])  # fmt: skip
        yield _gauge("haitang_log_archive_failing", "1 while keeping it elsewhere fails.", [({}, is_failing)])


def _of_the_machine() -> Iterator[Family]:
    free = shutil.disk_usage(settings.HOME).free
    yield _gauge("haitang_disk_free_bytes", "Room left where the instance keeps its things.", [({}, free)])
    outgoing = Path(settings.HOME) / "postgres" / "outgoing"
    if outgoing.is_dir():
        waiting = sum(1 for _ in outgoing.glob("[!.]*"))
        yield _gauge("haitang_log_waiting_pieces", "Pieces of the log that wait to be taken away.", [({}, waiting)])
    note = Path(settings.HOME) / "backup.last"
    if note.exists():
        done = {"backed_up_at": "backup", "drilled_at": "drill"}
        ages = [
            ({"what": done[what]}, (clock.now() - datetime.fromisoformat(at)).total_seconds())
            for what, at in sorted(json.loads(note.read_text()).items())
            if what in done
        ]
        yield _gauge("haitang_backup_age_seconds", "Since the last backup, and the last one restored for trial.", ages)


def _gauge(name: str, words: str, samples: Iterable[Sample]) -> Family:
    return name, "gauge", words, list(samples)


def _line(name: str, kind: str, labels: dict[str, str], value: float) -> str:
    if kind == "histogram":
        labels = dict(labels)
        name += f"_{labels.pop('', 'bucket')}"
    shown = ",".join(f'{label}="{_escaped(text)}"' for label, text in labels.items())
    return f"{name}{{{shown}}} {float(value):.10g}" if shown else f"{name} {float(value):.10g}"


def _escaped(text: str) -> str:
    return text.replace("\\", r"\\").replace('"', r"\"").replace("\n", r"\n")
