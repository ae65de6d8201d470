"""The site under granian: two processes of four threads, each thread with one connection to the database."""

import os

from haitang.runtime import home, postgres, prepare

PROCESSES = 2
THREADS = 4
STATEMENT_SECONDS = "30"
"""A statement that takes longer is given up, and whoever asked is told to come again; a thread is not lost to it."""
WAITING_MAX = 64
"""Requests that a process takes on at once; more wait in the socket's queue."""


def command(arguments: list[str]) -> None:
    """Serve the site until told to stop: `haitang serve`. Sizes: `HAITANG_PROCESSES`, `HAITANG_THREADS`."""
    from granian import Granian
    from granian.constants import Interfaces
    from granian.log import LogLevels

    os.environ.setdefault("HAITANG_STATEMENT_SECONDS", STATEMENT_SECONDS)
    with postgres.running():
        import django

        django.setup()
        prepare.refuse_demo()
        prepare.collect_static()
        home.begin_counting("serve")
        Granian(
            "haitang.config.wsgi:application",
            address=home.host(),
            port=home.port(),
            interface=Interfaces.WSGI,
            workers=int(os.environ.get("HAITANG_PROCESSES") or PROCESSES),
            blocking_threads=int(os.environ.get("HAITANG_THREADS") or THREADS),
            backpressure=WAITING_MAX,
            websockets=False,
            respawn_failed_workers=True,
            workers_kill_timeout=10,
            log_level=LogLevels.warning,
        ).serve()
