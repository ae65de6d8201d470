"""The background worker: reactions to facts, and the clock's own work."""

import asyncio
import os
import sys
import threading
import time
from collections.abc import Callable

from haitang.runtime import home, postgres

JOBS_AT_ONCE = 2
JUMP_S_MAX = 60.0
"""By so much the machine's clock may be put right while a worker runs."""
_LOOK_S = 1.0


def command(arguments: list[str]) -> None:
    """Work off jobs until told to stop: `haitang worker`. `HAITANG_JOBS` says how many at once."""
    import django

    with postgres.running():
        django.setup()
        home.begin_counting("worker")
        threading.Thread(target=end_when_clock_jumps, args=(_interrupt,), name="clock", daemon=True).start()
        asyncio.run(_work())


async def _work() -> None:
    from procrastinate.contrib.django import app
    from procrastinate.contrib.django.django_connector import DjangoConnector

    from haitang.core import jobs

    with app.replace_connector(DjangoConnector().get_worker_connector()):
        async with app.open_async():
            await app.run_worker_async(
                concurrency=int(os.environ.get("HAITANG_JOBS") or JOBS_AT_ONCE),
                shutdown_graceful_timeout=10,
                delete_jobs="successful",
                update_heartbeat_interval=jobs.HEARTBEAT_S,
                stalled_worker_timeout=jobs.STALLED_AFTER_S,
                worker_middleware=[*app.worker_defaults.get("worker_middleware", ()), jobs.note_end],
            )


def end_when_clock_jumps(
    end: Callable[[], None],
    *,
    wall: Callable[[], float] = time.time,
    steady: Callable[[], float] = time.monotonic,
    rest: Callable[[float], None] = time.sleep,
) -> None:
    """End the worker once the machine's clock has been put forward or back; the supervisor starts another.

    The queue's calendar goes on from the last minute that it has seen. Put back by a day, the clock's own work would
    rest for a day; put forward by a year, half a million minutes would be made up for.
    """
    apart = wall() - steady()
    while abs(wall() - steady() - apart) <= JUMP_S_MAX:
        rest(_LOOK_S)
    sys.stderr.write("系统时钟被调整，后台任务重新启动\n")
    end()


def _interrupt() -> None:
    import signal

    signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGINT)
