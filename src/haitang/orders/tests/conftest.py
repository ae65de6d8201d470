from datetime import timedelta

import pytest

from haitang.core import access, clock
from haitang.orders.tests import cast
from haitang.testing.actors import NOW


@pytest.fixture
def branch(town):
    """The party branch of the spring community."""
    return cast.build_branch(town)


@pytest.fixture
def repair(town):
    """A service of the spring community: handed out by the community, accepted by members."""
    return cast.open_service()


@pytest.fixture
def wu(town, branch):
    """A member who repairs things."""
    return cast.member(town, branch=branch)


@pytest.fixture
def lin(town):
    """A resident who orders."""
    return cast.elder()


@pytest.fixture
def as_(client, monkeypatch):
    """Whoever comes without an account is taken for this actor; it is 20 minutes after NOW."""
    monkeypatch.setattr(clock, "now", lambda: NOW + timedelta(minutes=20))

    def enter_as(actor):
        monkeypatch.setattr(access, "VISITOR", actor)
        return client

    return enter_as
