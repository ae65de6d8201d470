"""A job that nobody is at any more is found and run again, whoever left it and whatever waits beside it."""

import time
from types import SimpleNamespace

import pytest
from asgiref.sync import async_to_sync
from django.db import connection
from procrastinate.contrib.django import app
from procrastinate.exceptions import UniqueViolation

from haitang.core import jobs

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def nothing_before(db):
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_jobs")
    jobs._ended.clear()
    yield
    jobs._ended.clear()


def queue(task: str, status: str, *, lock: str | None = None, heard_s: float | None = None) -> int:
    """A job in that state; heard_s: how long ago its worker was last heard of, None for one that has gone."""
    with connection.cursor() as cursor:
        worker = None
        if heard_s is not None:
            cursor.execute(
                "INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() - %s * interval '1 second') "
                "RETURNING id",
                [heard_s],
            )
            (worker,) = cursor.fetchone()
        cursor.execute(
            "INSERT INTO procrastinate_jobs (queue_name, task_name, queueing_lock, status, worker_id) "
            "VALUES ('default', %s, %s, %s, %s) RETURNING id",
            [task, lock, status, worker],
        )
        return cursor.fetchone()[0]


def states() -> dict[int, str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT id, status FROM procrastinate_jobs")
        return dict(cursor.fetchall())


def look() -> None:
    async_to_sync(jobs.retry_stalled_jobs.func)(SimpleNamespace(app=app), 0)


def test_what_a_dead_worker_was_at_is_run_again_and_what_a_living_one_is_at_is_left():
    gone, dead = queue("a", "doing"), queue("b", "doing", heard_s=jobs.STALLED_AFTER_S + 5)
    living, waiting = queue("c", "doing", heard_s=1), queue("d", "todo")
    look()
    assert states() == {gone: "todo", dead: "todo", living: "doing", waiting: "todo"}


def test_a_job_of_the_clock_whose_next_is_waiting_keeps_no_other_from_being_run_again(monkeypatch):
    """The queue refuses a second one that waits; in the worker that is one statement on a connection of its own."""
    stalled = queue("core.seal_history", "doing", lock="core.seal_history")
    following = queue("core.seal_history", "todo", lock="core.seal_history")
    reaction = queue("orders.tell_accepted", "doing")
    retry = app.job_manager.retry_job_by_id_async

    async def refusing(*, job_id, retry_at):
        if job_id == stalled:
            raise UniqueViolation(constraint_name="procrastinate_jobs_queueing_lock_idx_v1", queueing_lock="x")
        await retry(job_id=job_id, retry_at=retry_at)

    monkeypatch.setattr(app.job_manager, "retry_job_by_id_async", refusing)
    look()
    assert states() == {following: "todo", reaction: "todo"}


def test_a_job_that_ended_while_the_database_was_away_is_run_again():
    """Its worker lives, so nothing else would find it."""
    unwritten, fresh, at_work = (queue("a", "doing", heard_s=1) for _ in range(3))
    jobs._ended[unwritten] = time.monotonic() - jobs._ENDED_AFTER_S - 1
    jobs._ended[fresh] = time.monotonic()
    jobs._ended[0] = time.monotonic() - jobs._ENDED_AFTER_S - 1
    look()
    assert states() == {unwritten: "todo", fresh: "doing", at_work: "doing"}
    assert set(jobs._ended) == {fresh}


def test_the_end_of_a_job_is_remembered_also_when_it_fails():
    async def fail():
        raise ValueError

    with pytest.raises(ValueError):
        async_to_sync(jobs.note_end)(fail, SimpleNamespace(job=SimpleNamespace(id=7)), None)
    assert set(jobs._ended) == {7}
