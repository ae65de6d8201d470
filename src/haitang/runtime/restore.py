"""`haitang restore FILE`: a backup into an instance that holds nothing yet."""

from pathlib import Path

from haitang.runtime import archive, postgres
from haitang.runtime.console import Unusable
from haitang.runtime.progress import say, step


def command(arguments: list[str]) -> None:
    """Restore the archive named on the line."""
    if len(arguments) != 1:
        raise Unusable("用法：haitang restore 文件")
    try:
        with postgres.running(), step("恢复数据库与文件"):
            archive.read(Path(arguments[0]).absolute())
    except (archive.Refused, postgres.ServerFailed) as error:
        raise Unusable(str(error)) from error
    say("已恢复。请运行 haitang verify-history 核验历史记录，再用 haitang run 启动。")
