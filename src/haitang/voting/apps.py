from django.apps import AppConfig
from django.utils.translation import gettext_noop as _


class App(AppConfig):
    name = "haitang.voting"
    label = "voting"

    def ready(self) -> None:
        """Stand in the menus of residents and of the office."""
        from haitang.core.access import ANYONE
        from haitang.core.ui import menu
        from haitang.voting.values import Permission

        menu.register(
            menu.Item(_("居民投票"), "voting:votes", ANYONE, icon="clipboard-check", order=43, public=True),
            menu.Item(_("投票表决"), "voting:desk", Permission.VIEW, _("居民议事"), "clipboard-check", 330),
            menu.Item(_("投票设置"), "voting:settings", Permission.SETTINGS, _("设置"), "clipboard-check", 895),
        )  # fmt: skip
