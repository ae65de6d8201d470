"""How long needs and resources take to be matched: who fits whom, the best whole plan, its reasons in sentences."""

from statistics import median
from typing import TYPE_CHECKING

from haitang.bench.report import Result
from haitang.exchange.queries import match_made_up

if TYPE_CHECKING:
    from haitang.bench.measures import Scene


def match_lists(scene: "Scene") -> Result:
    """256 needs, 278 resources: the lists of a city, as its page shows their plan."""
    return _match("match_lists", 256, 278, 1, scene.runs)


def match_city(scene: "Scene") -> Result:
    """1,000 needs, 5,000 resources."""
    return _match("match_1k", 1_000, 5_000, 5, scene.runs)


def _match(name: str, needs: int, resources: int, target: float, runs: int) -> Result:
    found = [match_made_up(needs, resources) for _ in range(runs)]
    plan = found[0].plan
    if any(each.plan.total != plan.total for each in found):
        raise AssertionError("two runs gave different plans")
    return Result(
        name, median(each.seconds for each in found), "s", target, median(each.fit_seconds for each in found), None,
        f"{found[0].pairs:,} pairs; met {len(plan.proposals):,}, one by one {plan.greedy_met:,}; "
        f"fit {plan.total:,}, one by one {plan.greedy_total:,}",
        {"pairs": found[0].pairs, "unmet": plan.unmet, "overbooked": plan.overbooked},
    )  # fmt: skip
