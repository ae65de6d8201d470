from datetime import timedelta

import pytest

from haitang.core import clock
from haitang.testing import people
from haitang.testing.actors import NOW, also
from haitang.wechat import actions
from haitang.wechat.tests import platform as wechat
from haitang.wechat.values import Permission

KEEPER = also(people.FOUNDER, Permission.MANAGE)


class Watch:
    """The present, which a test lets go on."""

    def __init__(self):
        self.at = NOW

    def __call__(self):
        return self.at

    def on(self, **by):
        self.at += timedelta(**by)


@pytest.fixture
def watch(monkeypatch):
    watch = Watch()
    monkeypatch.setattr(clock, "now", watch)
    return watch


@pytest.fixture
def platform(settings, tmp_path):
    settings.OUTGOING_NETWORKS, settings.OUTGOING_HTTP = ["127.0.0.0/8"], True
    settings.FILES_ROOT = tmp_path / "files"
    with wechat.running() as platform:
        settings.WECHAT_API = platform.url
        yield platform


def enter(**changes):
    given = {"app_id": wechat.APP_ID, "token": wechat.TOKEN, "aes": wechat.AES, "secret": wechat.SECRET, **changes}
    return actions.keep_account(actor=KEEPER, **{"is_active": True, **given}, now=NOW)


@pytest.fixture
def account(town, platform):
    return enter()


@pytest.fixture
def phone(account, watch):
    return wechat.Phone(watch)
