from django.apps import AppConfig
from django.utils.translation import gettext_noop


class App(AppConfig):
    name = "haitang.territory"
    label = "territory"

    def ready(self) -> None:
        """Stand in the menu."""
        from haitang.core.ui import menu
        from haitang.territory.values import Permission

        menu.register(
            menu.Item(
                gettext_noop("区域"), "territory:index", Permission.VIEW, gettext_noop("设置"), icon="map-2", order=810
            )
        )
