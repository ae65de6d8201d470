"""`haitang backup FILE`: the whole instance in one file, while it runs on."""

from pathlib import Path

from haitang.runtime import archive, postgres
from haitang.runtime.console import Unusable
from haitang.runtime.progress import say, step


def command(arguments: list[str]) -> None:
    """Write the archive named on the line."""
    if len(arguments) != 1:
        raise Unusable("用法：haitang backup 文件")
    target = Path(arguments[0]).absolute()
    try:
        with postgres.running(), step("备份数据库与文件"):
            size = archive.write(target)
    except (archive.Refused, postgres.ServerFailed) as error:
        raise Unusable(str(error)) from error
    say(f"已备份到 {target}（{size / 1_000_000:.1f} MB）。其中含有密钥与个人信息，请妥善保管。")
