"""`haitang restore FILE`: a backup into an instance that holds nothing yet."""

import subprocess
import sys
from argparse import ArgumentParser, Namespace
from datetime import datetime
from functools import partial
from pathlib import Path
from zoneinfo import ZoneInfo

from haitang.core.envelope import Unopened
from haitang.runtime import archive, moment, postgres, recipients
from haitang.runtime.console import OWN, Unusable
from haitang.runtime.progress import say, step

_HERE = ZoneInfo("Asia/Shanghai")


def command(arguments: list[str]) -> None:
    """Restore the archive named on the line, and bring it up to this version."""
    parser = ArgumentParser("haitang restore", description=OWN["restore"])
    parser.add_argument("file", metavar="文件", type=Path, nargs="?", help="备份文件")
    parser.add_argument(
        "--from", dest="place", type=Path, metavar="目录", help="从持续归档的目录恢复，而不是从备份文件"
    )
    parser.add_argument(
        "--at", type=_instant, metavar="时刻", help="恢复到这一刻，如 '2026-11-21 21:30'（北京时间）；不给则到最后"
    )
    recipients.add_opening(parser)
    options = parser.parse_args(arguments)
    if (options.file is None) == (options.place is None) or (options.at and not options.place):
        parser.error("给出一个备份文件，或用 --from 给出持续归档的目录（--at 只与 --from 连用）")
    try:
        if options.place:
            _restore_moment(options)
            return
        with postgres.running():
            with step("核对备份，恢复数据库与文件"):
                manifest = archive.read(options.file.absolute(), partial(opened_by, options))
            if manifest.get("data", True):
                with step("升级数据库"):
                    migrate()
    except (archive.Refused, Unopened, postgres.ServerFailed) as error:
        raise Unusable(str(error)) from error
    if manifest.get("data", True):
        say(f"已恢复 {manifest['at']} 的备份。请运行 haitang verify-history 核验历史记录，再用 haitang run 启动。")
    else:
        say(f"已恢复 {manifest['at']} 的密钥。接着恢复数据：haitang restore 文件")


def _restore_moment(options: Namespace) -> None:
    openers = recipients.opened_by(options, is_sealed=False)
    with step("核对归档，恢复数据库与文件"):
        reached = moment.restore(options.place.absolute(), options.at, openers)
    with postgres.running(), step("升级数据库"):
        migrate()
    last = f"{reached.astimezone(_HERE):%Y-%m-%d %H:%M:%S}" if reached else "基础备份时"
    say(f"已恢复，最后一笔是{last}。请运行 haitang verify-history 核验历史记录，再用 haitang run 启动。")


def _instant(text: str) -> datetime:
    """Return the instant written in ISO form, of Beijing time where it names no zone."""
    given = datetime.fromisoformat(text)
    return given if given.tzinfo else given.replace(tzinfo=_HERE)


def opened_by(options: Namespace, is_sealed: bool) -> list[recipients.Opener]:
    """Return what opens the file, as `archive.read` asks for it."""
    return recipients.opened_by(options, is_sealed=is_sealed)


def migrate() -> None:
    """Bring the tables up to this version, in a process of its own: its settings read the restored keys.

    Raises Refused with the last words of what failed.
    """
    done = subprocess.run(
        [sys.executable, "-m", "haitang", "migrate", "--no-input", "-v", "0"],
        check=False, capture_output=True, text=True,
    )  # fmt: skip
    if done.returncode:
        raise archive.Refused(f"已恢复，但未能升级到本版本：{(done.stderr or done.stdout).strip()[-2000:]}")
