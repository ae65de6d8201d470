"""An instance of its own, as a person at the terminal meets it: set up, run, stopped."""

import http.client
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

import pytest

from haitang.runtime import home, postgres
from haitang.runtime.tests.instances import haitang, surroundings
from haitang.testing.ports import free_port

pytestmark = pytest.mark.long


def status(port: int, path: str) -> int:
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=5)) as asked:
        asked.request("GET", path)
        return asked.getresponse().status


def until(true, within_s: float = 60, otherwise=lambda: "") -> None:
    deadline = time.monotonic() + within_s
    while time.monotonic() < deadline:
        try:
            if true():
                return
        except OSError:
            pass
        time.sleep(0.2)
    pytest.fail(f"it did not come true in time\n{otherwise()}")


def children(pid: int) -> dict[str, int]:
    """Return our processes below this one by command (Linux only)."""
    found = {}
    for line in subprocess.run(["ps", "-eo", "pid,ppid,args"], capture_output=True, text=True, check=True).stdout.split(
        "\n"
    ):
        fields = line.split()
        if len(fields) > 2 and fields[1] == str(pid):
            found[fields[-1]] = int(fields[0])
    return found


@contextmanager
def running(place: Path, port: int) -> Iterator[tuple[subprocess.Popen[str], list[str]]]:
    """Have `haitang run` up inside; the list fills with what it and its processes say, until the last has ended."""
    process = subprocess.Popen(
        [sys.executable, "-m", "haitang", "run", "--no-demo"],
        env=surroundings(place, PORT=str(port)),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    said: list[str] = []
    reader = threading.Thread(target=lambda: said.extend(process.stdout), daemon=True)
    reader.start()
    try:
        until(
            lambda: status(port, "/healthz") == 200 and status(port + 1, "/healthz") == 200, 120,
            otherwise=lambda: "".join([f"ended with {process.poll()}\n", *said]),
        )  # fmt: skip
        yield process, said
    finally:
        process.terminate()
        process.wait(timeout=60)
        reader.join(timeout=60)
        if not reader.is_alive():
            process.stdout.close()
    assert not reader.is_alive(), f"something is left that still writes: {everybody()}"


def everybody() -> str:
    return subprocess.run(["ps", "-eo", "pid,ppid,pgid,stat,args"], capture_output=True, text=True, check=True).stdout


@pytest.mark.skipif(sys.platform != "linux", reason="reads the process table as Linux prints it")
def test_run_brings_everything_up_again_when_it_dies_and_stops_it_all(ready):
    port = free_port(neighbours=1)
    with running(ready, port) as (process, said):
        before = children(process.pid)
        assert {"serve", "worker", "live"} <= set(before)
        os.kill(before["live"], signal.SIGKILL)
        until(lambda: children(process.pid).get("live", before["live"]) != before["live"])
        until(lambda: status(port + 1, "/healthz") == 200)
        os.kill(int((ready / "postgres" / "data" / "postmaster.pid").read_text().split()[0]), signal.SIGKILL)
        until(lambda: "数据库意外结束，已重新启动" in "".join(said))
        until(lambda: status(port, "/healthz") == 200)
        assert children(process.pid)["serve"] == before["serve"], "the site need not be started again for it"
    assert process.returncode == 0, "".join(said)
    assert "已全部停止" in "".join(said)
    assert "随之结束" not in "".join(said), "a process was left to itself"
    with pytest.raises(OSError):
        status(port, "/healthz")
    assert not (ready / "postgres" / "data" / "postmaster.pid").exists()


def test_a_killed_run_leaves_nothing_behind_and_can_be_started_again_at_once(ready):
    port, server = free_port(neighbours=1), ready / "postgres" / "data" / "postmaster.pid"
    with running(ready, port) as (process, said):
        process.kill()
    assert "随之结束" in "".join(said)
    with suppress(OSError):
        pytest.fail(f"something answers on the port: {status(port, '/healthz')}")
    until(lambda: not server.exists())  # whoever leaves last stops it, and may be one that says nothing
    with running(ready, port) as (process, _said):
        process.kill()
        process.wait()
        with running(ready, port) as (again, said):
            # What answered so far may have been those who were left: they take a moment to go.
            until(lambda: {"serve", "worker", "live"} <= set(children(again.pid)), 120)
        assert again.returncode == 0, "".join(said)
    until(lambda: not server.exists())


def test_what_the_server_program_says_is_in_the_sentence(monkeypatch, place):
    monkeypatch.setenv("HAITANG_HOME", str(place))
    (place / "postgres").mkdir()
    (place / "postgres" / "data").write_text("a file in the place of the directory")
    with pytest.raises(postgres.ServerFailed, match=r"pg_ctl start 未能完成（1）：.*postgres/data"):
        postgres._run("pg_ctl", "-D", str(postgres.data_directory()), "start")


def test_a_taken_port_is_told_in_a_sentence(tmp_path):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        done = haitang(tmp_path / "home", "run", PORT=str(taken.getsockname()[1]))
    assert done.returncode == 1
    assert "已被占用" in done.stderr
    assert not (tmp_path / "home" / "postgres").exists()


@pytest.mark.parametrize("port", ["0", "65535", "eight"])
def test_an_unusable_port_is_told_in_a_sentence(monkeypatch, port):
    monkeypatch.setenv("PORT", port)
    with pytest.raises(SystemExit, match="PORT"):
        home.port()


def test_a_secret_is_made_once_whoever_comes_first(monkeypatch, tmp_path):
    monkeypatch.setenv("HAITANG_HOME", str(tmp_path))
    found: list[str] = []
    threads = [threading.Thread(target=lambda: found.append(home.secret("key"))) for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(found)) == 1
    assert len(found[0]) >= 43
    assert (tmp_path / "secrets" / "key").stat().st_mode & 0o777 == 0o600
    assert [path.name for path in (tmp_path / "secrets").iterdir()] == ["key"]
