from django.apps import AppConfig
from django.utils.translation import gettext_noop


class App(AppConfig):
    name = "haitang.worktime"
    label = "worktime"

    def ready(self) -> None:
        """Enter the calendars into the menu."""
        from haitang.core.ui.menu import Item, register
        from haitang.worktime.values import Permission

        register(
            Item(
                gettext_noop("工作日历"),
                "worktime:calendars",
                Permission.MANAGE_CALENDARS,
                group=gettext_noop("设置"),
                icon="calendar",
                order=810,
            )
        )
