from datetime import timedelta

import pytest

from haitang.core import access
from haitang.testing.actors import NOW


@pytest.fixture
def sign_in(monkeypatch):
    """Whoever comes without an account is taken for this actor."""
    return lambda actor: monkeypatch.setattr(access, "VISITOR", actor)


@pytest.fixture(autouse=True)
def on_the_day(monkeypatch):
    """The day of the cast, a minute past half past nine in Asia/Shanghai."""
    monkeypatch.setattr("haitang.core.clock.now", lambda: NOW + timedelta(minutes=1))
