from django.apps import AppConfig
from django.utils.translation import gettext_lazy
from django.utils.translation import gettext_noop as _


class App(AppConfig):
    name = "haitang.cases"
    label = "cases"

    def ready(self) -> None:
        """Stand in the menu, and say what deputies may hear of."""
        from haitang.cases.actions import clean_old_reporters, erase_reporter
        from haitang.cases.queries import count_todo, deputy_may_know
        from haitang.cases.queries.own_data import count_old_reporters, held_of_reporter, opened_case
        from haitang.cases.values import Permission
        from haitang.core.ui import menu
        from haitang.people.values import DEPUTY_MAY_KNOW
        from haitang.privacy.values import CLEANERS, HOLDERS, KEYS, Cleaner, Holder

        CLEANERS.join(Cleaner("reporters", count_old_reporters, clean_old_reporters))
        HOLDERS.join(Holder("cases", gettext_lazy("我上报的案件"), held_of_reporter, erase_reporter), rank=10)
        KEYS.join(opened_case)
        DEPUTY_MAY_KNOW.join(deputy_may_know)
        menu.register(
            menu.Item(
                _("待办"), "cases:todo", Permission.VIEW, _("案件"), "inbox", 10,
                badge=lambda viewer: count_todo(viewer=viewer), pinned=True,
            ),
            menu.Item(_("案件列表"), "cases:list", Permission.VIEW, _("案件"), "list-details", 20, pinned=True),
            menu.Item(_("登记案件"), "cases:new", Permission.REPORT, _("案件"), "plus", 30),
            menu.Item(_("类别"), "cases:categories", Permission.MANAGE_CATALOG, _("设置"), "category", 870),
            menu.Item(_("分派规则"), "cases:routes", Permission.MANAGE_ROUTING, _("设置"), "git-branch", 872),
            menu.Item(_("常用语"), "cases:phrases", Permission.MANAGE_CATALOG, _("设置"), "message-2", 874),
            menu.Item(_("案件设置"), "cases:settings", Permission.MANAGE_CATALOG, _("设置"), "adjustments", 876),
        )  # fmt: skip
