"""record: all or nothing, and nothing can be changed afterwards."""

from dataclasses import dataclass
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Annotated

import pytest
from django.db import DatabaseError, connection, transaction
from procrastinate.contrib.django.models import ProcrastinateJob

from haitang.core import history
from haitang.core.access import Actor
from haitang.core.facts import Fact
from haitang.core.models import Entry
from haitang.core.privacy import Privacy

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 5, 1, 8, tzinfo=UTC)
LI = Actor("李建国", id=7, organization_id=3, organization_name="海棠社区")


@dataclass(frozen=True)
class LampMended(Fact):
    subject_type = "lamp"
    lamp_id: Annotated[int, Privacy.INTERNAL]
    words: Annotated[str, Privacy.INTERNAL]


def test_a_fact_is_written_with_who_and_when():
    entry_id = history.record(actor=LI, fact=LampMended(12, "好了 ' \" \\ 好"), at=NOW)
    entry = Entry.objects.get()
    assert entry.pk == entry_id
    assert (entry.fact, entry.subject_type, entry.subject_id) == ("LampMended", "lamp", 12)
    assert (entry.actor_id, entry.actor_name, entry.organization_name) == (7, "李建国", "海棠社区")
    assert entry.data == {"lamp_id": 12, "words": "好了 ' \" \\ 好"}
    assert entry.at == NOW
    assert history.timeline("lamp", 12) == [entry]


def test_several_facts_are_written_in_order_by_one_statement(django_assert_num_queries):
    with django_assert_num_queries(1):
        ids = history.record_many(actor=LI, facts=[LampMended(n, "") for n in range(5)], at=NOW)
    assert ids == sorted(ids)
    assert [e.subject_id for e in Entry.objects.order_by("id")] == [0, 1, 2, 3, 4]


def test_facts_about_many_things_are_written_in_order_with_what_each_says(django_assert_num_queries):
    words = "好了 ' \" \\ \t\n 好"
    told = [(LampMended(n, words), history.Audience(f"/{n}/", (), "lamp.view")) for n in range(history.NEWS_MAX + 1)]
    with django_assert_num_queries(3):  # the ids, the rows by COPY, and the news
        history.record_each(actor=LI, facts=told, at=NOW)
    entries = list(Entry.objects.order_by("id"))
    assert [entry.subject_id for entry in entries] == list(range(len(told)))
    assert entries[3].data == {"lamp_id": 3, "words": words}
    assert len({entry.salt for entry in entries}) == len(told)
    assert (entries[3].area_path, entries[3].actor_id, entries[3].at) == ("/3/", 7, NOW)
    later = history.record(actor=LI, fact=LampMended(0, ""), at=NOW)
    assert later > entries[-1].pk


@pytest.mark.parametrize("batched", [False, True])
def test_a_job_knows_the_request_that_it_goes_back_to(monkeypatch, batched):
    job = SimpleNamespace(name="lamps.look", queue="default", priority=0, lock=None)
    monkeypatch.setattr(history, "_reactions", {LampMended: [job]})
    monkeypatch.setattr(history, "_batched", {job.name} if batched else set())
    token = history.request_id.set("9f2c6b1e")
    try:
        entry_id = history.record(actor=LI, fact=LampMended(12, "words"), at=NOW)
        history.record_each(actor=LI, facts=[(LampMended(13, "words"), history.NOBODY)], at=NOW)
    finally:
        history.request_id.reset(token)
    queued = ProcrastinateJob.objects.filter(task_name="lamps.look").order_by("id")
    first, second = (entry_id, entry_id + 1)
    expected = (
        [{"entry_ids": [first]}, {"entry_ids": [second]}]
        if batched
        else [
            {"lamp_id": 12, "words": "words", "entry_id": first},
            {"lamp_id": 13, "words": "words", "entry_id": second},
        ]
    )
    assert [each.args for each in queued] == [{**args, "deed_id": "9f2c6b1e"} for args in expected]


def test_every_reaction_is_run_again_when_it_fails():
    jobs = {job for queued in history.reactions().values() for job in queued}
    assert jobs
    assert [job.name for job in jobs if job.retry_strategy is None] == []


@pytest.mark.parametrize("statement", ["UPDATE core_entry SET actor_name = 'x'", "DELETE FROM core_entry"])
def test_what_is_written_stays(statement):
    history.record(actor=LI, fact=LampMended(1, ""), at=NOW)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert Entry.objects.get().actor_name == "李建国"
