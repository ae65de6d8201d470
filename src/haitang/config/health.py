"""Whether the site lives, and whether it is ready: for the supervisor, and for a load balancer in front."""

import shutil
from collections.abc import Callable

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse

from haitang.core.access import ANYONE, allow

DISK_BYTES_MIN = 200 * 2**20
"""With less room than this nothing more is to be written: a photo takes up to ten million bytes."""
BEAT_SECONDS_MAX = 60
_migrated = False


@allow(ANYONE)
def healthz(request: HttpRequest) -> HttpResponse:
    """Answer 200 when the database answers; an error otherwise."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return HttpResponse("ok", content_type="text/plain")


@allow(ANYONE)
def readyz(request: HttpRequest) -> HttpResponse:
    """Answer 200 when requests may be sent here, else 503, and say which of the conditions holds.

    A silent worker does not take the site away from people: pages are answered without it. It is told, and with
    `?worker` it counts.
    """
    state = {"database": _holds(_database), "migrations": _holds(_migrations), "disk": _holds(_disk)}
    beats = _holds(_worker)
    ready = all(state.values()) and (beats or "worker" not in request.GET)
    return JsonResponse({"ready": ready, **state, "worker": beats}, status=200 if ready else 503)


def _holds(condition: Callable[[], bool]) -> bool:
    try:
        return condition()
    except (DatabaseError, OSError):
        return False


def _database() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return True


def _migrations() -> bool:
    """Tell whether this code's migrations are applied; looked up until they are, then never again in this process."""
    global _migrated  # a process keeps its code: what holds once holds on
    if not _migrated:
        executor = MigrationExecutor(connection)
        _migrated = not executor.migration_plan(executor.loader.graph.leaf_nodes())
    return _migrated


def _disk() -> bool:
    return shutil.disk_usage(settings.HOME).free >= DISK_BYTES_MIN


def _worker() -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT 1 FROM procrastinate_workers"
            " WHERE last_heartbeat > now() - make_interval(secs => %s))",
            [BEAT_SECONDS_MAX],
        )
        return bool(cursor.fetchone()[0])
