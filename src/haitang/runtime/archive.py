"""What a backup is: one tar file with the database's dump, the files, and the instance's secrets.

The database is dumped first, from one snapshot, while everything runs on; files are only ever added, so those taken
afterwards are complete for it. The archive opens everything that the instance protects: keep it as such.
"""

import json
import os
import shutil
import subprocess
import tarfile
import tempfile
from datetime import UTC, datetime
from pathlib import Path

import psycopg
from psycopg.conninfo import conninfo_to_dict

from haitang.runtime import home, postgres

FORMAT = 1
_MANIFEST, _DUMP, _FILES, _SECRETS = "manifest.json", "database.dump", "files", "secrets"
_ENVIRONMENT = {"host": "PGHOST", "port": "PGPORT", "user": "PGUSER", "password": "PGPASSWORD", "dbname": "PGDATABASE",
                "sslmode": "PGSSLMODE", "sslrootcert": "PGSSLROOTCERT"}  # fmt: skip


class Refused(Exception):
    """The archive cannot be written or read; the message says why."""


def write(target: Path) -> int:
    """Write the archive, which appears whole or not at all, readable by its owner only. Returns its size in bytes."""
    if target.exists():
        raise Refused(f"{target} 已存在，请换一个文件名")
    if not target.parent.is_dir():
        raise Refused(f"目录 {target.parent} 不存在")
    descriptor, draft = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}-")
    try:
        with os.fdopen(descriptor, "wb") as file, tarfile.open(fileobj=file, mode="w") as tar:
            with tempfile.TemporaryDirectory(dir=home.directory()) as place:
                dump, manifest = Path(place) / _DUMP, Path(place) / _MANIFEST
                _run("pg_dump", "--format=custom", "--no-owner", "--no-acl", f"--file={dump}")
                manifest.write_text(json.dumps({"format": FORMAT, "at": _now(), "database_bytes": dump.stat().st_size}))
                tar.add(manifest, _MANIFEST)
                tar.add(dump, _DUMP)
            for name in (_SECRETS, _FILES):
                if (home.directory() / name).is_dir():
                    tar.add(home.directory() / name, name)
        Path(draft).rename(target)
    except BaseException:
        Path(draft).unlink(missing_ok=True)
        raise
    return target.stat().st_size


def read(source: Path) -> None:
    """Restore the archive into an instance that holds nothing yet: no tables, no files, no other secrets."""
    if not source.is_file():
        raise Refused(f"找不到文件 {source}")
    _check_empty()
    with tempfile.TemporaryDirectory(dir=home.directory()) as place:
        try:
            with tarfile.open(source) as tar:
                tar.extractall(place, filter="data")
            manifest = json.loads((Path(place) / _MANIFEST).read_text())
        except (tarfile.TarError, OSError, ValueError) as error:
            raise Refused(f"{source} 不是完整的备份文件：{error}") from error
        if manifest["format"] != FORMAT:
            raise Refused(f"备份格式为 {manifest['format']}，本版本只认识 {FORMAT}")
        _check_secrets(Path(place) / _SECRETS)
        options = ("--no-owner", "--no-acl", "--exit-on-error", "--single-transaction")
        _run("pg_restore", *options, f"--dbname={_parts()['dbname']}", str(Path(place) / _DUMP))
        for name in (_SECRETS, _FILES):
            if (Path(place) / name).is_dir():
                shutil.copytree(Path(place) / name, home.directory() / name, dirs_exist_ok=True)


def _check_empty() -> None:
    with psycopg.connect(os.environ.get("DATABASE_URL") or postgres.url()) as connection:
        row = connection.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'").fetchone()
        if row and row[0]:
            raise Refused("数据库不是空的：请恢复到一个新的 HAITANG_HOME 或空的数据库")
    files = home.directory() / _FILES
    if files.is_dir() and any(files.iterdir()):
        raise Refused(f"{files} 不是空的：请恢复到一个新的 HAITANG_HOME")


def _check_secrets(given: Path) -> None:
    """Refuse where the instance has other secrets: with them, the archive's protected fields could not be read."""
    for secret in given.glob("*") if given.is_dir() else ():
        here = home.directory() / _SECRETS / secret.name
        if here.exists() and here.read_text().strip() != secret.read_text().strip():
            raise Refused(f"此实例已有自己的密钥（{here}），与备份中的不同：请恢复到一个新的 HAITANG_HOME")


def _parts() -> dict[str, str]:
    parts = conninfo_to_dict(os.environ.get("DATABASE_URL") or postgres.url())
    return {key: str(value) for key, value in parts.items()}


def _run(program: str, *arguments: str) -> None:
    """Run a program of PostgreSQL on the instance's database; a password goes by the environment."""
    address = {_ENVIRONMENT[key]: value for key, value in _parts().items() if key in _ENVIRONMENT}
    done = subprocess.run(
        [postgres.binary(program), *arguments],
        check=False,
        capture_output=True,
        text=True,
        env={"PATH": os.environ.get("PATH", ""), "LC_ALL": "C.UTF-8", **address},
    )
    if done.returncode:
        raise Refused(f"{program} 未能完成：{done.stderr.strip()[-2000:]}")


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")  # noqa: TID251 - no Django here
