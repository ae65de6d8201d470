"""A folder of published elections tallied once more, beside what their cities decided."""

import time
from collections.abc import Iterator
from pathlib import Path

from haitang.core.errors import Refusal
from haitang.tallying.declared import UnknownRule, rule_of
from haitang.tallying.pabulib import read
from haitang.tallying.rules import tally

_HEAD = ("file", "ballots", "projects", "declared rule", "city chose", "we choose", "difference", "seconds")


def replay(folder: Path) -> Iterator[str]:
    """Yield the lines of a table in Markdown, a row for each file of the folder, by name."""
    yield "| " + " | ".join(_HEAD) + " |"
    yield "|" + "---|" * len(_HEAD)
    for path in sorted(folder.glob("*.pb")):
        yield "| " + " | ".join([path.stem, *_row(path)]) + " |"


def _row(path: Path) -> list[str]:
    try:
        file = read(path)
    except Refusal as refusal:
        return ["", "", "", "", "", refusal.message, ""]
    selected = file.selected
    row = [f"{file.election.votes.voters:,}", str(len(file.election.projects)), file.rule]
    row.append("not told" if selected is None else str(len(selected)))
    begun = time.perf_counter()
    try:
        chosen = set(tally(file.election, rule_of(file)).chosen)
    except UnknownRule:
        return [*row, "", "a rule that we do not know", ""]
    seconds = f"{time.perf_counter() - begun:.2f}"
    if selected is None:
        return [*row, str(len(chosen)), "", seconds]
    differing = [f"+{each}" for each in sorted(chosen - selected)] + [f"−{each}" for each in sorted(selected - chosen)]
    return [*row, str(len(chosen)), ", ".join(differing) or "none", seconds]
