"""How long the opinion groups of a conversation take to be found, from its votes to the sentences about them."""

from statistics import median
from typing import TYPE_CHECKING

from haitang.bench.report import Result
from haitang.clustering.benchmark import group_made_up

if TYPE_CHECKING:
    from haitang.bench.measures import Scene


def group_opinions(scene: "Scene") -> Result:
    """2,000 people, 900 statements."""
    found = [group_made_up(2_000, 900) for _ in range(scene.runs)]
    first = found[0].found
    if any(each.found.groups != first.groups or each.found.statements != first.statements for each in found):
        raise AssertionError("two runs gave different groups")
    return Result(
        "group_opinions", median(each.seconds for each in found), "s", 1,
        median(each.bare_seconds for each in found), None,
        f"{found[0].votes:,} votes; groups of {', '.join(f'{group.people:,}' for group in first.groups)}",
        {"votes": found[0].votes, "fits": first.fits},
    )  # fmt: skip
