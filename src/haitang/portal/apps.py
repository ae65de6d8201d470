from django.apps import AppConfig
from django.utils.translation import gettext_noop

from haitang.core.access import ANYONE, SIGNED_IN


class App(AppConfig):
    name = "haitang.portal"
    label = "portal"

    def ready(self) -> None:
        from haitang.core.ui.menu import Item, register

        register(
            Item(gettext_noop("我要上报"), "portal:report", ANYONE, icon="camera", order=10, pinned=True, public=True),
            Item(gettext_noop("查进度"), "portal:track", ANYONE, icon="search", order=20, pinned=True, public=True),
            Item(gettext_noop("我的诉求"), "portal:mine", SIGNED_IN, icon="list-details", order=30, public=True),
        )
