"""Who is killed, and when: drawn from the seed beforehand, so that a run can be done again."""

import contextlib
import errno
import os
import signal
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from threading import Event

from haitang.chaos.instance import Instance

DISK = "disk"
"""No process: the disk of an instance that has a small one of its own is full for a while."""
VICTIMS = {
    "web": "网站全部进程之首",
    "web process": "网站的一个工作进程",
    "worker": "后台任务",
    "live": "实时消息全部进程之首",
    "live process": "实时消息的工作进程",
    "postgres": "数据库主进程",
    "postgres session": "数据库的一个会话进程",
    DISK: "磁盘写满",
}
"""What is killed, with SIGKILL, and what it is to an operator."""
_IN_ORDER = ("postgres", "worker", "web", "postgres session", "web process", "live", "live process")
"""A run that is too short for all of them leaves the last out."""
_REST_S_MAX = 3.0
_HASTY = 0.2
"""Of five kills one does not wait until the service is back from the one before."""
_BACK_S_MAX = 60
_FOUND_S_MAX = 30
_FULL_S = 6.0
_WEIGHT = bytes(2**20)


@dataclass(frozen=True)
class Kill:
    """One that is planned. rest_s: how long everything may work in peace before; is_hasty: it waits for nothing."""

    victim: str
    rest_s: float
    is_hasty: bool
    choice: float
    """Between 0 and 1: which, where there are several."""


@dataclass
class Blow:
    """One that was dealt. at: monotonic seconds; pid: 0 where nobody was found."""

    kill: Kill
    at: float
    pid: int
    without_s: dict[str, float] = field(default_factory=dict)
    """Seconds without the site, live messages, the worker, as far as they follow from it; see `watching`."""


def plan(seed: int, kills: int, *, full_disk: bool = False) -> list[Kill]:
    """Return the kills of that seed: every victim as often as every other, give or take one."""
    order = (DISK, *_IN_ORDER) if full_disk else _IN_ORDER
    rng = Random(f"chaos:{seed}")
    victims: list[str] = []
    while len(victims) < kills:
        some = list(order[: kills - len(victims)])
        rng.shuffle(some)
        victims += some
    return [Kill(each, rng.uniform(0, _REST_S_MAX), rng.random() < _HASTY, rng.random()) for each in victims]


def deal(
    instance: Instance, kills: list[Kill], *, is_back: Callable[[], bool], told: Callable[[Blow], None], over: Event
) -> list[Blow]:
    """Carry the kills out one after the other; return them as they were dealt. over: ends it early."""
    blows = []
    for kill in kills:
        if not kill.is_hasty:
            _wait(is_back, _BACK_S_MAX, over)
        if over.wait(kill.rest_s):
            break
        blow = _strike(instance, kill)
        blows.append(blow)
        told(blow)
    _wait(is_back, _BACK_S_MAX, over)
    return blows


def _strike(instance: Instance, kill: Kill) -> Blow:
    """Kill one of those that are meant; while one is just being started again, wait for it."""
    if kill.victim == DISK:
        return Blow(kill, _fill(instance.home / "ballast"), instance.pid)
    deadline = time.monotonic() + _FOUND_S_MAX
    while time.monotonic() < deadline:
        found = sorted(_found(instance, kill.victim))
        if found:
            pid = found[int(kill.choice * len(found))]
            with contextlib.suppress(ProcessLookupError):
                at = time.monotonic()
                os.kill(pid, signal.SIGKILL)
                return Blow(kill, at, pid)
        time.sleep(0.05)
    return Blow(kill, time.monotonic(), 0)


def _fill(ballast: Path) -> float:
    """Leave no room on the disk for some seconds, whatever is freed meanwhile; return when it was full first."""
    full_at = 0.0
    with ballast.open("wb", buffering=0) as file:
        while not full_at or time.monotonic() < full_at + _FULL_S:
            try:
                file.write(_WEIGHT if not full_at else _WEIGHT[:4096])
            except OSError as error:
                if error.errno != errno.ENOSPC:
                    raise
                full_at = full_at or time.monotonic()
                time.sleep(0.02)
    ballast.unlink()
    return full_at


def _found(instance: Instance, victim: str) -> list[int]:
    match victim:
        case "web" | "worker" | "live":
            pid = instance.process("serve" if victim == "web" else victim)
            return [pid] if pid else []
        case "web process" | "live process":
            return instance.workers("serve" if victim == "web process" else "live")
        case "postgres":
            pid = instance.database()
            return [pid] if pid else []
        case _:
            return instance.sessions()


def _wait(is_true: Callable[[], bool], seconds: float, over: Event) -> None:
    deadline = time.monotonic() + seconds
    while not is_true() and time.monotonic() < deadline and not over.wait(0.05):
        pass
