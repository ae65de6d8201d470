from django.apps import AppConfig
from django.utils.translation import gettext_noop


class App(AppConfig):
    name = "haitang.organizations"
    label = "organizations"

    def ready(self) -> None:
        from haitang.core.ui.menu import Item, register
        from haitang.organizations.values import Permission

        register(
            Item(
                gettext_noop("单位"), "organizations:list", Permission.MANAGE, group=gettext_noop("设置"),
                icon="hierarchy", order=620,
            )
        )  # fmt: skip
