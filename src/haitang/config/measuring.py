"""What is counted of requests and jobs: in each process for itself, added up over all of them when somebody asks.

A process writes what it has counted to a file of its own every second in which something came, and the one that is
asked adds the files up. What a process counted that has ended stays counted until the program is started anew. No
label holds anything of a person: routes are patterns (`cases/<int:pk>/`), tasks are names in the code.
"""

import atexit
import json
import os
import threading
import time
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable
from functools import cached_property
from pathlib import Path
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from procrastinate import App, JobContext

from haitang.core import history

BOUNDS_S = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
"""Upper bounds of the classes into which durations are counted."""
_METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}
_WRITE_EVERY_S = 1.0

_writing = threading.Lock()
"""Of a process: its file is written by one at a time, at the end of the process too."""

Labels = tuple[str, ...]


class Counts:
    """Counters and durations of one process; safe to use from several threads.

    folder: where each process has its file.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._lock = threading.Lock()
        self._counters: dict[tuple[str, Labels], int] = defaultdict(int)
        self._durations: dict[tuple[str, Labels], list[float]] = defaultdict(lambda: [0.0] * (len(BOUNDS_S) + 2))
        self._written, self._changes, self._writes = 0, 0, False

    def count(self, name: str, labels: Labels) -> None:
        """Count one more."""
        with self._lock:
            self._counters[name, labels] += 1
            self._changes += 1
        self._see_to_writing()

    def took(self, name: str, labels: Labels, seconds: float) -> None:
        """Count something that took so long."""
        with self._lock:
            classes = self._durations[name, labels]
            classes[bisect_left(BOUNDS_S, seconds)] += 1
            classes[-1] += seconds
            self._changes += 1
        self._see_to_writing()

    def write(self) -> None:
        """Write down what was counted, unless it stands there already."""
        with self._lock:
            if self._changes == self._written:
                return
            self._written = self._changes
            told = json.dumps([[[*key], value] for key, value in (*self._counters.items(), *self._durations.items())])
        with _writing:
            self.folder.mkdir(parents=True, exist_ok=True)
            draft = self.folder / f".{os.getpid()}"
            draft.write_text(told)
            draft.replace(self.folder / f"{os.getpid()}.json")

    def _see_to_writing(self) -> None:
        """Begin to write every second: only now, in the process that counts, and not in the one it came from."""
        if not self._writes:
            self._writes = True
            threading.Thread(target=self._write_on, name="counts", daemon=True).start()
            atexit.register(self.write)

    def _write_on(self) -> None:
        while True:
            time.sleep(_WRITE_EVERY_S)
            try:
                self.write()
            except OSError:  # a full disk must not end it; the counts are still here
                continue


def added_up(folder: Path) -> dict[tuple[str, Labels], Any]:
    """Return what all processes below the folder have counted: numbers, or lists of classes and their sum."""
    total: dict[tuple[str, Labels], Any] = {}
    for path in folder.rglob("*.json"):
        for (name, labels), value in json.loads(path.read_text()):
            key = name, tuple(labels)
            if isinstance(value, list):
                total[key] = [mine + more for mine, more in zip(total.get(key, [0] * len(value)), value, strict=True)]
            else:
                total[key] = total.get(key, 0) + value
    return total


def root() -> Path:
    """Return where all processes of the instance write what they have counted."""
    return Path(settings.HOME) / "counts"


REQUESTS, REQUEST_SECONDS = "haitang_http_requests_total", "haitang_http_request_duration_seconds"
READS = "haitang_reads_total"
JOBS, JOB_SECONDS = "haitang_jobs_total", "haitang_job_duration_seconds"


class MeasuringMiddleware:
    """Count every request by method, route and status, and how long it took."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    @cached_property
    def counts(self) -> Counts:
        """Return the counts of this process."""
        return Counts(root() / "serve")

    def __call__(self, request: HttpRequest) -> HttpResponse:
        began = time.perf_counter()
        response = self.get_response(request)
        route = _route(request)
        method = request.method if request.method in _METHODS else "other"
        self.counts.count(REQUESTS, (str(method), route, str(response.status_code)))
        if hasattr(request, "read_from"):  # it may be read from a copy of the database: core.replicas
            self.counts.count(READS, (str(request.read_from),))
        self.counts.took(REQUEST_SECONDS, (route,), time.perf_counter() - began)
        return response


def _route(request: HttpRequest) -> str:
    if request.resolver_match is not None:
        return "/" + request.resolver_match.route
    return "static" if request.path.startswith(settings.STATIC_URL) else "none"


def attach(app: App) -> None:
    """Have the worker count its jobs, and each run under the id of the request that it goes back to."""
    around = [*app.worker_defaults.get("worker_middleware", ()), JobMeasuring()]
    app.worker_defaults["worker_middleware"] = around


def _id_within(request_id: str, job_id: int | None) -> str:
    """Return the id under which a job runs: that of the request it goes back to, and its own.

    So what a deed led to is found by how its id begins, and yet what was done in one go is told apart.
    """
    begun = request_id.partition("/")[0]  # of a job that goes back to a job, the request
    return f"{begun or 'clock'}/{job_id}"


class JobMeasuring:
    """Around every job: what it ended in, how long it took; lines and entries bear the id that it runs under."""

    @cached_property
    def counts(self) -> Counts:
        """Return the counts of this process."""
        return Counts(root() / "worker")

    async def __call__(self, call_next: Callable[[], Any], context: JobContext, worker: Any) -> Any:
        job, began, result = context.job, time.perf_counter(), "failed"
        token = history.request_id.set(_id_within(str(job.task_kwargs.get("deed_id") or ""), job.id))
        try:
            done = await call_next()
            result = "succeeded"
            return done
        finally:
            history.request_id.reset(token)
            self.counts.count(JOBS, (job.queue, job.task_name, result))
            self.counts.took(JOB_SECONDS, (job.task_name,), time.perf_counter() - began)
