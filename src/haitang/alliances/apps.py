from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_noop as _


class App(AppConfig):
    name = "haitang.alliances"
    label = "alliances"

    def ready(self) -> None:
        """Ship the duties after each migration, stand in the menu, and tell cases and projects what they come from."""
        from haitang.alliances.queries import count_waiting_links
        from haitang.alliances.values import Permission
        from haitang.alliances.views.panels import decision_of_case, origin_of
        from haitang.core.ui import menu, panels
        from haitang.projects.values import ORIGINS

        panels.CASE_REST.join(decision_of_case)
        ORIGINS.join(origin_of)
        post_migrate.connect(_ship, sender=self, dispatch_uid="alliances.ship_joint_lines")
        menu.register(
            menu.Item(
                _("本单位共建"), "alliances:unit", Permission.SPEAK, _("共驻共建"), "building-community", 240,
                badge=lambda viewer: count_waiting_links(viewer=viewer),
            ),
            menu.Item(
                _("挂钩结对"), "alliances:links", Permission.VIEW, _("共驻共建"), "link", 242,
                badge=lambda viewer: count_waiting_links(viewer=viewer),
            ),
            menu.Item(_("大工委大党委"), "alliances:committees", Permission.VIEW, _("共驻共建"), "building-bank", 244),
            menu.Item(_("会议决议"), "alliances:decisions", Permission.VIEW, _("共驻共建"), "checklist", 246),
            menu.Item(_("党建联盟"), "alliances:alliances", Permission.VIEW, _("共驻共建"), "world", 248),
            menu.Item(_("行动支部"), "alliances:branches", Permission.VIEW, _("共驻共建"), "users-group", 250),
            menu.Item(_("领导联系点"), "alliances:points", Permission.VIEW, _("共驻共建"), "map-pin", 252),
            menu.Item(_("区域党建工作站"), "alliances:stations", Permission.VIEW, _("共驻共建"), "home", 254),
            menu.Item(_("共驻共建设置"), "alliances:settings", Permission.MANAGE, _("设置"), "adjustments", 886),
        )  # fmt: skip


def _ship(**_more: object) -> None:
    from haitang.alliances import actions

    actions.ship_joint_lines()
