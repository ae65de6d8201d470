from django.apps import AppConfig
from django.utils.translation import gettext_noop as _


class App(AppConfig):
    name = "haitang.wechat"
    label = "wechat"

    def ready(self) -> None:
        """Stand in the menu of whoever keeps the official account, and forget who has not written for long."""
        from haitang.core.ui import menu
        from haitang.privacy.values import CLEANERS, Cleaner
        from haitang.wechat.actions import clean_old_contacts
        from haitang.wechat.queries import count_old_contacts
        from haitang.wechat.values import Permission

        CLEANERS.join(Cleaner("wechat", count_old_contacts, clean_old_contacts))
        menu.register(
            menu.Item(
                _("微信公众号"), "wechat:account", Permission.MANAGE, _("设置"), "message", 897, everywhere=True,
            )
        )  # fmt: skip
