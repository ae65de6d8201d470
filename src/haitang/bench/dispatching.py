"""How long orders take to be given to people, proven best: beside the bare solver, and beside going one by one."""

from dataclasses import asdict
from statistics import median
from typing import TYPE_CHECKING

from haitang.bench.report import Result
from haitang.matching.benchmark import dispatch

if TYPE_CHECKING:
    from haitang.bench.measures import Scene


def dispatch_quarter(scene: "Scene") -> Result:
    """1,000 orders, 5,000 people."""
    return _dispatch("dispatch_1k", 1_000, 5_000, 5, scene.runs)


def dispatch_city(scene: "Scene") -> Result:
    """10,000 orders, 50,000 people, each within reach of few."""
    return _dispatch("dispatch_10k", 10_000, 50_000, 60, scene.runs)


def _dispatch(name: str, orders: int, people: int, target: float, runs: int) -> Result:
    found = [dispatch(orders, people) for _ in range(runs)]
    best, greedy = found[0].found.figures, found[0].found.greedy
    if any(each.found != found[0].found for each in found):
        raise AssertionError("two runs gave different assignments")
    return Result(
        name, median(each.seconds for each in found), "s", target,
        median(each.bare_seconds for each in found), None,
        f"{found[0].found.fitting:,} pairs; without: {best.missing}, one by one {greedy.missing}; "
        f"cost {best.cost:,}, one by one {greedy.cost:,}",
        {"best": asdict(best), "greedy": asdict(greedy), "left_out": found[0].found.left_out},
    )  # fmt: skip
