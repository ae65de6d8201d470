"""What a run has shown, as JSON values and as lines for a terminal."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import asdict
from statistics import median
from typing import Any

from haitang.chaos.checks import Check
from haitang.chaos.clients import Deed
from haitang.chaos.killing import VICTIMS, Blow
from haitang.chaos.watching import SERVICES

_FAULTS_SHOWN = 10
_KINDS = {"create": "登记", "accept": "受理", "ballot": "投票", "booking": "接单"}


def as_data(
    *, plan: dict[str, Any], blows: list[Blow], deeds: list[Deed], checks: list[Check], worked_s: float, waiting: int,
    begun_again: int, machine: dict[str, Any],
) -> dict[str, Any]:  # fmt: skip
    """Return the whole run as JSON values."""
    dealt = [blow for blow in blows if blow.pid]
    return {
        "plan": plan,
        "machine": machine,
        "ok": not any(check.faults for check in checks) and len(dealt) == plan["kills"] and not waiting,
        "worked_s": worked_s,
        "kills": [{"victim": blow.kill.victim, "pid": blow.pid, "without_s": blow.without_s} for blow in blows],
        "deeds": {
            kind: {
                "done": sum(deed.is_acknowledged for deed in deeds if deed.kind == kind),
                "asked_again": sum(max(deed.attempts - len(deed.answers), 0) for deed in deeds if deed.kind == kind),
                "longest_s": max((deed.taken_s for deed in deeds if deed.kind == kind), default=0.0),
            }
            for kind in _KINDS
        },
        "reactions_begun_again": begun_again,
        "reactions_left": waiting,
        "checks": [asdict(check) for check in checks],
    }


def lines(told: dict[str, Any]) -> Iterator[str]:
    """Yield what is told at the terminal."""
    counted = Counter(each["victim"] for each in told["kills"] if each["pid"])
    without: dict[str, dict[str, list[float]]] = defaultdict(lambda: defaultdict(list))
    for kill in told["kills"]:
        for service, seconds in kill["without_s"].items():
            without[kill["victim"]][service].append(seconds)
    yield f"\n工作 {told['worked_s']:.0f} 秒，强行结束 {counted.total()} 次；没有服务的秒数（中位数，最长）："
    for victim, n in counted.items():
        spans = [
            f"{SERVICES[service]} {median(seconds):.1f}，{max(seconds):.1f}"
            for service, seconds in without[victim].items()
        ]
        yield f"  {VICTIMS[victim]} {n} 次：{'；'.join(spans)}"
    for kind, title in _KINDS.items():
        done = told["deeds"][kind]
        again, longest = done["asked_again"], done["longest_s"]
        yield f"{title} {done['done']:,} 次，再次发送 {again:,} 次，最久 {longest:.1f} 秒才得到答复"
    yield f"后续任务重新开始 {told['reactions_begun_again']:,} 个，没有完成 {told['reactions_left']:,} 个"
    for check in told["checks"]:
        faults = check["faults"]
        yield f"{'✗' if faults else '✓'} {check['title']}（{check['looked_at']:,}）" + (
            f"：{len(faults)} 处" if faults else ""
        )
        yield from (f"    {fault}" for fault in faults[:_FAULTS_SHOWN])
    yield "全部相符。" if told["ok"] else "有不符之处。"
