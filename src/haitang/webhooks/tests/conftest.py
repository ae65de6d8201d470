import pytest

from haitang.testing import people
from haitang.webhooks.tests.receiver import receiving


@pytest.fixture
def loopback(settings):
    """What an installation lets through, so that tests' own receivers are reached."""
    settings.OUTGOING_NETWORKS, settings.OUTGOING_HTTP = ["127.0.0.0/8"], True


@pytest.fixture
def receiver(loopback):
    with receiving() as receiver:
        yield receiver


@pytest.fixture
def owner(town):
    """A system administrator, with an account of its own."""
    account = people.build_account("系统员")
    people.give(account, "system_admin")
    return account
