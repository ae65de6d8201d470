from datetime import timedelta

import pytest

from haitang.core import access, clock
from haitang.exchange import actions
from haitang.exchange.tests.playing import Stage, build_stage
from haitang.testing.actors import NOW


@pytest.fixture
def stage(town) -> Stage:
    """A need of Spring and a resource of a company, both published, and who speaks for whom."""
    return build_stage(town)


@pytest.fixture
def categories(db) -> None:
    """The categories as shipped: tests that commit have emptied the tables."""
    actions.ship_list_categories()


@pytest.fixture
def as_(client, monkeypatch):
    """Whoever comes without an account is taken for this actor; it is 20 minutes after NOW."""
    monkeypatch.setattr(clock, "now", lambda: NOW + timedelta(minutes=20))

    def enter_as(actor):
        monkeypatch.setattr(access, "VISITOR", actor)
        return client

    return enter_as
