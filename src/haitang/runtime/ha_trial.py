"""`haitang ha-trial`: a whole installation of several machines on loopback, whose leader is killed under load."""

import argparse
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from haitang.runtime import home, postgres
from haitang.runtime.console import Unusable
from haitang.runtime.progress import say, step

TEMPLATES = Path(__file__).resolve().parents[3] / "docs" / "operate" / "ha"
"""The configuration that operators fill in; the trial fills it in itself."""


def command(arguments: list[str]) -> None:
    """Build, kill and check as the line says. Raises Unusable where anything is lost, or writes are away too long."""
    asked = _parsed(arguments)
    from haitang.chaos import cluster

    signal.signal(signal.SIGTERM, _interrupt)
    place = Path(tempfile.mkdtemp(prefix="haitang-ha-"))
    postgres.open_the_way_to(place)
    try:
        told = _try(asked, place)
    except cluster.NotStarted as error:
        raise Unusable(str(error)) from error
    finally:
        if asked.logs:
            asked.logs.mkdir(parents=True, exist_ok=True)
            for log in place.glob("*.log"):
                shutil.copy(log, asked.logs)
        shutil.rmtree(place, ignore_errors=True)
    if asked.json:
        asked.json.write_text(json.dumps(told, ensure_ascii=False, indent=1))
    if not told["ok"]:
        raise Unusable("有不符之处，见上")


def _try(asked: argparse.Namespace, place: Path) -> dict[str, Any]:
    from haitang.chaos import cluster

    say("· 启动 etcd、PostgreSQL（Patroni）各三台和 HAProxy")
    with cluster.running(place, asked.port, _programs(asked)) as built:
        surroundings = built.surroundings("desk")
        for name in set(os.environ) - set(surroundings):
            del os.environ[name]
        os.environ.update(surroundings)
        import django

        django.setup()
        from haitang.chaos import trial
        from haitang.runtime import prepare

        prepare.skip_static()  # no page is asked for
        with step("建表"):
            prepare.prepare(demo=False)
        stamp = (home.directory() / prepare.STAMP).read_bytes()
        with step("启动两个网站、两个后台任务"):
            built.start_programs(lambda machine: (machine / prepare.STAMP).write_bytes(stamp))
        return trial.run(built, trial.Plan(asked.kills, asked.clients, asked.seed), say)


def _programs(asked: argparse.Namespace) -> Any:
    from haitang.chaos import cluster

    if not TEMPLATES.is_dir():
        raise Unusable("要在源代码目录里运行：配置模板在 docs/operate/ha")
    beside = Path(sys.executable).with_name("patroni")
    paths = {
        "etcd": cluster.found("etcd"),
        "haproxy": cluster.found("haproxy"),
        "patroni": str(asked.patroni or (beside if beside.exists() else cluster.found("patroni"))),
    }
    missing = [name for name, path in paths.items() if not path]
    if missing:
        raise Unusable(f"没有找到 {'、'.join(missing)}：apt install etcd-server haproxy；pip install 'haitang[ha]'")
    account = postgres.server_account()
    options: dict[str, Any] = {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []} if account else {}
    with_account = subprocess.run([paths["patroni"], "--version"], check=False, capture_output=True, cwd="/", **options)
    if with_account.returncode:
        raise Unusable(
            "PostgreSQL 不能以 root 运行，而其账户打不开 Patroni："
            "请用系统的 Python 另建环境安装，以 --patroni 指定\n" + with_account.stderr.decode(errors="replace")[-500:]
        )
    return cluster.Programs(
        TEMPLATES, **paths, postgres=str(Path(postgres.binary("postgres")).parent), account=options,
        hand_over=postgres.hand_over,
    )  # fmt: skip


def _interrupt(number: int, frame: object) -> None:
    raise KeyboardInterrupt


def _parsed(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="haitang ha-trial",
        description="在本机的端口上搭起多台机器的整套（etcd、Patroni、HAProxy、网站、后台任务），一边办事一边强行结束主库，然后核对",
    )
    parser.add_argument("--kills", type=int, default=5, metavar="N", help="强行结束主库的次数，默认 5")
    parser.add_argument("--clients", type=int, default=8, metavar="N", help="客户端数，默认 8")
    parser.add_argument("--seed", type=int, default=1, metavar="S", help="随机种子，默认 1")
    parser.add_argument("--port", type=int, default=15400, metavar="P", help="从这个端口起占用 60 个，默认 15400")
    parser.add_argument("--patroni", type=Path, metavar="PATH", help="Patroni 程序，默认与 haitang 同一目录")
    parser.add_argument("--json", type=Path, metavar="OUT", help="结果另存为 JSON 文件")
    parser.add_argument("--logs", type=Path, metavar="DIR", help="各部分的日志另存到目录")
    return parser.parse_args(arguments)
