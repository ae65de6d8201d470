from django.apps import AppConfig
from django.utils.translation import gettext_noop as _


class App(AppConfig):
    name = "haitang.wishes"
    label = "wishes"

    def ready(self) -> None:
        """Stand in the menus, and put what a volunteer is to deliver into their calendar."""
        from haitang.core.access import ANYONE
        from haitang.core.ui import menu
        from haitang.volunteers.values import CALENDAR
        from haitang.wishes.queries import calendar_of, count_to_check
        from haitang.wishes.values import Permission

        CALENDAR.join(calendar_of)
        menu.register(
            menu.Item(_("微心愿"), "wishes:wall", ANYONE, icon="star", order=44, public=True),
            menu.Item(
                _("微心愿认领"), "wishes:desk", Permission.VIEW, _("志愿力量"), "star", 312,
                badge=lambda viewer: count_to_check(viewer=viewer),
            ),
            menu.Item(_("认领的微心愿"), "wishes:claims", Permission.CLAIM, _("志愿力量"), "star", 314),
            menu.Item(_("微心愿设置"), "wishes:settings", Permission.SETTINGS, _("设置"), "star", 894),
        )  # fmt: skip
