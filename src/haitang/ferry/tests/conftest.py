import pytest

from haitang.core import access, clock
from haitang.testing.actors import NOW


@pytest.fixture
def as_(client, monkeypatch):
    """Whoever comes without an account is taken for this actor."""
    monkeypatch.setattr(clock, "now", lambda: NOW)

    def enter_as(actor):
        monkeypatch.setattr(access, "VISITOR", actor)
        return client

    return enter_as
