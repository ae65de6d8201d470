"""What several processes count adds up, who may not ask is told nothing, and one id leads from a deed to its jobs."""

import asyncio
import json
import logging
import re
import time
from contextlib import suppress
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client

from haitang.config import health, measuring, metrics
from haitang.config.logs import Formatter, TextFormatter
from haitang.core import history


@pytest.fixture
def counts(monkeypatch, tmp_path):
    monkeypatch.setattr(measuring, "root", lambda: tmp_path)
    return tmp_path


def figures(client: Client, **given) -> dict[str, float]:
    answer = client.get("/metrics", **given)
    assert answer.status_code == 200
    lines = answer.content.decode().splitlines()
    return {line.rpartition(" ")[0]: float(line.rpartition(" ")[2]) for line in lines if not line.startswith("#")}


def test_what_two_processes_count_adds_up(counts, monkeypatch):
    for process, times in ((11, 3), (12, 4)):
        monkeypatch.setattr(measuring.os, "getpid", lambda process=process: process)
        one = measuring.Counts(counts / "serve")
        for _ in range(times):
            one.count("asked", ("GET", "/"))
            one.took("took", ("/",), 0.2)
        one.write()
        one.write()
    total = measuring.added_up(counts)
    assert total["asked", ("GET", "/")] == 7
    *classes, seconds = total["took", ("/",)]
    assert sum(classes) == 7
    assert classes[measuring.BOUNDS_S.index(0.25)] == 7
    assert seconds == pytest.approx(1.4)


def test_a_process_writes_what_it_counted_within_seconds_by_itself(counts):
    measuring.Counts(counts).count("asked", ())
    for _ in range(100):
        if measuring.added_up(counts):
            break
        time.sleep(0.1)
    assert measuring.added_up(counts) == {("asked", ()): 1}


def test_figures_are_those_of_the_requests(db, client, counts):
    middleware = measuring.MeasuringMiddleware(lambda request: client.handler.get_response(request))
    middleware.counts = measuring.Counts(counts / "serve")
    for path, route in (("/healthz", "/healthz"), ("/no/such/page-of-mine", "none"), ("/static/x.js", "static")):
        request = client.request(PATH_INFO=path).wsgi_request
        request.resolver_match = request.resolver_match if route == "/healthz" else None
        middleware.get_response = lambda request: SimpleNamespace(status_code=200)
        middleware(request)
    middleware.counts.write()
    found = figures(client)
    for route in ("/healthz", "none", "static"):
        assert found[f'haitang_http_requests_total{{method="GET",route="{route}",status="200"}}'] == 1
        assert found[f'haitang_http_request_duration_seconds_bucket{{route="{route}",le="+Inf"}}'] == 1
        assert found[f'haitang_http_request_duration_seconds_count{{route="{route}"}}'] == 1
    assert found["haitang_workers"] == 0
    assert found["haitang_outbox_lag_seconds"] == 0
    assert found["haitang_disk_free_bytes"] > 0
    assert any(name.startswith("haitang_database_connections") for name in found)


def test_every_figure_is_described_for_who_watches(db, client, counts):
    told = (settings.UI.parents[3] / "docs/operate/monitoring.md").read_text("utf-8")
    code = "".join(Path(module.__file__).read_text("utf-8") for module in (measuring, metrics))
    names = set(re.findall(r'"(haitang_\w+)"', code))
    assert {re.sub(r"_(bucket|sum|count)$", "", name.partition("{")[0]) for name in figures(client)} <= names
    assert set(re.findall(r"`(haitang_\w+)", told)) == names


@pytest.mark.parametrize(
    ("changed", "given", "status"),
    [
        ({}, {}, 200),
        ({}, {"REMOTE_ADDR": "10.0.0.7"}, 404),
        ({}, {"HTTP_X_FORWARDED_FOR": "10.0.0.7"}, 404),
        ({"IN_PRODUCTION": True}, {}, 404),
        ({"SESSION_COOKIE_SECURE": True}, {}, 404),
        ({"ALLAUTH_TRUSTED_PROXY_COUNT": 1}, {}, 404),
        ({"METRICS_TOKEN": "s3cret"}, {}, 404),
        ({"METRICS_TOKEN": "s3cret"}, {"HTTP_AUTHORIZATION": "Bearer s3cre"}, 404),
        ({"METRICS_TOKEN": "s3cret", "IN_PRODUCTION": True},
         {"HTTP_AUTHORIZATION": "Bearer s3cret", "REMOTE_ADDR": "10.0.0.7"}, 200),
    ],
)  # fmt: skip
def test_figures_are_for_the_machine_or_for_who_bears_the_token(db, client, counts, settings, changed, given, status):
    for name, value in changed.items():
        setattr(settings, name, value)
    assert client.get("/metrics", **given).status_code == status


def test_ready_says_which_condition_does_not_hold(db, client, monkeypatch):
    answer = client.get("/readyz")
    assert answer.status_code == 200
    assert answer.json() == {"ready": True, "database": True, "migrations": True, "disk": True, "worker": False}
    assert client.get("/readyz?worker").status_code == 503
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO procrastinate_workers DEFAULT VALUES")
    assert client.get("/readyz?worker").status_code == 200
    monkeypatch.setattr(health, "DISK_BYTES_MIN", 2**62)
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["disk"] is False
    monkeypatch.undo()
    monkeypatch.setattr(health, "_migrated", False)
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'wishes'")
    assert client.get("/readyz").json()["migrations"] is False


def run(job_id: int, kwargs: dict, fails: bool = False) -> tuple[str, list]:
    seen = []

    async def job() -> None:
        seen.append(history.request_id.get())
        if fails:
            raise ValueError

    context = SimpleNamespace(
        job=SimpleNamespace(id=job_id, task_kwargs=kwargs, queue="default", task_name="bell.ring")
    )
    around = measuring.JobMeasuring()
    around.counts = SimpleNamespace(count=lambda *given: seen.append(given), took=lambda *given: None)
    with suppress(ValueError):
        asyncio.run(around(job, context, None))
    assert history.request_id.get() == ""
    return seen[0], seen[1:]


def test_a_job_runs_under_the_id_of_its_request_and_is_counted():
    assert run(8, {"deed_id": "9f2c"}) == ("9f2c/8", [(measuring.JOBS, ("default", "bell.ring", "succeeded"))])
    assert run(9, {"deed_id": "9f2c/8"})[0] == "9f2c/9"
    assert run(7, {"timestamp": 1}) == ("clock/7", [(measuring.JOBS, ("default", "bell.ring", "succeeded"))])
    assert run(8, {}, fails=True)[1] == [(measuring.JOBS, ("default", "bell.ring", "failed"))]


def test_the_worker_measures_beside_what_it_does_anyhow():
    from procrastinate.contrib.django import app

    assert [type(each) for each in app.worker_defaults["worker_middleware"]] == [measuring.JobMeasuring]
    assert app.worker_defaults["task_middleware"]  # the library's own, which closes connections


def test_a_line_of_the_log_bears_the_id_and_stays_one_line():
    record = logging.LogRecord("haitang", logging.INFO, "", 0, "one\nforged", (), None)
    token = history.request_id.set("9f2c6b1e")
    try:
        assert json.loads(Formatter().format(record))["request_id"] == "9f2c6b1e"
        assert TextFormatter().format(record).endswith("INFO haitang [9f2c6b1e] one\\nforged")
    finally:
        history.request_id.reset(token)
