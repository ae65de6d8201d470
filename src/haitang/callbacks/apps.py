from django.apps import AppConfig
from django.utils.translation import gettext_noop as _


class App(AppConfig):
    name = "haitang.callbacks"
    label = "callbacks"

    def ready(self) -> None:
        """Stand in the menu and on the page of a case, and let surveys ask reporters of closed cases."""
        from haitang.callbacks.queries import count_ready, reporters_closed
        from haitang.callbacks.values import Permission
        from haitang.callbacks.views import case_panel
        from haitang.core import clock
        from haitang.core.ui import menu, panels
        from haitang.surveys.values import FRAMES, Frame

        menu.register(
            menu.Item(
                _("回访"), "callbacks:list", Permission.ANSWER, _("案件"), "phone", 40,
                badge=lambda viewer: count_ready(viewer=viewer, now=clock.now()),
            ),
            menu.Item(_("回访设置"), "callbacks:rules", Permission.MANAGE, _("设置"), "phone", 878),
        )  # fmt: skip
        panels.CASE_REST.join(case_panel)
        FRAMES.join(Frame("closed_cases", _("已办结案件的诉求人"), _("案件编号"), reporters_closed))
