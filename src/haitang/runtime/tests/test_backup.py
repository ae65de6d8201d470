"""A backup restores into an empty place and nowhere else, whole or not at all, and a drill tells whether it would."""

import io
import json
import os
import tarfile
import threading
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path

import psycopg
import pytest

from haitang.core.envelope import PrivateKey, Unopened, Writer
from haitang.runtime import archive, contents, home, postgres
from haitang.runtime.tests.instances import haitang

ENTRY = (
    "INSERT INTO core_entry (fact, subject_type, subject_id, actor_name, organization_name, area_path, data, at,"
    " request_id) SELECT 'Rung', 'bell', n, '王秀英', '', '', '{}', now(), '' FROM generate_series(1, 20) n"
)
PHOTOGRAPHED = (
    "INSERT INTO core_entry (fact, subject_type, subject_id, actor_name, organization_name, area_path, data, at,"
    " request_id) VALUES ('Seen', 'bell', 1, '', '', '', jsonb_build_object('photo', %s::text), now(), '')"
)
SEAL = (
    "from haitang.core import clock, seal; print(seal.seal(now=clock.now()), len(seal.verify().findings), 'findings')"
)
LAST_OF_POINTS = "SELECT count(*) FROM django_migrations WHERE app = 'points'"


def older(connection: psycopg.Connection) -> None:
    """Leave the database as an older version had it: without the tables of an app that came later."""
    tables = connection.execute("SELECT tablename FROM pg_tables WHERE tablename LIKE 'points\\_%'").fetchall()
    for (table,) in tables:
        connection.execute(f"DROP TABLE {table} CASCADE")
    connection.execute("DELETE FROM django_migrations WHERE app = 'points'")


@contextmanager
def writing_on(place: Path):
    """Have somebody take photos and write of them inside, as fast as they can."""
    ends, done = threading.Event(), []

    def write() -> None:
        with psycopg.connect(postgres.url(), autocommit=True) as connection:
            while not ends.is_set():
                photo = os.urandom(500)
                name = sha256(photo).hexdigest()
                path = place / "files" / name[:2] / name[2:4] / name
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(photo)
                connection.execute(PHOTOGRAPHED, [name])
                done.append(name)

    writer = threading.Thread(target=write)
    writer.start()
    try:
        yield done
    finally:
        ends.set()
        writer.join()


@pytest.mark.long
def test_a_backup_taken_at_work_restores_and_moves_up_and_a_drill_proves_it(place, ready, monkeypatch):
    here, there, backup, key = ready, place / "there", place / "city.haitang", place / "key"
    done = haitang(here, "backup-key", str(key))
    assert done.returncode == 0, done.stderr
    public = done.stdout.strip().rpartition("：")[2]
    monkeypatch.setenv("HAITANG_HOME", str(here))
    monkeypatch.delenv("DATABASE_URL", raising=False)
    with postgres.running(), psycopg.connect(postgres.url()) as connection:
        older(connection)
        connection.execute(ENTRY)
    assert "20 0 findings" in haitang(here, "shell", "-v", "0", "-c", SEAL).stdout
    with postgres.running(), writing_on(here) as taken:
        done = haitang(here, "backup", str(backup), "--to", public)
        assert done.returncode == 0, done.stderr
        before = len(taken)
    assert before > 1
    assert backup.stat().st_mode & 0o077 == 0
    assert "已存在" in haitang(here, "backup", str(backup), "--to", public).stderr
    assert "不是空的" in haitang(here, "restore", str(backup), "--key", str(key)).stderr

    done = haitang(here, "drill", str(backup), "--key", str(key))
    assert done.returncode == 0, done.stdout + done.stderr
    assert "演练通过" in done.stdout
    assert "历史记录与封存一致" in done.stdout
    assert not list(here.glob(".drill-*"))
    assert set(json.loads((here / "backup.last").read_text())) == {"backed_up_at", "drilled_at"}

    done = haitang(there, "restore", str(backup), "--key", str(key))
    assert done.returncode == 0, done.stderr
    assert (there / "secrets" / "django").read_text() == (here / "secrets" / "django").read_text()
    assert not list(there.glob(".restoring-*"))
    monkeypatch.setenv("HAITANG_HOME", str(there))
    with postgres.running(), psycopg.connect(postgres.url()) as connection:
        photos = [name for (name,) in connection.execute("SELECT data->>'photo' FROM core_entry WHERE fact = 'Seen'")]
        assert 0 < len(photos) <= len(taken)
        assert connection.execute(LAST_OF_POINTS).fetchone()[0] > 0
    for name in photos:
        assert sha256((there / "files" / name[:2] / name[2:4] / name).read_bytes()).hexdigest() == name
    done = haitang(there, "shell", "-v", "0", "-c", SEAL)
    assert f"{len(photos)} 0 findings" in done.stdout, done.stdout + done.stderr


@pytest.fixture
def other_home(monkeypatch, tmp_path):
    monkeypatch.setenv("HAITANG_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("HAITANG_FIELD_KEYS", raising=False)
    return home.directory()


KEY = PrivateKey.new()


def made_up(path: Path, *, sealed: bool = True, **manifest) -> Path:
    """A backup without data, whose manifest says something of its own."""
    inner = io.BytesIO()
    with tarfile.open(fileobj=inner, mode="w") as tar:
        text = json.dumps({"format": 2, "at": "", "data": False, "keys": False, **manifest}).encode()
        entry = tarfile.TarInfo("manifest.json")
        entry.size = len(text)
        tar.addfile(entry, io.BytesIO(text))
    with path.open("wb") as file:
        if sealed:
            writer = Writer(file, [KEY.public])
            writer.write(inner.getvalue())
            writer.close()
        else:
            file.write(inner.getvalue())
    return path


def read(path: Path) -> dict:
    return archive.read(path, lambda is_sealed: [KEY] if is_sealed else [])


@pytest.mark.parametrize("sealed", [True, False])
def test_what_this_version_does_not_know_is_refused(other_home, tmp_path, sealed):
    newer = made_up(tmp_path / "newer", sealed=sealed, migrations=["core.0001_initial", "core.9999_later", "auth.9"])
    with pytest.raises(archive.Refused, match=r"来自更新的版本.*core\.9999_later"):
        read(newer)
    with pytest.raises(archive.Refused, match="备份格式为 3"):
        read(made_up(tmp_path / "format", sealed=sealed, format=3))
    known = made_up(tmp_path / "known", sealed=sealed, migrations=["core.0001_initial", "auth.9999_of_others"])
    assert read(known)["at"] == ""


def test_data_without_its_keys_are_refused_until_the_keys_are_there(other_home, tmp_path, monkeypatch):
    (other_home / "secrets").mkdir()
    (other_home / "secrets" / "field").write_text("the key of the fields\n")
    apart = made_up(tmp_path / "apart", fingerprints=home.fingerprints())
    assert read(apart)
    (other_home / "secrets" / "field").write_text("another key")
    with pytest.raises(archive.Refused, match="备份不含密钥 field"):
        read(apart)
    monkeypatch.setenv("HAITANG_FIELD_KEYS", "2:a newer key,1:the key of the fields")
    assert read(apart)


@pytest.mark.parametrize("path", ["files/../../out", "files/a/../../../out"])
def test_a_backup_does_not_write_outside(other_home, tmp_path, path):
    evil = tmp_path / "evil"
    with tarfile.open(evil, "w") as tar:
        for name, text in (("manifest.json", b'{"format": 2, "data": false}'), (path, b"x")):
            entry = tarfile.TarInfo(name)
            entry.size = len(text)
            tar.addfile(entry, io.BytesIO(text))
    with pytest.raises(archive.Refused, match="不是完整的备份文件"):
        read(evil)
    assert not list(tmp_path.rglob("out"))


def test_what_does_not_open_is_said_in_a_sentence_before_anything_is_written(tmp_path):
    sealed, target = made_up(tmp_path / "sealed"), tmp_path / "home"
    os.truncate(sealed, sealed.stat().st_size - 1)
    (tmp_path / "none").write_bytes(b"no tar")
    (tmp_path / "key").write_text(str(KEY))
    for name, words in (("sealed", "被改动"), ("none", "不是完整的备份文件"), ("absent", "找不到文件")):
        with pytest.MonkeyPatch.context() as patched:
            patched.setenv("HAITANG_HOME", str(target))
            with pytest.raises((archive.Refused, Unopened), match=words):
                read(tmp_path / name)
    assert not target.exists() or not list(target.iterdir())


def test_a_comparison_names_what_is_not_as_it_was(db, tmp_path):
    from django.db import connection

    connection.ensure_connection()
    database, photo = connection.connection, tmp_path / "ab"
    photo.write_bytes(b"1")
    told = [*contents.tables(database), {"file": "ab", "bytes": 1, "sha256": sha256(b"1").hexdigest()}]
    assert contents.compare(map(json.dumps, told), database, tmp_path).findings == []
    assert any(line["rows"] for line in told if "table" in line)

    with connection.cursor() as cursor:
        cursor.execute(ENTRY)
    found = contents.compare(map(json.dumps, told), database, tmp_path).findings
    assert found == ["表 core_entry 应有 0 行，恢复后有 20 行"]
    told = [*contents.tables(database), told[-1]]
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE core_entry DISABLE TRIGGER USER")
        cursor.execute("UPDATE core_entry SET actor_name = '王秀荚' WHERE subject_id = 7")
    photo.write_bytes(b"2")
    (tmp_path / "cd").write_bytes(b"")
    assert contents.compare(map(json.dumps, told), database, tmp_path).findings == [
        "表 core_entry 的 20 行与备份时内容不同",
        "文件 ab 与备份时内容不同",
        "清单里有 1 个文件，恢复后有 2 个",
    ]
    photo.unlink()
    lacking = [line for line in told if line.get("table") != "core_entry"]
    lacking.append({"table": "gone", "rows": 3, "digest": "0"})
    found = contents.compare(map(json.dumps, lacking), database, tmp_path).findings
    assert found == ["缺少文件 ab", "缺少表 gone（3 行）", "表 core_entry 不在清单里"]
