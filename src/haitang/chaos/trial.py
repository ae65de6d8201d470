"""The leader is killed under load, so many times: what is lost, for how long nobody can write, who sees too little."""

import http.client
import json
import re
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from itertools import pairwise
from random import Random
from threading import Event, Thread
from typing import Any

from django.db import connection

from haitang.bench.report import machine
from haitang.bench.reports import reports
from haitang.chaos import checks, ground, ledger
from haitang.chaos.clients import Crowd, Deed, Line, ask
from haitang.chaos.cluster import MACHINES, Cluster
from haitang.chaos.command import drain
from haitang.chaos.ground import Ground
from haitang.core import clock

WITHOUT_S_MAX = 30.0
"""So long at most nobody may be able to write after the leader was killed."""
_PER_SECOND = 10
_SECONDS_PER_KILL = 60
_BEGIN_S, _REST_S = 10.0, 8.0
"""So long all work in peace before the first kill, and after everything is whole again."""
_AWAY_S = 5.0
"""After writes are back, a killed machine stays away for so long."""
_WHOLE_S_MAX = 180
_READERS = 2
_SHOWN = 100
_READ = re.compile(r'^haitang_reads_total\{source="(\w+)"\} (\d+)', re.MULTILINE)


@dataclass(frozen=True)
class Plan:
    """What was asked for. kills: of the leader."""

    kills: int
    clients: int
    seed: int


@dataclass
class Kill:
    """One kill of the leader. without_s: the longest time from one acknowledged write to the next in its wake.

    elected_s, whole_s: until another led, until two followed again; -1 where that did not come.
    """

    leader: int
    at: float
    elected_s: float = -1
    whole_s: float = -1
    without_s: float = 0.0
    successor: int | None = None


@dataclass
class Reader:
    """Reports a case, and looks at once whether the list has it: a program that believes what it was told.

    decided: how often the list could show it; faults: where it did not.
    """

    port: int
    ground: Ground
    seed: int
    number: int
    deeds: list[Deed] = field(default_factory=list)
    decided: int = 0
    refused: int = 0
    faults: list[str] = field(default_factory=list)

    def work(self, over: Event) -> None:
        """Go on until it is over."""
        line, told = Line(self.port), reports(self.ground.city, Random(f"reader:{self.seed}:{self.number}"))
        while not over.wait(0.05):
            key = f"chaos-{self.seed}-reader{self.number}-{len(self.deeds)}"
            deed = ground.report(self.ground, key, told)
            self.deeds.append(deed)
            ask(deed, line.send)
            if deed.is_acknowledged:
                self._look(deed)

    def _look(self, deed: Deed) -> None:
        pk = deed.answers[0]["id"]
        shown = _listed(self.port, self.ground.token)
        if shown is None:
            self.refused += 1
        elif pk in shown or len(shown) < _SHOWN or min(shown) < pk:
            self.decided += 1
            if pk not in shown:
                self.faults.append(f"{deed.key}：第 {pk} 号已答复，列表中没有")


def run(cluster: Cluster, plan: Plan, say: Callable[[str], None]) -> dict[str, Any]:
    """Do it, tell it line by line, and return it as JSON values: "ok" is whether everything holds."""
    expected = _PER_SECOND * max(plan.kills * _SECONDS_PER_KILL, 60)
    built = ground.build(clock.now(), clients=plan.clients, ballots=expected, bookings=expected)
    crowd = Crowd(plan.clients, plan.seed, cluster.site, ground.deeds_of(built, plan.seed))
    readers = [Reader(cluster.site, built, plan.seed, number) for number in range(_READERS)]
    over = Event()
    threads = [Thread(target=each.work, args=(over,), daemon=True) for each in readers]
    connection.close()
    say(f"· {plan.clients} 个客户端开始工作，将强行结束主库 {plan.kills} 次")
    began = time.monotonic()
    crowd.start()
    for thread in threads:
        thread.start()
    time.sleep(_BEGIN_S)
    kills = [_kill(cluster, number, say) for number in range(1, plan.kills + 1)]
    deeds = crowd.end()
    over.set()
    for thread in threads:
        thread.join()
    worked_s = time.monotonic() - began
    deeds += [each for reader in readers for each in reader.deeds]
    _reckon(kills, deeds, began + worked_s)
    read = _read_from(cluster)
    connection.close()
    waiting = drain(say)
    say("· 核对")
    found = checks.run(checks.Scene(built, deeds))
    told = {
        "plan": vars(plan),
        "machine": machine(),
        "worked_s": worked_s,
        "kills": [vars(kill) for kill in kills],
        "without_writes_s_max": max(kill.without_s for kill in kills),
        "deeds": {
            "done": sum(each.is_acknowledged for each in deeds),
            "asked_again": sum(max(each.attempts - len(each.answers), 0) for each in deeds),
            "longest_s": max(each.taken_s for each in deeds),
        },
        "lists": {
            "looked_at": sum(reader.decided for reader in readers),
            "unanswered": sum(reader.refused for reader in readers),
            "faults": [fault for reader in readers for fault in reader.faults],
            "read_from": read,
        },
        "programs_restarted": sum(part.restarts for part in cluster.parts.values()),
        "reactions_begun_again": ledger.count_begun_again(),
        "reactions_left": waiting,
        "checks": [vars(check) for check in found],
    }
    told["ok"] = _is_well(told)
    connection.close()
    for line in lines(told):
        say(line)
    return told


def _kill(cluster: Cluster, number: int, say: Callable[[str], None]) -> Kill:
    leader = _until(cluster.leader, _WHOLE_S_MAX)
    if leader is None:
        raise RuntimeError("没有主库")
    kill = Kill(leader, time.monotonic())
    cluster.kill(leader)
    _until(lambda: cluster.leader() not in (None, leader), _WHOLE_S_MAX)
    kill.elected_s, kill.successor = time.monotonic() - kill.at, cluster.leader()
    time.sleep(_AWAY_S)
    cluster.switch_on(leader)
    if _until(cluster.is_whole, _WHOLE_S_MAX):
        kill.whole_s = time.monotonic() - kill.at
    say(f"  {number} 主库 db{leader} 被结束，{kill.elected_s:.1f} 秒后 db{kill.successor} 成为主库，"
        f"{kill.whole_s:.1f} 秒后三台齐全")  # fmt: skip
    time.sleep(_REST_S)
    return kill


def _reckon(kills: list[Kill], deeds: list[Deed], end: float) -> None:
    """Write into each kill the longest time without an acknowledged write, until the next kill."""
    times = sorted(each.answered_at for each in deeds if each.answered_at)
    for kill, until in zip(kills, [*(later.at for later in kills[1:]), end], strict=True):
        within = [kill.at, *(at for at in times if kill.at < at <= until), until]
        kill.without_s = max(after - before for before, after in pairwise(within))


def _is_well(told: dict[str, Any]) -> bool:
    return (
        not any(check["faults"] for check in told["checks"])
        and not told["lists"]["faults"]
        and told["lists"]["looked_at"] > 0
        and not told["reactions_left"]
        and told["without_writes_s_max"] <= WITHOUT_S_MAX
    )


def lines(told: dict[str, Any]) -> Iterator[str]:
    """Yield what is told at the terminal."""
    deeds, lists = told["deeds"], told["lists"]
    yield f"\n工作 {told['worked_s']:.0f} 秒，答复了 {deeds['done']:,} 次，再次发送 {deeds['asked_again']:,} 次"
    yield f"主库被结束 {len(told['kills'])} 次，最长 {told['without_writes_s_max']:.1f} 秒不能写入"
    yield f"写后即看列表 {lists['looked_at']:,} 次，少看到 {len(lists['faults'])} 次；列表读自 {lists['read_from']}"
    for check in told["checks"]:
        faults = check["faults"]
        yield f"{'✗' if faults else '✓'} {check['title']}（{check['looked_at']:,}）" + "".join(
            f"\n    {fault}" for fault in faults[:10]
        )
    yield "全部相符。" if told["ok"] else "有不符之处。"


def _listed(port: int, token: str) -> list[int] | None:
    """Return the ids of the newest cases, None where the list was not answered."""
    try:
        with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=20)) as asked:
            headers = {"Host": "localhost", "Authorization": f"Bearer {token}"}
            asked.request("GET", f"{ground.API}/cases?limit={_SHOWN}", headers=headers)
            answer = asked.getresponse()
            body = answer.read()
    except (OSError, http.client.HTTPException):
        return None
    return [each["id"] for each in json.loads(body)["items"]] if answer.status == 200 else None


def _read_from(cluster: Cluster) -> dict[str, int]:
    """Return how many lists each source answered, as the sites have counted."""
    total: dict[str, int] = {}
    for number in MACHINES:
        with closing(http.client.HTTPConnection("127.0.0.1", cluster.web_port(number), timeout=20)) as asked:
            asked.request("GET", "/metrics", headers={"Host": "localhost", **cluster.may_ask})
            told = asked.getresponse().read().decode()
        for source, n in _READ.findall(told):
            total[source] = total.get(source, 0) + int(n)
    return total


def _until(look: Callable[[], Any], seconds: float) -> Any:
    """Return what is found as soon as it is something, or what it is after so many seconds."""
    deadline = time.monotonic() + seconds
    while not (found := look()) and time.monotonic() < deadline:
        time.sleep(0.1)
    return found
