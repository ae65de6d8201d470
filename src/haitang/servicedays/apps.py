from django.apps import AppConfig
from django.utils.translation import gettext_noop as _


class App(AppConfig):
    name = "haitang.servicedays"
    label = "servicedays"

    def ready(self) -> None:
        """Stand in the menus, and put what somebody has signed up for into their calendar."""
        from haitang.core import clock
        from haitang.core.access import ANYONE
        from haitang.core.ui import menu
        from haitang.servicedays.queries import calendar_of, count_to_assure
        from haitang.servicedays.values import Permission
        from haitang.volunteers.values import CALENDAR

        CALENDAR.join(calendar_of)
        menu.register(
            menu.Item(
                _("服务日"), "servicedays:shifts", ANYONE, icon="calendar-event", order=46, public=True,
                badge=lambda viewer: count_to_assure(viewer=viewer, now=clock.now()),
            ),
            menu.Item(_("服务日安排"), "servicedays:days", Permission.VIEW, _("志愿力量"), "calendar-event", 330),
            menu.Item(_("服务日设置"), "servicedays:settings", Permission.SETTINGS, _("设置"), "adjustments", 896),
        )  # fmt: skip
