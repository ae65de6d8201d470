"""The standing order to keep the embedded server's log elsewhere: noted in the home, followed as the server starts."""

import json
import shlex
from dataclasses import dataclass
from pathlib import Path

from haitang.core.envelope import PublicKey
from haitang.runtime import home

SWITCH_SECONDS = 60
"""A piece of the log is handed over after so long, however little is in it: at most so much is lost."""


@dataclass(frozen=True)
class Plan:
    """Where to, for whom (public keys as text; nobody: in the clear), and for how many days."""

    place: str
    to: tuple[str, ...] = ()
    keep_days: int = 7

    @property
    def keys(self) -> list[PublicKey]:
        """The public keys."""
        return [PublicKey.parse(key) for key in self.to]

    def folder(self, name: str) -> Path:
        """Return one of the place's folders."""
        return Path(self.place) / name


def plan_path() -> Path:
    """Return where the plan is noted; the server's settings follow it whichever command starts it."""
    return home.directory() / "continuous.json"


def read_plan() -> Plan | None:
    """Return the plan, or None while nothing is kept continuously."""
    try:
        told = json.loads(plan_path().read_text())
    except FileNotFoundError:
        return None
    return Plan(told["place"], tuple(told["to"]), told["keep_days"])


def outgoing() -> Path:
    """Return where the server lays down the pieces of its log that are to be taken away."""
    return home.directory() / "postgres" / "outgoing"


def server_settings() -> str:
    """Return what the server's settings say of it; read as it starts.

    It lays a copy down here, by its own account and with programs that every machine has; `haitang continuous watch`
    seals it and takes it away, by ours: the server needs no way to the place, nor to our programs.
    """
    if read_plan() is None:
        return ""
    draft, whole = (shlex.quote(str(outgoing() / name)).replace("%", "%%") for name in (".new", ""))
    draft, whole = f"{draft}-%f", f"{whole}/%f"
    command = f'cp "%p" {draft} && sync {draft} && mv {draft} {whole}'.replace("'", "''")
    return f"archive_mode = on\narchive_timeout = {SWITCH_SECONDS}\narchive_command = '{command}'\n"
