from django.apps import AppConfig
from django.utils.translation import gettext_noop as _


class App(AppConfig):
    name = "haitang.callups"
    label = "callups"

    def ready(self) -> None:
        """Stand in the menus, and put what somebody has promised to come to into their calendar."""
        from haitang.callups.queries import calendar_of, count_unanswered, is_registered
        from haitang.callups.values import Permission
        from haitang.core import clock
        from haitang.core.access import SIGNED_IN
        from haitang.core.ui import menu
        from haitang.volunteers.values import CALENDAR

        CALENDAR.join(calendar_of)
        menu.register(
            menu.Item(
                _("召唤"), "callups:mine", SIGNED_IN, icon="speakerphone", order=5, pinned=True, public=True,
                shown=is_registered,
                badge=lambda viewer: count_unanswered(viewer=viewer, now=clock.now()),
            ),
            menu.Item(_("一键召唤"), "callups:list", Permission.VIEW, _("志愿力量"), "speakerphone", 320),
            menu.Item(_("召唤设置"), "callups:settings", Permission.SETTINGS, _("设置"), "adjustments", 894),
        )  # fmt: skip
