from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop


class App(AppConfig):
    name = "haitang.ferry"
    label = "ferry"

    def ready(self) -> None:
        """Stand in the menu and beside cases, ship the settings, keep cases that are dealt with elsewhere."""
        from haitang.cases.values import GUARDS, SETTINGS, MoreSettings
        from haitang.core.ui import menu, panels
        from haitang.ferry.queries import keep_across
        from haitang.ferry.values import Permission
        from haitang.ferry.views import case_panel

        GUARDS.join(keep_across, rank=5)
        panels.CASE_SIDE.join(case_panel)
        SETTINGS.join(MoreSettings("ferry", {
            "ferry_cases_max": _("摆渡：一个包最多装多少件案件"),
            "ferry_package_mb": _("摆渡：一个包最大多少 MB"),
        }))  # fmt: skip
        menu.register(
            menu.Item(
                gettext_noop("网闸摆渡"), "ferry:desk", Permission.CARRY, gettext_noop("案件"), "arrows-exchange", 62,
                everywhere=True,
            ),
            menu.Item(gettext_noop("摆渡设置"), "ferry:zones", Permission.MANAGE, gettext_noop("设置"), "key", 898),
        )  # fmt: skip
