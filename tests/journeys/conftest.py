"""A real instance with the demo city, as `make run` starts it, on a port and in a directory of its own.

It is kept below HAITANG_HOME between runs: the first takes a minute to build the city, the next ones seconds.
Processes that run journeys side by side copy the city that one of them has built.
"""

import contextlib
import fcntl
import http.client
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from haitang.demo.city import plan_city
from haitang.demo.timeline import home_of
from haitang.runtime import postgres
from haitang.testing.ports import free_port
from tests.journeys.walking import Walk

ROOT = Path(__file__).parents[2]
CASES = 400
_READY_SECONDS_MAX = 300


def pytest_addoption(parser: pytest.Parser) -> None:
    """Pictures are taken when asked for, not by every run."""
    parser.addoption("--pictures", action="store_true", help="write the pictures of the documents to docs/pictures/")
    parser.addoption("--address", help="walk on a running instance with the demo city, not on an own one")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything in this folder is a journey; one story's parts stay together, the walks over every page need not."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.journey)
            if item.path.stem != "test_every_page":
                item.add_marker(pytest.mark.xdist_group(item.path.stem))


@pytest.fixture(scope="session")
def address(browser, request: pytest.FixtureRequest) -> Iterator[str]:
    """The address of a running instance with the demo city; asks for a browser first, since that may be missing."""
    given = request.config.getoption("--address", None)
    if given:
        yield given
        return
    home, port = _home(), free_port(neighbours=1)
    _settle(home)
    environment = _environment(home) | {"PORT": str(port)}
    with (home / "run.log").open("w") as log:
        process = subprocess.Popen(
            _line("run", "--no-demo"), env=environment, cwd=ROOT, stdin=subprocess.DEVNULL, stdout=log,
            stderr=subprocess.STDOUT, start_new_session=True,
        )  # fmt: skip
        try:
            _wait_until_ready(port, process, home / "run.log")
            with psycopg.connect(_database_of(home)) as connection:
                connection.execute("DELETE FROM core_ratewindow")  # how often this machine reported in the last hour
            yield f"http://127.0.0.1:{port}"
        finally:
            process.send_signal(signal.SIGINT)
            try:
                process.wait(timeout=60)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()


def _home() -> Path:
    """Return the instance's directory: where journeys run side by side, each process has a city of its own."""
    return Path(os.environ["HAITANG_HOME"]).resolve() / f"journeys{os.environ.get('PYTEST_XDIST_WORKER', '')}"


@pytest.fixture(scope="session")
def database(address: str, request: pytest.FixtureRequest) -> str:
    """The database of the instance, for what a story cannot wait for; of a given address the one in DATABASE_URL."""
    if not request.config.getoption("--address", None):
        return _database_of(_home())
    if "DATABASE_URL" not in os.environ:
        pytest.skip("with --address this story needs DATABASE_URL")
    return os.environ["DATABASE_URL"]


def _line(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "haitang", *arguments]


def _environment(home: Path) -> dict[str, str]:
    environment = {key: value for key, value in os.environ.items() if key not in ("DATABASE_URL", "HAITANG_DEBUG")}
    return environment | {"HAITANG_HOME": str(home), "PYTHONPATH": str(ROOT / "src")}


def _settle(home: Path) -> None:
    """Put the demo city into this directory unless it stands there; whoever comes first builds it for all."""
    if home.exists():
        return
    city = home.parent / "journeys-city"
    home.parent.mkdir(parents=True, exist_ok=True)
    with (home.parent / "journeys-city.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (city / "city-stands").exists():
            shutil.rmtree(city, ignore_errors=True)
            for line in (_line("migrate"), _line("demo", "--cases", str(CASES))):
                done = subprocess.run(line, env=_environment(city), cwd=ROOT, capture_output=True, text=True)
                assert done.returncode == 0, f"{done.stdout[-2000:]}{done.stderr[-2000:]}"
            (city / "city-stands").touch()
    copy = home.with_name(f"{home.name}.copy")
    shutil.rmtree(copy, ignore_errors=True)
    subprocess.run(["cp", "-a", str(city), str(copy)], check=True)  # the server's own user keeps its files
    copy.rename(home)


def _database_of(home: Path) -> str:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HAITANG_HOME", str(home))
        patch.delenv("DATABASE_URL", raising=False)
        return postgres.url()


def _wait_until_ready(port: int, process: subprocess.Popen, log: Path) -> None:
    deadline = time.monotonic() + _READY_SECONDS_MAX
    while time.monotonic() < deadline:
        assert process.poll() is None, log.read_text()[-3000:]
        with contextlib.suppress(OSError, http.client.HTTPException):
            for at in (port, port + 1):
                with contextlib.closing(http.client.HTTPConnection("127.0.0.1", at, timeout=5)) as connection:
                    connection.request("GET", "/healthz", headers={"Host": "localhost"})
                    status = connection.getresponse().status
                if status != 200:
                    break
            else:
                return
        time.sleep(0.2)
    pytest.fail(f"the instance did not come up: {log.read_text()[-3000:]}")


@pytest.fixture(scope="session")
def home_point() -> tuple[float, float]:
    """A point (lon, lat) in the grid of the account `grid`."""
    point = home_of(plan_city()).shape.representative_point()
    return round(point.x, 6), round(point.y, 6)


@pytest.fixture
def walk(browser, address: str, home_point: tuple[float, float], request: pytest.FixtureRequest) -> Iterator[Walk]:
    """Opens browsers for the people of a story, and closes them at its end."""
    pictures = ROOT / "docs" / "pictures" if request.config.getoption("--pictures", False) else None
    walk = Walk(browser, address, home_point, pictures)
    yield walk
    walk.end()
