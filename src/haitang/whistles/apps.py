from django.apps import AppConfig
from django.utils.translation import gettext_noop as _


class App(AppConfig):
    name = "haitang.whistles"
    label = "whistles"

    def ready(self) -> None:
        """Stand in the menu, keep cases from their end while a department is out, and add to their page."""
        from haitang.cases.values import GUARDS
        from haitang.core.ui import menu
        from haitang.core.ui.panels import CASE_REST, CASE_SIDE
        from haitang.people.values import DEPUTY_MAY_KNOW
        from haitang.whistles.queries import count_whistles_todo, deputy_may_know, keep_case_open
        from haitang.whistles.values import Permission
        from haitang.whistles.views.panels import case_rest, case_side

        GUARDS.join(keep_case_open)
        DEPUTY_MAY_KNOW.join(deputy_may_know)
        CASE_SIDE.join(case_side)
        CASE_REST.join(case_rest)
        menu.register(
            menu.Item(
                _("吹哨报到"), "whistles:list", Permission.VIEW, _("案件"), "speakerphone", 40,
                badge=lambda viewer: count_whistles_todo(viewer=viewer),
            ),
            menu.Item(_("吹哨设置"), "whistles:settings", Permission.MANAGE, _("设置"), "adjustments", 878),
        )  # fmt: skip
