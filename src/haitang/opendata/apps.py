from django.apps import AppConfig
from django.utils.translation import gettext_noop as _


class App(AppConfig):
    name = "haitang.opendata"
    label = "opendata"

    def ready(self) -> None:
        """Stand in the residents' menu while anything is published, and in that of whoever sets the rules."""
        from haitang.core.access import ANYONE
        from haitang.core.ui import menu
        from haitang.opendata.queries import is_on
        from haitang.opendata.values import Permission

        menu.register(
            menu.Item(
                _("数据开放"), "opendata:front", ANYONE, icon="download", order=60, public=True,
                shown=lambda _viewer: is_on(),
            ),
            menu.Item(_("数据开放"), "opendata:rules", Permission.MANAGE, _("设置"), "download", 899, everywhere=True),
        )  # fmt: skip
