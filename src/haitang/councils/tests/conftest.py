from datetime import timedelta

import pytest

from haitang.core import access, clock
from haitang.councils import actions
from haitang.testing.actors import NOW
from haitang.testing.asking import asker
from haitang.testing.cases import build_town


@pytest.fixture
def town(db):
    """The town with its catalogue of cases and the shipped kinds of councils."""
    actions.ship_council_kinds()
    return build_town()


@pytest.fixture
def as_(client, monkeypatch):
    """Whoever comes without an account is taken for this actor; it is 20 minutes after NOW."""
    monkeypatch.setattr(clock, "now", lambda: NOW + timedelta(minutes=20))

    def enter_as(actor):
        monkeypatch.setattr(access, "VISITOR", actor)
        return client

    return enter_as


@pytest.fixture
def call(client, monkeypatch):
    """Ask the API as an account, with a token of its own, 20 minutes after NOW; as a visitor for 0."""
    monkeypatch.setattr(clock, "now", lambda: NOW + timedelta(minutes=20))
    return asker(client)
