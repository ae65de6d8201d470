from django.apps import AppConfig
from django.utils.translation import gettext_noop as _


class App(AppConfig):
    name = "haitang.opinions"
    label = "opinions"

    def ready(self) -> None:
        """Stand in the menus of residents and of the office."""
        from haitang.core.access import ANYONE
        from haitang.core.ui import menu
        from haitang.opinions.queries import count_waiting
        from haitang.opinions.values import Permission

        menu.register(
            menu.Item(_("大家怎么想"), "opinions:conversations", ANYONE, icon="messages", order=46, public=True),
            menu.Item(
                _("意见征集"), "opinions:desk", Permission.VIEW, _("民主协商"), "messages", 330,
                badge=lambda viewer: count_waiting(viewer=viewer),
            ),
            menu.Item(_("意见征集设置"), "opinions:settings", Permission.SETTINGS, _("设置"), "messages", 896),
        )  # fmt: skip
