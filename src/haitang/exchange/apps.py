from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_noop as _


class App(AppConfig):
    name = "haitang.exchange"
    label = "exchange"

    def ready(self) -> None:
        """Ship the categories after each migration, and stand in the menu of staff, units and residents."""
        from haitang.core.access import ANYONE
        from haitang.core.ui import menu
        from haitang.exchange.queries import count_waiting
        from haitang.exchange.values import Permission
        from haitang.exchange.views.panels import origin_of
        from haitang.projects.values import ORIGINS

        ORIGINS.join(origin_of)
        post_migrate.connect(_ship, sender=self, dispatch_uid="exchange.ship_categories")
        menu.register(
            menu.Item(_("本单位对接"), "exchange:unit", Permission.OFFER, _("三张清单"), "building", 300),
            menu.Item(_("需求清单"), "exchange:needs", Permission.VIEW, _("三张清单"), "message-2", 302),
            menu.Item(_("资源清单"), "exchange:resources", Permission.VIEW, _("三张清单"), "list-check", 304),
            menu.Item(
                _("项目清单（对接）"), "exchange:agreements", Permission.VIEW, _("三张清单"), "arrows-exchange", 306,
                badge=lambda viewer: count_waiting(viewer=viewer),
            ),
            menu.Item(_("匹配与缺口"), "exchange:plan", Permission.VIEW, _("三张清单"), "chart-bar", 308),
            menu.Item(_("三张清单设置"), "exchange:settings", Permission.MANAGE, _("设置"), "adjustments", 884),
            menu.Item(_("共驻共建清单"), "exchange:public", ANYONE, icon="arrows-exchange", order=40, public=True),
        )  # fmt: skip


def _ship(**_more: object) -> None:
    from haitang.exchange import actions

    actions.ship_list_categories()
