import pytest

from haitang.core import access, clock
from haitang.testing.actors import NOW
from haitang.testing.asking import asker


@pytest.fixture
def as_(client, monkeypatch):
    """Whoever comes without an account is taken for this actor; it is NOW, or the instant given."""

    def enter_as(actor, now=NOW):
        monkeypatch.setattr(access, "VISITOR", actor)
        monkeypatch.setattr(clock, "now", lambda: now)
        return client

    return enter_as


@pytest.fixture
def call(client, monkeypatch):
    """Ask the API as an account, with a token of its own; as a visitor for 0."""
    monkeypatch.setattr(clock, "now", lambda: NOW)
    return asker(client)
