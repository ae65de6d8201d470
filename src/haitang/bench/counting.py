"""How long the ballots of a large city take to be read and tallied by equal shares, and what that takes of memory."""

import os
import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

from haitang.bench.report import Result
from haitang.tallying.benchmark import city, count

if TYPE_CHECKING:
    from haitang.bench.measures import Scene

BALLOTS, PROJECTS = 90_000, 160
"""An election of the size of Łódź."""
SMALLER = ((22_500, 160), (45_000, 160), (90_000, 40), (90_000, 80))
"""Sizes beside which the large one shows how the time grows."""


def tally_parse(scene: "Scene") -> Result:
    """The file of 90,000 ballots about 160 projects, read and checked."""
    found = [count(BALLOTS, PROJECTS).parse_seconds for _ in range(scene.runs)]
    return Result("tally_parse", median(found), "s", 3, None, None, f"{BALLOTS:,} ballots, {PROJECTS} projects")


def tally_shares(scene: "Scene") -> Result:
    """Equal shares with add-one over them, and how its time for a ballot and a project compares with smaller ones."""
    found = [count(BALLOTS, PROJECTS) for _ in range(scene.runs)]
    if any(each.outcome.chosen != found[0].outcome.chosen for each in found):
        raise AssertionError("two runs chose differently")
    seconds = median(each.tally_seconds for each in found)
    cells = seconds / (BALLOTS * PROJECTS)
    smaller = {
        f"{ballots}×{projects}": count(ballots, projects).tally_seconds / (ballots * projects)
        for ballots, projects in SMALLER
    }
    return Result(
        "tally_shares", seconds, "s", 2, None, None,
        f"{found[0].marks:,} marks, {found[0].outcome.steps} raises, {len(found[0].outcome.chosen)} chosen; "
        f"a ballot and project takes {cells / min(smaller.values()):.2f} of what it takes in the cheapest smaller one",
        {"seconds_a_ballot_and_project": {f"{BALLOTS}×{PROJECTS}": cells, **smaller}},
    )  # fmt: skip


def tally_memory(scene: "Scene") -> Result:
    """What `haitang tally` holds at most while it reads and tallies them, in a process of its own."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "city.pb"
        path.write_text(city(BALLOTS, PROJECTS), "utf-8")
        process = subprocess.Popen(  # noqa: S603 - this program itself, on a file made here
            [sys.executable, "-m", "haitang", "tally", str(path), "--json"], stdout=subprocess.DEVNULL
        )
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise AssertionError("the tally failed")
    return Result("tally_memory", usage.ru_maxrss / 1024, "MB", 1_000, None, None, f"{usage.ru_utime:.1f} s in all")
