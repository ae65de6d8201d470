"""For whom a backup is sealed, and what opens it: from the command's line, the environment, or the terminal."""

import getpass
import os
import sys
from argparse import ArgumentParser, Namespace
from pathlib import Path

from haitang.core.envelope import Opener, Passphrase, PrivateKey, PublicKey, Recipient, Unopened

PASSPHRASE_MIN = 12


def add_sealing(parser: ArgumentParser) -> None:
    """Take the options that say for whom."""
    parser.add_argument(
        "--to", action="append", default=[], metavar="公钥",
        help="用公钥加密，可多次给出；公钥本身或写有公钥的文件（环境变量 HAITANG_BACKUP_TO，逗号分隔）",
    )  # fmt: skip
    _add_passphrase(parser)
    parser.add_argument("--plain", action="store_true", help="不加密：谁拿到文件，谁就看得到一切")


def add_opening(parser: ArgumentParser) -> None:
    """Take the options that say what opens it."""
    parser.add_argument(
        "--key", action="append", default=[], metavar="文件", help="写有私钥的文件（环境变量 HAITANG_BACKUP_KEY）"
    )
    _add_passphrase(parser)


def sealed_for(options: Namespace) -> list[Recipient]:
    """Return for whom; nobody in particular, that is unsealed, only where that was asked for.

    Raises Unopened when nothing says for whom and nobody can be asked.
    """
    given = options.to or [key for key in os.environ.get("HAITANG_BACKUP_TO", "").split(",") if key.strip()]
    phrase = _passphrase(options)
    if options.plain:
        if given or phrase:
            raise Unopened("既要求加密又要求不加密，请只选一个")
        return []
    found: list[Recipient] = [PublicKey.parse(_content(key)) for key in given]
    if phrase is None and not found and sys.stdin.isatty():
        phrase = getpass.getpass("备份的口令：")
        if getpass.getpass("再输入一次：") != phrase:
            raise Unopened("两次输入的口令不一样")
    if phrase is not None:
        if len(phrase) < PASSPHRASE_MIN:
            raise Unopened(f"口令太短：至少 {PASSPHRASE_MIN} 个字符")
        found.append(Passphrase(phrase))
    if not found:
        raise Unopened(
            "请指定如何加密：--to 公钥（haitang backup-key 生成）或 --passphrase-file 文件；确要不加密用 --plain"
        )
    return found


def opened_by(options: Namespace, *, is_sealed: bool) -> list[Opener]:
    """Return what was given to open it; asks at the terminal for a pass phrase where nothing was."""
    given = options.key or [key for key in [os.environ.get("HAITANG_BACKUP_KEY", "")] if key]
    phrase = _passphrase(options)
    found: list[Opener] = [PrivateKey.parse(_content(key)) for key in given]
    if is_sealed and phrase is None and not found and sys.stdin.isatty():
        phrase = getpass.getpass("备份的口令：")
    return found if phrase is None else [*found, Passphrase(phrase)]


def _add_passphrase(parser: ArgumentParser) -> None:
    parser.add_argument(
        "--passphrase-file", metavar="文件", help="第一行为口令的文件（环境变量 HAITANG_BACKUP_PASSPHRASE）"
    )


def _passphrase(options: Namespace) -> str | None:
    if options.passphrase_file:
        return _first_line(Path(options.passphrase_file))
    return os.environ.get("HAITANG_BACKUP_PASSPHRASE") or None


def _content(given: str) -> str:
    """Return a key given as such, or the one that stands in the file named."""
    return given if given.strip().startswith("haitang-") else _first_line(Path(given))


def _first_line(path: Path) -> str:
    try:
        return path.read_text("utf-8").partition("\n")[0].rstrip("\r")
    except (OSError, UnicodeDecodeError) as error:
        raise Unopened(f"读不到文件 {path}：{error}") from error
