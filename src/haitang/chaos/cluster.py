"""A whole installation of several machines on loopback: etcd, Patroni with PostgreSQL, HAProxy, sites and workers.

Its configuration is the one in docs/operate/ha, filled in as an operator does; only addresses, ports and sizes differ.
"""

import contextlib
import http.client
import json
import os
import re
import secrets
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from string import Template
from threading import Event, Thread
from typing import IO, Any

import psycopg

NODES, MACHINES = (1, 2, 3), (1, 2)
PORTS = 60
"""So many ports of loopback are taken, from the first one on."""
_HERE = "127.0.0.1"
_READY_S_MAX = 240
_END_S_MAX = 30
_PID = re.compile(r"\d+")


class NotStarted(RuntimeError):
    """A part did not come up; the message says which, and holds the end of its log."""


@dataclass(frozen=True)
class Programs:
    """What it is made of. templates: docs/operate/ha. postgres: the folder of the server's programs.

    account: options of `subprocess` with which Patroni is started, since PostgreSQL refuses to run as root.
    hand_over: makes a folder that account's own.
    """

    templates: Path
    etcd: str
    haproxy: str
    patroni: str
    postgres: str
    account: dict[str, Any]
    hand_over: Callable[[Path], None]


@dataclass
class Part:
    """One process of it, and how it is started again."""

    name: str
    start: Callable[[], subprocess.Popen[bytes]]
    process: subprocess.Popen[bytes]
    restarts: int = 0


@dataclass
class Cluster:
    """The running installation. place: its directory; port: the first of its ports."""

    place: Path
    port: int
    programs: Programs
    parts: dict[str, Part] = field(default_factory=dict)
    _passwords: dict[str, str] = field(default_factory=dict)

    @property
    def site(self) -> int:
        """Return the port under which clients reach the site, whichever machine answers."""
        return self.port + 32

    @property
    def may_ask(self) -> dict[str, str]:
        """Return the header with which the sites' figures are asked for."""
        return {"Authorization": f"Bearer {self._passwords['METRICS_TOKEN']}"}

    def web_port(self, number: int) -> int:
        """Return the port of that machine's site."""
        return self.port + 40 + 2 * number

    def database(self, role: str = "haitang", name: str = "haitang", *, copies: bool = False) -> str:
        """Return the address of the leader, whichever it is, or of those that follow it."""
        password = self._passwords["SUPERUSER_PASSWORD" if role == "postgres" else "DATABASE_PASSWORD"]
        return f"postgresql://{role}:{password}@{_HERE}:{self.port + (31 if copies else 30)}/{name}"

    def filled(self, template: str, **more: Any) -> str:
        """Return a file of docs/operate/ha with its places filled in. Raises KeyError for a place without a value."""
        return Template((self.programs.templates / template).read_text()).substitute({**self._values(), **more})

    def _values(self) -> dict[str, Any]:
        base, values = self.port, dict[str, Any]()
        for node in NODES:
            values |= {f"DB{node}_ADDRESS": _HERE, f"DB{node}_POSTGRES_PORT": base + 10 + node,
                       f"DB{node}_PATRONI_PORT": base + 20 + node}  # fmt: skip
        for number in MACHINES:
            port = self.web_port(number)
            values |= {f"WEB{number}_ADDRESS": _HERE, f"WEB{number}_PORT": port, f"WEB{number}_LIVE_PORT": port + 1}
        return values | self._passwords | {
            "ADDRESS": _HERE, "HAPROXY_ADDRESS": _HERE, "NETWORK": f"{_HERE}/32", "SITE_HOST": "localhost",
            "ETCD_HOSTS": ",".join(f"{_HERE}:{base + node}" for node in NODES),
            "ETCD_CLUSTER": ",".join(f"etcd{node}=http://{_HERE}:{base + 5 + node}" for node in NODES),
            "PRIMARY_PORT": base + 30, "COPIES_PORT": base + 31, "SITE_PORT": self.site, "WATCHDOG": "off",
            "SHARED_BUFFERS": "128MB", "POSTGRES_PROGRAMS": self.programs.postgres,
        }  # fmt: skip

    # --- the database machines ---------------------------------------------------------------------------------------

    def node(self, number: int) -> Path:
        """Return the directory of that database machine."""
        return self.place / f"db{number}"

    def leader(self) -> int | None:
        """Return the number of the machine that leads, None while there is none."""
        return next((number for number in NODES if self._answers(number, "/primary") == 200), None)

    def is_whole(self) -> bool:
        """Tell whether one leads, the others follow, and one of them has what the leader acknowledges."""
        members = self.members()
        follow = [each for each in members if each["role"] != "leader" and each.get("state") == "streaming"]
        synchronous = [each for each in members if each["role"] in ("sync_standby", "quorum_standby")]
        return len(follow) == len(NODES) - 1 and bool(synchronous) and self.leader() is not None

    def members(self) -> list[dict[str, Any]]:
        """Return what Patroni says of its members, asking whichever answers."""
        for number in NODES:
            with contextlib.suppress(OSError, http.client.HTTPException, ValueError):
                return list(json.loads(self._get(number, "/cluster")[1])["members"])
        return []

    def kill(self, number: int) -> None:
        """Kill the machine's Patroni and its database server at once, as a power cut does."""
        postmaster = (self.node(number) / "data" / "postmaster.pid").read_text()
        found = _PID.match(postmaster)
        for pid in (self.parts[f"db{number}"].process.pid, int(found[0]) if found else None):
            if pid is not None:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
        self.parts[f"db{number}"].process.wait()

    def switch_on(self, number: int) -> None:
        """Start the machine's Patroni again."""
        part = self.parts[f"db{number}"]
        part.process = part.start()

    def _answers(self, number: int, path: str) -> int:
        with contextlib.suppress(OSError, http.client.HTTPException):
            return self._get(number, path)[0]
        return 0

    def _get(self, number: int, path: str) -> tuple[int, bytes]:
        with contextlib.closing(http.client.HTTPConnection(_HERE, self.port + 20 + number, timeout=3)) as asked:
            asked.request("GET", path)
            answer = asked.getresponse()
            return answer.status, answer.read()

    # --- building it -------------------------------------------------------------------------------------------------

    def start_database(self) -> None:
        """Start etcd, the database machines and HAProxy; return when one leads and two follow."""
        for name in ("SUPERUSER_PASSWORD", "REPLICATION_PASSWORD", "DATABASE_PASSWORD",
                     "SECRET_DJANGO", "SECRET_FIELD", "SECRET_FIELD_INDEX", "METRICS_TOKEN"):  # fmt: skip
            self._passwords[name] = secrets.token_hex(24)
        for node in NODES:
            self._start_etcd(node)
        config = self.place / "haproxy.cfg"
        config.write_text(self.filled("haproxy.cfg"))
        self.begin("haproxy", [self.programs.haproxy, "-db", "-f", str(config)])
        for node in NODES:
            self._start_patroni(node)
        self._wait(self.is_whole, "db1")
        with psycopg.connect(self.database("postgres", "postgres"), autocommit=True) as server:
            password = self._passwords["DATABASE_PASSWORD"]
            server.execute(f"CREATE ROLE haitang LOGIN PASSWORD '{password}'")
            server.execute("GRANT pg_read_all_stats TO haitang")
            server.execute("CREATE DATABASE haitang OWNER haitang TEMPLATE template0 ENCODING 'UTF8'")

    def _start_etcd(self, node: int) -> None:
        text = self.filled("etcd.env", NODE=f"etcd{node}", ETCD_DATA=self.place / f"etcd{node}",
                           ETCD_PORT=self.port + node, ETCD_PEER_PORT=self.port + 5 + node)  # fmt: skip
        # Three of them share one slow disk here with everything else.
        slow = {"ETCD_HEARTBEAT_INTERVAL": "250", "ETCD_ELECTION_TIMEOUT": "2500"}
        self.begin(f"etcd{node}", [self.programs.etcd], {**os.environ, **environment(text), **slow})

    def _start_patroni(self, node: int) -> None:
        folder = self.node(node)
        folder.mkdir(mode=0o700)
        config = folder / "patroni.yml"
        text = self.filled(
            "patroni.yml", NODE=f"db{node}", PATRONI_PORT=self.port + 20 + node,
            POSTGRES_PORT=self.port + 10 + node, POSTGRES_DATA=folder / "data", POSTGRES_SOCKETS=folder,
        )  # fmt: skip
        config.write_text(text)
        config.chmod(0o600)
        for each in (folder, config):
            self.programs.hand_over(each)
        surroundings = {"PATH": os.environ.get("PATH", ""), "HOME": str(folder), "LC_ALL": "C.UTF-8"}
        self.begin(f"db{node}", [self.programs.patroni, str(config)], surroundings, cwd="/", **self.programs.account)

    def surroundings(self, machine: str, number: int = 1) -> dict[str, str]:
        """Return the environment of the programs on that machine: haitang.env, in a directory of its own."""
        home = self.place / machine
        home.mkdir(exist_ok=True)
        shared = self.place / "files"  # as a network file system is mounted on each of them
        shared.mkdir(exist_ok=True)
        if not (home / "files").exists():
            (home / "files").symlink_to(shared)
        text = self.filled("haitang.env", HOME_DIRECTORY=home, WEB_PORT=self.web_port(number))
        kept = {name: value for name, value in os.environ.items() if not name.startswith("HAITANG_")}
        return {**kept, **environment(text), "HAITANG_PROCESSES": "1",
                "HAITANG_METRICS_TOKEN": self._passwords["METRICS_TOKEN"],
                "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}  # fmt: skip

    def start_programs(self, before: Callable[[Path], object]) -> None:
        """Start the sites and workers; return when each site is ready. before: is shown each machine's directory."""
        for number in MACHINES:
            for name, program in ((f"web{number}", "serve"), (f"worker{number}", "worker")):
                surroundings = self.surroundings(name, number)
                before(self.place / name)
                self.begin(name, [sys.executable, "-m", "haitang", program], surroundings)
        self._wait(lambda: all(_is_ready(self.web_port(number)) for number in MACHINES), "web1")
        self._wait(lambda: _is_ready(self.site), "haproxy")

    def begin(self, name: str, line: list[str], surroundings: dict[str, str] | None = None, **more: Any) -> None:
        """Start a process and keep in mind how."""

        def start() -> subprocess.Popen[bytes]:
            with self.log(name) as log:
                return subprocess.Popen(line, stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT,
                                        env=surroundings, start_new_session=True, **more)  # fmt: skip

        self.parts[name] = Part(name, start, start())

    def log(self, name: str) -> IO[bytes]:
        """Return the file into which that part writes what it says."""
        return (self.place / f"{name}.log").open("ab")

    def keep_up(self, over: Event) -> None:
        """Start sites and workers again that have ended, as systemd does with `Restart=always`, until it is over."""
        while not over.wait(1):
            for part in list(self.parts.values()):
                if part.name.startswith(("web", "worker")) and part.process.poll() is not None:
                    part.process, part.restarts = part.start(), part.restarts + 1

    def end(self) -> None:
        """End all parts: programs first, then the database, then what decides who leads."""
        order = ("web", "worker", "haproxy", "db", "etcd")
        for begins in order:
            some = [part.process for name, part in self.parts.items() if name.startswith(begins)]
            for process in some:
                process.terminate()
            deadline = time.monotonic() + _END_S_MAX
            for process in some:
                try:
                    process.wait(max(deadline - time.monotonic(), 0.1))
                except subprocess.TimeoutExpired:
                    process.kill()
                    process.wait()
        for node in NODES:  # a Patroni that was killed at the very end has left its server behind
            with contextlib.suppress(OSError, ValueError):
                pid = int((self.node(node) / "data" / "postmaster.pid").read_text().partition("\n")[0])
                os.kill(pid, signal.SIGKILL)

    def _wait(self, is_true: Callable[[], bool], name: str) -> None:
        deadline = time.monotonic() + _READY_S_MAX
        while not is_true():
            dead = [part.name for part in self.parts.values() if part.process.poll() is not None]
            if dead or time.monotonic() > deadline:
                which = dead[0] if dead else name
                said = (self.place / f"{which}.log").read_text(errors="replace")[-3000:]
                raise NotStarted(f"{which} 未能启动：\n{said}")
            time.sleep(0.5)


@contextmanager
def running(place: Path, port: int, programs: Programs) -> Iterator[Cluster]:
    """Have the database machines up inside, and after `start_programs` the rest; all of it ends with the block."""
    cluster = Cluster(place, port, programs)
    over = Event()
    keeper = Thread(target=cluster.keep_up, args=(over,), daemon=True)
    try:
        cluster.start_database()
        keeper.start()
        yield cluster
    finally:
        over.set()
        if keeper.ident:
            keeper.join()
        cluster.end()


def environment(text: str) -> dict[str, str]:
    """Return what a file of NAME=value lines sets, with quotes or without."""
    lines = (line.partition("=") for line in text.splitlines() if line and not line.startswith("#"))
    return {name: value.strip('"') for name, _equals, value in lines}


def found(name: str) -> str:
    """Return the path of a system program, "" where there is none."""
    return shutil.which(name, path=os.environ.get("PATH", "") + os.pathsep + "/usr/sbin:/sbin") or ""


def _is_ready(port: int) -> bool:
    with (
        contextlib.suppress(OSError, http.client.HTTPException),
        contextlib.closing(http.client.HTTPConnection(_HERE, port, timeout=3)) as asked,
    ):
        asked.request("GET", "/readyz", headers={"Host": "localhost"})
        return asked.getresponse().status == 200
    return False
