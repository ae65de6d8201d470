from django.apps import AppConfig
from django.utils.translation import gettext_noop as _


class App(AppConfig):
    name = "haitang.command"
    label = "command"

    def ready(self) -> None:
        """Stand in the menu."""
        from haitang.cases.values import Permission as CasePermission
        from haitang.command.values import Permission
        from haitang.core.access import SIGNED_IN
        from haitang.core.ui import menu

        menu.register(
            menu.Item(_("首页"), "command:desk", SIGNED_IN, _("工作台"), "home", 1, pinned=True),
            menu.Item(_("案件地图"), "command:map", CasePermission.VIEW, _("地图与统计"), "map-2", 300, pinned=True),
            menu.Item(_("统计"), "command:figures", Permission.VIEW_DASHBOARD, _("地图与统计"), "chart-bar", 310),
        )
