from django.apps import AppConfig
from django.utils.translation import gettext_noop as _


class App(AppConfig):
    name = "haitang.webhooks"
    label = "webhooks"

    def ready(self) -> None:
        """Stand in the menu of whoever manages what other systems are told."""
        from haitang.core.ui import menu
        from haitang.webhooks.queries import count_dead
        from haitang.webhooks.values import Permission

        menu.register(
            menu.Item(
                _("事件推送"), "webhooks:list", Permission.MANAGE, _("设置"), "send", 898, badge=count_dead,
            )
        )  # fmt: skip
