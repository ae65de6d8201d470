from datetime import timedelta

import pytest

from haitang.core import access, clock
from haitang.surveys.tests import cast
from haitang.testing import people
from haitang.testing.actors import NOW


@pytest.fixture
def town(db):
    """The town of the named cast, its two communities counted."""
    made = people.build_town()
    cast.count_households(made, spring=40, autumn=30)
    return made


@pytest.fixture
def survey(town):
    """The street's survey, open."""
    return cast.opened(town.dispatcher)


@pytest.fixture
def as_(client, monkeypatch):
    """Whoever comes without an account is taken for this actor; it is 20 minutes after NOW."""
    monkeypatch.setattr(clock, "now", lambda: NOW + timedelta(minutes=20))

    def enter_as(actor):
        monkeypatch.setattr(access, "VISITOR", actor)
        return client

    return enter_as
