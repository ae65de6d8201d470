import pytest

from haitang.core import clock
from haitang.people.queries import get_actor
from haitang.sso import actions
from haitang.sso.tests.provider import CLIENT, SECRET, serving
from haitang.testing import people


@pytest.fixture
def provider(settings):
    """A provider that the installation lets through."""
    settings.OUTGOING_NETWORKS, settings.OUTGOING_HTTP = ["127.0.0.0/8"], True
    with serving() as provider:
        yield provider


@pytest.fixture
def keeper(town):
    """A system administrator, with an account of its own."""
    account = people.build_account("系统员")
    people.give(account, "system_admin")
    return account


@pytest.fixture
def city(provider, keeper):
    """The row of the provider, as the administrator has entered it."""
    return actions.add_provider(
        actor=get_actor(keeper.pk), code="city", name="市统一认证", issuer=provider.url, client_id=CLIENT,
        secret=SECRET, subject_claim="sub", now=clock.now(),
    )  # fmt: skip


@pytest.fixture
def clerk(town, city, keeper, provider):
    """An account with an identity at the provider, entered in advance."""
    account = people.build_account("张办事")
    actions.enter_identity(
        actor=get_actor(keeper.pk), provider_id=city.pk, username=account.username, subject=provider.subject,
        now=clock.now(),
    )  # fmt: skip
    return account
