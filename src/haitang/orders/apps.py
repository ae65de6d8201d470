from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy
from django.utils.translation import gettext_noop as _


class App(AppConfig):
    name = "haitang.orders"
    label = "orders"

    def ready(self) -> None:
        """Ship the types after each migration, stand in the menus, and put promised hours into helpers' calendars."""
        from haitang.core import clock
        from haitang.core.access import ANYONE, SIGNED_IN
        from haitang.core.ui import menu
        from haitang.orders.actions import clean_old_orders, erase_orders
        from haitang.orders.queries import calendar_of, count_my_offers, count_to_hand_out, is_helper
        from haitang.orders.queries.own_data import count_old_orders, held_of_orderer
        from haitang.orders.values import Permission
        from haitang.privacy.values import CLEANERS, HOLDERS, Cleaner, Holder
        from haitang.volunteers.values import CALENDAR

        CLEANERS.join(Cleaner("orders", count_old_orders, clean_old_orders))
        HOLDERS.join(Holder("orders", gettext_lazy("我点的服务"), held_of_orderer, erase_orders), rank=40)
        post_migrate.connect(_ship, sender=self, dispatch_uid="orders.ship_service_types")
        CALENDAR.join(calendar_of)
        menu.register(
            menu.Item(_("服务点单"), "orders:catalogue", ANYONE, icon="tool", order=30, pinned=True, public=True),
            menu.Item(
                _("派给我的"), "orders:offers", SIGNED_IN, icon="inbox", order=35, pinned=True, public=True,
                shown=is_helper, badge=lambda viewer: count_my_offers(viewer=viewer, now=clock.now()),
            ),
            menu.Item(_("我的订单"), "orders:mine", SIGNED_IN, icon="checklist", order=38, pinned=True, public=True),
            menu.Item(
                _("订单"), "orders:board", Permission.VIEW, _("点单服务"), "checklist", 300,
                badge=lambda viewer: count_to_hand_out(viewer=viewer),
            ),
            menu.Item(
                _("派给本单位"), "orders:offers", Permission.ANSWER, _("点单服务"), "inbox", 310,
                badge=lambda viewer: count_my_offers(viewer=viewer, now=clock.now()),
            ),
            menu.Item(_("代人点单"), "orders:catalogue_staff", Permission.PLACE, _("点单服务"), "phone", 320),
            menu.Item(_("服务目录"), "orders:services", Permission.MANAGE, _("点单服务"), "list-details", 330),
            menu.Item(_("服务类型"), "orders:types", Permission.SETTINGS, _("设置"), "list-check", 890),
            menu.Item(_("点单服务设置"), "orders:settings", Permission.SETTINGS, _("设置"), "adjustments", 892),
        )  # fmt: skip


def _ship(**_more: object) -> None:
    from haitang.orders import actions

    actions.ship_service_types()
