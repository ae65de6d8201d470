from django.apps import AppConfig
from django.utils.translation import gettext_lazy, gettext_noop


class App(AppConfig):
    name = "haitang.privacy"
    label = "privacy"

    def ready(self) -> None:
        """Answer for accounts at the port, and stand in the menus."""
        from haitang.core.access import ANYONE, SIGNED_IN
        from haitang.core.ui import menu
        from haitang.core.ui.notices import NOTICES
        from haitang.people.actions import clean_old_notices
        from haitang.people.queries import count_old_notices
        from haitang.privacy.actions import clean_old_requests, erase_own_account
        from haitang.privacy.queries import count_waiting, held_of_account, notice_for
        from haitang.privacy.queries.retention import count_old_requests
        from haitang.privacy.values import ACCOUNT, CLEANERS, HOLDERS, Cleaner, Holder, Permission

        NOTICES.join(notice_for)
        HOLDERS.join(Holder(ACCOUNT, gettext_lazy("账号"), held_of_account, erase_own_account), rank=0)
        CLEANERS.join(Cleaner("notices", count_old_notices, clean_old_notices))
        CLEANERS.join(Cleaner("requests", count_old_requests, clean_old_requests))
        menu.register(
            menu.Item(
                gettext_noop("我的个人信息"), "privacy:mine", ANYONE, gettext_noop("我的"), "shield-lock", 912,
                public=True,
            ),
            menu.Item(
                gettext_noop("我的个人信息"), "privacy:mine", SIGNED_IN, gettext_noop("我的"), "shield-lock", 912
            ),
            menu.Item(
                gettext_noop("个人信息请求"), "privacy:queue", Permission.DECIDE, gettext_noop("设置"), "shield-lock",
                866,
                badge=lambda viewer: count_waiting(viewer=viewer),
            ),
            menu.Item(
                gettext_noop("保存期限"), "privacy:retention", Permission.REPORT, gettext_noop("设置"), "history", 867
            ),
            menu.Item(
                gettext_noop("查看记录"), "privacy:looks", Permission.LOOKS, gettext_noop("设置"), "eye", 868
            ),
            menu.Item(
                gettext_noop("个人信息告知"), "privacy:notices", Permission.SETTINGS, gettext_noop("设置"),
                "file-text", 898,
            ),
            menu.Item(
                gettext_noop("个人信息保护设置"), "privacy:settings", Permission.SETTINGS, gettext_noop("设置"),
                "shield-lock", 899,
            ),
        )  # fmt: skip
