from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_noop as _


class App(AppConfig):
    name = "haitang.people"
    label = "people"

    def ready(self) -> None:
        """Ship the roles after each migration, and stand in the menu."""
        from haitang.core.access import SIGNED_IN
        from haitang.core.ui import menu
        from haitang.people.queries import count_unread
        from haitang.people.values import HISTORY_AUDIT, Permission

        post_migrate.connect(_ship_roles, sender=self, dispatch_uid="people.ship_roles")
        menu.register(
            menu.Item(_("消息"), "people:notices", SIGNED_IN, _("我的"), "bell", 900, badge=count_unread, pinned=True),
            menu.Item(_("我的信息"), "people:me", SIGNED_IN, _("我的"), "user", 910),
            menu.Item(_("人员"), "people:person_list", Permission.PERSON_MANAGE, _("设置"), "users", 830),
            menu.Item(_("账号"), "people:account_list", Permission.ACCOUNT_MANAGE, _("设置"), "user-cog", 840),
            menu.Item(_("操作日志"), "people:history", HISTORY_AUDIT, _("设置"), "history", 870),
            menu.Item(_("角色"), "people:role_list", Permission.GRANT_MANAGE, _("设置"), "shield", 850),
            menu.Item(_("授权"), "people:grant_list", Permission.GRANT_MANAGE, _("设置"), "shield-check", 860),
        )


def _ship_roles(**_more: object) -> None:
    from haitang.people import actions

    actions.ship_roles()
