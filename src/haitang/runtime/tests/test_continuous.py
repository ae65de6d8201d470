"""A moment between two deeds can be restored: the one before it is there, the one after it is not."""

import json
import os
import time
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path

import psycopg
import pytest

from haitang.core import clock
from haitang.core.envelope import PrivateKey, Unopened
from haitang.runtime import archive, continuous, home, moment, postgres, segments, standing
from haitang.runtime.console import Unusable

KEY = PrivateKey.new()


def photo(home_directory: Path, content: bytes) -> Path:
    name = sha256(content).hexdigest()
    path = home_directory / "files" / name[:2] / name[2:4] / name
    path.parent.mkdir(parents=True)
    path.write_bytes(content)
    return path


def until_archived(connection: psycopg.Connection, name: str) -> None:
    deadline = time.monotonic() + 30
    while segments.find(Path(standing.read_plan().place) / "wal", name) is None:
        continuous.collect(standing.read_plan())
        assert time.monotonic() < deadline, connection.execute("SELECT * FROM pg_stat_archiver").fetchone()
        time.sleep(0.1)


def deeds() -> list[str]:
    with postgres.running(), psycopg.connect(postgres.url()) as connection:
        return [what for (what,) in connection.execute("SELECT what FROM deeds ORDER BY at")]


@pytest.mark.long
def test_a_moment_between_two_deeds_is_restored(place, monkeypatch):
    here, kept = place / "here", place / "kept"
    monkeypatch.delenv("DATABASE_URL", raising=False)
    monkeypatch.setenv("HAITANG_HOME", str(here))
    home.secret("field")
    continuous.command(["on", str(kept), "--to", str(KEY.public)])
    with postgres.running(), psycopg.connect(postgres.url(), autocommit=True) as connection:
        connection.execute("CREATE TABLE deeds (what text, at timestamptz DEFAULT clock_timestamp())")
        connection.execute("INSERT INTO deeds VALUES ('before the copy')")
        photo(here, b"early")
        continuous.command(["base"])
        connection.execute("INSERT INTO deeds VALUES ('before the moment')")
        late = photo(here, b"late")
        continuous.mirror(standing.read_plan(), {})
        time.sleep(0.2)
        at = clock.now()
        time.sleep(0.2)
        connection.execute("INSERT INTO deeds VALUES ('after the moment')")
        with psycopg.connect(postgres.url("postgres")) as root:
            segment = root.execute("SELECT pg_walfile_name(pg_switch_wal())").fetchone()[0]
        until_archived(connection, segment)
    assert not list(kept.rglob("*.gz")), "something lies there in the clear"

    late.unlink()  # removed by the rules of the office, after the moment
    continuous.prune(standing.read_plan(), time.time())
    assert len(list((kept / "gone").iterdir())) == 1

    monkeypatch.setenv("HAITANG_HOME", str(place / "then"))
    with pytest.raises(archive.Refused, match="没有这一刻之前的基础备份：最早可恢复到"):
        moment.restore(kept, at - timedelta(days=1), [KEY])
    with pytest.raises(Unopened, match="打不开"):
        moment.restore(kept, at, [PrivateKey.new()])
    reached = moment.restore(kept, at, [KEY])
    assert reached < at
    assert deeds() == ["before the copy", "before the moment"]
    assert {path.read_bytes() for path in (place / "then/files").rglob("*") if path.is_file()} == {b"early", b"late"}
    assert home.secret("field") == (here / "secrets" / "field").read_text()
    assert not (place / "then/postgres/incoming").exists()
    with pytest.raises(archive.Refused, match="不是空的"):
        moment.restore(kept, at, [KEY])

    monkeypatch.setenv("HAITANG_HOME", str(place / "later"))
    assert moment.restore(kept, clock.now() + timedelta(days=1), [KEY]) > at
    assert deeds() == ["before the copy", "before the moment", "after the moment"]


@pytest.mark.parametrize("keys", [[], [KEY.public]])
def test_a_piece_that_is_handed_over_twice_is_there_once_and_comes_back(tmp_path, keys):
    piece, there = tmp_path / "000000010000000000000001", tmp_path / "there"
    piece.write_bytes(os.urandom(100) + bytes(2**20))
    there.mkdir()
    for _ in range(2):
        segments.keep(piece, there / piece.name, keys)
    assert len(list(there.iterdir())) == 1
    assert next(there.iterdir()).stat().st_size < 10_000
    segments.fetch(segments.find(there, piece.name), tmp_path / "back", [KEY])
    assert (tmp_path / "back").read_bytes() == piece.read_bytes()
    assert segments.find(there, "000000010000000000000002") is None


def test_a_piece_that_was_cut_off_does_not_come_back(tmp_path):
    piece = tmp_path / "piece"
    piece.write_bytes(os.urandom(1000))
    (tmp_path / "there").mkdir()
    segments.keep(piece, tmp_path / "there" / "piece", [])
    kept = segments.find(tmp_path / "there", "piece")
    os.truncate(kept, kept.stat().st_size - 9)
    with pytest.raises(Unopened, match="不完整或已损坏"):
        segments.fetch(kept, tmp_path / "back", [])


def test_what_no_kept_moment_needs_goes_and_nothing_else(tmp_path, monkeypatch):
    monkeypatch.setenv("HAITANG_HOME", str(tmp_path / "home"))
    plan, now = standing.Plan(str(tmp_path), keep_days=7), time.time()
    for name in ("wal", "base", "files", "gone"):
        plan.folder(name).mkdir()
    for days, segment in ((30, 1), (9, 3), (6, 5)):
        stem = f"{30 - days:02}"
        ended = datetime.fromtimestamp(now - days * 86400, UTC).isoformat()
        told = {"ended": ended, "segment": f"{1:08X}{0:08X}{segment:08X}"}
        (plan.folder("base") / f"{stem}.json").write_text(json.dumps(told))
        (plan.folder("base") / f"{stem}.tar.gz").touch()
    for name in ("000000010000000000000002.gz", "000000020000000000000002.gz", "000000010000000000000003.gz",
                 "00000002.history.gz", "000000010000000000000004.gz"):  # fmt: skip
        (plan.folder("wal") / name).touch()
    for name, days in (("old.gz", 8), ("new.gz", 6)):
        (plan.folder("gone") / name).touch()
        os.utime(plan.folder("gone") / name, (now - days * 86400,) * 2)
    continuous.prune(plan, now)
    assert sorted(path.name for path in plan.folder("base").iterdir()) == [
        "21.json",
        "21.tar.gz",
        "24.json",
        "24.tar.gz",
    ]
    assert sorted(path.name for path in plan.folder("wal").iterdir()) == [
        "000000010000000000000003.gz", "000000010000000000000004.gz", "00000002.history.gz",
    ]  # fmt: skip
    assert [path.name for path in plan.folder("gone").iterdir()] == ["new.gz"]


def test_what_cannot_be_is_refused_in_a_sentence(tmp_path, monkeypatch):
    monkeypatch.setenv("HAITANG_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("HAITANG_BACKUP_PASSPHRASE", "twelve letters and more")
    monkeypatch.delenv("DATABASE_URL", raising=False)
    with pytest.raises(Unusable, match="只能用公钥加密"):
        continuous.command(["on", str(tmp_path / "kept")])
    with pytest.raises(Unusable, match="尚未开启"):
        continuous.command(["status"])
    with pytest.raises(archive.Refused, match="不是持续归档的目录"):
        moment.restore(tmp_path, None, [])
    monkeypatch.setenv("DATABASE_URL", "postgresql://elsewhere/city")
    with pytest.raises(Unusable, match="自己的持续归档"):
        continuous.command(["status"])
