"""The `haitang` command: the commands that keep an instance running, and Django's management commands beneath.

Our management commands may be written with hyphens (`haitang import-cases` runs `import_cases`). Around
every command the instance's database is up.
"""

import importlib
import os
import sys
from collections.abc import Callable

from haitang.runtime import lifeline

OWN = {
    "run": "整套运行：数据库、网站、后台任务、实时消息（Ctrl-C 全部停止）",
    "serve": "只运行网站",
    "worker": "只运行后台任务",
    "live": "只运行实时消息",
    "prepare": "升级数据库、整理静态文件；空库时装入演示城市（--no-demo 不装）",
    "backup": "加密备份到一个文件，不停机：haitang backup 文件 [--to 公钥]",
    "backup-key": "生成备份用的一对密钥，不需要数据库：haitang backup-key 文件",
    "restore": "从备份恢复到空的实例：haitang restore 文件 [--key 私钥文件]，或 --from 目录 --at 时刻",
    "continuous": "持续归档，可恢复到任一时刻：haitang continuous on 目录 --to 公钥，再重新启动",
    "drill": "恢复演练：恢复到临时位置，逐表逐文件核对：haitang drill 文件 [--key 私钥文件]",
    "tally": "按公布的选票文件重新计票，不需要数据库：haitang tally 文件.pb",
    "verify-vote": "核对公布的投票文件（选票、根、结果），不需要数据库：haitang verify-vote 文件.json",
    "lots": "按公布的名单和种子重新抽选，不需要数据库：haitang lots 名单.csv --seats 人数 --seed 种子",
    "chaos": "在单独的实例里强行结束各进程，核对有没有丢失和重复：haitang chaos [--kills 次数]",
    "ha-trial": "在本机搭起多台机器的整套，强行结束主库，核对有没有丢失：haitang ha-trial [--kills 次数]",
    "open311-check": "检查一个服务器是否符合 Open311，不需要数据库：haitang open311-check 地址 [--token 密钥]",
}
"""Commands of this package: each is a function `command(arguments)` in the module of the same name, `_` for `-`."""

EXPLAIN_THEMSELVES = {
    "backup", "chaos", "continuous", "drill", "ha-trial", "lots", "open311-check", "restore", "tally", "verify-vote",
}  # fmt: skip
"""Those of them that answer `--help` with options of their own."""

_ENVIRONMENT = (
    "环境变量：PORT（网址端口，默认 8000）、HAITANG_HOME（数据目录，默认 .haitang）、DATABASE_URL（外部数据库）。\n"
)


class Unusable(Exception):
    """The command cannot do what was asked; the message is a sentence for the person at the terminal."""


def main() -> None:
    """Run the command named on the line; leave with status 1 and one sentence when it cannot be done."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "haitang.config.settings")
    lifeline.watch()
    name, arguments = (sys.argv[1] if len(sys.argv) > 1 else "help"), sys.argv[2:]
    try:
        if name in {"help", "--help", "-h"} and not arguments:
            _print_help()
        elif name in OWN and name not in EXPLAIN_THEMSELVES and not {"--help", "-h"}.isdisjoint(arguments):
            sys.stdout.write(f"haitang {name}：{OWN[name]}\n\n{_ENVIRONMENT}")
        elif name in OWN:
            own(name)(arguments)
        else:
            _manage([sys.argv[0], name.replace("-", "_") if not name.startswith("-") else name, *arguments])
    except Unusable as error:
        sys.exit(f"haitang {name}：{error}")
    except KeyboardInterrupt:
        sys.exit(130)


def own(name: str) -> Callable[[list[str]], None]:
    """Return the function behind one of our own commands."""
    command: Callable[[list[str]], None] = importlib.import_module(f"haitang.runtime.{name.replace('-', '_')}").command
    return command


def _manage(arguments: list[str]) -> None:
    from django.core.management import execute_from_command_line

    from haitang.runtime import postgres

    try:
        with postgres.running():
            execute_from_command_line(arguments)
    except postgres.ServerFailed as error:
        raise Unusable(str(error)) from error


def _print_help() -> None:
    import django
    from django.core.management import get_commands, load_command_class

    django.setup()
    out = sys.stdout.write
    out("用法：haitang 命令 [参数]\n\n运行\n")
    for name, summary in OWN.items():
        out(f"  {name:<18}{summary}\n")
    ours = sorted(name for name, app in get_commands().items() if app.startswith("haitang."))
    if ours:
        out("\n业务与维护（haitang 命令 --help 看参数）\n")
    for name in ours:
        out(f"  {name.replace('_', '-'):<18}{load_command_class(get_commands()[name], name).help}\n")
    out("\n其余为 Django 的管理命令：migrate、shell、makemigrations 等。\n")
    out(_ENVIRONMENT)
