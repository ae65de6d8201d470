"""`haitang chaos`: what is left after everything was killed, in an instance of its own that is gone afterwards."""

import argparse
import contextlib
import json
import os
import signal
import subprocess
import tempfile
from pathlib import Path
from random import Random

from haitang.runtime.console import Unusable
from haitang.runtime.lifeline import Lifeline
from haitang.runtime.progress import say, step

_DISK = "1g"


def command(arguments: list[str]) -> None:
    """Kill and check as the line says. Raises Unusable where anything is lost, doubled, or does not come back."""
    asked = _parsed(arguments)
    if not Path("/proc/self/task").exists():
        raise Unusable("只能在 Linux 上运行：要按进程表找到被结束的进程")
    from haitang.chaos import instance

    rng = Random()  # noqa: S311 - a port, no secret
    home, port = Path(tempfile.mkdtemp(prefix="haitang-chaos-")), instance.free_port(rng)
    if asked.full_disk:
        _mount(home)
    os.environ.update(instance.surroundings(home, port))
    for name in set(os.environ) - set(instance.surroundings(home, port)):
        del os.environ[name]
    signal.signal(signal.SIGTERM, _interrupt)
    try:
        _run(asked, home, port, rng.randrange(1_000_000) if asked.seed is None else asked.seed)
    finally:
        from haitang.runtime import postgres

        if asked.full_disk:
            subprocess.run(["umount", "--lazy", str(home)], check=False)
        instance.remove(home, postgres.socket_directory())


def _interrupt(number: int, frame: object) -> None:
    raise KeyboardInterrupt


def _mount(home: Path) -> None:
    """Give the instance a small disk of its own, in memory, which can be filled without harm to anybody else."""
    done = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={_DISK},mode=755", "haitang-chaos", str(home)],
        check=False, capture_output=True, text=True,
    )  # fmt: skip
    if done.returncode:
        home.rmdir()
        raise Unusable(f"--full-disk 要挂载一个小的内存盘，需要 root 权限：{done.stderr.strip()}")


def _run(asked: argparse.Namespace, home: Path, port: int, seed: int) -> None:
    import django

    from haitang.chaos import instance

    django.setup()  # with the settings of the instance, which lies in `home`
    from haitang.chaos import command
    from haitang.runtime import prepare

    prepare.skip_static()  # no page is asked for
    plan = command.Plan(asked.kills, asked.clients, asked.seconds, seed, asked.full_disk)
    try:
        with contextlib.ExitStack() as stack:
            with step("启动单独的实例"):
                site = stack.enter_context(instance.running(home, port, Lifeline().ties))
            told = command.run(site, plan, say)
        if asked.log:
            asked.log.write_bytes(site.log.read_bytes())
    except instance.NotStarted as error:
        raise Unusable(f"实例未能启动：{error}") from error
    if asked.json:
        asked.json.write_text(json.dumps(told, ensure_ascii=False, indent=1))
    if not told["ok"]:
        raise Unusable("有不符之处，见上")


def _parsed(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="haitang chaos",
        description="在单独的实例里一边办事一边强行结束各进程，然后核对：不丢、不重、统计与历史相符。不动业务数据",
    )
    parser.add_argument("--kills", type=int, default=50, metavar="N", help="强行结束的次数，默认 50")
    parser.add_argument("--clients", type=int, default=16, metavar="N", help="客户端数，默认 16")
    parser.add_argument("--seconds", type=float, default=0, metavar="N", help="至少工作的秒数")
    parser.add_argument("--seed", type=int, metavar="S", help="随机种子；相同的种子结束相同的进程")
    parser.add_argument("--full-disk", action="store_true", help="另加磁盘写满：实例放在单独的小内存盘上，需要 root")
    parser.add_argument("--json", type=Path, metavar="OUT", help="结果另存为 JSON 文件")
    parser.add_argument("--log", type=Path, metavar="OUT", help="实例的日志另存为文件")
    return parser.parse_args(arguments)
