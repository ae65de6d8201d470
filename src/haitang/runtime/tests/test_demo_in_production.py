"""An installation in use refuses to start where anybody could sign in with the demo's password."""

import pytest

from haitang.demo import staff
from haitang.demo.queries import open_accounts
from haitang.people import actions
from haitang.runtime import prepare
from haitang.runtime.console import Unusable
from haitang.testing.actors import NOW
from haitang.testing.people import FOUNDER

pytestmark = pytest.mark.django_db


def test_the_demos_accounts_keep_production_from_starting_until_their_password_is_another(monkeypatch):
    said = {"actor": FOUNDER, "now": NOW}
    account = actions.create_account(username="grid", name="网格员", password=staff.PASSWORD, temporary=False, **said)
    prepare.refuse_demo()  # the demo itself
    monkeypatch.setenv("HAITANG_ENV", "production")
    with pytest.raises(Unusable, match="演示账号（grid）"):
        prepare.refuse_demo()
    actions.reset_password(account_id=account.pk, password="Plum-Blossom-7", **said)
    assert open_accounts() == []
    prepare.refuse_demo()
