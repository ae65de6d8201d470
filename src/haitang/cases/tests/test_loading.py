"""Two batches at a time on connections of their own: what comes of it is what one after the other gives."""

import random
from pathlib import Path
from threading import Barrier

import pytest
from django.db import connection, transaction

from haitang.cases import actions, queries
from haitang.cases.actions import loading
from haitang.cases.models import Case, ImportBatch, ImportRun
from haitang.cases.tests.test_importing import IMPORTER, state
from haitang.testing.actors import NOW

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("town")]
ROWS = 90


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A file in which every fifth row repeats one of the ten before it, and every thirteenth has no time."""
    chance, lines = random.Random(7), ["外部编号,问题描述,上报时间"]
    for number in range(ROWS):
        known = number - chance.randint(1, 10) if number % 5 == 4 else number
        lines.append(f"N{max(known, 0)},第{number}处路灯不亮,{'' if number % 13 == 12 else '2026-04-30 10:00'}")
    found = tmp_path / "cases.csv"
    found.write_text("\n".join(lines), encoding="utf-8")
    return found


def take_in(path: Path, result: Path, **changes) -> actions.ImportSummary:
    return actions.import_cases(actor=IMPORTER, path=path, now=NOW, result_path=result, batch_rows=7, **changes)


def test_two_at_a_time_and_interrupted_equal_one_after_the_other(path, tmp_path, monkeypatch):
    whole, parts = tmp_path / "whole.csv", tmp_path / "parts.csv"
    with transaction.atomic():
        take_in(path, whole)
        expected = state()
        transaction.set_rollback(True)
    chance, write, attempts = random.Random(3), loading._write, 0

    def fragile(cases):
        write(cases)
        if chance.random() < 0.2:
            raise RuntimeError("gone")  # the rows are written, the batch is not committed

    monkeypatch.setattr(loading, "_write", fragile)
    while True:
        attempts += 1
        try:
            summary = take_in(path, parts)
        except RuntimeError:
            continue
        break
    assert attempts > 1
    assert summary.resumed
    assert state() == expected
    assert queries.counted() == queries.recount()
    assert parts.read_bytes() == whole.read_bytes()
    assert summary.loaded == Case.objects.count() == sum(ImportBatch.objects.values_list("loaded", flat=True))
    assert not ImportRun.objects.filter(finished_at=None).exists()


def test_two_batches_are_being_written_at_once(path, tmp_path, monkeypatch):
    both, write, met, servers = Barrier(2, timeout=20), loading._write, [], set()

    def meet(cases):
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_backend_pid()")
            servers.add(cursor.fetchone()[0])
        if len(met) < 2:
            met.append(len(cases))
            both.wait()
        write(cases)

    monkeypatch.setattr(loading, "_write", meet)
    path.write_text("\n".join(["外部编号,问题描述,上报时间", *(f"{n},路灯不亮,2026-04-30 10:00" for n in range(30))]))
    assert take_in(path, tmp_path / "refused.csv").loaded == 30
    assert len(servers) == 2
