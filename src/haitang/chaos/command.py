"""One run: build, work and kill, come to rest, check, tell."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from threading import Event, Timer
from typing import Any

from django.db import connection

from haitang.bench.city import actor
from haitang.bench.database import conninfo
from haitang.bench.report import machine
from haitang.cases import actions as cases
from haitang.chaos import checks, ground, killing, ledger, report
from haitang.chaos.clients import Crowd
from haitang.chaos.instance import Instance
from haitang.chaos.killing import Blow
from haitang.chaos.watching import Watch
from haitang.core import clock

_PER_SECOND = 10
"""So many ballots and bookings there are for each second that a run is expected to take."""
_SECONDS_PER_KILL = 8
_DRAIN_S_MAX = 600
"""A reaction that failed is tried again after up to 17 minutes; one whose worker was killed within a minute."""


@dataclass(frozen=True)
class Plan:
    """What was asked for. seconds: at least so long the clients work."""

    kills: int
    clients: int
    seconds: float
    seed: int
    full_disk: bool = False


def run(instance: Instance, plan: Plan, say: Callable[[str], None]) -> dict[str, Any]:
    """Do it, tell it line by line, and return it as JSON values: "ok" is whether every check holds."""
    expected = int(_PER_SECOND * max(plan.seconds, plan.kills * _SECONDS_PER_KILL, 30))
    built = ground.build(clock.now(), clients=plan.clients, ballots=expected, bookings=expected)
    watch = Watch(instance, conninfo())
    crowd = Crowd(plan.clients, plan.seed, instance.port, ground.deeds_of(built, plan.seed))
    connection.close()
    watch.start()
    say(f"· {plan.clients} 个客户端开始工作，将强行结束 {plan.kills} 次（种子 {plan.seed}）")
    began = time.monotonic()
    crowd.start()
    blows = _kill(instance, plan, watch, say)
    while time.monotonic() < began + plan.seconds:
        time.sleep(0.1)
    deeds = crowd.end()
    worked_s = time.monotonic() - began
    waiting = drain(say)
    watch.end()
    watch.reckon(blows)
    say("· 核对")
    found = checks.run(checks.Scene(built, deeds))
    told = report.as_data(
        plan=vars(plan), blows=blows, deeds=deeds, checks=found, worked_s=worked_s,
        begun_again=ledger.count_begun_again(), waiting=waiting, machine=machine(),
    )  # fmt: skip
    connection.close()
    for line in report.lines(told):
        say(line)
    return told


def _kill(instance: Instance, plan: Plan, watch: Watch, say: Callable[[str], None]) -> list[Blow]:
    numbers = iter(range(1, plan.kills + 1))

    def told(blow: Blow) -> None:
        watch.note(blow)
        what = killing.VICTIMS[blow.kill.victim] + ("" if blow.pid else "：没有找到")
        say(f"  {next(numbers)}/{plan.kills} {what}")

    kills = killing.plan(plan.seed, plan.kills, full_disk=plan.full_disk)
    return killing.deal(instance, kills, is_back=watch.is_back, told=told, over=Event())


def drain(say: Callable[[str], None]) -> int:
    """Wait until every reaction that was queued is carried out, and fold the counters; return how many are left."""
    say("· 等后续任务全部完成")
    ended = Event()
    timer = Timer(_DRAIN_S_MAX, ended.set)
    timer.daemon = True
    timer.start()
    while (waiting := ledger.count_waiting()) and not ended.wait(0.5):
        pass
    timer.cancel()
    while cases.fold_counts(actor=actor(), now=clock.now()):
        pass
    return waiting
