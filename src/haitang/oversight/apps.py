from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_noop as _


class App(AppConfig):
    name = "haitang.oversight"
    label = "oversight"

    def ready(self) -> None:
        """Ship the rules after each migration, guard cases, stand in the menu and on the page of a case."""
        from haitang.cases.values import GUARDS
        from haitang.cases.values import Permission as CasePermission
        from haitang.core.ui import menu, panels
        from haitang.oversight import queries
        from haitang.oversight.values import Permission
        from haitang.oversight.views import case_panel

        post_migrate.connect(_ship_rules, sender=self, dispatch_uid="oversight.ship_rules")
        GUARDS.join(queries.keep_standing, rank=10)
        GUARDS.join(queries.keep_open, rank=20)
        panels.CASE_SIDE.join(case_panel)
        menu.register(
            menu.Item(
                _("待审批"), "oversight:to_decide", Permission.DECIDE, _("案件"), "checks", 32,
                badge=lambda viewer: queries.count_to_decide(viewer=viewer),
            ),
            menu.Item(_("督办案件"), "oversight:supervised", CasePermission.VIEW, _("案件"), "alert-triangle", 34),
            menu.Item(_("归零"), "oversight:burndown", CasePermission.VIEW, _("案件"), "chart-bar", 36),
            menu.Item(_("督查设置"), "oversight:rules", Permission.MANAGE_RULES, _("设置"), "trending-up", 877),
        )  # fmt: skip


def _ship_rules(**_more: object) -> None:
    from haitang.oversight import actions

    actions.ship_oversight_rules()
