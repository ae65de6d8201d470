"""`haitang drill FILE`: a backup restored in a place that is thrown away, and compared with what it says it holds."""

import contextlib
import os
import subprocess
import sys
import tempfile
from argparse import ArgumentParser
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import psycopg

from haitang.core.envelope import Unopened
from haitang.runtime import archive, backup, contents, home, postgres, recipients
from haitang.runtime.console import OWN, Unusable
from haitang.runtime.progress import say, step
from haitang.runtime.restore import migrate, opened_by

_LIST = "restored.jsonl"


def command(arguments: list[str]) -> None:
    """Restore the archive for trial; leave with status 1 when anything is not as it was backed up."""
    parser = ArgumentParser("haitang drill", description=OWN["drill"])
    parser.add_argument("file", metavar="文件", type=Path, help="备份文件")
    parser.add_argument(
        "--in", dest="place", type=Path, metavar="目录", help="在哪里恢复（默认在数据目录里），用后即删"
    )
    recipients.add_opening(parser)
    options = parser.parse_args(arguments)
    place = (options.place or home.directory()).absolute()
    try:
        if not place.is_dir():
            raise archive.Refused(f"目录 {place} 不存在")
        with _elsewhere(place), postgres.running():
            seen = _drill(options.file.absolute(), partial(opened_by, options))
    except (archive.Refused, Unopened, postgres.ServerFailed) as error:
        raise Unusable(str(error)) from error
    for finding in seen.findings:
        say(f"  {finding}")
    if seen.findings:
        raise Unusable(f"备份恢复后与当时不一致，{len(seen.findings)} 处")
    backup.note("drilled_at")
    sealed = "历史记录与封存一致" if seen.head else "历史记录尚未封存"
    say(f"演练通过：{seen.tables} 张表 {seen.rows} 行、{seen.files} 个文件都与备份时一致，{sealed}。")


def _drill(source: Path, openers_for: archive.OpenersFor) -> contents.Comparison:
    told = home.directory() / _LIST
    with step("恢复到临时位置"):
        manifest = archive.read(source, openers_for, keep_list=told)
    if not told.exists():
        raise archive.Refused("备份里没有清单（旧格式或只含密钥），无从核对")
    with step("逐表逐文件核对"), psycopg.connect(postgres.url("postgres")) as connection:
        contents.fix_session(connection)
        with told.open(encoding="utf-8") as lines:
            seen = contents.compare(lines, connection, home.directory() / "files")
    if not seen.findings and manifest["migrations"]:
        with step("升级到本版本，核验历史记录"):
            migrate()
            _verify_history(seen)
    return seen


def _verify_history(seen: contents.Comparison) -> None:
    line = [sys.executable, "-m", "haitang", "verify-history", *(["--expect", seen.head] if seen.head else [])]
    done = subprocess.run(line, check=False, capture_output=True, text=True)
    if done.returncode:
        seen.find(f"历史记录：{(done.stdout or done.stderr).strip()[-2000:]}")


@contextlib.contextmanager
def _elsewhere(place: Path) -> Iterator[None]:
    """Be an instance of its own inside, on an embedded server whatever this one runs on; nothing of it stays."""
    was = {name: os.environ.get(name) for name in ("HAITANG_HOME", "DATABASE_URL")}
    with tempfile.TemporaryDirectory(dir=place, prefix=".drill-") as directory:
        os.environ["HAITANG_HOME"] = str(Path(directory) / "home")
        os.environ.pop("DATABASE_URL", None)
        sockets = postgres.socket_directory()
        try:
            yield
        finally:
            for name, value in was.items():
                if value is None:
                    os.environ.pop(name, None)
                else:
                    os.environ[name] = value
            with contextlib.suppress(OSError):
                sockets.rmdir()
