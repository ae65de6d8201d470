"""`haitang run`: the whole instance under one supervisor. It loads no Django and does no work of its own."""

import contextlib
import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from dataclasses import dataclass, field
from functools import partial

from haitang.runtime import home, postgres, standing
from haitang.runtime.console import Unusable
from haitang.runtime.lifeline import Lifeline, wait_for_ending
from haitang.runtime.progress import say, step

PROCESSES = {"serve": "网站", "worker": "后台任务", "live": "实时消息"}
KEEPER = "continuous watch"
"""Runs beside them while the log is kept elsewhere."""
_STOP_SECONDS_MAX = 20
_PAUSE_SECONDS_MAX = 30.0
_STEADY_SECONDS = 15
"""Who has run so long did not fail to start, and is started again at once; others after ever longer pauses."""
_READY_SECONDS_MAX = 60


@dataclass
class Child:
    """One process of the instance, started again when it ends by itself, after ever longer pauses."""

    name: str
    process: subprocess.Popen[bytes]
    began: float = field(default_factory=time.monotonic)
    pause_s: float = 0.0
    due: float | None = None


def command(arguments: list[str]) -> None:
    """Start the database, prepare the instance, run its processes, and stop them all at SIGINT or SIGTERM."""
    for port, what in ((home.port(), "网站"), (home.port() + 1, "实时消息")):
        if not wait_for_ending(partial(_is_free, port)):
            raise Unusable(f"端口 {port}（{what}）已被占用，请用 PORT=… 另选一个后重试")
    for each in (signal.SIGINT, signal.SIGTERM):  # also where a shell in the background had SIGINT ignored
        signal.signal(each, _interrupt)
    lifeline = Lifeline()
    try:
        with contextlib.ExitStack() as stack:
            with step("启动数据库"):
                stack.enter_context(postgres.running())
            if subprocess.run(_line("prepare", *arguments), check=False, **lifeline.ties).returncode:
                raise Unusable("准备工作未完成，原因见上")
            _supervise(lifeline)
            if postgres.is_embedded():
                say("· 停止数据库 …")
    except postgres.ServerFailed as error:
        raise Unusable(str(error)) from error
    say("已全部停止。")


def _supervise(lifeline: Lifeline) -> None:
    children: list[Child] = []
    # Asked for while the site comes up; prints nothing where this is no demo city.
    accounts = subprocess.Popen(
        _line("demo", "--accounts"), stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, **lifeline.ties
    )
    try:
        # Taken in one by one: what has begun is stopped, whenever Ctrl-C comes.
        children.extend(_start(name, lifeline) for name in _names())
        with step("启动网站"):
            _wait_until_ready(children)
        _greet(accounts.communicate()[0])
        while True:
            time.sleep(0.5)
            _keep_up_database()
            for child in children:
                _keep_up(child, lifeline)
    except KeyboardInterrupt:
        say("\n· 正在停止 …")
    finally:
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        _stop(children)
        with accounts:  # closes its pipe and waits for it
            accounts.kill()


def _names() -> list[str]:
    return [*PROCESSES, *([KEEPER] if postgres.is_embedded() and standing.read_plan() else [])]


def _title(child: Child) -> str:
    return PROCESSES.get(child.name, "持续归档")


def _line(name: str, *arguments: str) -> list[str]:
    return [sys.executable, "-m", "haitang", name, *arguments]


def _start(name: str, lifeline: Lifeline) -> Child:
    # A group of its own: Ctrl-C reaches the supervisor alone, which then stops the others in order.
    process = subprocess.Popen(_line(*name.split()), stdin=subprocess.DEVNULL, start_new_session=True, **lifeline.ties)
    return Child(name, process)


def _keep_up(child: Child, lifeline: Lifeline) -> None:
    now = time.monotonic()
    if child.due is None:
        if child.process.poll() is None:
            return
        _end_group(child)  # what it had started itself would go on listening, and answer in its place
        if now - child.began > _STEADY_SECONDS:
            child.pause_s = 0.0
        say(f"{_title(child)}意外结束（{child.process.returncode}），{child.pause_s:.0f} 秒后重新启动")
        child.due = now + child.pause_s
        child.pause_s = min(max(child.pause_s * 2, 1.0), _PAUSE_SECONDS_MAX)
    elif now >= child.due:
        child.process, child.began, child.due = _start(child.name, lifeline).process, now, None


def _keep_up_database() -> None:
    """Start the embedded server again where it has ended; what cannot be done now is tried again in a moment."""
    try:
        if postgres.revive():
            say("数据库意外结束，已重新启动")
    except (postgres.ServerFailed, OSError) as error:  # the disk may be full
        say(f"数据库意外结束，未能重新启动，将再次尝试：{error}")


def _stop(children: list[Child]) -> None:
    for child in children:
        with contextlib.suppress(ProcessLookupError):
            child.process.terminate()
    deadline = time.monotonic() + _STOP_SECONDS_MAX
    for child in children:
        try:
            child.process.wait(timeout=max(deadline - time.monotonic(), 0.1))
        except subprocess.TimeoutExpired:
            say(f"{_title(child)}未按时结束，强行停止")
        _end_group(child)
        child.process.wait()


def _end_group(child: Child) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.killpg(child.process.pid, signal.SIGKILL)


def _wait_until_ready(children: list[Child]) -> None:
    deadline = time.monotonic() + _READY_SECONDS_MAX
    while time.monotonic() < deadline:
        for child in children:
            if child.name == "serve" and child.process.poll() is not None:
                raise Unusable("网站未能启动，原因见上")
        with contextlib.suppress(OSError, http.client.HTTPException):
            connection = http.client.HTTPConnection(_near(), home.port(), timeout=5)
            connection.request("GET", "/healthz", headers={"Host": _known_host()})
            if connection.getresponse().status == 200:
                return
        time.sleep(0.1)
    raise Unusable("网站在一分钟内未能就绪，原因见上")


def _near() -> str:
    """Return the address under which the site is reached from this machine."""
    return {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(home.host(), home.host())  # noqa: S104 - nothing is bound here


def _known_host() -> str:
    """Return a host name that the site answers to: in an office localhost may be none."""
    first = (os.environ.get("HAITANG_HOSTS") or "localhost").split(",")[0].strip()
    return "localhost" if first == "*" else first.lstrip(".")


def _greet(accounts: str) -> None:
    say(f"\n海棠已启动：http://{_near()}:{home.port()}/")
    if accounts:
        say(accounts.rstrip())
    say("按 Ctrl-C 停止。")


def _is_free(port: int) -> bool:
    with socket.socket(socket.AF_INET6 if ":" in home.host() else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((home.host(), port))
        except OSError:
            return False
    return True


def _interrupt(number: int, frame: object) -> None:
    raise KeyboardInterrupt
