"""The demo city, its accounts signed in, and the door through which hostile input goes in (`make fuzz`).

HAITANG_HOME is an instance with the demo city: `scripts/fuzz` finds or builds one before pytest starts.
"""

import random
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.fuzz.door import GROWTH_MAX_BYTES, Door
from tests.fuzz.web import Web

REQUESTS = 2_000


def pytest_addoption(parser: pytest.Parser) -> None:
    """How much, and what exactly."""
    parser.addoption("--requests", type=int, default=REQUESTS, help=f"how many hostile requests, {REQUESTS} by default")
    parser.addoption("--fuzz-seed", type=int, help="the seed that a former run has printed")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything in this folder is hostile, and none of it belongs to the default run."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.fuzz)


TOLD: list[str] = []


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say what was asked, and by which seed, whether or not anything was found."""
    for line in TOLD:
        terminalreporter.write_line(line)


@dataclass(frozen=True)
class Visitor:
    """One who asks. name: of the demo account, "" without one. cookies: as a browser sends them; token: for others."""

    name: str
    cookies: str = ""
    form_token: str = ""
    token: str = ""
    permissions: frozenset[str] = frozenset()

    @property
    def headers(self) -> dict[str, str]:
        """Return what the browser adds to each request."""
        return {"HTTP_COOKIE": self.cookies} if self.cookies else {}


@pytest.fixture(scope="session")
def seed(request: pytest.FixtureRequest) -> int:
    """The seed of all that is sent."""
    given = request.config.getoption("--fuzz-seed", None)
    return secrets.randbelow(10**9) if given is None else given


@pytest.fixture(scope="session")
def requests(request: pytest.FixtureRequest) -> int:
    """How many requests in all."""
    return request.config.getoption("--requests", REQUESTS)


@pytest.fixture
def rng(seed: int, request: pytest.FixtureRequest) -> random.Random:
    """Chance, the same for the same seed and test."""
    return random.Random(f"{seed} {request.node.name}")


@pytest.fixture(scope="session")
def open_database(django_db_blocker) -> Iterator[None]:
    """The city's own database, not one made for tests; nothing hostile is kept in it."""
    with django_db_blocker.unblock():
        from haitang.demo.queries import open_accounts

        if not open_accounts():
            pytest.fail("HAITANG_HOME holds no demo city: start this by `make fuzz`")
        yield


@pytest.fixture(scope="session")
def visitors(open_database: None) -> Iterator[list[Visitor]]:
    """Everybody who can sign in, and somebody without an account."""
    from django.contrib.auth import get_user_model
    from django.test import Client

    from haitang.core import clock
    from haitang.demo.staff import SHOWN
    from haitang.people import actions
    from haitang.people.queries import get_actor

    found, ends = [_visitor("", Client())], []
    for account in get_user_model().objects.filter(username__in=SHOWN).order_by("pk"):
        browser, actor = Client(), get_actor(account.pk)
        browser.force_login(account)
        row, token = actions.create_token(actor=actor, account_id=account.pk, name="fuzz", now=clock.now())
        found.append(_visitor(account.username, browser, token, frozenset(actor.permissions)))
        ends.append((actor, row.pk, browser))
    yield found
    for actor, token_id, browser in ends:
        actions.revoke_token(actor=actor, token_id=token_id, now=clock.now())
        browser.logout()


def _visitor(name: str, browser: object, token: str = "", permissions: frozenset[str] = frozenset()) -> Visitor:
    form_token = secrets.token_hex(16)
    cookies = {key: morsel.value for key, morsel in browser.cookies.items()} | {"haitang_csrf": form_token}  # type: ignore[attr-defined]  # a test client
    return Visitor(name, "; ".join(f"{k}={v}" for k, v in cookies.items()), form_token, token, permissions)


@pytest.fixture
def door(visitors: list[Visitor], requests: int, seed: int, request: pytest.FixtureRequest) -> Iterator[Door]:
    """The site, for the share of the requests that the test's mark names.

    At the end nothing may have been found, and memory may have grown by so much.
    """
    from haitang.config.wsgi import application

    web = Web(application)
    door = Door(web, max(int(requests * request.node.get_closest_marker("share").args[0]), 1))
    try:
        yield door
        TOLD.append(f"{request.node.name}, seed {seed}: {door.told()}")
        grown = door.grown_bytes()
    finally:
        web.stop()
    assert not door.findings, f"seed {seed}\n{door.report()}"
    assert grown <= GROWTH_MAX_BYTES, f"memory grew by {grown / 2**20:.0f} MB over {door.asked} requests"
