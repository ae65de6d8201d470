from types import SimpleNamespace

import pytest

from haitang.core import clock
from haitang.open311.tests import city
from haitang.open311.tests.city import BUILDING, LATER, QUESTIONS, WATER, Caller, Question
from haitang.runtime.open311_check.checks import listing
from haitang.testing import people


@pytest.fixture(autouse=True)
def files_of_their_own(settings, tmp_path):
    settings.FILES_ROOT = tmp_path / "files"


@pytest.fixture(autouse=True)
def twenty_past(monkeypatch):
    """It is 20 minutes after NOW, for the server and for the program that asks it."""
    monkeypatch.setattr(clock, "now", lambda: LATER)
    monkeypatch.setattr(listing, "_now", lambda: LATER)


@pytest.fixture
def visitor():
    return Caller()


@pytest.fixture
def app(town):
    """A system that has an account with a key and no permission."""
    return Caller(city.key_of(people.build_account("小程序")))


@pytest.fixture
def full(town, app):
    """Services that ask all there is to ask, and requests in every state."""
    city.ask(BUILDING, *QUESTIONS)
    city.ask(WATER, Question("number", "井盖编号"))
    open_, refused, closed = (city.made(town) for _ in range(3))
    city.refused(town, refused)
    city.closed(town, closed)
    return SimpleNamespace(town=town, app=app, open=open_, refused=refused, closed=closed)
