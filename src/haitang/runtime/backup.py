"""`haitang backup FILE`: the whole instance in one sealed file, while it runs on."""

import json
from argparse import ArgumentParser
from datetime import UTC, datetime
from pathlib import Path

from haitang.core.envelope import Unopened
from haitang.runtime import archive, home, postgres, recipients
from haitang.runtime.console import OWN, Unusable
from haitang.runtime.progress import say, step

LAST = "backup.last"
"""File in the home that says when it was last backed up, and when a backup was last restored for trial."""


def command(arguments: list[str]) -> None:
    """Write the archive named on the line."""
    parser = ArgumentParser("haitang backup", description=OWN["backup"])
    parser.add_argument("file", metavar="文件", type=Path, help="要写的文件，不得已经存在")
    recipients.add_sealing(parser)
    only = parser.add_mutually_exclusive_group()
    only.add_argument("--without-keys", action="store_true", help="不含密钥：数据与密钥分开保管")
    only.add_argument("--only-keys", action="store_true", help="只含密钥")
    options = parser.parse_args(arguments)
    target, parts = options.file.absolute(), archive.Parts(data=not options.only_keys, keys=not options.without_keys)
    try:
        sealed_for = recipients.sealed_for(options)
        with postgres.running(), step("备份密钥" if options.only_keys else "备份数据库与文件"):
            size = archive.write(target, sealed_for, parts)
    except (archive.Refused, Unopened, postgres.ServerFailed) as error:
        raise Unusable(str(error)) from error
    if parts.data:
        note("backed_up_at")
    say(f"已备份到 {target}（{size / 1_000_000:.1f} MB），{_protection(bool(sealed_for), parts)}")


def note(what: str) -> None:
    """Write down that it was done now, for those who watch over it."""
    path = home.directory() / LAST
    told = json.loads(path.read_text()) if path.exists() else {}
    told[what] = datetime.now(UTC).isoformat(timespec="seconds")  # noqa: TID251 - no Django here
    draft = path.with_suffix(".new")
    draft.write_text(json.dumps(told))
    draft.replace(path)


def _protection(is_sealed: bool, parts: archive.Parts) -> str:
    if not is_sealed:
        return "没有加密：其中含有密钥与个人信息，请妥善保管。" if parts.keys else "没有加密，请妥善保管。"
    held = {(True, True): "含密钥与数据", (True, False): "不含密钥", (False, True): "只含密钥"}[parts.data, parts.keys]
    return f"已加密，{held}。口令或私钥丢了，备份就打不开。"
