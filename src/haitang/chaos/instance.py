"""The instance that is killed: `haitang run` in a directory, on ports and with a database of its own."""

import contextlib
import http.client
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

_READY_S_MAX = 300
_LEFT_OUT = frozenset({"DATABASE_URL", "PORT", "HAITANG_HOST", "HAITANG_ENV", "HAITANG_DEBUG", "HAITANG_PROXIES"})
"""What an office may have set for its own instance."""
_HELPER = "resource_tracker"
"""A process of Python's own beside the web processes, which serves nobody."""


class NotStarted(RuntimeError):
    """The instance did not come up; the message holds the end of its log."""


@dataclass(frozen=True)
class Instance:
    """A running instance. home: its directory; port: of the site, live is at the next; pid: of the supervisor."""

    home: Path
    port: int
    pid: int

    @property
    def log(self) -> Path:
        """Return the file into which it writes what it says."""
        return self.home / "run.log"

    def process(self, name: str) -> int | None:
        """Return the supervisor's process of that name, None while there is none."""
        return next((pid for pid in children(self.pid) if _words(pid)[-1:] == [name]), None)

    def workers(self, name: str) -> list[int]:
        """Return the processes in which the named server serves: below its own."""
        above = self.process(name)
        return [pid for pid in children(above) if _HELPER not in " ".join(_words(pid))] if above else []

    def database(self) -> int | None:
        """Return the first process of the embedded server, None while there is none."""
        try:
            pid = int((self.home / "postgres" / "data" / "postmaster.pid").read_text().partition("\n")[0])
        except (OSError, ValueError):
            return None
        return pid if "postgres" in " ".join(_words(pid)) else None

    def sessions(self) -> list[int]:
        """Return the server's processes that work for the application, one for each connection."""
        above = self.database()
        found = children(above) if above else []
        return [pid for pid in found if " ".join(_words(pid)).startswith("postgres: haitang haitang")]

    def answers(self, *, live: bool = False, within_s: float = 2) -> bool:
        """Tell whether the site (or the live process) says that it is well."""
        try:
            with contextlib.closing(
                http.client.HTTPConnection("127.0.0.1", self.port + live, timeout=within_s)
            ) as asked:
                asked.request("GET", "/healthz", headers={"Host": "localhost"})
                return asked.getresponse().status == 200
        except (OSError, http.client.HTTPException):
            return False


@contextmanager
def running(home: Path, port: int, ties: Mapping[str, Any]) -> Iterator[Instance]:
    """Have the instance up inside; it and all that it started end with it.

    ties: options of `subprocess` by which it also ends when this process is killed; see runtime.lifeline.
    """
    with (home / "run.log").open("ab") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "haitang", "run", "--no-demo"], stdin=subprocess.DEVNULL, stdout=log,
            stderr=subprocess.STDOUT, start_new_session=True, **ties,
        )  # fmt: skip
    instance = Instance(home, port, process.pid)
    try:
        _wait_until_ready(instance, process)
        yield instance
    finally:
        process.send_signal(signal.SIGINT)
        try:
            process.wait(timeout=90)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def surroundings(home: Path, port: int, environment: Mapping[str, str] = os.environ) -> dict[str, str]:
    """Return the environment of the instance: nothing in it leads to the office's own."""
    kept = {name: value for name, value in environment.items() if name not in _LEFT_OUT}
    return {**kept, "HAITANG_HOME": str(home), "PORT": str(port), "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}


def free_port(rng: Random) -> int:
    """Return a port of loopback on which nobody listens, nor on its next neighbour.

    Below those that systems give to outgoing connections, one of which might hold it a moment later.
    """
    while True:
        port = rng.randrange(20_000, 32_000)
        with contextlib.suppress(OSError), contextlib.ExitStack() as held:
            for each in (port, port + 1):
                held.enter_context(socket.socket()).bind(("127.0.0.1", each))
            return port


def remove(home: Path, sockets: Path) -> None:
    """Remove what the instance has left."""
    shutil.rmtree(home, ignore_errors=True)
    shutil.rmtree(sockets, ignore_errors=True)


def _wait_until_ready(instance: Instance, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + _READY_S_MAX
    while not (instance.answers() and instance.answers(live=True)):
        if process.poll() is not None or time.monotonic() > deadline:
            raise NotStarted(instance.log.read_text(errors="replace")[-3000:])
        time.sleep(0.1)


def children(pid: int) -> list[int]:
    """Return the processes started by that one, as Linux tells of them; none where it is gone."""
    found: list[int] = []
    with contextlib.suppress(OSError):
        for task in Path(f"/proc/{pid}/task").iterdir():
            found += map(int, (task / "children").read_text().split())
    return found


def _words(pid: int) -> list[str]:
    """Return the words of the process's command line, none where it is gone."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().decode(errors="replace").rstrip("\0").split("\0")
    except OSError:
        return []
