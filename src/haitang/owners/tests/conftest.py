import pytest

from haitang.core import access, clock
from haitang.owners.tests.cast import DURING


@pytest.fixture
def as_(client, monkeypatch):
    """Whoever comes without an account is taken for this actor, at an instant: by default during the vote."""

    def enter_as(actor, now=DURING):
        monkeypatch.setattr(clock, "now", lambda: now)
        monkeypatch.setattr(access, "VISITOR", actor)
        return client

    return enter_as
