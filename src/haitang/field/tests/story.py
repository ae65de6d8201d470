"""A worker of the town with a post and a password, and a real server on the tests' database that can be killed."""

import contextlib
import http.client
import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.db import connection

from haitang.people.models import Account
from haitang.testing import desks
from haitang.testing.people import PASSWORD, Town, appoint, build_account, build_person, give

ROOT = Path(__file__).parents[4]
_READY_S = 60


def build_worker(town: Town, name: str = "李建国", *, grid: str = "grid", password: str = PASSWORD) -> Account:
    """Return the account of a worker of a grid (of the first one), who belongs to the community's office."""
    person = build_person(name)
    account = build_account(name, person, password)
    give(account, "grid_worker", area_id=town.areas[grid])
    appoint(person, desks.build_post(town.desks["CHSQ"]))
    return account


@dataclass
class Server:
    """`haitang serve` in a process of its own, as it runs in an office, on the database of the tests."""

    port: int
    process: subprocess.Popen | None = None

    def start(self) -> None:
        """Start it and wait until it answers."""
        found = connection.settings_dict
        address = (
            f"postgresql://{found['USER']}:{found['PASSWORD']}@/{found['NAME']}"
            f"?host={found['HOST']}&port={found['PORT'] or 5432}"
        )
        environment = os.environ | {
            "DATABASE_URL": address, "PORT": str(self.port), "PYTHONPATH": str(ROOT / "src"), "HAITANG_PROCESSES": "1",
        }  # fmt: skip
        environment.pop("DJANGO_ALLOW_ASYNC_UNSAFE", None)
        log = Path(settings.HOME) / "field-serve.log"
        with log.open("w") as told:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "haitang", "serve"], env=environment, cwd=ROOT, stdin=subprocess.DEVNULL,
                stdout=told, stderr=subprocess.STDOUT, start_new_session=True,
            )  # fmt: skip
        deadline = time.monotonic() + _READY_S
        while time.monotonic() < deadline:
            assert self.process.poll() is None, log.read_text()[-2000:]
            with contextlib.suppress(OSError, http.client.HTTPException):
                if self._answers():
                    return
            time.sleep(0.1)
        raise AssertionError(log.read_text()[-2000:])

    def _answers(self) -> bool:
        with contextlib.closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)) as client:
            client.request("GET", "/healthz", headers={"Host": "localhost"})
            with client.getresponse() as answer:
                return answer.status == 200

    def kill(self) -> None:
        """End it at once, as a power cut would: nothing is finished, nothing said."""
        if self.process is not None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
            self.process = None

    @property
    def url(self) -> str:
        """Where it answers."""
        return f"http://127.0.0.1:{self.port}"
