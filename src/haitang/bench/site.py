"""A real `haitang serve` on a port of its own, and clients light enough not to be what is measured."""

import os
import re
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path

from haitang.bench.database import conninfo

PROCESSES, CLIENTS = 2, 8
_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
_READY_S_MAX = 60


@dataclass(frozen=True, slots=True)
class Load:
    """What came of a number of requests. per_s: requests in a second; seconds: how long each took, sorted."""

    per_s: float
    seconds: list[float]

    def p(self, percent: int) -> float:
        """Return within how many milliseconds that share of the requests was answered."""
        return percentile(self.seconds, percent) * 1000


def percentile(values: Sequence[float], percent: int) -> float:
    """Return the smallest of the sorted values that is not below that share of them."""
    return values[min(len(values) - 1, len(values) * percent // 100)]


class Failed(RuntimeError):
    """The site did not answer as it should; the message holds the answer."""


@dataclass(frozen=True, slots=True)
class Site:
    """The running site. pid: of its first process, above the web processes."""

    port: int
    pid: int

    def request(self, method: str, path: str, headers: dict[str, str], body: bytes = b"") -> bytes:
        """Return the bytes of a request on a connection that stays open."""
        sent = {"Host": f"127.0.0.1:{self.port}", "Content-Length": str(len(body)), **headers}
        head = "".join(f"{name}: {value}\r\n" for name, value in sent.items())
        return f"{method} {path} HTTP/1.1\r\n{head}\r\n".encode() + body

    def memory(self) -> list[float]:
        """Return the resident memory of each web process, in MB."""
        return [_resident_mb(child) for child in _children(self.pid)]


@contextmanager
def running_site() -> Iterator[Site]:
    """Serve the database at work inside; the server is this benchmark's own process and ends with it."""
    port = free_port()
    environment = {**os.environ, "DATABASE_URL": conninfo(), "PORT": str(port), "HAITANG_HOST": "127.0.0.1"}
    server = subprocess.Popen([sys.executable, "-m", "haitang", "serve"], env=environment)
    site = Site(port, server.pid)
    try:
        wait_until_ready(site, server)
        yield site
    finally:
        server.terminate()
        server.wait(timeout=30)


def free_port() -> int:
    """Return a port that nobody listens at just now."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def wait_until_ready(site: Site, server: subprocess.Popen[bytes]) -> None:
    """Wait until the server answers that it is well. Raises Failed if it ends, or takes longer than a minute."""
    deadline = time.monotonic() + _READY_S_MAX
    while True:
        try:
            ask(site.port, [site.request("GET", "/healthz", {})])
        except (OSError, Failed) as error:
            if server.poll() is not None or time.monotonic() > deadline:
                raise Failed("the server did not start") from error
            time.sleep(0.2)
        else:
            return


def ask(port: int, requests: Sequence[bytes]) -> list[tuple[float, bytes]]:
    """Send the requests one after the other; return for each the seconds it took, and the answer's body.

    Raises Failed for an answer that is none of 200 and 201.
    """
    answers = []
    with socket.create_connection(("127.0.0.1", port), timeout=60) as connection:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for request in requests:
            begun = time.perf_counter()
            connection.sendall(request)
            body = _receive(connection)
            answers.append((time.perf_counter() - begun, body))
    return answers


def _receive(connection: socket.socket) -> bytes:
    answer = b""
    while (end := answer.find(b"\r\n\r\n")) < 0:
        answer += _more(connection)
    length = _LENGTH.search(answer, 0, end)
    if length is None or answer[9:12] not in (b"200", b"201"):
        raise Failed(answer[:2000].decode(errors="replace"))
    needed = end + 4 + int(length[1])
    parts, got = [answer], len(answer)
    while got < needed:
        parts.append(_more(connection))
        got += len(parts[-1])
    return b"".join(parts)[end + 4 :]


def _more(connection: socket.socket) -> bytes:
    received = connection.recv(262_144)
    if not received:
        raise Failed("the site closed the connection")
    return received


def load(port: int, requests: Sequence[bytes]) -> Load:
    """Send the requests from CLIENTS connections in PROCESSES processes, each waiting for one answer at a time."""
    shares = [[requests[client::CLIENTS] for client in range(first, CLIENTS, PROCESSES)] for first in range(PROCESSES)]
    with ProcessPoolExecutor(PROCESSES, mp_context=get_context("fork")) as pool:
        done = list(pool.map(_clients, [port] * PROCESSES, shares))
    seconds = sorted(each for process in done for each in process[2])
    return Load(len(seconds) / (max(each[1] for each in done) - min(each[0] for each in done)), seconds)


def _clients(port: int, shares: list[list[bytes]]) -> tuple[float, float, list[float]]:
    """One process: a thread for each connection. Returns when it began and ended, and how long each request took."""
    taken: list[list[float]] = [[] for _ in shares]
    failures: list[Exception] = []

    def work(index: int) -> None:
        try:
            taken[index] = [seconds for seconds, _body in ask(port, shares[index])]
        except (OSError, Failed) as error:
            failures.append(error)

    threads = [threading.Thread(target=work, args=(index,)) for index in range(len(shares))]
    begun = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failures:
        raise Failed(str(failures[0]))
    return begun, time.perf_counter(), [each for seconds in taken for each in seconds]


def _children(pid: int) -> list[int]:
    """Return the processes started by that one."""
    return [
        int(each) for task in Path(f"/proc/{pid}/task").iterdir() for each in (task / "children").read_text().split()
    ]


def _resident_mb(pid: int) -> float:
    status = Path(f"/proc/{pid}/status").read_text()
    found = re.search(r"VmRSS:\s+(\d+) kB", status)
    return int(found[1]) / 1024 if found else 0.0
