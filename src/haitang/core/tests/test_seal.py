"""The seal: what is altered, removed or added afterwards is found and named."""

import threading
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated

import psycopg
import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction

from haitang.core import history, seal
from haitang.core.access import Actor
from haitang.core.facts import Fact
from haitang.core.privacy import Privacy

NOW = datetime(2026, 5, 1, 8, tzinfo=UTC)
LI = Actor("李建国", id=7, organization_id=3, organization_name="海棠社区")
pytestmark = pytest.mark.django_db(transaction=True)


@dataclass(frozen=True)
class BellRung(Fact):
    subject_type = "bell"
    bell_id: Annotated[int, Privacy.INTERNAL]
    words: Annotated[str, Privacy.INTERNAL]


def seal_now() -> int:
    """Seal what is there; tests in another process may keep transactions open that hold the seal back for a moment."""
    until = time.monotonic() + 120
    while not (count := seal.seal(now=NOW)) and time.monotonic() < until:
        time.sleep(0.02)
    return count


@pytest.fixture
def sealed(monkeypatch) -> list[int]:
    """Ten sealed entries in three blocks."""
    monkeypatch.setattr(seal, "BLOCK_ENTRIES_MAX", 4)
    ids = history.record_many(actor=LI, facts=[BellRung(n, f"第{n}声") for n in range(10)], at=NOW)
    assert seal_now() == 10
    return ids


def tamper(statement: str, *parameters: object) -> None:
    """Do what only a superuser can: change the history behind its triggers."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("ALTER TABLE core_entry DISABLE TRIGGER USER")
        cursor.execute("ALTER TABLE core_seal DISABLE TRIGGER USER")
        cursor.execute(statement, parameters)
        cursor.execute("ALTER TABLE core_entry ENABLE TRIGGER USER")
        cursor.execute("ALTER TABLE core_seal ENABLE TRIGGER USER")
        cursor.execute("ALTER TABLE core_entry DISABLE TRIGGER core_entry_no_truncate")  # as the test database has it
        cursor.execute("ALTER TABLE core_seal DISABLE TRIGGER core_seal_no_truncate")


def found(**options) -> list[tuple[str, int | None]]:
    return [(finding.kind, finding.entry_id) for finding in seal.verify(**options).findings]


def test_an_untouched_history_is_whole(sealed):
    report = seal.verify()
    assert (report.blocks, report.sealed, report.waiting, report.findings) == (3, 10, 0, [])
    assert seal.seal(now=NOW) == 0


def test_every_entry_is_sealed_once_over_many_runs(sealed):
    for _ in range(3):
        history.record_many(actor=LI, facts=[BellRung(1, "又"), BellRung(2, "又")], at=NOW)
        assert seal_now() == 2
    assert seal.verify().sealed == 16
    assert not seal.verify().findings


@pytest.mark.parametrize(
    "change",
    [
        "actor_name = '张三'",
        "data = jsonb_set(data, '{words}', '\"改\"')",
        "at = at + interval '1 us'",
        "actor_id = NULL",
        "organization_id = 4",
        "fact = 'BellBroken'",
        "subject_id = 99",
        "salt = gen_random_uuid()",
        "xid = xid - 1",
    ],
)
def test_an_altered_entry_is_named(sealed, change):
    tamper(f"UPDATE core_entry SET {change} WHERE id = %s", sealed[5])
    assert found() == [("entry_altered", sealed[5])]


def test_a_removed_entry_is_named(sealed):
    tamper("DELETE FROM core_entry WHERE id = ANY(%s)", [sealed[3], sealed[9]])
    assert found() == [("entry_missing", sealed[3]), ("entry_missing", sealed[9])]


def test_an_entry_put_in_afterwards_is_named(sealed):
    tamper(
        "INSERT INTO core_entry (fact, subject_type, subject_id, actor_name, organization_name, area_path, data, at,"
        " request_id, xid) SELECT fact, subject_type, subject_id, actor_name, organization_name, area_path, data, at,"
        " request_id, xid FROM core_entry WHERE id = %s",
        sealed[0],
    )
    assert [kind for kind, _ in found()] == ["entry_added"]


@pytest.mark.parametrize(
    "change",
    ["at = at + interval '1 s'", "entry_ids[1] = 424242", "xid_below = xid_below + 100", "hash = '\\x00'"],
)
def test_a_tampered_block_is_named(sealed, change):
    tamper(f"UPDATE core_seal SET {change} WHERE id = (SELECT min(id) FROM core_seal)")
    assert "block_altered" in {kind for kind, _ in found()}


def test_a_removed_block_is_noticed(sealed):
    tamper("DELETE FROM core_seal WHERE id = (SELECT min(id) + 1 FROM core_seal)")
    kinds = [kind for kind, _ in found()]
    assert kinds[0] == "block_missing"
    assert kinds.count("entry_added") == 4


def test_an_altered_entry_with_its_hash_mended_breaks_the_chain(sealed):
    tamper("UPDATE core_entry SET actor_name = '张三' WHERE id = %s", sealed[0])
    with connection.cursor() as cursor:
        cursor.execute(seal._SELECT + "WHERE id = %s", [sealed[0]])
        mended = seal.entry_hash(seal._parsed(cursor.fetchone()))
    tamper("UPDATE core_seal SET entry_hashes[1] = %s WHERE id = (SELECT min(id) FROM core_seal)", mended)
    assert [kind for kind, _ in found()] == ["block_altered"]


def test_a_cut_off_end_shows_against_a_noted_hash(sealed):
    head = seal.verify().head
    tamper("DELETE FROM core_seal WHERE id = (SELECT max(id) FROM core_seal)")
    tamper("DELETE FROM core_entry WHERE id = ANY(%s)", sealed[8:])
    assert found() == []
    assert found(expected=head) == [("block_missing", None)]


def test_lawful_erasure_keeps_the_chain_and_needs_its_fact(sealed):
    with connection.cursor() as cursor:
        cursor.execute("SELECT data, salt FROM core_entry WHERE id = %s", [sealed[2]])
        *_, data, salt = seal._parsed(cursor.fetchone())
    left = seal.erased_data(data, salt)
    tamper(
        "UPDATE core_entry SET data = jsonb_build_object('erased', %s::text), salt = %s WHERE id = %s",
        left["erased"], "00000000-0000-0000-0000-000000000000", sealed[2],
    )  # fmt: skip
    assert found() == [("entry_erased", sealed[2])]

    @dataclass(frozen=True)
    class EntryErased(Fact):
        subject_type = "entry"
        entry_id: Annotated[int, Privacy.INTERNAL]

    history.record(actor=LI, fact=EntryErased(sealed[2]), at=NOW)
    report = seal.verify()
    assert (report.findings, report.erased, report.waiting) == ([], 1, 1)


def test_an_entry_that_comes_late_with_a_low_id_is_not_lost():
    """One transaction takes an id and waits; a later one commits first; both are sealed, one after the other."""
    server = connection.get_connection_params()
    with psycopg.connect(**{key: server[key] for key in ("dbname", "user", "host", "port") if key in server}) as slow:
        slow.execute(
            "INSERT INTO core_entry (fact, subject_type, subject_id, actor_name, organization_name, area_path, data,"
            " at, request_id) VALUES ('Slow', 'bell', 1, '', '', '', '{}', now(), '')"
        )
        history.record(actor=LI, fact=BellRung(2, ""), at=NOW)
        assert seal.seal(now=NOW) == 0
        assert seal.verify().waiting == 1
        slow.commit()
    assert seal_now() == 2
    assert not seal.verify().findings


def test_a_move_to_another_database_system_continues_the_chain(sealed):
    """As after a restore: transactions are counted anew, and old entries have higher numbers than new ones."""
    tamper("UPDATE core_entry SET xid = xid + 1000000")  # the entries as they came over
    tamper("DELETE FROM core_seal")
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint")
        (xmin,) = cursor.fetchone()
        rows = list(seal._entries("WHERE id <= %s", [sealed[7]]))
    seal._write_block(b"", NOW, seal._Stretch("elsewhere", 0, xmin + 2000000), rows)
    history.record(actor=LI, fact=BellRung(3, "新"), at=NOW)
    assert seal_now() == 3
    history.record(actor=LI, fact=BellRung(4, "新"), at=NOW)
    assert seal_now() == 1
    assert seal.seal(now=NOW) == 0
    assert not seal.verify().findings


def test_one_sealer_at_a_time(sealed):
    history.record(actor=LI, fact=BellRung(1, ""), at=NOW)
    results = []

    def run() -> None:
        try:
            with transaction.atomic():
                results.append(seal.seal(now=NOW))
                time.sleep(0.3)
        finally:
            connection.close()

    for _ in range(100):  # while anybody's older transaction runs, in whatever database, there is nothing to seal
        results.clear()
        threads = [threading.Thread(target=run) for _ in range(3)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        if any(results):
            break
    assert sorted(results) == [0, 0, 1]
    assert not seal.verify().findings


def test_the_command_says_what_it_found(sealed, capsys):
    call_command("verify_history")
    assert "一致" in capsys.readouterr().out
    tamper("UPDATE core_entry SET actor_name = '张三' WHERE id = %s", sealed[1])
    with pytest.raises(CommandError, match="1 处"):
        call_command("verify_history")
    assert f"第 {sealed[1]} 条记录封存后被改动" in capsys.readouterr().out
