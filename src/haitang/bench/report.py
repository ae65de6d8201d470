"""What is measured, on which machine, and what comes out of it."""

import os
import platform
import re
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from django.db import connection


@dataclass(frozen=True, slots=True)
class Result:
    """One figure. bound: what plain psycopg reaches in the same run, None where nothing is comparable.

    target: to be reached from below where `unit` is a time or memory, else from above.
    ratio_target: share of the bound to be reached too. note: what the reader of the table must know.
    """

    name: str
    value: float
    unit: str
    target: float
    bound: float | None = None
    ratio_target: float | None = None
    note: str = ""
    details: dict[str, Any] = field(default_factory=dict)

    @property
    def ratio(self) -> float | None:
        """Return the share of the bound that is reached: 1 is the bound itself."""
        if not self.bound or not self.value:
            return None
        return self.bound / self.value if self._less_is_more else self.value / self.bound

    @property
    def ok(self) -> bool:
        """Tell whether the target is reached."""
        reached = self.value <= self.target if self._less_is_more else self.value >= self.target
        return reached and (self.ratio_target is None or (self.ratio or 0) >= self.ratio_target)

    @property
    def _less_is_more(self) -> bool:
        return self.unit in ("ms", "s", "MB", "faults")

    def as_data(self) -> dict[str, Any]:
        """Return the result as it stands in the file."""
        return {**asdict(self), "ratio": self.ratio, "ok": self.ok}


def machine() -> dict[str, Any]:
    """Return what the figures depend on."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('server_version'), current_setting('fsync'), "
                       "current_setting('synchronous_commit')")  # fmt: skip
        version, fsync, commit = cursor.fetchone()
    model = re.search(r"model name\s*: (.+)", _read("/proc/cpuinfo"))
    memory = re.search(r"MemTotal:\s+(\d+)", _read("/proc/meminfo"))
    return {
        "cpu": model[1] if model else platform.machine(),
        "cores": len(os.sched_getaffinity(0)),
        "memory": f"{int(memory[1]) / 2**20:.0f} GiB" if memory else "",
        "python": platform.python_version(),
        "postgres": version,
        "fsync": fsync,
        "synchronous_commit": commit,
        "load": os.getloadavg()[0],
    }


def table(results: Iterable[Result]) -> str:
    """Return the results as lines for a terminal."""
    lines = [f"{'':2} {'':14} {'value':>12}  {'target':>12}  {'bound':>10} {'ratio':>6}"]
    for each in results:
        mark = "✓" if each.ok else "✗"
        value, target = (f"{number:,.1f} {each.unit}" for number in (each.value, each.target))
        bound = f"{each.bound:,.1f}" if each.bound else ""
        ratio = f"{each.ratio:.0%}" if each.ratio else ""
        lines.append(f"{mark:2} {each.name:14} {value:>12}  {target:>12}  {bound:>10} {ratio:>6}  {each.note}".rstrip())
    return "\n".join(lines)


def _read(path: str) -> str:
    return Path(path).read_text() if Path(path).exists() else ""
