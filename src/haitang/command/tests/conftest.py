import pytest

from haitang.cases.tests import cast
from haitang.core import access


@pytest.fixture
def town(db) -> cast.Town:
    return cast.build()


@pytest.fixture
def sign_in(monkeypatch):
    """Whoever comes without an account is taken for this actor."""
    return lambda actor: monkeypatch.setattr(access, "VISITOR", actor)


@pytest.fixture(autouse=True)
def on_the_day(monkeypatch):
    """The day of the cast, a minute past half past nine in Asia/Shanghai."""
    from datetime import timedelta

    monkeypatch.setattr("haitang.core.clock.now", lambda: cast.NOW + timedelta(minutes=1))
