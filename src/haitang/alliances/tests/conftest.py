from datetime import timedelta

import pytest

from haitang.alliances.tests.playing import Pair, build_pair
from haitang.core import access, clock
from haitang.testing.actors import NOW


@pytest.fixture
def pair(town) -> Pair:
    """A company linked with Spring, and the two who speak for them."""
    return build_pair(town)


@pytest.fixture
def as_(client, monkeypatch):
    """Whoever comes without an account is taken for this actor; it is 20 minutes after NOW, unless told later."""

    def enter_as(actor, later: timedelta = timedelta(minutes=20)):
        monkeypatch.setattr(clock, "now", lambda: NOW + later)
        monkeypatch.setattr(access, "VISITOR", actor)
        return client

    return enter_as
