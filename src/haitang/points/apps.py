from django.apps import AppConfig
from django.utils.translation import gettext_noop as _


class App(AppConfig):
    name = "haitang.points"
    label = "points"

    def ready(self) -> None:
        """Stand in the menus, as long as the tenant has turned points on; the switch is always there."""
        from haitang.core.access import SIGNED_IN
        from haitang.core.ui import menu
        from haitang.points.queries import is_on
        from haitang.points.values import Permission

        def shown(_viewer: object) -> bool:
            return is_on()

        menu.register(
            menu.Item(_("我的积分"), "points:mine", SIGNED_IN, icon="star", order=46, public=True, shown=shown),
            menu.Item(_("积分兑换发放"), "points:hand", Permission.HAND, _("志愿力量"), "star", 316, shown=shown),
            menu.Item(_("积分设置"), "points:admin", Permission.MANAGE, _("设置"), "star", 896),
        )  # fmt: skip
