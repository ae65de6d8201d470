from django.apps import AppConfig
from django.utils.translation import gettext_noop as _


class App(AppConfig):
    name = "haitang.office"
    label = "office"

    def ready(self) -> None:
        """Join the pages of cases, and stand in the menu."""
        from haitang.cases.values import OWN_PHRASES, Permission
        from haitang.core.ui import menu
        from haitang.core.ui.panels import CASE_LIST, CASE_REST, CASE_SIDE, DESK, TOP
        from haitang.office.queries import own_phrases_by_deed
        from haitang.office.values import Permission as LayoutPermission
        from haitang.office.views import panels

        OWN_PHRASES.join(own_phrases_by_deed)
        CASE_LIST.join(panels.of_list)
        CASE_SIDE.join(panels.of_case, rank=900)
        CASE_REST.join(panels.of_ticket, rank=900)
        TOP.join(panels.of_top)
        DESK.join(panels.of_deputy, rank=10)
        DESK.join(panels.of_desk)
        menu.register(
            menu.Item(_("关注与筛选"), "office:watched", Permission.VIEW, _("案件"), "bookmark", 50),
            menu.Item(
                _("导入案件"), "office:uploads", Permission.REPORT, _("案件"), "file-import", 60, everywhere=True
            ),
            menu.Item(
                _("热线格式"), "office:layouts", LayoutPermission.LAYOUT, _("设置"), "file-import", 879, everywhere=True
            ),
            menu.Item(_("代办"), "office:deputies", Permission.VIEW, _("我的"), "users", 903),
            menu.Item(_("工作交接"), "office:handover", Permission.VIEW, _("我的"), "arrows-exchange", 904),
            menu.Item(_("我的常用语"), "office:phrases", Permission.VIEW, _("我的"), "message-2", 905),
        )
