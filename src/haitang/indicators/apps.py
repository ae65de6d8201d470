from django.apps import AppConfig
from django.utils.translation import gettext_noop as _


class App(AppConfig):
    name = "haitang.indicators"
    label = "indicators"

    def ready(self) -> None:
        """Stand in the menu, and on the page of a case."""
        from haitang.core import clock
        from haitang.core.ui import menu, panels
        from haitang.indicators.queries import count_requested
        from haitang.indicators.values import Permission
        from haitang.indicators.views import case_panel

        menu.register(
            menu.Item(_("考核指标"), "indicators:table", Permission.VIEW, _("地图与统计"), "chart-pie", 320),
            menu.Item(
                _("剔除审核"), "indicators:exclusions", Permission.REVIEW, _("地图与统计"), "filter", 330,
                badge=lambda viewer: count_requested(viewer=viewer, now=clock.now()),
            ),
            menu.Item(_("指标公式"), "indicators:formulas", Permission.MANAGE, _("设置"), "scale", 880),
        )  # fmt: skip
        panels.CASE_REST.join(case_panel, rank=110)
