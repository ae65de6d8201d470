from django.apps import AppConfig
from django.utils.translation import gettext_noop as _


class App(AppConfig):
    name = "haitang.projects"
    label = "projects"

    def ready(self) -> None:
        """Stand in the menus."""
        from haitang.core.access import ANYONE
        from haitang.core.ui import menu
        from haitang.projects.values import Permission

        menu.register(
            menu.Item(_("项目"), "projects:projects", Permission.VIEW, _("共驻共建"), "flag", 260),
            menu.Item(_("项目包"), "projects:packages", Permission.VIEW, _("共驻共建"), "folder", 262),
            menu.Item(_("示范项目评选"), "projects:selections", Permission.VIEW, _("共驻共建"), "star", 264),
            menu.Item(_("项目设置"), "projects:settings", Permission.MANAGE, _("设置"), "flag", 884),
            menu.Item(_("身边的项目"), "projects:public", ANYONE, icon="flag", order=40, public=True),
        )
